package projects

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// declaring answers what scripts declare, and counts how often it was asked.
func declaring(r *rig, list []model.Parameter, err error) {
	r.place.deps.Parameters = func(_ context.Context, _ model.Language, _ model.Edition, text string) ([]model.Parameter, error) {
		if err != nil || !strings.Contains(text, "param") {
			return nil, err
		}
		return list, nil
	}
}

func declared() []model.Parameter {
	return []model.Parameter{
		{Name: "Days", Type: "int", As: model.ArgumentText, Control: model.ControlNumber, Mandatory: true, Min: "1", Max: "30", Help: "How many"},
		{Name: "Tier", Type: "string", As: model.ArgumentText, Control: model.ControlSelect, Default: "web", Options: []string{"web", "db"}},
		{Name: "Force", Type: "switch", As: model.ArgumentSwitch, Control: model.ControlCheckbox},
		{Name: "Tag", Type: "string[]", As: model.ArgumentList, Control: model.ControlText},
		{Name: "More", Type: "hashtable", As: model.ArgumentText, Control: model.ControlText, CodeOnly: true},
	}
}

func TestAScriptHasAFieldForEachParameter(t *testing.T) {
	r := newRig(t, large, website())
	declaring(r, declared(), nil)
	f := r.edit("Check")
	a := f.script.arguments
	if a.byFields() {
		t.Error("there are fields before anything is declared")
	}
	f.script.inline.editor.SetText("param(...)")
	f.form.Changed()
	r.Until("the fields", func() bool { return len(a.inputs) == 5 })
	if !a.wayRow.Visible() || a.textRow.Visible() || !a.byFields() {
		t.Error("the fields are not shown instead of the text")
	}
	field := func(name string) *argumentInput {
		for _, in := range a.inputs {
			if in.Name == name {
				return in
			}
		}
		t.Fatalf("there is no field %s", name)
		return nil
	}
	for _, row := range []struct{ name, value, note string }{
		{"Days", "", "can't run without it"}, {"Days", "31", "31 is outside of the range"}, {"Days", "7", ""},
		{"Tier", "cache", "one of: web, db"}, {"Tier", "DB", ""}, {"Force", "yes", "True or False"}, {"Force", "True", ""},
		{"More", "@{}", "Only code"}, {"More", "", ""}, {"Tag", "a\n#{Nowhere}", "Nowhere"},
	} {
		in := field(row.name)
		in.entry.SetText(row.value)
		if note := in.field.Note(); row.note == "" && note != "" || !strings.Contains(note, row.note) {
			t.Errorf("%s with %q: the note is %q, want %q", row.name, row.value, note, row.note)
		}
	}
	want := []model.Argument{
		{Name: "Days", Value: "7", As: model.ArgumentText}, {Name: "Tier", Value: "DB", As: model.ArgumentText},
		{Name: "Force", Value: "True", As: model.ArgumentSwitch}, {Name: "Tag", Value: "a\n#{Nowhere}", As: model.ArgumentList},
	}
	if got := f.Step().Script.Arguments; !reflect.DeepEqual(got, want) {
		t.Errorf("the step has %+v, want %+v", got, want)
	}
	f.Save(nil)
	r.idle()
	f = r.edit("Check")
	a = f.script.arguments
	r.Until("the fields again", func() bool { return len(a.inputs) == 5 })
	if f.Dirty() || !reflect.DeepEqual(f.Step().Script.Arguments, want) {
		t.Errorf("dirty %v: %+v", f.Dirty(), f.Step().Script.Arguments)
	}

	possible := false
	a.asText = func(_ model.Language, list []model.Argument) (string, bool) {
		return "-" + list[0].Name + " 7", possible
	}
	a.way.Choose(asText)
	if s := f.Step().Script; s.Parameters != "" || len(s.Arguments) != 4 {
		t.Errorf("what no text stands for became %q, %+v", s.Parameters, s.Arguments)
	}
	possible = true
	a.way.Choose(asText)
	if s := f.Step().Script; s.Parameters != "-Days 7" {
		t.Errorf("the fields became the text %q", s.Parameters)
	}
	a.text.SetText("-Days 9")
	if s := f.Step().Script; s.Parameters != "-Days 9" || s.Arguments != nil || a.rows.Visible() || !a.textRow.Visible() {
		t.Errorf("as text the step has %q, %+v", s.Parameters, s.Arguments)
	}
	a.fromText = func(_ model.Language, _ []model.Parameter, text string) ([]model.Argument, []string) {
		if text != "-Days 9" {
			t.Errorf("the text %q is read", text)
		}
		return append([]model.Argument{{Name: "Days", Value: "9", As: model.ArgumentText}}, want[1:]...), nil
	}
	a.way.Choose(asFields)
	if s := f.Step().Script; s.Parameters != "" || len(s.Arguments) != 4 || s.Arguments[0].Value != "9" {
		t.Errorf("as fields again the step has %q, %+v", s.Parameters, s.Arguments)
	}

	// What the script no longer declares stays until it is emptied.
	r.place.deps.Parameters = nil
	f.script.declares = func(context.Context, model.Language, model.Edition, string) ([]model.Parameter, error) {
		return declared()[1:2], nil
	}
	a.declares = f.script.declares
	f.script.inline.editor.SetText("param(less)")
	f.form.Changed()
	r.Until("fewer fields", func() bool { return len(a.declared) == 1 })
	if len(a.inputs) != 4 || !strings.Contains(field("Days").field.Note(), "does not declare") {
		t.Errorf("%d fields, and the note %q", len(a.inputs), field("Days").field.Note())
	}
	field("Days").entry.SetText("")
	if got := len(f.Step().Script.Arguments); got != 3 {
		t.Errorf("%d arguments are left", got)
	}
}

// A text becomes fields as far as they can hold it. What they can't hold is lost only after a question, of which Enter is no.
func TestATextBecomesFieldsWithoutLosingAnything(t *testing.T) {
	p := website()
	p.Steps[0].Script.Parameters = "--dry-run --verbose"
	r := newRig(t, large, p)
	declaring(r, []model.Parameter{{Name: "dry-run", As: model.ArgumentSwitch, Control: model.ControlCheckbox}}, nil)
	f := r.edit(p.Steps[0].Name)
	a := f.script.arguments
	f.script.inline.editor.SetText("# @param dry-run flag")
	f.form.Changed()
	r.Until("the field", func() bool { return len(a.inputs) == 1 })
	rest := []string{"--verbose"}
	a.fromText = func(model.Language, []model.Parameter, string) ([]model.Argument, []string) {
		return []model.Argument{{Name: "dry-run", Value: "True", As: model.ArgumentSwitch}}, rest
	}
	unchanged := func(when string) {
		t.Helper()
		if s := f.Step().Script; s.Parameters != "--dry-run --verbose" || s.Arguments != nil || a.byFields() {
			t.Errorf("%s the step has %q, %+v", when, s.Parameters, s.Arguments)
		}
	}
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape} {
		a.way.Choose(asFields)
		unchanged("while it asks")
		r.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: key})
		unchanged("after the key " + string(key))
	}
	a.way.Choose(asFields)
	for _, o := range test.LaidOutObjects(r.window.Canvas().Overlays().Top()) {
		if b, ok := o.(*control.Button); ok && b.Text == "Use the fields" {
			test.Tap(b)
		}
	}
	want := []model.Argument{{Name: "dry-run", Value: "True", As: model.ArgumentSwitch}}
	if s := f.Step().Script; s.Parameters != "" || !reflect.DeepEqual(s.Arguments, want) || !a.byFields() || !f.Dirty() {
		t.Errorf("then the step has %q, %+v", s.Parameters, s.Arguments)
	}
	a.asText = func(model.Language, []model.Argument) (string, bool) { return "--dry-run", true }
	a.way.Choose(asText)
	if s := f.Step().Script; s.Parameters != "--dry-run" || s.Arguments != nil {
		t.Errorf("as text the step has %q, %+v", s.Parameters, s.Arguments)
	}
	rest = nil
	a.way.Choose(asFields)
	if s := f.Step().Script; s.Parameters != "" || !reflect.DeepEqual(s.Arguments, want) {
		t.Errorf("without a rest the step has %q, %+v", s.Parameters, s.Arguments)
	}
}

// A text that was typed before the script declares a parameter is not hidden by its field.
func TestATextStaysWhenFieldsAppear(t *testing.T) {
	r := newRig(t, large, website())
	declaring(r, declared(), nil)
	f := r.edit("Check")
	a := f.script.arguments
	a.text.SetText("-Days 7")
	f.script.inline.editor.SetText("param(...)")
	f.form.Changed()
	r.Until("the fields", func() bool { return len(a.inputs) == 5 })
	if s := f.Step().Script; s.Parameters != "-Days 7" || s.Arguments != nil || !a.textRow.Visible() {
		t.Errorf("the step has %q, %+v", s.Parameters, s.Arguments)
	}
}

func TestWithoutPowerShellParametersAreText(t *testing.T) {
	r := newRig(t, large, website())
	declaring(r, nil, model.NewError("tool.missing", "There is no PowerShell here. Install it."))
	f := r.edit("Check")
	a := f.script.arguments
	r.Until("the reason", func() bool { return f.form.Field("script.parameters").Note() != "" })
	note := f.form.Field("script.parameters").Note()
	if !strings.Contains(note, "no PowerShell here") || !a.textRow.Visible() || a.wayRow.Visible() {
		t.Errorf("the note is %q", note)
	}
	a.text.SetText("-Days 7")
	if got := f.Step().Script.Parameters; got != "-Days 7" {
		t.Errorf("the parameters are %q", got)
	}
}

func TestLinesThatAreNoParametersAreNamedAsTheScriptIsTyped(t *testing.T) {
	r := newRig(t, large, website())
	declaring(r, declared()[:1], nil)
	r.place.deps.ParameterFaults = func(language model.Language, text string) (faults []string) {
		for i, line := range strings.Split(text, "\n") {
			if language == model.Bash && strings.HasSuffix(line, "strin") {
				faults = append(faults, fmt.Sprintf("Line %d: no type.", i+1))
			}
		}
		return faults
	}
	f := r.edit("Check")
	a := f.script.arguments
	if a.faults.Visible() {
		t.Errorf("faults of a script without any: %q", a.faults.Text)
	}
	for _, row := range []struct{ script, want string }{
		{"# @param a strin\n# @param b\n# strin", "Line 1: no type.\nLine 3: no type."}, // below the fields
		{"# strin", "Line 1: no type."}, // below the text
		{"# string", ""},
	} {
		f.script.inline.editor.SetText(row.script)
		f.form.Changed()
		r.Until("the faults of "+row.script, func() bool { return a.faults.Text == row.want && a.faults.Visible() == (row.want != "") })
	}
}

// What is said of a value before a run is said at its field too.
func TestAnArgumentByItsAlias(t *testing.T) {
	r := newRig(t, large, website())
	declaring(r, []model.Parameter{
		{Name: "Days", Aliases: []string{"d"}, Type: "int", As: model.ArgumentText, Control: model.ControlNumber, Rounds: true, Mandatory: true},
		{Name: "Code", As: model.ArgumentText, Control: model.ControlText, Pattern: "^a"},
	}, nil)
	f := r.edit("Check")
	a := f.script.arguments
	a.given = []model.Argument{{Name: "D", Value: "1.5", As: model.ArgumentText}, {Name: "Days", Value: "3", As: model.ArgumentText}}
	f.script.inline.editor.SetText("param(...)")
	f.form.Changed()
	r.Until("the fields", func() bool { return len(a.declared) == 2 })
	if got := f.Step().Script.Arguments; len(got) != 2 || got[0].Name != "D" || got[1].Name != "Days" {
		t.Fatalf("the arguments are %+v", got)
	}
	if note := a.inputs[0].field.Note(); note != "PowerShell rounds 1.5 to 2." {
		t.Errorf("the note is %q", note)
	}
	a.inputs[1].entry.SetText("b")
	if note := a.inputs[1].field.Note(); !strings.Contains(note, "pattern ^a") {
		t.Errorf("the note is %q", note)
	}
}
