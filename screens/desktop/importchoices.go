package desktop

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/octopusimport"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// importChoices are the fields that decide what becomes of an export: the project, and the accounts that take the places of those of
// Octopus.
type importChoices struct {
	content *fyne.Container
	project *control.Combo
	account *control.Picker            // for variables that name none; nil if all of them do
	instead map[string]*control.Picker // by the ids of Octopus's accounts
	before  map[string]string          // the accounts that take their places without a choice, by the ids
}

func newImportChoices(k *control.Keys, deps importDeps, imports []*projects.Import, changed func()) *importChoices {
	c := &importChoices{instead: map[string]*control.Picker{}, before: map[string]string{}}
	f := form.New()
	f.Keys = k
	c.project = control.NewCombo(k, func() []control.Item {
		items := make([]control.Item, len(deps.projects))
		for i, name := range deps.projects {
			items[i] = control.Item{Value: name, Title: name}
		}
		return items
	})
	c.project.SetPlaceHolder(lang.L("as in the export"))
	c.project.OnChanged = func(name string) {
		if slices.Contains(deps.projects, name) {
			changed() // it may have been picked
		}
	}
	c.project.OnLeave = changed
	about := lang.L("Step templates become steps of the project of that name, if there is one.")
	rows := []*form.Field{f.Add("project", lang.L("Project"), about, c.project)}
	picker := func(path, label, help string) *control.Picker {
		p := control.NewPicker(k, func() []control.Item { return accountItems(deps.accounts) })
		p.Placeholder = lang.L("Choose later")
		p.OnPicked = func(control.Item) { changed() }
		rows = append(rows, f.Add(path, label, help, p))
		return p
	}
	for _, a := range accountsOf(imports) {
		name, help := shortened(a.ID), lang.L("The account here that takes its place.")
		if a.Name != "" {
			name, help = shortened(a.Name), shortened(a.ID)
		}
		label := lang.L("Octopus account {{.ID}}", map[string]any{"ID": name})
		c.instead[a.ID], c.before[a.ID] = picker("account "+a.ID, label, help), a.Here
		c.instead[a.ID].SetValue(a.Here)
	}
	if slices.ContainsFunc(imports, func(imp *projects.Import) bool { return imp.Octopus.Nameless }) {
		c.account = picker("account", lang.L("AWS Account"), lang.L("For account variables of which the export names no account."))
	}
	c.content = container.NewVBox(form.Rows(rows...))
	return c
}

// update shows the accounts that now take the places of Octopus's where nobody has chosen: a project may have its own.
func (c *importChoices) update(imports []*projects.Import) {
	for _, a := range accountsOf(imports) {
		p := c.instead[a.ID]
		if p == nil || p.Value() != c.before[a.ID] {
			continue
		}
		c.before[a.ID] = a.Here
		p.SetValue(a.Here)
	}
}

// shortened returns a text of an export, which may have any length, for a label.
func shortened(text string) string {
	const most = 80
	line := model.SafeLine(text)
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return line
}

// accountsOf returns the accounts of Octopus that the imports name, each once.
func accountsOf(imports []*projects.Import) []octopusimport.Account {
	var list []octopusimport.Account
	for _, imp := range imports {
		for _, a := range imp.Octopus.Accounts {
			if !slices.ContainsFunc(list, func(other octopusimport.Account) bool { return other.ID == a.ID }) {
				list = append(list, a)
			}
		}
	}
	return list
}

func accountItems(list []model.Account) []control.Item {
	items := []control.Item{{Title: lang.L("Choose later")}}
	for _, a := range list {
		items = append(items, control.Item{Value: a.Name, Title: a.Name, Detail: accounts.KindLine(a)})
	}
	return items
}

// filled reports whether anything was chosen. There may be no fields.
func (c *importChoices) filled() bool {
	if c == nil {
		return false
	}
	o := c.options()
	return o.Project != "" || o.Account != "" || len(o.Instead) > 0
}

// options returns the choices. An account that is not another than without a choice is none.
func (c *importChoices) options() projects.OctopusOptions {
	o := projects.OctopusOptions{Project: strings.TrimSpace(c.project.Text)}
	for id, p := range c.instead {
		if name := p.Value(); name != "" && name != c.before[id] {
			if o.Instead == nil {
				o.Instead = map[string]string{}
			}
			o.Instead[id] = name
		}
	}
	if c.account != nil {
		o.Account = c.account.Value()
	}
	return o
}
