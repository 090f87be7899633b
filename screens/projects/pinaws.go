package projects

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
)

// findProof searches the history for the AWS account of the stored step.
func (a *awsSection) findProof(s model.Step) {
	if s.ID == "" {
		return
	}
	project := a.stored().Name
	async.Load(&a.search, func(ctx context.Context) (model.Proven, error) {
		history, err := a.history(ctx, model.RunFilter{Project: project, Step: s.Name, Limit: pinRuns})
		return model.ProvenIn(history, s.Name), err
	}, func(p model.Proven, err error) {
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
		if id == a.proven.AWSID {
			verified := lang.L("run #{{.Run}} succeeded there", map[string]any{"Run": a.proven.Run})
			note = strings.TrimPrefix(note+" · "+verified, " · ")
		}
	case a.pinnable():
		a.pin.SetText(lang.L("Pin"))
		note = lang.L("Run #{{.Run}} succeeded in {{.Account}}: pin the step to it?",
			map[string]any{"Run": a.proven.Run, "Account": a.lib.awsTitle(a.proven.AWSID)})
	}
	setVisible(a.pin, id != "" || a.pinnable())
	field.SetNote(note, false)
}

// pinnable reports whether the step leads to its proven AWS account in every environment, as far as that is known.
func (a *awsSection) pinnable() bool {
	if a.proven.AWSID == "" || model.NameKey(strings.TrimSpace(a.account.Text)) == model.NoAccount {
		return false
	}
	if a.role.Value() == "yes" { // the role determines the AWS account
		return true
	}
	for _, t := range targets(a.edited(), a.values(), strings.TrimSpace(a.account.Text), *a.lib) {
		if t.aws.ID != "" && t.aws.ID != a.proven.AWSID {
			return false
		}
	}
	return true
}

// takeOver replaces the expected AWS account by what is stored now, unless the person has changed it from what was stored before. It
// reports whether the field has what is stored.
func (a *awsSection) takeOver(before, now string) bool {
	text := strings.TrimSpace(a.expect.Text)
	if text == now {
		return true
	}
	if text != before {
		return false
	}
	a.form.Quietly(func() { a.expect.SetText(now) })
	a.form.Validate()
	return true
}

// togglePin pins the step to its proven AWS account, or unpins it. This is an edit that still has to be saved.
func (a *awsSection) togglePin() {
	if strings.TrimSpace(a.expect.Text) != "" {
		a.expect.SetText("")
	} else {
		a.expect.SetText(a.proven.AWSID)
	}
	a.form.Changed()
	a.form.Left("aws.expect")
}
