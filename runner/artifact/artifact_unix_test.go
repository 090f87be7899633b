//go:build unix

package artifact_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

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
		_, err := artifact.NewReader().Open(t.Context(), in(name))
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

// regular is a pipe that says of itself that it is a file, as the file of a share does that is gone.
type regular struct{ *os.File }

func (r regular) Stat() (fs.FileInfo, error) { return os.Stat(os.Args[0]) }

func TestABlockedRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	fifo, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	fifo.Fd() // from here on its reads block a thread
	r := &artifact.Reader{Patience: time.Hour, Most: 1, From: func(string) (fs.File, error) { return regular{fifo}, nil }}
	f, err := r.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	r.Patience = time.Millisecond
	_, err = f.Copy(t.Context(), filepath.Join(dir, "kept"), 1<<40, nil)
	wantError(t, err, artifact.CodeStalled)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := r.Open(t.Context(), path); err == nil {
		t.Error("another file is opened while the read is left behind")
	}
	writer, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		_, err = writer.WriteString("late")
	}
	if err = errors.Join(err, writer.Close()); err != nil {
		t.Fatal(err)
	}
	r.Patience = time.Hour
	for err = os.ErrInvalid; err != nil; time.Sleep(time.Millisecond) { // until the read has returned
		_, err = r.Open(t.Context(), path)
	}
	if _, err := fifo.Stat(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the file stays open: %v", err)
	}
}
