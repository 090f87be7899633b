package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Folders and files of the data folder that the store owns.
const (
	lockFolder   = "locks"
	backupFolder = "backups"
	folderLocked = "data.lock"
	holderPrefix = "open-" // one file per open store, so that whoever waits can say for whom
)

// How long an opening store waits for another process's migration.
const openPatience = 2 * time.Minute

// PrepareFolder makes the data folder, for its owner alone, and refuses one that lies on another computer: SQLite's
// write-ahead log needs memory that all processes share.
func PrepareFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return failed("make the data folder "+dir, err)
	}
	if err := checkRights(dir); err != nil {
		return err
	}
	kind, err := networkKind(dir)
	if err != nil {
		return failed("look at the data folder "+dir, err)
	}
	if kind != "" {
		return model.NewError("store.network", "The data folder %s lies on a network drive (%s), where several programs can't share a database safely. Set STEPDECK_HOME to a folder on this computer.", dir, kind)
	}
	return nil
}

// folderLock is held shared by every open store and exclusively by a migration.
type folderLock struct {
	dir   string
	gate  *fileLock
	entry *fileLock // this store's own file: locked while it is open
}

// enterFolder takes the shared lock and writes down who has it.
func enterFolder(ctx context.Context, dir, version string) (*folderLock, error) {
	if err := os.MkdirAll(filepath.Join(dir, lockFolder), 0o700); err != nil {
		return nil, failed("make the data folder "+dir, err)
	}
	gate, err := openLock(filepath.Join(dir, lockFolder, folderLocked))
	if err != nil {
		return nil, failed("open the lock of the data folder "+dir, err)
	}
	f := &folderLock{dir: filepath.Join(dir, lockFolder), gate: gate}
	if err := f.share(ctx); err != nil {
		return nil, errors.Join(err, gate.unlock())
	}
	if f.entry, err = f.signIn(version); err != nil {
		return nil, errors.Join(failed("write into "+f.dir, err), gate.unlock())
	}
	return f, nil
}

// share waits for the shared lock while another process migrates.
func (f *folderLock) share(ctx context.Context) error {
	got, err := keepTrying(ctx, openPatience, f.gate.tryShared)
	if err != nil {
		return failed("lock the data folder", err)
	}
	if !got {
		return model.NewError("store.migrating", "Stepdeck's data is being brought up to date by %s. Wait for it and try again.", f.who())
	}
	return nil
}

// own gives up the shared lock for the exclusive one, or says who is in the way. It is not owned, but shared, where the
// work turns out to be done: another process may have done it and goes on with the data open.
func (f *folderLock) own(ctx context.Context, patience time.Duration, done func() (bool, error)) (owned bool, err error) {
	if err := f.gate.release(); err != nil {
		return false, failed("unlock the data folder", err)
	}
	got, err := keepTrying(ctx, patience, func() (bool, error) {
		if owned, err = f.gate.tryExclusive(); owned || err != nil {
			return owned, err
		}
		if shared, err := f.gate.tryShared(); !shared || err != nil {
			return false, err
		}
		if ready, err := done(); ready || err != nil {
			return ready, err
		}
		return false, f.gate.release()
	})
	if err != nil {
		return false, failed("lock the data folder", err)
	}
	if !got {
		return false, model.NewError("store.inuse", "Stepdeck has to bring its data up to date for this version, but %s has it open. Close it or let its runs end, then try again.", f.who())
	}
	return owned, nil
}

// disown goes from the exclusive lock back to the shared one.
func (f *folderLock) disown(ctx context.Context) error {
	if err := f.gate.release(); err != nil {
		return failed("unlock the data folder", err)
	}
	return f.share(ctx)
}

func (f *folderLock) leave() error {
	return errors.Join(f.entry.retire(), f.gate.unlock())
}

// signIn writes and locks a file that says who has the data open.
func (f *folderLock) signIn(version string) (*fileLock, error) {
	program := "Stepdeck"
	if path, err := os.Executable(); err == nil {
		program = filepath.Base(path)
	}
	file, err := os.CreateTemp(f.dir, holderPrefix+"*")
	if err != nil {
		return nil, err
	}
	entry := &fileLock{file}
	_, err = fmt.Fprintf(file, "%s %s (process %d)\n", program, version, os.Getpid())
	if err == nil {
		_, err = entry.tryExclusive()
	}
	if err != nil {
		return nil, errors.Join(err, entry.retire())
	}
	return entry, nil
}

// who names the other processes that have the data open, and removes the files of those that died.
func (f *folderLock) who() string {
	names, err := filepath.Glob(filepath.Join(f.dir, holderPrefix+"*"))
	if err != nil {
		return "another program"
	}
	var others []string
	for _, name := range names {
		if f.entry != nil && name == f.entry.file.Name() {
			continue
		}
		held, err := isHeld(name)
		if err != nil {
			continue
		}
		if !held {
			_ = os.Remove(name) // whose process is gone; a file that can't be removed harms nobody
			continue
		}
		if text, err := os.ReadFile(name); err == nil && len(text) > 0 {
			others = append(others, strings.TrimSpace(string(text)))
		}
	}
	if len(others) == 0 {
		return "another program"
	}
	return strings.Join(atMost(others, 4), " and ")
}
