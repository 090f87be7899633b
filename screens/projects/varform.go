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

// value is a variable that is being edited, with its secret where one was typed.
type value struct {
	model.Variable
	secret string
}

// typed gives the variables as a save would leave them: a secret that was typed is there.
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

// typedSecrets gives the secrets that were typed for variables of a step, or of the project where it has no name.
func typedSecrets(step string, edited []value) []model.ValueSecret {
	var typed []model.ValueSecret
	for _, e := range edited {
		if e.secret != "" && e.Type == model.TypeSensitive {
			typed = append(typed, model.ValueSecret{Step: step, Key: e.Key(), Value: e.secret})
		}
	}
	return typed
}

// varForm edits all values of one name: of the project, or of one step, where they have no scope.
type varForm struct {
	place   *Place
	project model.Project
	own     bool             // of a step
	others  []model.Variable // of the same owner, with other names

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

func newVarForm(p *Place, project model.Project, own bool, others []model.Variable, values []value) *varForm {
	f := &varForm{place: p, project: project, own: own, others: others, form: form.New(), box: container.NewVBox(), result: feedback.NewBanner()}
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
	if !own && len(project.Environments) > 0 {
		foot.Add(f.more)
	}
	f.scroll = form.Scroll(container.NewVBox(head, f.box, foot))
	f.form.Check = func() []form.Problem { return f.problems(-1) }
	f.form.OnChanged = f.shown
	if len(values) == 0 {
		values = []value{{Variable: model.Variable{Type: model.TypeText}}}
	}
	f.form.Fill(func() {
		f.name.SetText(values[0].Name)
		f.kind.SetValue(string(values[0].Type))
	})
	f.rebuild(values)
	f.shown()
	return f
}

// rebuild makes a block for each value. A change of the type keeps scope and prompt, and the value where it means the same.
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

// makeSensitive makes the variable sensitive, with what its values say.
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
		b.title.SetText(fmt.Sprintf(lang.L("Value %d of %d"), i+1, len(f.blocks)))
		f.box.Add(display.Card(b.content))
	}
	f.box.Refresh()
	for _, b := range f.blocks {
		b.form.Validate()
		b.shown()
	}
}

// addBlock adds a value for the first environment that has none of its own.
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

// values gives what the fields say.
func (f *varForm) values() []value {
	list := make([]value, len(f.blocks))
	for i, b := range f.blocks {
		list[i] = b.value()
		list[i].Name = strings.TrimSpace(f.name.Text)
	}
	return list
}

// problems are those of block at, or those of the name and type for -1.
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
			found = append(found, model.Problem{Field: fmt.Sprintf("variables[%d].name", first), Err: model.NewError("value.twice", "The step has another value called %q. Choose another name.", f.name.Text)})
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

func (f *varForm) shown() {
	for _, b := range f.blocks {
		b.shown()
	}
}

func (f *varForm) dirty() bool {
	return f.form.Dirty() || slices.ContainsFunc(f.blocks, func(b *valueBlock) bool { return b.form.Dirty() })
}

// faulty shows all faults and reports whether there is one that keeps the values from being saved.
func (f *varForm) faulty() bool {
	bad := f.form.ShowAll() != nil
	for _, b := range f.blocks {
		b.form.ShowAll()
		for _, p := range b.form.Problems() {
			if model.ErrorCode(p.Err) != model.CodeVariableAccountEmpty { // incomplete, but it can be kept
				bad = true
			}
		}
	}
	return bad
}

// show opens the window. save is called with what to keep, and calls saved or failed.
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
			if !f.faulty() {
				f.dialog.SetBusy(true)
				f.save(f, f.values())
			}
		},
	}
	f.dialog.Show(f.place.deps.Window)
}

func (f *varForm) saved() { f.dialog.Close() }

func (f *varForm) failed(err error) {
	f.dialog.SetBusy(false)
	f.result.Show(err.Error(), display.Bad)
}

// checkInstance asks whether this computer is an EC2 instance with a role.
func (b *valueBlock) checkInstance() {
	field := b.form.Field("value")
	field.SetNote(lang.L("Asking the metadata service of this computer…"), false)
	async.Load(&b.work, func(ctx context.Context) (string, error) {
		v, err := b.f.place.deps.Accounts.Service.Test(ctx, model.InstanceRole)
		return v.ARN, err
	}, func(arn string, err error) {
		if err != nil {
			field.SetNote(err.Error(), true)
			return
		}
		field.SetNote(lang.L("This computer is an EC2 instance with the role")+" "+arn, false)
	})
}

// promptPart is how a value is asked for at a run.
type promptPart struct {
	ask      *control.Check
	label    *control.Entry
	help     *control.Entry
	control  *control.Select
	options  *control.Entry
	required *control.Check
	rows     *fyne.Container
	fold     *form.Section
}

func newPromptPart(b *valueBlock, p *model.Prompt) *promptPart {
	k := b.form.Keys
	t := &promptPart{ask: control.NewCheck(k, lang.L("Ask for the value when a run starts")), label: control.NewEntry(k), help: control.NewEntry(k), options: control.NewMultiline(k, 2), required: control.NewCheck(k, lang.L("required"))}
	t.control = control.NewSelect(k,
		control.Option{Value: string(model.ControlText), Label: lang.L("a line of text")},
		control.Option{Value: string(model.ControlMultiline), Label: lang.L("several lines")},
		control.Option{Value: string(model.ControlSelect), Label: lang.L("one of several options")},
		control.Option{Value: string(model.ControlCheckbox), Label: lang.L("a box to tick")},
	)
	ask := b.form.Add("prompt", "", "", t.ask)
	options := b.form.Add("prompt.options", lang.L("Options"), lang.L("One on each line."), t.options)
	t.rows = form.Rows(
		b.form.Add("prompt.label", lang.L("Label"), lang.L("Empty: the variable's name."), t.label),
		b.form.Add("prompt.help", lang.L("Help text"), "", t.help),
		b.form.Add("prompt.control", lang.L("Asked as"), "", t.control),
		options,
		b.form.Add("prompt.required", "", "", t.required),
	)
	b.form.Fill(func() {
		t.control.SetValue(string(model.ControlText))
		if p == nil {
			return
		}
		t.ask.SetChecked(true)
		t.label.SetText(p.Label)
		t.help.SetText(p.Help)
		t.control.SetValue(string(p.Control))
		t.options.SetText(strings.Join(p.Options, "\n"))
		t.required.SetChecked(p.Required)
	})
	t.fold = form.NewSection(k, lang.L("Prompt"), p != nil, container.NewVBox(ask.Row(), t.rows))
	t.fold.Summary = func() string {
		if !t.ask.Checked {
			return lang.L("not asked for")
		}
		return lang.L("asked for when a run starts")
	}
	return t
}

func (t *promptPart) prompt() *model.Prompt {
	if !t.ask.Checked {
		return nil
	}
	p := &model.Prompt{Label: strings.TrimSpace(t.label.Text), Help: strings.TrimSpace(t.help.Text), Control: model.ControlType(t.control.Value()), Required: t.required.Checked}
	if p.Control == model.ControlSelect {
		for line := range strings.Lines(t.options.Text) {
			if line = strings.TrimSpace(line); line != "" {
				p.Options = append(p.Options, line)
			}
		}
	}
	return p
}

func (t *promptPart) shown(b *valueBlock) {
	setVisible(t.rows, t.ask.Checked)
	b.form.Field("prompt.options").SetVisible(t.control.Value() == string(model.ControlSelect))
}
