//go:build unix

package runner

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Two steps that run at the same time are both ended, with all that they have started, however firmly the run is stopped.
func TestNothingIsLeftOfStepsThatRunTogether(t *testing.T) {
	for how, end := range map[string]func(*Stopper){"stop": (*Stopper).Stop, "kill": (*Stopper).Kill} {
		t.Run(how, func(t *testing.T) {
			w, r, _ := newWorld(t)
			stopper := NewStopper()
			begin := func(name, other string) string {
				return "(trap '' INT; sleep 600) & echo $! $$ >>'" + filepath.Join(w.dir, "pids") + "'\n" + meet(w, name, other) +
					"echo waiting\nwhile :; do sleep 0.02; done\n"
			}
			w.at, w.interrupt = moment{name: "a script", nth: 2}, func() { end(stopper) }
			w.passed = nil
			steps := []model.Step{bashStep("A", begin("a", "b"), nil), with("B", begin("b", "a")), on(model.ConditionAlways, "C", ":")}
			run, err := r.Run(t.Context(), Request{Project: model.Project{Name: "P", Steps: steps}}, w, stopper)
			want := []string{"A stopped", "B stopped", "C skipped stopped"}
			if got := ends(run); err != nil || !slices.Equal(got, want) || run.Status != model.Stopped || run.ExitCode != ExitStopped {
				t.Errorf("%q, %s %d, %v; want %q", got, run.Status, run.ExitCode, err, want)
			}
			w.wantNothingLeft(t, 4)
		})
	}
}

// wantNothingLeft looks for the processes whose ids scripts have written, and for work folders.
func (w *world) wantNothingLeft(t *testing.T, many int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "pids"))
	pids := strings.Fields(string(text))
	if err != nil || len(pids) != many {
		t.Fatalf("%d processes, %v", len(pids), err)
	}
	for _, field := range pids {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		gone := func() bool { return syscall.Kill(pid, 0) != nil }
		for tries := 0; !gone() && tries < 500; tries++ { // whoever is its parent now still has to reap it
			time.Sleep(10 * time.Millisecond)
		}
		if !gone() {
			t.Errorf("process %d is still there", pid)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(w.dir, "w")); len(left) > 0 {
		t.Errorf("%d work folders are left", len(left))
	}
}
