package projects

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// variables is the tab of the project's variables, with a row for each name and a column for each environment.
type variables struct {
	pageDeps
	stage   *feedback.LoadState
	table   *table.Table[varRow]
	columns []string // the environments of the table's columns
	filter  *control.Entry
	edit    *control.Button
	remove  *control.Button
	bar     fyne.CanvasObject
	content fyne.CanvasObject
	hidden  map[string]bool // keys of deleted names, with the undo still open
	form    *varForm
}

type varRow struct {
	name   string
	kind   model.VariableType
	values []model.Variable
}

// maxColumns is the number of environments up to which each has a column. More columns would be too narrow.
const maxColumns = 4

func newVariables(deps pageDeps) *variables {
	v := &variables{pageDeps: deps, stage: feedback.NewLoadState(), hidden: map[string]bool{}}
	add := control.NewButton(nil, lang.L("Add Variable"), func() { v.open(varRow{}) }).Important()
	add.SetIcon(fynetheme.ContentAddIcon())
	button := func(label string, do func(varRow)) *control.Button {
		return control.NewButton(nil, label, func() {
			if r, ok := v.table.Selected(); ok {
				do(r)
			}
		})
	}
	v.edit, v.remove = button(lang.L("Edit"), v.open), button(lang.L("Delete"), v.delete)
	v.filter = control.NewEntry(nil)
	v.filter.SetPlaceHolder(lang.L("Filter"))
	v.filter.OnChanged = func(text string) { v.table.SetFilter(text); v.updateButtons() }
	filter := container.NewGridWrap(fyne.NewSize(200, v.filter.MinSize().Height), v.filter)
	v.bar = container.NewPadded(container.NewHBox(add, v.edit, v.remove, layout.NewSpacer(), filter))
	v.content = v.stage.Content()
	return v
}

func (v *variables) focus() { v.stage.Focus(func() { v.table.Focus(v.Window) }) }

// build creates the table for the project's environments.
func (v *variables) build() {
	v.columns = slices.Clone(v.stored().Environments)
	columns := []table.Column[varRow]{
		{Title: lang.L("Name"), Cell: func(r varRow) table.Cell { return table.Cell{Text: r.name, Bold: true} }},
		{Title: lang.L("Type"), Width: 110, Cell: func(r varRow) table.Cell {
			return table.Cell{Text: typeTitle(r.kind), Muted: true}
		}},
	}
	all := lang.L("Value")
	if n := len(v.columns); n > 0 && n <= maxColumns {
		all = lang.L("All environments")
		for _, e := range v.columns {
			columns = append(columns, table.Column[varRow]{Title: e, Cell: func(r varRow) table.Cell { return v.cell(r, e) }})
		}
	}
	columns = slices.Insert(columns, 2, table.Column[varRow]{Title: all, Cell: func(r varRow) table.Cell { return v.cell(r, "") }})
	v.table = table.New(columns...)
	v.table.OnOpened = v.open
	v.table.OnSelected = func(varRow) { v.updateButtons() }
	v.table.OnDelete = v.delete
}

func typeTitle(t model.VariableType) string {
	switch t {
	case model.TypeSensitive:
		return lang.L("Sensitive")
	case model.TypeAWSAccount:
		return lang.L("AWS account")
	}
	return lang.L("Text")
}

// cell shows the value with the scope environment. For "" it shows the value without a scope, or all values if there are too many
// environments for columns.
func (v *variables) cell(r varRow, environment string) table.Cell {
	var texts []string
	var cell table.Cell
	for _, value := range r.values {
		switch {
		case environment != "" && (len(value.Scope) == 0 || !value.AppliesTo(environment)):
			continue
		case environment == "" && len(value.Scope) > 0 && len(v.columns) <= maxColumns:
			continue
		}
		cell = v.valueCell(value)
		text := cell.Text
		if environment == "" && len(value.Scope) > 0 {
			text = strings.Join(value.Scope, ", ") + ": " + text
		}
		texts = append(texts, text)
	}
	if len(texts) > 1 {
		cell = table.Cell{}
	}
	cell.Text = strings.Join(texts, " · ")
	if len(texts) == 0 && environment != "" {
		return table.Cell{}
	}
	return cell
}

func (v *variables) valueCell(value model.Variable) table.Cell {
	var cell table.Cell
	switch value.Type {
	case model.TypeSensitive:
		cell.Text = hidden
		if !value.ValueSet {
			cell = table.Cell{Badge: lang.L("needs value"), Tone: display.Caution}
		}
	case model.TypeAWSAccount:
		lib := v.lib
		a, known := lib.account(value.Value)
		switch {
		case known:
			cell.Text = accounts.Title(a)
			if aws, title := accounts.Known(a, lib.aws); title != "" {
				if cell.Bar = string(aws.Colour); cell.Bar == "" {
					cell.Bar = "-"
				}
			}
		case value.Value != "":
			cell = table.Cell{Text: value.Value, Badge: lang.L("not here"), Tone: display.Caution}
		}
	default:
		cell.Text = strings.Join(strings.Fields(value.Value), " ")
		if _, bad := v.scope().note(value.Value); bad && (len(value.Scope) == 0 || value.AppliesTo(v.environment())) {
			cell.Badge, cell.Tone = lang.L("unresolved"), display.Caution // the form explains why
		}
		if len(leaks(value.Name+": "+value.Value)) > 0 {
			cell.Badge, cell.Tone = lang.L("looks like a key"), display.Bad
		}
	}
	if value.Prompt != nil && cell.Badge == "" {
		cell.Badge = lang.L("asked for")
	}
	return cell
}

func (v *variables) scope() scope {
	return newScope(v.stored().Variables, nil, v.environment())
}

func (v *variables) rows() []varRow {
	var rows []varRow
	at := map[string]int{}
	for _, variable := range v.stored().Variables {
		key := model.NameKey(variable.Name)
		if v.hidden[key] {
			continue
		}
		i, seen := at[key]
		if !seen {
			i = len(rows)
			at[key] = i
			rows = append(rows, varRow{name: variable.Name, kind: variable.Type})
		}
		rows[i].values = append(rows[i].values, variable)
	}
	return rows
}

func (v *variables) show() {
	selected := ""
	if v.table != nil {
		r, _ := v.table.Selected()
		selected = r.name
	}
	if v.table == nil || !slices.Equal(v.columns, v.stored().Environments) {
		v.build()
		v.table.SetFilter(v.filter.Text)
		v.stage.Loading() // removes the old table
	}
	rows := v.rows()
	v.table.SetRows(rows)
	v.table.Select(func(r varRow) bool { return r.name == selected })
	v.updateButtons()
	if len(rows) == 0 {
		v.stage.Empty(lang.L("No variables yet"), lang.L("An account variable sets the AWS account of a step, which can differ by environment. "+
			"Scripts and fields use text and sensitive values as #{name}."),
			control.NewButton(nil, lang.L("Add Variable"), func() { v.open(varRow{}) }).Important())
		return
	}
	if v.stage.State() != feedback.StateReady {
		v.stage.Show(container.NewBorder(v.bar, nil, nil, nil, v.table.Content()))
	}
}

func (v *variables) updateButtons() {
	_, ok := v.table.Selected()
	for _, b := range []*control.Button{v.edit, v.remove} {
		if ok {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}

// open opens the form for a name with all its values, or for a new variable.
func (v *variables) open(r varRow) {
	key := model.NameKey(r.name)
	isNew := r.name == ""
	edited := func(x model.Variable) bool { return !isNew && model.NameKey(x.Name) == key }
	others := slices.DeleteFunc(slices.Clone(v.stored().Variables), edited)
	values := asValues(r.values)
	if isNew && !slices.ContainsFunc(others, func(x model.Variable) bool { return x.Type == model.TypeAWSAccount }) {
		values = []value{{Variable: model.Variable{Type: model.TypeAWSAccount}}} // steps need one
	}
	v.form = newVarForm(v.varFormDeps(), false, others, values)
	v.form.show(func(f *varForm, list []value) {
		name := list[0].Name
		v.apply(projects.Change{
			Apply: func(p *model.Project) error {
				at := slices.IndexFunc(p.Variables, edited)
				if at < 0 {
					at = len(p.Variables)
				}
				p.Variables = slices.DeleteFunc(p.Variables, edited)
				for i, value := range list {
					p.Variables = slices.Insert(p.Variables, at+i, value.Variable)
				}
				if !isNew && model.NameKey(name) != key {
					for i := range p.Steps { // rename it in the steps, but not in expressions
						if model.NameKey(p.Steps[i].AWS.Account) == key {
							p.Steps[i].AWS.Account = name
						}
					}
				}
				return nil
			},
			Secrets: typedSecrets("", list),
			Done: func(_ model.Project, err error) {
				if err != nil {
					f.failed(err)
					return
				}
				f.saved()
				v.table.Select(func(r varRow) bool { return r.name == name })
			},
		})
	})
}

// delete removes a name with all its values from the table. They are deleted once the undo is over.
func (v *variables) delete(r varRow) {
	key := model.NameKey(r.name)
	v.undo.Flush()
	v.hidden[key] = true
	v.undo.Show(lang.L("The variable “{{.Variable}}” was deleted.", map[string]any{"Variable": r.name}), func() {
		delete(v.hidden, key)
		v.show()
	}, func() {
		v.apply(projects.Change{
			Apply: func(p *model.Project) error {
				p.Variables = slices.DeleteFunc(p.Variables, func(x model.Variable) bool { return model.NameKey(x.Name) == key })
				return nil
			},
			Done: func(_ model.Project, err error) {
				delete(v.hidden, key)
				if err != nil {
					v.failed(err)
				}
				v.show()
			},
		})
	})
	v.show()
}
