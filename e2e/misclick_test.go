//go:build e2e

package e2e

import (
	"testing"
	"time"
)

// middle returns the centre of a thing, in pixels of the window.
func (w *window) middle(f finder) (x, y float64) {
	w.t.Helper()
	v := w.await(f.name+" is there", func(v view) bool { _, ok := f.find(v); return ok })
	at, _ := f.find(v)
	return (at.X + at.W/2) * v.Scale, (at.Y + at.H/2) * v.Scale
}

// TestImpatientClicksOnStop: further clicks in the place of Stop, at any pace, neither force the stop nor start a run.
func TestImpatientClicksOnStop(t *testing.T) {
	s := newStage(t)
	sleep := "sleep " + marked(t)
	s.importScript("Trials", "Sleeps", "trap '' TERM INT\n"+sleep)
	w := s.open()
	w.runProject("Trials")
	w.read("● Running")
	s.until("the script has begun", func() bool { return len(running(sleep)) == 1 })
	w.click(words("Stop"))
	for range 3 { // a double click, and more
		w.tool("xdotool", "click", "1")
	}
	v := w.await("the stop is under way", func(v view) bool { return v.has("asked to stop") })
	if v.has("ending…") {
		t.Error("further clicks on Stop force it")
	}
	w.key("ctrl+period", "ctrl+period")
	if w.look().has("ending…") {
		t.Error("the shortcut forces the stop")
	}
	if picture := w.picture("root", "stopping"); picture != "" {
		t.Log(picture)
	}
	x, y := w.middle(words("Stop"))
	w.click(words("Force now"))
	w.move(x, y)
	for range 12 { // until after the end of the run
		w.tool("xdotool", "click", "1")
		w.key("space", "Return")
		time.Sleep(120 * time.Millisecond) // the pace of an impatient person, not a wait
	}
	w.read("■ Stopped")
	w.gone("1 running")
	w.click(words("Runs"))
	if w.await("the list", func(v view) bool { return v.has("#1") }).has("#2") {
		t.Error("a second run was started")
	}
	w.close()
}

// TestRunAgainHasItsPlace: Run again works, and does not move when it becomes enabled.
func TestRunAgainHasItsPlace(t *testing.T) {
	s := newStage(t)
	s.importScript("Trials", "Quick", "echo ready; read -rt 3 <> <(:) || :")
	w := s.open()
	w.runProject("Trials")
	w.read("● Running")
	x, y := w.middle(words("Run again"))
	w.read("✓ Succeeded")
	if x2, y2 := w.middle(words("Run again")); x2 != x || y2 != y {
		t.Errorf("Run again has moved from %v,%v to %v,%v", x, y, x2, y2)
	}
	w.click(words("Run again"))
	w.read("Trials · #2")
	w.read("✓ Succeeded")
	w.close()
}
