package projects

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// record stores a finished run of one step, as an engine does.
func (r *rig) record(project, step, awsID string, status model.Status, took time.Duration) int64 {
	r.t.Helper()
	ctx := context.Background()
	begin := time.Now().Add(-2 * time.Hour).Truncate(time.Second)
	run := model.Run{Project: project, Who: "ana@desk", Status: model.Running, Started: begin}
	if p, err := r.store.Project(ctx, project); err == nil {
		run.ProjectID = p.ID
	}
	if err := r.store.CreateRun(ctx, &run); err != nil {
		r.t.Fatal(err)
	}
	zero := 0
	s := model.StepRun{
		RunID: run.ID, Number: 1, Attempt: 1, Step: step, Status: model.Running, Started: begin, Identity: model.Identity{AWSID: awsID},
	}
	if err := r.store.AddStepRun(ctx, run.ID, &s); err != nil {
		r.t.Fatal(err)
	}
	s.Status, s.Finished, s.ExitCode = status, begin.Add(took), &zero
	if err := r.store.UpdateStepRun(ctx, s); err != nil {
		r.t.Fatal(err)
	}
	run.Status, run.Finished, run.Steps = status, s.Finished, []model.StepRun{s}
	if err := r.store.FinishRun(ctx, run); err != nil {
		r.t.Fatal(err)
	}
	return run.ID
}

func TestPinnedStepsAreListedFirst(t *testing.T) {
	p := website()
	p.Steps[1].Pinned = true
	r := newRig(t, fyne.NewSize(1000, 640), p)
	r.record("Website", "Roll the web tier", "123456789012", model.Succeeded, 41*time.Minute)
	r.record("Website", "Roll the web tier", "123456789012", model.Failed, time.Minute)
	r.place.Home()
	l := r.place.list
	r.Until("the pinned step", func() bool { return len(l.pinned.Objects) == 1 })
	got := l.data.pins[0].describe(time.Now())
	if !strings.Contains(got, "Website") || !strings.Contains(got, "usually 41 min") || !strings.Contains(got, "ago") {
		t.Errorf("described as %q", got)
	}
	if l.data.pins[0].last.Status != model.Failed {
		t.Errorf("the last status is %s", l.data.pins[0].last.Status)
	}
	var buttons []*control.Button
	for _, o := range test.LaidOutObjects(l.pinned) {
		if b, ok := o.(*control.Button); ok {
			buttons = append(buttons, b)
		}
	}
	if len(buttons) != 3 || buttons[2].Text != "Production" {
		t.Fatalf("there are %d buttons", len(buttons))
	}
	test.Tap(buttons[2])
	r.Until("the run", func() bool { return len(r.runs) == 1 })
	if got := r.runs[0]; got.environment != "Production" || len(got.steps) != 1 || got.steps[0] != "Roll the web tier" {
		t.Errorf("it ran %+v", got)
	}
}

func TestPinToTheAWSAccountOfAGoodRun(t *testing.T) {
	p := website()
	p.Environments = nil
	p.Variables[0].Scope, p.Variables = nil, p.Variables[:1]
	r := newRig(t, fyne.NewSize(1000, 900), p)
	r.record("Website", "Check", "210987654321", model.Succeeded, time.Second)
	r.place.open.openStep(r.place.open.project.Steps[0])
	f := r.place.open.form
	r.Until("the offer", func() bool { return f.aws.pin.Visible() && f.aws.pin.Text == "Pin" })
	test.Tap(f.aws.pin)
	if f.aws.expect.Text != "210987654321" || !f.Dirty() || f.aws.pin.Text != "Unpin" {
		t.Fatalf("expected is %q, the button says %q", f.aws.expect.Text, f.aws.pin.Text)
	}
	f.Save(nil)
	r.idle()
	if got := r.stored().Steps[0].AWS.Expect; got != "210987654321" {
		t.Errorf("stored is %q", got)
	}
	test.Tap(f.aws.pin)
	if f.aws.expect.Text != "" {
		t.Error("Unpin does not unpin it")
	}
	// Not offered if the account leads elsewhere in an environment.
	if err := r.store.SaveAWSAccount(t.Context(), model.AWSAccount{ID: "111111111111"}); err != nil {
		t.Fatal(err)
	}
	f.aws.proven.AWSID = "111111111111"
	f.aws.showPin()
	if f.aws.pin.Visible() {
		t.Error("a step that leads to another AWS account can be pinned")
	}
}

// Another place pins the step whose form is open: the form takes that over, or says it where the person has changed the field.
func TestAStepIsPinnedWhileItsFormIsOpen(t *testing.T) {
	const pinned = "210987654321"
	for name, row := range map[string]struct {
		entered, stored string
		tells, reloads  bool
	}{
		"untouched":                      {"", pinned, false, true},
		"another one is entered":         {"123456789012", "123456789012", true, true},
		"the same one is entered":        {pinned, pinned, false, true},
		"nothing is read before a save":  {"", pinned, false, false},
		"another one, and nothing read":  {"123456789012", "123456789012", false, false},
		"the same one, and nothing read": {pinned, pinned, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, fyne.NewSize(1000, 900), website())
			r.place.open.openStep(r.place.open.project.Steps[0])
			f := r.place.open.form
			f.script.arguments.text.SetText("--typed")
			f.aws.expect.SetText(row.entered)
			p := r.stored()
			p.Steps[0].AWS.Expect = pinned
			if _, err := r.store.SaveProject(t.Context(), &p); err != nil {
				t.Fatal(err)
			}
			if row.reloads {
				r.place.Changed()
				r.Until("the pin", func() bool { return r.place.open.project.Steps[0].AWS.Expect == pinned })
			}
			if f.script.arguments.text.Text != "--typed" || !f.Dirty() || row.reloads && f.aws.expect.Text != row.stored {
				t.Errorf("after the pin: %q, %q, dirty %v", f.script.arguments.text.Text, f.aws.expect.Text, f.Dirty())
			}
			if tells := strings.Contains(f.result.Text(), "pinned to "+pinned+" Sandbox meanwhile"); tells != row.tells {
				t.Errorf("it says %q", f.result.Text())
			}
			f.Save(nil)
			r.idle()
			s := r.stored().Steps[0]
			if s.AWS.Expect != row.stored || s.Script.Parameters != "--typed" {
				t.Errorf("stored %q, %q", s.AWS.Expect, s.Script.Parameters)
			}
			if f.aws.expect.Text != row.stored || f.Dirty() {
				t.Errorf("after the save: %q, dirty %v", f.aws.expect.Text, f.Dirty())
			}
		})
	}
}

func TestAStepIsDragged(t *testing.T) {
	p := website()
	third := model.NewStep("Third")
	p.Steps = append(p.Steps, third)
	r := newRig(t, fyne.NewSize(1000, 640), p)
	o := r.place.open
	names := func() string {
		var all []string
		for _, s := range r.stored().Steps {
			all = append(all, s.Name)
		}
		return strings.Join(all, ", ")
	}
	for _, row := range []struct {
		from, by int
		want     string
	}{
		{0, 2, "Roll the web tier, Third, Check"},
		{2, -1, "Roll the web tier, Check, Third"},
		{2, -2, "Third, Roll the web tier, Check"},
		{0, 3, "Third, Roll the web tier, Check"},
	} {
		o.process.move(o.process.table.Rows()[row.from], row.by)
		r.idle()
		uitest.Drain(t, r.Pump)
		if got := names(); got != row.want {
			t.Errorf("row %d by %d: %s, want %s", row.from, row.by, got, row.want)
		}
	}
	o.process.delete(o.process.table.Rows()[1])
	o.process.move(o.process.table.Rows()[0], 1)
	r.idle()
	if got := names(); got != "Roll the web tier, Check, Third" {
		t.Errorf("past a deleted step with an open undo: %s", got)
	}
}

func TestARunUsesTheVisibleEdits(t *testing.T) {
	r := newRig(t, fyne.NewSize(1000, 640), website())
	started := 0
	run := func() { r.place.BeforeRun(func() { started++ }) }
	run()
	if started != 1 {
		t.Fatal("it did not start although nothing is unsaved")
	}
	r.place.open.openStep(r.place.open.project.Steps[0])
	r.place.open.form.aws.region.SetText("eu-north-1")
	r.place.open.form.form.Changed()
	run()
	if started != 1 {
		t.Error("it started without the edits")
	}
	r.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if started != 1 || !r.place.open.dirty() {
		t.Error("cancelling the question changed something")
	}
	run()
	r.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.Until("the run", func() bool { return started == 2 })
	if got := r.stored().Steps[0].AWS.Region; got != "eu-north-1" {
		t.Errorf("stored is %q", got)
	}
}

func TestAKeyInAValueBecomesSensitive(t *testing.T) {
	r := newRig(t, fyne.NewSize(1000, 700), website())
	f := r.openVariable("")
	f.name.SetText("Token")
	b := f.blocks[0]
	b.text.SetText("AKIAIOSFODNN7EXAMPLE")
	b.form.Changed()
	if !b.move.Visible() {
		t.Fatal("the move is not offered")
	}
	test.Tap(b.move)
	if f.kind.Value() != string(model.TypeSensitive) || f.blocks[0].secret.Value() != "AKIAIOSFODNN7EXAMPLE" {
		t.Fatalf("the type is %q, the secret %q", f.kind.Value(), f.blocks[0].secret.Value())
	}
	f.dialog.OnConfirm()
	r.idle()
	for _, saved := range r.stored().Variables {
		if saved.Name == "Token" && (saved.Type != model.TypeSensitive || saved.Value != "" || !saved.ValueSet) {
			t.Errorf("stored is %+v", saved)
		}
	}
	if len(r.vault.values) != 1 {
		t.Errorf("the vault has %d secrets", len(r.vault.values))
	}
}
