package runner

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// countdown ends after so many looks at it.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func many(t *testing.T, folders, files int) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "w")
	for i := range folders {
		dir := filepath.Join(root, strconv.Itoa(i))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for j := range files {
			if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(j)), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func entries(t *testing.T, root string) int {
	t.Helper()
	n := 0
	if err := filepath.WalkDir(root, func(string, os.DirEntry, error) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestRemovalEndsWithItsContext: at once, after no more entries than it was looked at.
func TestRemovalEndsWithItsContext(t *testing.T) {
	for name, remove := range map[string]func(context.Context, string) error{"folder by folder": RemoveFolder, "by path": removePath} {
		t.Run(name, func(t *testing.T) {
			root := many(t, 20, 20)
			before := entries(t, root)
			if err := remove(&countdown{t.Context(), 50}, root); !errors.Is(err, context.Canceled) {
				t.Errorf("it says %v", err)
			}
			if gone := before - entries(t, root); gone < 1 || gone > 50 {
				t.Errorf("%d of %d entries are gone", gone, before)
			}
			if err := remove(t.Context(), root); err != nil {
				t.Error(err)
			}
			if _, err := os.Lstat(root); !os.IsNotExist(err) {
				t.Errorf("it is still there: %v", err)
			}
		})
	}
}

// TestRemovalOfManyAndDeep: more entries than are read at once, and a path longer than any that the system takes.
func TestRemovalOfManyAndDeep(t *testing.T) {
	t.Run("many", func(t *testing.T) {
		root := many(t, 1, 3*entriesAtOnce)
		if err := RemoveFolder(t.Context(), root); err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(root); !os.IsNotExist(err) {
			t.Errorf("it is still there: %v", err)
		}
	})
	t.Run("deep", func(t *testing.T) {
		root := filepath.Join(t.TempDir(), "w")
		if err := os.Mkdir(root, 0o700); err != nil {
			t.Fatal(err)
		}
		dir, err := os.OpenRoot(root)
		if err != nil {
			t.Fatal(err)
		}
		for range 600 { // of ten characters each
			if err := dir.Mkdir("deeper-123", 0o700); err != nil {
				t.Fatal(err)
			}
			next, err := dir.OpenRoot("deeper-123")
			if err != nil {
				t.Fatal(err)
			}
			_ = dir.Close()
			dir = next
		}
		_ = dir.Close()
		if err := RemoveFolder(t.Context(), root); err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(root); !os.IsNotExist(err) {
			t.Errorf("it is still there: %v", err)
		}
	})
}

// TestRemovalAfterAnEnd: what ended a run does not end the removal of its secrets; what comes meanwhile does.
func TestRemovalAfterAnEnd(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	kill := make(chan struct{})
	ctx, done := untilKilled(stopped, kill)
	if ctx.Err() != nil {
		t.Error("a stop ended the removal before it began")
	}
	close(kill)
	<-ctx.Done() // a kill ends it
	done()
	ctx, done = untilKilled(stopped, kill)
	if _, limited := ctx.Deadline(); ctx.Err() != nil || !limited {
		t.Errorf("after a kill: %v, limited %v", ctx.Err(), limited)
	}
	done()
	going, stop := context.WithCancel(t.Context())
	ctx, done = untilKilled(going, nil)
	defer done()
	stop()
	<-ctx.Done() // a stop ends the removal that it meets
}
