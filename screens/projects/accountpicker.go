package projects

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// accounts lists what a step can use: account variables, accounts, for which a variable is created, and a new account.
func (a *awsSection) accounts() []control.Item {
	project := a.stored()
	var items []control.Item
	seen := map[string]bool{}
	add := func(list []model.Variable) {
		for _, v := range list {
			if v.Type != model.TypeAWSAccount || seen[model.NameKey(v.Name)] {
				continue
			}
			seen[model.NameKey(v.Name)] = true
			var texts []string
			for _, t := range targets(project, a.values(), v.Name, *a.lib) {
				if !slices.Contains(texts, t.text) {
					texts = append(texts, t.text)
				}
			}
			items = append(items, control.Item{
				Value: v.Name, Title: v.Name, Detail: strings.Join(texts, " · "), Group: lang.L("account variables"),
			})
		}
	}
	add(a.values())
	add(project.Variables)
	for _, acc := range a.lib.accounts {
		detail := accounts.KindTitle(acc)
		if _, title := accounts.Known(acc, a.lib.aws); title != "" {
			detail += " · " + title
		}
		items = append(items, control.Item{
			Value: "account " + acc.Name, Title: accounts.Title(acc), Detail: detail,
			Group: lang.L("accounts (creates a variable)"), Action: func() { a.use(acc.Name) },
		})
	}
	items = append(items,
		control.Item{Title: lang.L("New account…"), Action: func() { a.newAccount(a.use) }},
		control.Item{Value: model.NoAccount, Title: lang.L("No AWS account"), Detail: lang.L("the script runs without credentials")},
	)
	return items
}

// use chooses an account by the variable that leads to it, or by a new variable that is saved with the step.
func (a *awsSection) use(account string) {
	a.newVariable = nil
	name, found := a.stored().AccountVariable(account)
	if !found {
		a.newVariable = &model.Variable{Name: name, Type: model.TypeAWSAccount, Value: account}
	}
	a.account.SetText(name)
	a.form.Changed() // the name may be unchanged, but its meaning is not
}

// pending returns the new variable, or nil if there is none or the field no longer names it.
func (a *awsSection) pending() *model.Variable {
	v := a.newVariable
	if v == nil || model.NameKey(v.Name) != model.NameKey(a.account.Text) || hasVariable(a.stored(), v.Name) {
		return nil
	}
	return v
}

// newExpectPicker returns a field for an expected AWS account.
func newExpectPicker(k *control.Keys, lib *choices) *control.Combo {
	c := control.NewCombo(k, func() []control.Item {
		var items []control.Item
		for _, a := range lib.aws {
			items = append(items, control.Item{Value: a.ID, Title: a.ID, Detail: cmp.Or(a.Label, a.Alias)})
		}
		return items
	})
	c.SetPlaceHolder(lang.L("any"))
	return c
}
