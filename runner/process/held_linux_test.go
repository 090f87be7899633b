package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// A run ends with the supervisor that it began with, even if Stepdeck is updated meanwhile.
func TestSupervisorIsHeld(t *testing.T) {
	truth, err := exec.LookPath("true")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "supervisor")
	if err := os.Link(truth, program); err != nil {
		copied, err := os.ReadFile(truth)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(program, copied, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s := supervisorIn(dir, "supervisor", "1.2.3")
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	_, err = Run(t.Context(), Spec{Supervisor: s, Path: truth, Dir: "/"}, nil)
	if code := model.ErrorCode(err); code != "process.supervisor.lost" { // it started, but is not a supervisor
		t.Errorf("what was held: %v", err)
	}
	s.held = nil
	_, err = Run(t.Context(), Spec{Supervisor: s, Path: truth, Dir: "/"}, nil)
	if code := model.ErrorCode(err); code != "process.supervisor.program" {
		t.Errorf("what is gone: %v", err)
	}
}
