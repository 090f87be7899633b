package store

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func entries(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, lockFolder, holderPrefix+"*"))
	must(t, err)
	return files
}

// A killed process leaves the file that says that it has the data open. The next one to open them removes it, and no other's.
func TestTheFilesOfKilledProcessesAreSwept(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	killed := startChild(t, "run", dir)
	killed.says()
	if left := entries(t, dir); len(left) != 2 {
		t.Fatalf("two processes have it open, and there are %v", left)
	}
	killed.kill()
	open(t, dir)
	left := entries(t, dir)
	if len(left) != 2 {
		t.Errorf("there are %v", left)
	}
	for _, name := range left {
		if held, err := isLocked(name); !held || err != nil {
			t.Errorf("%s: %v %v", name, held, err)
		}
	}
}

// Stores that open while others sweep keep their files.
func TestSweepingSparesStoresThatAreOpening(t *testing.T) {
	dir := filepath.Join(t.TempDir(), lockFolder)
	must(t, os.Mkdir(dir, 0o700))
	ctx, stop := context.WithCancel(context.Background())
	f := &folderLock{dir: dir}
	var sweepers sync.WaitGroup
	for range 4 {
		sweepers.Go(func() {
			for ctx.Err() == nil {
				f.sweep()
			}
		})
	}
	for range 300 {
		entry, err := f.createEntry("1.2.3")
		must(t, err)
		for range 5 {
			f.sweep()
		}
		if _, err := os.Stat(entry.file.Name()); err != nil {
			t.Errorf("the file of an open store was removed: %v", err)
		}
		must(t, entry.remove())
	}
	stop()
	sweepers.Wait()
}
