package projects

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
)

// proven is the one AWS account that all good runs of a step acted in, and the first of them.
type proven struct {
	awsID string
	run   int64
}

// proof finds it. A step that has acted in several AWS accounts, as one that leads elsewhere in each environment, has none; nor has one that
// ran in the sandbox alone.
func proof(history []model.Run, step string) proven {
	var p proven
	for _, r := range history { // the newest first
		for _, s := range r.Steps {
			id := s.Identity.AWSID
			if model.NameKey(s.Step) != model.NameKey(step) || !s.Status.Good() || id == "" || s.Identity.Sandbox {
				continue
			}
			if p.awsID != "" && p.awsID != id {
				return proven{}
			}
			p = proven{id, r.ID}
		}
	}
	return p
}

// learn asks the history where the step has acted.
func (a *awsSection) learn() {
	f := a.f
	project, step := f.of.project.Name, f.step.Name
	if f.step.ID == "" {
		return
	}
	async.Load(&a.looking, func(ctx context.Context) (proven, error) {
		history, err := f.of.place.deps.Store.Runs(ctx, model.RunFilter{Project: project, Step: step, Limit: pinRuns})
		return proof(history, step), err
	}, func(p proven, err error) {
		if err == nil && p != a.proven {
			a.proven = p
			a.showPin()
		}
	})
}

// showPin offers to bind the step to the AWS account that it has acted in, or to let it go.
func (a *awsSection) showPin() {
	id := strings.TrimSpace(a.expect.Text)
	field := a.f.form.Field("aws.expect")
	note := ""
	if title := a.f.of.place.lib.awsTitle(id); id != "" && title != id {
		note = title
	}
	switch {
	case id != "":
		a.pin.SetText(lang.L("Unpin"))
		if id == a.proven.awsID {
			note = strings.TrimPrefix(note+" · "+fmt.Sprintf(lang.L("where run #%d went well"), a.proven.run), " · ")
		}
	case a.pinnable():
		a.pin.SetText(lang.L("Pin"))
		note = fmt.Sprintf(lang.L("Run #%d went well in %s: pin the step to it?"), a.proven.run, a.f.of.place.lib.awsTitle(a.proven.awsID))
	}
	setVisible(a.pin, id != "" || a.pinnable())
	field.SetNote(note, false)
}

// pinnable tells whether the step leads to the AWS account of its good runs in every environment, as far as that is known.
func (a *awsSection) pinnable() bool {
	if a.proven.awsID == "" || model.NameKey(strings.TrimSpace(a.account.Text)) == model.NoAccount {
		return false
	}
	if a.role.Value() == "yes" { // it may lead elsewhere
		return true
	}
	for _, t := range targets(a.f.project(), a.f.values.variables(), strings.TrimSpace(a.account.Text), a.f.of.place.lib) {
		if t.aws.ID != "" && t.aws.ID != a.proven.awsID {
			return false
		}
	}
	return true
}

// pinOrNot binds the step to the AWS account that it has acted in, or lets it go. The step is saved as any other edit.
func (a *awsSection) pinOrNot() {
	if strings.TrimSpace(a.expect.Text) != "" {
		a.expect.SetText("")
	} else {
		a.expect.SetText(a.proven.awsID)
	}
	a.f.form.Changed()
	a.f.form.Left("aws.expect")
}
