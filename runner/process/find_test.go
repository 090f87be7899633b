package process

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSupervisorIsTheProgramBeside(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "there"), []byte("program"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"there": filepath.Join(dir, "there"), "missing": "", "folder": ""} {
		if got := supervisorIn(dir, name, "1.2.3"); got.Program != want || got.Build != "1.2.3" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Whatever is built without a version has the same: nothing says that a program beside it is of the same sources.
func TestSupervisorOfABuildWithoutVersionIsItself(t *testing.T) {
	if got := FindSupervisor(""); got != (Supervisor{}) {
		t.Errorf("got %+v", got)
	}
}
