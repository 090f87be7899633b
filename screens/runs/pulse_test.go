package runs

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// The lines of a run that this window started come with what its engine tells: nobody looks at the database here.
func TestLinesOfAnOwnRunComeUnasked(t *testing.T) {
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

// What is in another place is not looked at, and a look that is due ends with the run in sight.
func TestNoLookAtWhatIsNotInSight(t *testing.T) {
	looks := 0
	f := open(t, "stepdeck: 1\nproject: P\nsteps: []\n")
	p := &pulse{look: func() { looks++ }}
	p.beat()
	p.beat()
	f.app.Until("one look", func() bool { return looks == 1 })
	p.beat()
	p.stop()
	f.app.PumpFor(2 * pulseEvery)
	if looks != 1 {
		t.Errorf("%d looks, want 1", looks)
	}
}
