package projects

import (
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// BeforeRun calls then once the stored project is what the user sees: it asks to save the edited step, makes deletions final and waits
// until everything is saved.
func (p *Place) BeforeRun(then func()) {
	if p.open == nil || !p.open.dirty() {
		p.Settle(then)
		return
	}
	form := p.open.form
	dialog.Ask(p.deps.Window, dialog.Question{
		Title: lang.L("Save the step first?"),
		Text: lang.L("The step “{{.Step}}” has unsaved changes. A run uses the saved step.",
			map[string]any{"Step": form.Step().Name}),
		Yes: lang.L("Save and run"), OnYes: func() { form.Save(func() { p.Settle(then) }) },
	})
}
