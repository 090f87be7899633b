package runs

import (
	"context"
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// toolHelp implements Tools.
type toolHelp struct {
	installed []settings.Kind
	choose    func(done func())
	forgot    int
}

func (h *toolHelp) Install(kind settings.Kind) { h.installed = append(h.installed, kind) }

func (h *toolHelp) Choose(_ settings.Kind, done func()) { h.choose(done) }

func (h *toolHelp) Forget(context.Context) error { h.forgot++; return nil }

// tapInDialog taps a button of the topmost dialog.
func (f *fixture) tapInDialog(label string) {
	f.t.Helper()
	for _, o := range test.LaidOutObjects(f.win.Canvas().Overlays().Top()) {
		if b, ok := o.(*control.Button); ok && b.Text == label {
			test.Tap(b)
			return
		}
	}
	f.t.Fatalf("there is no button %q", label)
}

func TestAMissingInterpreterIsSaidBeforeAnythingStarts(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "echo hi"))
	set := func(path string) {
		if err := f.services.Settings().Keep(t.Context(), map[string]string{settings.ToolKey(settings.Bash): path}); err != nil {
			t.Fatal(err)
		}
		if err := f.services.Settings().Load(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	set("/nonexistent/bash")
	help := &toolHelp{choose: func(done func()) { set(""); done() }}
	f.place.deps.Tools, f.place.start.deps.Tools = help, help
	f.place.Start(Wanted{Project: "P"})
	first := f.sheet()
	f.says("S: ", "/nonexistent/bash", "Install…", "Choose…", "Check again")
	f.tapInDialog("Install…")
	if !slices.Equal(help.installed, []settings.Kind{settings.Bash}) {
		t.Errorf("installing %v", help.installed)
	}
	f.tapInDialog("Check again")
	f.until("another sheet", func() bool { return f.place.start.sheet != nil && f.place.start.sheet != first })
	if help.forgot != 1 {
		t.Errorf("looked again %d times", help.forgot)
	}
	f.tapInDialog("Choose…")
	f.over() // runs at once: nothing is missing any more
	if f.place.view.run.Status != model.Succeeded {
		t.Errorf("%s: %s", f.place.view.run.Status, f.place.view.run.Message)
	}
}

func TestAScriptThatCallsAWSWithoutOneIsAskedAbout(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "aws() { echo mine; }\naws s3 ls"))
	if err := f.services.Settings().Keep(t.Context(), map[string]string{settings.ToolKey(settings.AWS): "/nonexistent/aws"}); err != nil {
		t.Fatal(err)
	}
	if err := f.services.Settings().Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("calls aws", "/nonexistent/aws")
	sh.confirm()
	f.over() // it is a question: the script may know better
	if f.place.view.run.Status == model.Failed {
		t.Errorf("%s: %s", f.place.view.run.Status, f.place.view.run.Message)
	}
}
