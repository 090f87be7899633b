package runs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The engine announces the lines: this test never calls Changed.
func TestLinesOfAnOwnRunAppearWithoutPolling(t *testing.T) {
	dir := t.TempDir()
	waits := "cd '" + dir + "'\ni=1\nwhile [ ! -e end ]; do\n  if [ -e $i ]; then echo line $i; i=$((i+1)); fi\n  sleep 0.01\ndone"
	f := open(t, plain+"steps:\n"+step("One", "none", waits))
	f.place.Start(Wanted{Project: "P"})
	v := f.place.view
	f.app.Until("the run", func() bool { return v.id != 0 && v.run.ID == v.id })
	touch := func(name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := 1; i <= 3; i++ {
		before := v.pane.log.Rows()
		touch(fmt.Sprint(i))
		f.app.UntilDrawn(f.win, fmt.Sprint("line ", i), func() bool { return v.pane.log.Rows() > before })
	}
	touch("end")
	f.app.Until("the end", func() bool { return v.run.Status.Over() })
}

func TestStopCancelsADueRefresh(t *testing.T) {
	refreshes := 0
	f := open(t, "stepdeck: 1\nproject: P\nsteps: []\n")
	p := &refresher{refresh: func() { refreshes++ }}
	p.soon()
	p.soon()
	f.app.Until("one refresh", func() bool { return refreshes == 1 })
	p.soon()
	p.stop()
	f.app.PumpFor(2 * refreshEvery)
	if refreshes != 1 {
		t.Errorf("%d refreshes, want 1", refreshes)
	}
}

func TestNewLinesDrawNothingButTheLog(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("One", "none", "echo hello"))
	f.place.Start(Wanted{Project: "P"})
	v := f.place.view
	f.app.Until("the end", func() bool { return v.id != 0 && v.run.Status.Over() })
	s, err := v.read(t.Context(), v.id, v.usual)
	if err != nil {
		t.Fatal(err)
	}
	v.show(s)
	const mark = "drawn before"
	v.name.SetText(mark)
	s.run.Steps = slices.Clone(s.run.Steps)
	s.run.Steps[0].Lines++
	s.run.Steps[0].LastOutput = s.run.Steps[0].LastOutput.Add(time.Second)
	if v.show(s); v.name.Text != mark {
		t.Error("a new line drew the head again")
	}
	s.run.Steps[0].Warnings++
	if v.show(s); v.name.Text == mark {
		t.Error("a change of the run did not draw the head again")
	}
}
