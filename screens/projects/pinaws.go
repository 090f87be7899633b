package projects

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
)

// proven is the only AWS account in which a step has run successfully, and the first such run.
type proven struct {
	awsID string
	run   int64
}

// proof finds the AWS account. It is zero if the step has run in several, such as one for each environment, or only in the sandbox.
func proof(history []model.Run, step string) proven {
	var p proven
	for _, r := range history { // newest first
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

// findProof searches the history for the AWS account of the stored step.
func (a *awsSection) findProof(s model.Step) {
	if s.ID == "" {
		return
	}
	project := a.stored().Name
	async.Load(&a.search, func(ctx context.Context) (proven, error) {
		history, err := a.history(ctx, model.RunFilter{Project: project, Step: s.Name, Limit: pinRuns})
		return proof(history, s.Name), err
	}, func(p proven, err error) {
		if err == nil && p != a.proven {
			a.proven = p
			a.showPin()
		}
	})
}

// showPin offers to pin the step to its proven AWS account, or to unpin it.
func (a *awsSection) showPin() {
	id := strings.TrimSpace(a.expect.Text)
	field := a.form.Field("aws.expect")
	note := ""
	if title := a.lib.awsTitle(id); id != "" && title != id {
		note = title
	}
	switch {
	case id != "":
		a.pin.SetText(lang.L("Unpin"))
		if id == a.proven.awsID {
			verified := lang.L("run #{{.Run}} succeeded there", map[string]any{"Run": a.proven.run})
			note = strings.TrimPrefix(note+" · "+verified, " · ")
		}
	case a.pinnable():
		a.pin.SetText(lang.L("Pin"))
		note = lang.L("Run #{{.Run}} succeeded in {{.Account}}: pin the step to it?",
			map[string]any{"Run": a.proven.run, "Account": a.lib.awsTitle(a.proven.awsID)})
	}
	setVisible(a.pin, id != "" || a.pinnable())
	field.SetNote(note, false)
}

// pinnable reports whether the step leads to its proven AWS account in every environment, as far as that is known.
func (a *awsSection) pinnable() bool {
	if a.proven.awsID == "" || model.NameKey(strings.TrimSpace(a.account.Text)) == model.NoAccount {
		return false
	}
	if a.role.Value() == "yes" { // the role determines the AWS account
		return true
	}
	for _, t := range targets(a.edited(), a.values(), strings.TrimSpace(a.account.Text), *a.lib) {
		if t.aws.ID != "" && t.aws.ID != a.proven.awsID {
			return false
		}
	}
	return true
}

// togglePin pins the step to its proven AWS account, or unpins it. This is an edit that still has to be saved.
func (a *awsSection) togglePin() {
	if strings.TrimSpace(a.expect.Text) != "" {
		a.expect.SetText("")
	} else {
		a.expect.SetText(a.proven.awsID)
	}
	a.form.Changed()
	a.form.Left("aws.expect")
}
