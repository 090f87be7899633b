package projects

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

func (r *rig) openVariable(name string) *varForm {
	r.t.Helper()
	v := r.place.open.variables
	row := varRow{}
	for _, x := range v.table.Rows() {
		if x.name == name {
			row = x
		}
	}
	v.open(row)
	return v.form
}

func (r *rig) variable(name, environment string) model.Variable {
	r.t.Helper()
	for _, v := range r.stored().Variables {
		if v.Name == name && (environment == "" && len(v.Scope) == 0 || slices.Contains(v.Scope, environment)) {
			return v
		}
	}
	r.t.Fatalf("no variable %q for %q", name, environment)
	return model.Variable{}
}

func TestAddAccountVariable(t *testing.T) {
	p := website()
	p.Variables = nil
	r := newRig(t, small, p)
	f := r.openVariable("")
	if f.kind.Value() != string(model.TypeAWSAccount) {
		t.Error("the first variable is not an account variable by default")
	}
	b := f.blocks[0]
	items := b.accountItems()
	if items[0].Title != model.InstanceRoleTitle || items[0].Detail != "stores no keys" {
		t.Errorf("first is %+v", items[0])
	}
	if !strings.Contains(items[1].Detail, "…MPLE   ✓ 210987654321 Sandbox, 2 h ago") {
		t.Errorf("detail %q", items[1].Detail)
	}
	test.Type(f.name, "aws.account")
	b.accounts.Pick(model.InstanceRole)
	b.checkInstance()
	r.Until("the answer", func() bool { return strings.Contains(b.form.Field("value").Note(), "not an EC2 instance") })
	b.accounts.Pick("Sandbox")
	b.scope.Choose("only")
	f.form.Keys.Enter()
	if b.form.Field("scope").Err() == nil || !f.dialog.Visible() {
		t.Fatal("an empty scope is accepted")
	}
	b.only[0].SetChecked(true)
	f.addBlock()
	if len(f.blocks) != 2 || !f.blocks[1].only[1].Checked {
		t.Fatal("the second value is not for the environment without one")
	}
	f.blocks[1].accounts.Pick("Website")
	f.blocks[1].expect.SetText("123456789012")
	f.form.Keys.Enter()
	r.idle()
	if v := r.variable("aws.account", "Production"); v.Value != "Website" || v.Expect != "123456789012" {
		t.Errorf("stored %+v", v)
	}
	if f.dialog.Visible() {
		t.Error("the dialog stays open")
	}
}

func TestScopesMayNotShareAnEnvironment(t *testing.T) {
	r := newRig(t, small, website())
	f := r.openVariable("aws.account")
	if len(f.blocks) != 2 {
		t.Fatalf("%d values", len(f.blocks))
	}
	f.blocks[1].only[0].SetChecked(true)
	f.form.Keys.Enter()
	if f.blocks[1].form.Field("scope").Err() == nil || !f.dialog.Visible() {
		t.Error("two values for one environment are accepted")
	}
	f.removeBlock(f.blocks[0])
	f.form.Keys.Enter()
	r.idle()
	if v := r.variable("aws.account", "Staging"); v.Value != "Website" || len(r.stored().Variables) != 5 {
		t.Errorf("stored %+v", r.stored().Variables)
	}
}

func TestSensitiveValues(t *testing.T) {
	r := newRig(t, small, website())
	f := r.openVariable("Password")
	r.Clipboard().SetContent("one\ntwo\n")
	if !f.blocks[0].secret.OnPaste(r.Clipboard().Content()) {
		t.Fatal("the field does not accept several lines")
	}
	f.form.Keys.Enter()
	r.idle()
	v := r.variable("Password", "")
	if !v.ValueSet || v.Value != "" || r.vault.values[v.ValueRef()] != "one\ntwo" {
		t.Errorf("stored %+v, sealed %q", v, r.vault.values[v.ValueRef()])
	}
	f = r.openVariable("Password")
	if s := f.blocks[0].secret; s.Text != "" || !strings.Contains(s.PlaceHolder, "set") {
		t.Errorf("shown as %q", s.PlaceHolder)
	}
	f.name.SetText("Secret")
	f.form.Keys.Enter()
	r.idle()
	if v = r.variable("Secret", ""); r.vault.values[v.ValueRef()] != "one\ntwo" {
		t.Error("a new name loses the value")
	}
	f = r.openVariable("Secret")
	f.kind.SetSelected("Text")
	f.form.Keys.Enter()
	r.idle()
	if len(r.vault.values) != 0 {
		t.Error("the vault still has the secret of a variable that is a text now")
	}
}

// The case or the order of the environments changes while the form is open: the typed secret still belongs to the value.
func TestASecretIsKeptWhenItsScopeIsSpelledDifferently(t *testing.T) {
	for name, meanwhile := range map[string]func(*store.Store) error{
		"case": func(st *store.Store) error {
			list, err := st.Environments(t.Context())
			if err != nil {
				return err
			}
			list[0].Name = strings.ToUpper(list[0].Name)
			return st.SaveEnvironment(t.Context(), &list[0])
		},
		"order": func(st *store.Store) error {
			return st.OrderEnvironments(t.Context(), []string{"Production", "Staging"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, small, website())
			f := r.openVariable("Password")
			b := f.blocks[0]
			b.scope.Choose("only")
			b.only[0].SetChecked(true)
			b.only[1].SetChecked(true)
			b.secret.SetText("s3cret")
			if err := meanwhile(r.store); err != nil {
				t.Fatal(err)
			}
			f.form.Keys.Enter()
			r.idle()
			if v, _ := findVariable(r.stored(), "Password"); len(v.Scope) != 2 || !v.ValueSet || r.vault.values[v.ValueRef()] != "s3cret" {
				t.Errorf("stored %+v, sealed %q; the form says %q", v, r.vault.values[v.ValueRef()], f.result.Text())
			}
		})
	}
}

func TestTextIsResolvedInPlace(t *testing.T) {
	r := newRig(t, small, website())
	f := r.openVariable("Bucket")
	note := func() string { return f.blocks[0].form.Field("value").Note() }
	if !strings.Contains(note(), "“Stage”") {
		t.Errorf("an undefined name: %q", note())
	}
	f.blocks[0].text.SetText("web-#{Acct}")
	if note() != "= web-123456789012   (Staging)" {
		t.Errorf("resolved: %q", note())
	}
	f.blocks[0].text.SetText("a#{Bucket}")
	if !strings.Contains(note(), "Bucket") || strings.HasPrefix(note(), "=") {
		t.Errorf("a cycle: %q", note())
	}
	f.blocks[0].text.SetText("secret " + secret)
	if !strings.Contains(note(), "looks like a key") {
		t.Errorf("a key: %q", note())
	}
}

func TestPrompt(t *testing.T) {
	r := newRig(t, small, website())
	f := r.openVariable("Acct")
	p := f.blocks[0].prompt
	p.ask.SetChecked(true)
	p.label.SetText("Which one?")
	p.control.SetSelected("list of options")
	f.form.Keys.Enter()
	if f.blocks[0].form.Field("prompt.options").Err() == nil {
		t.Error("an empty list of options is accepted")
	}
	p.options.SetText("a\n b \n\n")
	p.required.SetChecked(true)
	f.form.Keys.Enter()
	r.idle()
	v := r.variable("Acct", "")
	want := &model.Prompt{Label: "Which one?", Control: model.ControlSelect, Options: []string{"a", "b"}, Required: true}
	if !reflect.DeepEqual(v.Prompt, want) {
		t.Errorf("stored %+v", v.Prompt)
	}
}

func TestRenamingAVariableRenamesItInSteps(t *testing.T) {
	r := newRig(t, small, website())
	f := r.openVariable("aws.account")
	f.name.SetText("deploy.account")
	f.form.Keys.Enter()
	r.idle()
	if s, _ := r.stored().Step("Check"); s.AWS.Account != "deploy.account" {
		t.Errorf("the step names %q", s.AWS.Account)
	}
}

func TestDeletingAVariableCanBeUndone(t *testing.T) {
	r := newRig(t, small, website())
	v := r.place.open.variables
	n := len(v.table.Rows())
	v.delete(v.table.Rows()[0])
	if len(v.table.Rows()) != n-1 {
		t.Fatal("still there")
	}
	r.place.undo.Undo()
	if len(v.table.Rows()) != n {
		t.Fatal("it did not come back")
	}
	v.delete(v.table.Rows()[0])
	r.place.undo.Flush()
	r.idle()
	if len(r.stored().Variables) != 4 { // both values of aws.account
		t.Errorf("stored %+v", r.stored().Variables)
	}
}

func TestStepValues(t *testing.T) {
	r := newRig(t, small, website())
	f := r.edit("Check")
	f.values.open(-1)
	v := f.values.form
	v.name.SetText("Token")
	v.kind.SetSelected("Sensitive")
	v.blocks[0].secret.SetText("s3cret")
	if v.blocks[0].form.Field("scope").Visible() {
		t.Error("a step's value has a scope")
	}
	v.form.Keys.Enter()
	if len(f.values.list) != 1 || !f.Dirty() {
		t.Fatal("the value is not there")
	}
	f.values.open(-1)
	f.values.form.name.SetText("token")
	f.values.form.form.Keys.Enter()
	if f.values.form.form.Field("name").Err() == nil {
		t.Error("a duplicate name is accepted")
	}
	f.values.form.dialog.Close()
	f.Save(nil)
	r.idle()
	s, _ := r.stored().Step("Check")
	if len(s.Values) != 1 || !s.Values[0].ValueSet || r.vault.values[s.Values[0].ValueRef()] != "s3cret" {
		t.Errorf("stored %+v", s.Values)
	}
}
