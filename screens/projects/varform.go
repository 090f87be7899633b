package projects

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// value is a variable that is being edited, with the secret that was typed for it, if any.
type value struct {
	model.Variable
	secret string
}

// typed returns the variables as they will be after a save: a typed secret counts as set.
func typed(list []value) []model.Variable {
	variables := make([]model.Variable, len(list))
	for i, v := range list {
		variables[i] = v.Variable
		variables[i].ValueSet = v.ValueSet || v.secret != ""
	}
	return variables
}

func asValues(list []model.Variable) []value {
	values := make([]value, len(list))
	for i, v := range list {
		values[i].Variable = v
	}
	return values
}

// typedSecrets returns the secrets that were typed for variables of a step, or of the project if step is empty.
func typedSecrets(step string, edited []value) []model.ValueSecret {
	var typed []model.ValueSecret
	for _, e := range edited {
		if e.secret != "" && e.Type == model.TypeSensitive {
			typed = append(typed, model.ValueSecret{Step: step, Key: e.Key(), Value: e.secret})
		}
	}
	return typed
}

// varForm edits all values of a variable of the project, or the value of a variable of a step, which has no scope.
type varForm struct {
	varFormDeps
	own    bool             // of a step
	others []model.Variable // of the same owner, with other names

	form   *form.Form
	name   *control.Entry
	kind   *control.Select
	blocks []*valueBlock
	box    *fyne.Container
	more   *control.Button
	result *feedback.Banner
	scroll *container.Scroll
	dialog *dialog.Dialog
	save   func(f *varForm, list []value)
}

func newVarForm(deps varFormDeps, own bool, others []model.Variable, values []value) *varForm {
	f := &varForm{
		varFormDeps: deps, own: own, others: others, form: form.New(), box: container.NewVBox(), result: feedback.NewBanner(),
	}
	k := f.form.Keys
	f.name = control.NewEntry(k)
	f.name.SetPlaceHolder(lang.L("such as aws.account"))
	f.kind = control.NewSelect(k,
		control.Option{Value: string(model.TypeText), Label: lang.L("Text")},
		control.Option{Value: string(model.TypeSensitive), Label: lang.L("Sensitive")},
		control.Option{Value: string(model.TypeAWSAccount), Label: lang.L("Amazon Web Services Account")},
	)
	f.kind.OnChosen = func(string) { f.rebuild(f.values()) }
	head := form.Rows(f.form.Add("name", lang.L("Name"), "", f.name), f.form.Add("type", lang.L("Type"), "", f.kind))
	f.more = control.NewButton(k, lang.L("Add value for another environment"), f.addBlock)
	foot := container.NewHBox()
	if !own && len(f.project.Environments) > 0 {
		foot.Add(f.more)
	}
	f.scroll = form.Scroll(container.NewVBox(head, f.box, foot))
	f.form.Check = func() []form.Problem { return f.problems(-1) }
	f.form.OnChanged = f.update
	if len(values) == 0 {
		values = []value{{Variable: model.Variable{Type: model.TypeText}}}
	}
	f.form.Fill(func() {
		f.name.SetText(values[0].Name)
		f.kind.SetValue(string(values[0].Type))
	})
	f.rebuild(values)
	f.update()
	return f
}

// rebuild creates a block for each value. A value of another type keeps its scope and prompt only.
func (f *varForm) rebuild(values []value) {
	kind := model.VariableType(f.kind.Value())
	f.blocks = nil
	f.box.Objects = nil
	for _, v := range values {
		if v.Type != kind {
			v.Type, v.Value, v.secret, v.ValueSet = kind, "", "", false
			if kind != model.TypeAWSAccount {
				v.Expect = ""
			}
		}
		f.append(v)
	}
	f.arrange()
}

// makeSensitive changes the type to Sensitive and keeps the texts as secrets.
func (f *varForm) makeSensitive() {
	values := f.values()
	for i, v := range values {
		values[i].Type, values[i].secret, values[i].Value = model.TypeSensitive, v.Value, ""
	}
	f.kind.SetValue(string(model.TypeSensitive))
	f.rebuild(values)
	f.form.Changed()
	for _, b := range f.blocks {
		b.form.Changed()
	}
}

func (f *varForm) append(v value) { f.blocks = append(f.blocks, newValueBlock(f, v)) }

func (f *varForm) arrange() {
	f.box.Objects = nil
	for i, b := range f.blocks {
		setVisible(b.head, len(f.blocks) > 1)
		b.title.SetText(lang.L("Value {{.N}} of {{.Total}}", map[string]any{"N": i + 1, "Total": len(f.blocks)}))
		f.box.Add(display.Card(b.content))
	}
	f.box.Refresh()
	for _, b := range f.blocks {
		b.form.Validate()
		b.update()
	}
}

// addBlock adds a value for the first environment that has no value of its own.
func (f *varForm) addBlock() {
	free := ""
	for _, e := range f.project.Environments {
		if !slices.ContainsFunc(f.values(), func(v value) bool { return len(v.Scope) > 0 && v.AppliesTo(e) }) {
			free = e
			break
		}
	}
	v := value{Variable: model.Variable{Type: model.VariableType(f.kind.Value())}}
	if free != "" {
		v.Scope = []string{free}
	}
	f.append(v)
	f.arrange()
	f.form.Changed()
	f.scroll.ScrollToBottom()
}

func (f *varForm) removeBlock(b *valueBlock) {
	f.blocks = slices.DeleteFunc(f.blocks, func(x *valueBlock) bool { return x == b })
	f.arrange()
	f.form.Changed()
}

// values returns the values as the fields describe them.
func (f *varForm) values() []value {
	list := make([]value, len(f.blocks))
	for i, b := range f.blocks {
		list[i] = b.value()
		list[i].Name = strings.TrimSpace(f.name.Text)
	}
	return list
}

// problems returns the problems of the block with index at, or of the name and type if at is -1.
func (f *varForm) problems(at int) []form.Problem {
	values := f.values()
	all := slices.Clone(f.others)
	for _, v := range values {
		all = append(all, v.Variable)
	}
	var found []model.Problem
	first := len(f.others)
	if f.own {
		for i, v := range all[first:] {
			for _, p := range v.Check() {
				found = append(found, model.Problem{Field: fmt.Sprintf("variables[%d].%s", first+i, p.Field), Err: p.Err})
			}
		}
		if slices.ContainsFunc(f.others, func(v model.Variable) bool { return model.NameKey(v.Name) == model.NameKey(f.name.Text) }) {
			err := model.NewError("value.twice", "The step has another value called %q. Choose another name.", f.name.Text)
			found = append(found, model.Problem{Field: fmt.Sprintf("variables[%d].name", first), Err: err})
		}
	} else {
		found = model.Project{Name: f.project.Name, Environments: f.project.Environments, Variables: all}.Check()
	}
	var list []form.Problem
	for _, p := range found {
		var i int
		var path string
		if n, err := fmt.Sscanf(p.Field, "variables[%d].%s", &i, &path); err != nil || n != 2 || i < first {
			continue
		}
		ofName := path == "name" || path == "type"
		if at < 0 && ofName && i == first || at >= 0 && !ofName && i-first == at {
			list = append(list, form.Problem{Field: path, Err: p.Err})
		}
	}
	return list
}

func (f *varForm) update() {
	for _, b := range f.blocks {
		b.update()
	}
}

func (f *varForm) dirty() bool {
	return f.form.Dirty() || slices.ContainsFunc(f.blocks, func(b *valueBlock) bool { return b.form.Dirty() })
}

// invalid shows all problems and reports whether one of them prevents saving.
func (f *varForm) invalid() bool {
	bad := f.form.ShowAll() != nil
	for _, b := range f.blocks {
		b.form.ShowAll()
		for _, p := range b.form.Problems() {
			if model.ErrorCode(p.Err) != model.CodeVariableAccountEmpty { // incomplete, but can be saved
				bad = true
			}
		}
	}
	return bad
}

// show opens the form in a dialog. save is called with the values, and has to call saved or failed.
func (f *varForm) show(save func(f *varForm, list []value)) {
	f.save = save
	title, confirm := lang.L("Add Variable"), lang.L("Add")
	if f.name.Text != "" {
		title, confirm = f.name.Text, lang.L("Save")
	}
	f.dialog = &dialog.Dialog{
		Title: title, Keys: f.form.Keys, Confirm: confirm, First: f.name, Size: fyne.NewSize(760, 620), Dirty: f.dirty,
		Content: container.NewBorder(nil, f.result.Content(), nil, nil, f.scroll),
		OnConfirm: func() {
			if !f.invalid() {
				f.dialog.SetBusy(true)
				f.save(f, f.values())
			}
		},
	}
	f.dialog.Show(f.Window)
}

func (f *varForm) saved() { f.dialog.Close() }

func (f *varForm) failed(err error) {
	f.dialog.SetBusy(false)
	f.result.Show(err.Error(), display.Bad)
}

// checkInstance checks whether this computer is an EC2 instance with a role.
func (b *valueBlock) checkInstance() {
	field := b.form.Field("value")
	field.SetNote(lang.L("Asking the metadata service of this computer…"), false)
	async.Load(&b.work, func(ctx context.Context) (string, error) {
		v, err := b.f.Accounts.Service.Test(ctx, model.InstanceRole)
		return v.ARN, err
	}, func(arn string, err error) {
		if err != nil {
			field.SetNote(err.Error(), true)
			return
		}
		field.SetNote(lang.L("This computer is an EC2 instance with the role {{.Role}}", map[string]any{"Role": arn}), false)
	})
}
