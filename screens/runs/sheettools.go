package runs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// toolButtons returns the ways out of an error about a program that is missing; none for another error.
func (sh *sheet) toolButtons(err error) []fyne.CanvasObject {
	kind, missing := settings.MissingKind(err)
	if !missing || sh.tools == nil {
		return nil
	}
	k := sh.form.Keys
	return []fyne.CanvasObject{
		control.NewButton(k, lang.L("Install…"), func() { sh.tools.Install(kind) }),
		control.NewButton(k, lang.L("Choose…"), func() { sh.tools.Choose(kind, sh.lookAgain) }),
		control.NewButton(k, lang.L("Check again"), sh.lookAgain),
	}
}

// lookAgain looks for the programs again and examines the run with what is found.
func (sh *sheet) lookAgain() {
	async.Do(&sh.looking, sh.tools.Forget, func(err error) {
		if err != nil {
			sh.blamed.Show(err.Error(), display.Bad)
			return
		}
		sh.close(sh.tryAgain)
	})
}
