//go:build unix

package welcome

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
)

// TestAPipeIsNotAScript: opening a pipe would block until something writes to it.
func TestAPipeIsNotAScript(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe.sh")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	answer := make(chan error, 1)
	go func() {
		_, err := library.ReadScript(path)
		answer <- err
	}()
	select {
	case err := <-answer:
		if model.ErrorCode(err) != "script.load.kind" {
			t.Errorf("error %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it waits for the pipe")
	}
}
