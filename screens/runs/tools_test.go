package runs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens/widgets/logview"
)

// ran opens the place on a finished run with one step.
func ran(t *testing.T, body string) *fixture {
	t.Helper()
	f := open(t, plain+"steps:\n"+step("S", "none", body))
	f.place.Start(Wanted{Project: "P"})
	f.over()
	f.until("the log", func() bool { p := f.place.view.pane; return p.log.Rows() > 0 && !p.busy })
	return f
}

func TestLevelsAreHidden(t *testing.T) {
	f := ran(t, "for i in 1 2 3 4 5; do echo line $i; done\necho bad >&2\nexit 1")
	pane := f.place.view.pane
	all := pane.log.Rows()
	pane.toggle(logview.Info)
	f.until("the lines to go", func() bool { return pane.log.Rows() == all-pane.facts.Counts[logview.Info] && all > pane.log.Rows() })
	pane.hide(0)
	f.until("the lines to come back", func() bool { return pane.log.Rows() == all })
	for _, item := range pane.levelMenu()[:6] {
		if !item.Checked {
			t.Errorf("%q is not ticked", item.Label)
		}
	}
}

func TestLongLinesAreCut(t *testing.T) {
	f := ran(t, `printf 'x%.0s' $(seq 1 1000); echo; echo short`)
	pane := f.place.view.pane
	rows := pane.log.Rows()
	test.Tap(pane.cut)
	f.until("more rows", func() bool { return pane.log.Rows() > rows+2 })
	wide := pane.log.Rows()
	f.win.Resize(fyne.NewSize(700, 640))
	f.until("even more rows in a narrow window", func() bool { return pane.log.Rows() > wide })
	test.Tap(pane.cut)
	f.until("one row each", func() bool { return pane.log.Rows() == rows })
}

func TestAFailureLeadsToItsLine(t *testing.T) {
	f := ran(t, "for i in $(seq 1 300); do echo line $i; done\n"+
		"echo 'An error occurred (AccessDenied) when calling the DeleteObject operation: User: arn:aws:iam::123456789012:user/ana "+
		"is not authorized to perform: s3:DeleteObject on resource: arn:aws:s3:::a/b'\n"+
		"for i in $(seq 1 300); do echo after $i; done\nexit 254")
	v := f.place.view
	f.until("the error of AWS", func() bool { return v.outcome.fault.action == "s3:DeleteObject" })
	f.says("Failed · exit 254 · line 301", "user/ana is not allowed to do s3:DeleteObject on arn:aws:s3:::a/b.",
		"Go to line 301", "Edit step")
	test.Tap(v.outcome.line1)
	f.until("the line", func() bool { top := v.pane.log.TopLine(); return top > 1 && top <= 301 && !v.pane.log.Following() })
	test.Tap(v.outcome.admin)
	if text := f.app.Clipboard().Content(); !strings.Contains(text, "Action: s3:DeleteObject") || !strings.Contains(text, "P · #1") {
		t.Errorf("the clipboard has %q", text)
	}
	test.Tap(v.outcome.rawBtn)
	f.says("An error occurred (AccessDenied)")
}

func TestRunExactlyAgain(t *testing.T) {
	f := ran(t, "echo first")
	p, err := f.store.Project(t.Context(), "P")
	if err != nil {
		t.Fatal(err)
	}
	p.Steps[0].Script.Body = "echo second"
	if _, err := f.store.SaveProject(t.Context(), &p); err != nil {
		t.Fatal(err)
	}
	for i, row := range []struct {
		exactly bool
		want    string
	}{{true, "first"}, {false, "second"}} {
		f.later()
		f.place.again(1, row.exactly)
		f.until("the next run", func() bool { return f.place.view.id == int64(i+2) && f.place.view.run.ID == int64(i+2) })
		f.over()
		lines, err := f.store.ReadLog(t.Context(), f.place.view.step, 1, 100)
		if err != nil || len(lines) == 0 || lines[len(lines)-1].Text != row.want {
			t.Errorf("exactly %v: the log is %+v, %v", row.exactly, lines, err)
		}
	}
}

func TestKeepDeleteAndUndo(t *testing.T) {
	f := ran(t, "echo hi")
	f.tap(f.place.view.againBtn)
	f.until("the second run", func() bool { return f.place.view.id == 2 })
	f.over()
	f.place.keep(f.place.view.run)
	f.until("the mark", func() bool { return f.place.view.run.Kept })
	f.says("kept")
	f.place.remove(f.place.view.run)
	f.says("is kept", "Delete it anyway?")
	f.win.Canvas().Overlays().Top().Hide()

	f.place.Home()
	f.until("both", func() bool { return len(f.place.list.table.Rows()) == 2 })
	first := f.place.list.table.Rows()[1].Run
	f.place.remove(first)
	f.until("one to be gone", func() bool { return len(f.place.list.table.Rows()) == 1 })
	f.says("Run #1 was deleted.", "Undo")
	f.place.undo.Undo()
	f.until("both again", func() bool { return len(f.place.list.table.Rows()) == 2 })
	f.place.remove(first)
	f.place.Hidden()
	f.until("it to be gone for good", func() bool {
		_, err := f.store.Run(t.Context(), 1)
		return err != nil
	})
}

func TestExport(t *testing.T) {
	f := ran(t, `printf '\033[31mred\033[0m\n'`)
	path := filepath.Join(t.TempDir(), "out.log")
	suggested := ""
	f.place.deps.Save = func(name string, done func(string)) { suggested = name; done(path) }
	f.place.view.export()
	f.until("the file", func() bool { return !f.place.view.exporting.Busy() })
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), "info      1 | red\n") || !strings.HasPrefix(string(text), "# P · #1: Succeeded") {
		t.Errorf("%q, %v", text, err)
	}
	if suggested != "P run 1.log" {
		t.Errorf("the suggested name is %q", suggested)
	}
	f.place.deps.Save = func(_ string, done func(string)) { done(filepath.Join(path, "below", "a", "file")) }
	f.place.view.export()
	f.until("the error", func() bool { return strings.Contains(f.texts(), "could not be exported") })
}

func TestTheLogsAreSearched(t *testing.T) {
	f := ran(t, "for i in $(seq 1 500); do echo hay; done; echo one needle; echo hay")
	f.place.deps.Navigate = func(_ string, args ...any) { f.place.Open(args...) }
	f.place.Home()
	l := f.place.list
	f.until("the run", func() bool { return len(l.table.Rows()) == 1 })
	l.search.SetText("haystack")
	l.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	f.until("nothing", func() bool { return l.logs.done && strings.Contains(f.texts(), "Not found in any log") })
	l.search.SetText("NEEDLE")
	l.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	f.until("the hit", func() bool { return l.logs.done && len(l.table.Rows()) == 1 })
	f.says("one needle", "is in the logs of 1 of 1 runs")
	l.openRow(l.table.Rows()[0])
	pane := f.place.view.pane
	f.until("the place in the log", func() bool {
		s := pane.log.FindState()
		return s.Total == 1 && s.Current == 1 && pane.log.TopLine() > 400
	})
}

// The window gets no events of a run that another process has started.
func TestStoppingARunOfAnotherProcessCountsDown(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("Stubborn", "none", "trap '' TERM INT\necho here\nwhile :; do sleep 0.1; done"))
	other := engine.New(engine.Options{Path: os.Args[0], Build: f.services.Version().Build(), Environ: f.environ})
	run, err := other.Start(t.Context(), engine.Request{Project: "P"}, func(engine.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	f.place.Open(run.ID)
	v := f.place.view
	f.until("a line", func() bool { return v.pane.log.Rows() > 0 })
	f.tap(v.stopBtn)
	if !strings.Contains(v.stopWord.Text, "force in 5 s") || !v.forceBtn.Visible() {
		t.Errorf("the message is %q, Force now is visible: %v", v.stopWord.Text, v.forceBtn.Visible())
	}
	f.until("the seconds to go by", func() bool { return strings.Contains(v.stopWord.Text, "force in 3 s") })
	f.tap(v.forceBtn)
	if !v.forceBtn.Disabled() {
		t.Error("Force now can be pressed twice")
	}
	f.over()
	f.until("the result of the stop", func() bool { return strings.Contains(v.outcome.text.Text, " 0 left") })
	if v.run.Status != model.Stopped {
		t.Errorf("the run ended as %s", v.run.Status)
	}
	<-run.Done()
}

func TestARunningRunShowsItsUsualTime(t *testing.T) {
	f := ran(t, "sleep 1; echo hi")
	if f.place.view.usual.Runs != 0 {
		t.Errorf("the first run has the usual time %+v", f.place.view.usual)
	}
	f.tap(f.place.view.againBtn)
	f.until("the second run", func() bool { return f.place.view.id == 2 && f.place.view.run.Status == model.Running })
	f.until("the time", func() bool { return strings.Contains(f.place.view.elapsed.Text, "of about") })
	f.over()
	if strings.Contains(f.place.view.elapsed.Text, "about") {
		t.Errorf("the finished run shows %q", f.place.view.elapsed.Text)
	}
}

func TestPauseText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Minute:                 "── 1 min without output ──",
		192 * time.Second:           "── 3 min 12 s without output ──",
		2*time.Hour + 5*time.Minute: "── 2 h 5 min without output ──",
	} {
		if got := pauseText(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
