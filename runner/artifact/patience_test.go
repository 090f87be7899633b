package artifact_test

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepdeck/stepdeck/runner/artifact"
)

// share is a file whose first reads answer after a while each, and whose next one never does until its share is back.
type share struct {
	fs.FileInfo
	answers []time.Duration
	back    chan struct{}
	closed  atomic.Int64 // times
}

func newShare(answers ...time.Duration) *share {
	return &share{answers: answers, back: make(chan struct{})}
}

func (s *share) Stat() (fs.FileInfo, error) { return s, nil }
func (s *share) Mode() fs.FileMode          { return 0o600 }
func (s *share) Size() int64                { return 100 }

func (s *share) Read(p []byte) (int, error) {
	if len(s.answers) == 0 {
		<-s.back
		return 0, io.ErrUnexpectedEOF
	}
	time.Sleep(s.answers[0])
	s.answers = s.answers[1:]
	if len(s.answers) == 0 && s.back == nil {
		return copy(p, "z"), io.EOF
	}
	return copy(p, "x"), nil
}

func (s *share) Close() error {
	s.closed.Add(1)
	return nil
}

func from(file fs.File) func(string) (fs.File, error) {
	return func(string) (fs.File, error) { return file, nil }
}

func openFrom(t *testing.T, r *artifact.Reader, path ...string) *artifact.File {
	t.Helper()
	f, err := r.Open(t.Context(), strings.Join(path, ""))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// endsIn returns a context that ends after a while.
func endsIn(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestAReadThatGivesNothingIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, to := newShare(20*time.Second, 25*time.Second), filepath.Join(t.TempDir(), "kept", "file") // each within the patience
		r := &artifact.Reader{Patience: 30 * time.Second, Most: 1, From: from(s)}
		f := openFrom(t, r)
		start := time.Now()
		_, err := f.Copy(t.Context(), to, 1000, nil)
		wantError(t, err, artifact.CodeStalled)
		if err.Error() != "Nothing could be read for 30 seconds: its disk or network share does not answer. "+
			"Let the script copy it to a local disk first." {
			t.Error(err)
		}
		if waited := time.Since(start); waited != 75*time.Second {
			t.Errorf("it waited for %s", waited)
		}
		if left, _ := os.ReadDir(filepath.Dir(to)); len(left) > 0 {
			t.Errorf("%q is left", left)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}

		_, err = r.Open(t.Context(), "another")
		wantError(t, err, artifact.CodeStalled)
		if time.Since(start) != 75*time.Second {
			t.Error("it waited for a file that it can't try")
		}
		close(s.back)
		synctest.Wait()
		if n := s.closed.Load(); n != 1 {
			t.Errorf("the file was closed %d times", n)
		}
		openFrom(t, r)
	})
}

func TestTheEndOfTheRunEndsAReadThatGivesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShare()
		r := &artifact.Reader{Patience: time.Hour, Most: 1, From: from(s)}
		_, err := openFrom(t, r).Copy(endsIn(t, time.Second), filepath.Join(t.TempDir(), "kept"), 1000, nil)
		wantError(t, err, "artifact.ended")
		close(s.back)
	})
}

// The beginning of a read may be as slow as its rest.
func TestAnOpenThatGivesNothingIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShare()
		r := &artifact.Reader{Patience: 30 * time.Second, Most: 9, From: func(string) (fs.File, error) {
			<-s.back
			return s, nil
		}}
		_, err := r.Open(t.Context(), "file")
		wantError(t, err, artifact.CodeStalled)
		_, err = r.Open(endsIn(t, time.Second), "file")
		wantError(t, err, "artifact.ended")
		close(s.back)
		synctest.Wait()
		if n := s.closed.Load(); n != 2 {
			t.Errorf("of two late files %d were closed", n)
		}
	})
}

// While another file is stuck, one that is being read goes on.
func TestASlowFileIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck, slow := newShare(), newShare(20*time.Second, 20*time.Second)
		slow.back = nil
		files := map[string]fs.File{"stuck": stuck, "slow": slow}
		r := &artifact.Reader{Patience: 30 * time.Second, Most: 1, From: func(path string) (fs.File, error) { return files[path], nil }}
		slowly, err := r.Open(t.Context(), "slow")
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		_, err = openFrom(t, r, "stuck").Copy(t.Context(), filepath.Join(dir, "stuck"), 1000, nil)
		wantError(t, err, artifact.CodeStalled)
		if got, err := slowly.Copy(t.Context(), filepath.Join(dir, "slow"), 1000, nil); err != nil || got.Size != 2 {
			t.Errorf("%+v, %v", got, err)
		}
		close(stuck.back)
	})
}
