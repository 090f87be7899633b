//go:build unix

package runner

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// What a script leaves behind outlives its step only if the step says so, and is named in the log either way.
func TestProcessesThatAScriptLeavesBehind(t *testing.T) {
	for name, tt := range map[string]struct {
		leave  bool
		status model.Status
		log    string
	}{
		"left alone": {true, model.Succeeded, "left processes running, as the step allows: sleep ("},
		"ended":      {false, model.Warning, "left processes running. They were ended: sleep ("},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r, _ := newWorld(t)
			w.passed = nil
			step := bashStep("A", "sleep 600 </dev/null >/dev/null 2>&1 & echo $! >'"+filepath.Join(w.dir, "pids")+"'\n", nil)
			step.Options.LeaveBackground = tt.leave
			run, err := r.Run(t.Context(), Request{Project: model.Project{Name: "P", Steps: []model.Step{step}}}, w, nil)
			if log := w.logged(run.Steps[0].ID); err != nil || run.Status != tt.status || !strings.Contains(log, tt.log) {
				t.Errorf("%s, %v, %q", run.Status, err, log)
			}
			if tt.leave {
				w.endLeft(t)
			}
			w.wantNothingLeft(t, 1)
		})
	}
}

// endLeft ends the process that a script was allowed to leave, which must still be there.
func (w *world) endLeft(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "pids"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatalf("it is gone: %v", err)
	}
	if _, err := syscall.Wait4(pid, nil, 0, nil); err != nil {
		t.Logf("another process is its parent: %v", err)
	}
}
