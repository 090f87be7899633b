//go:build unix

package artifact_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stepdeck/stepdeck/runner/artifact"
)

// None of these may make the run wait, or be read.
func TestUnixKinds(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := syscall.Mkfifo(in("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", in("socket"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	for name, to := range map[string]string{"zero": "/dev/zero", "tty": "/dev/tty", "loop": "loop", "folder": dir, "pipe": in("fifo")} {
		if err := os.Symlink(to, in(name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, code := range map[string]string{
		"fifo": "artifact.kind", "socket": "artifact.kind", "zero": "artifact.kind", "tty": "artifact.kind", "folder": "artifact.kind",
		"pipe": "artifact.kind", "loop": "artifact.read",
	} {
		_, err := artifact.Open(in(name))
		wantError(t, err, code)
		if name == "folder" && !strings.Contains(err.Error(), "pack it") {
			t.Errorf("a folder: %v", err)
		}
	}
}

func TestALinkToAFile(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(write(t, filepath.Join(dir, "file"), "text"), link); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, link).Copy(t.Context(), filepath.Join(dir, "kept"), 10, nil); err != nil || got.Size != 4 {
		t.Errorf("%+v, %v", got, err)
	}
}
