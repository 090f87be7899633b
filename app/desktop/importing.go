package desktop

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/screens/widgets/forms"
)

// importFile shows what a project file would change, and changes it once the person says so.
func (w *window) importFile(path string) {
	go func() {
		// No source of secrets: the window takes none from where a file points, and a run asks for what is missing.
		read, err := w.services.ReadProject(w.ctx, path, nil)
		fyne.Do(func() {
			if err != nil {
				forms.ShowError(w.win, lang.L("The file can't be imported"), err)
				return
			}
			w.askImport(read)
		})
	}()
}

func (w *window) askImport(read *app.ProjectImport) {
	lines := slices.Concat(read.Changes, read.Removed, read.Notes)
	if len(lines) == 0 {
		lines = []string{lang.L("Nothing is different.")}
	}
	forms.Ask(w.win, forms.Question{
		Title: lang.L("Import {{.Project}}", map[string]any{"Project": read.File.Project.Name}),
		Text:  strings.Join(lines, "\n"), Yes: lang.L("Import"), OnYes: func() { w.apply(read) },
	})
}

func (w *window) apply(read *app.ProjectImport) {
	go func() {
		err := w.services.Apply(context.WithoutCancel(w.ctx), []*app.ProjectImport{read})
		fyne.Do(func() {
			if err != nil {
				forms.ShowError(w.win, lang.L("The file can't be imported"), err)
				return
			}
			w.frame.Go(placeProjects)
			w.openProject(read.File.Project.Name)
		})
	}()
}
