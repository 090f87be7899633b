package projects

import (
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// BeforeRun calls then once what a run of the project would run is what the person sees: the step that is being edited is saved, once the
// person says so, deletions are final, and what is being saved is saved.
func (p *Place) BeforeRun(then func()) {
	if p.open == nil || !p.open.dirty() {
		p.Settle(then)
		return
	}
	form := p.open.form
	dialog.Ask(p.deps.Window, dialog.Question{
		Title: lang.L("Save the step first?"),
		Text:  quoted(lang.L("The step %q has changes that are not saved. A run takes what is saved."), form.Step().Name),
		Yes:   lang.L("Save and run"), OnYes: func() { form.Save(func() { p.Settle(then) }) },
	})
}
