package desktop

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// importValues are inputs for the values that an import asks for. What was typed stays when the files are read again.
type importValues struct {
	form    *form.Form
	entries map[string]*control.Entry // by the keys of names
	rows    map[string]*form.Field
	asked   []string // names that the import asks for now
}

func newImportValues(k *control.Keys) *importValues {
	v := &importValues{form: form.New(), entries: map[string]*control.Entry{}, rows: map[string]*form.Field{}}
	v.form.Keys = k
	return v
}

// fields has an input for each value that is asked for, once for all projects: those that only a server knows, and the others.
func (v *importValues) fields(imports []*projects.Import) (server, undefined []*form.Field) {
	v.asked = nil
	for _, imp := range imports {
		for _, asked := range imp.Octopus.Asked {
			key := model.NameKey(asked.Name)
			if slices.Contains(v.asked, key) {
				continue
			}
			v.asked = append(v.asked, key)
			if v.entries[key] == nil {
				v.entries[key] = control.NewEntry(v.form.Keys)
				v.rows[key] = v.form.Add(asked.Name, model.SafeLine(asked.Name), asked.Help, v.entries[key])
			}
			if asked.OfServer {
				server = append(server, v.rows[key])
			} else {
				undefined = append(undefined, v.rows[key])
			}
		}
	}
	return server, undefined
}

func (v *importValues) filled() bool { return len(v.given()) > 0 }

// given returns the values that were typed.
func (v *importValues) given() []model.Given {
	var list []model.Given
	for _, key := range v.asked {
		if text := v.entries[key].Text; text != "" {
			list = append(list, model.NewGiven(v.rows[key].Path, text))
		}
	}
	return list
}

// otherValues are rows of a name and a value, for others than the export's.
type otherValues struct {
	content *fyne.Container
	rows    *fyne.Container
	keys    *control.Keys
	names   func() []string
	list    []otherValue
}

type otherValue struct {
	name  *control.Combo
	value *control.Entry
}

func newOtherValues(k *control.Keys, names func() []string) *otherValues {
	o := &otherValues{keys: k, names: names, rows: container.NewVBox()}
	add := control.NewButton(k, lang.L("Give another value"), o.add).Quiet()
	add.SetIcon(fynetheme.ContentAddIcon())
	o.content = container.NewVBox(o.rows, container.NewHBox(add))
	return o
}

// add adds an empty row.
func (o *otherValues) add() {
	row := otherValue{name: control.NewCombo(o.keys, func() []control.Item {
		var items []control.Item
		for _, name := range o.names() {
			items = append(items, control.Item{Value: name, Title: name})
		}
		return items
	}), value: control.NewEntry(o.keys)}
	row.name.SetPlaceHolder(lang.L("Name of a variable"))
	row.value.SetPlaceHolder(lang.L("Value"))
	o.list = append(o.list, row)
	o.rows.Add(container.NewGridWithColumns(2, control.Row(row.name), control.Row(row.value)))
}

func (o *otherValues) filled() bool { return len(o.given()) > 0 }

// given returns the values of the rows with a name; an empty value is one too.
func (o *otherValues) given() []model.Given {
	var list []model.Given
	for _, row := range o.list {
		if name := strings.TrimSpace(row.name.Text); name != "" {
			list = append(list, model.NewGiven(name, row.value.Text))
		}
	}
	return list
}

// givable returns the names of the variables and values of steps that can be given a value, each once.
func givable(imports []*projects.Import) []string {
	var names []string
	add := func(list []model.Variable) {
		for _, v := range list {
			if v.Type != model.TypeSensitive && !slices.Contains(names, v.Name) {
				names = append(names, v.Name)
			}
		}
	}
	for _, imp := range imports {
		add(imp.File.Project.Variables)
		for _, s := range imp.File.Project.Steps {
			add(s.Values)
		}
	}
	slices.Sort(names)
	return names
}
