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
	holderPrefix = "open-" // one file per open store, which tells a waiting process whom it waits for
)

// How long an opening store waits for another process's migration.
const openPatience = 2 * time.Minute

// PrepareFolder creates the data folder, accessible only to its owner, and rejects one on another computer: SQLite's
// write-ahead log needs memory shared by all processes.
func PrepareFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return failed("create the data folder "+dir, err)
	}
	if err := checkRights(dir); err != nil {
		return err
	}
	kind, err := networkKind(dir)
	if err != nil {
		return failed("check the data folder "+dir, err)
	}
	if kind != "" {
		return model.NewError("store.network",
			"The data folder %s is on a network drive (%s), where several programs can't share a database safely. Set STEPDECK_HOME to a folder "+
				"on this computer.", dir, kind)
	}
	return nil
}

// folderLock is held shared by every open store and exclusively by a migration.
type folderLock struct {
	dir   string
	gate  *fileLock
	entry *fileLock // this store's upgrade file, locked while it is open
}

// lockDataFolder takes the shared lock and records which process holds it.
func lockDataFolder(ctx context.Context, dir, version string) (*folderLock, error) {
	if err := os.MkdirAll(filepath.Join(dir, lockFolder), 0o700); err != nil {
		return nil, failed("create the data folder "+dir, err)
	}
	gate, err := openLock(filepath.Join(dir, lockFolder, folderLocked))
	if err != nil {
		return nil, failed("open the lock of the data folder "+dir, err)
	}
	f := &folderLock{dir: filepath.Join(dir, lockFolder), gate: gate}
	if err := f.share(ctx); err != nil {
		return nil, errors.Join(err, gate.unlock())
	}
	if f.entry, err = f.createEntry(version); err != nil {
		return nil, errors.Join(failed("write into "+f.dir, err), gate.unlock())
	}
	f.sweep()
	return f, nil
}

// share takes the shared lock, waiting while another process migrates.
func (f *folderLock) share(ctx context.Context) error {
	got, err := poll(ctx, openPatience, f.gate.tryShared)
	if err != nil {
		return failed("lock the data folder", err)
	}
	if !got {
		return model.NewError("store.migrating", "%s is updating Stepdeck's data. Wait until it has finished and try again.", f.others())
	}
	return nil
}

// upgrade exchanges the shared lock for the exclusive one, or returns an error that names who is in the way. If done
// reports that another process has finished the work meanwhile, it returns false and keeps the shared lock.
func (f *folderLock) upgrade(ctx context.Context, patience time.Duration, done func() (bool, error)) (owned bool, err error) {
	if err := f.gate.release(); err != nil {
		return false, failed("unlock the data folder", err)
	}
	got, err := poll(ctx, patience, func() (bool, error) {
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
		return false, model.NewError("store.inuse",
			"Stepdeck has to update its data for this version, but %s has it open. Close it or wait for its runs to end, then "+
				"try again.", f.others())
	}
	return owned, nil
}

// downgrade exchanges the exclusive lock for the shared one.
func (f *folderLock) downgrade(ctx context.Context) error {
	if err := f.gate.release(); err != nil {
		return failed("unlock the data folder", err)
	}
	return f.share(ctx)
}

func (f *folderLock) close() error {
	return errors.Join(f.entry.remove(), f.gate.unlock())
}

// createEntry creates and locks a file that says which process has the data open.
func (f *folderLock) createEntry(version string) (*fileLock, error) {
	program := "Stepdeck"
	if path, err := os.Executable(); err == nil {
		program = filepath.Base(path)
	}
	for {
		file, err := os.CreateTemp(f.dir, holderPrefix+"*")
		if err != nil {
			return nil, err
		}
		entry := &fileLock{file}
		kept, err := entry.keep()
		if err == nil && kept {
			_, err = fmt.Fprintf(file, "%s %s (process %d)\n", program, version, os.Getpid())
		}
		if err == nil && kept {
			return entry, nil
		}
		if err := errors.Join(err, entry.remove()); err != nil {
			return nil, err
		}
	}
}

// keep locks a new entry, and reports whether it is still there: a process that sweeps may have taken it for that of a dead one.
func (l *fileLock) keep() (bool, error) {
	if locked, err := l.tryExclusive(); !locked || err != nil {
		return false, err
	}
	opened, err := l.file.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Stat(l.file.Name())
	return err == nil && os.SameFile(opened, named), nil // without an error: it was removed
}

// sweep removes the entries of processes that were killed. It does no harm if one can't be removed.
func (f *folderLock) sweep() {
	files, _ := filepath.Glob(filepath.Join(f.dir, holderPrefix+"*")) // the pattern is valid
	for _, name := range files {
		if held, err := isLocked(name); err == nil && !held {
			removeDead(name)
		}
	}
}

// removeDead removes the entry of a process that is gone. It is locked meanwhile, so that a process which has just created it sees
// that it can't keep it.
func removeDead(name string) {
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return // another process removed it
	}
	dead := &fileLock{file}
	if got, err := dead.tryExclusive(); !got || err != nil {
		_ = dead.unlock() // it is no dead one
		return
	}
	_ = dead.remove()
}

// others names the other processes that have the data open, and removes the files of dead ones.
func (f *folderLock) others() string {
	files, err := filepath.Glob(filepath.Join(f.dir, holderPrefix+"*"))
	if err != nil {
		return "another program"
	}
	var names []string
	for _, name := range files {
		if f.entry != nil && name == f.entry.file.Name() {
			continue
		}
		held, err := isLocked(name)
		if err != nil {
			continue
		}
		if !held {
			removeDead(name)
			continue
		}
		if text, err := os.ReadFile(name); err == nil && len(text) > 0 {
			names = append(names, strings.TrimSpace(string(text)))
		}
	}
	if len(names) == 0 {
		return "another program"
	}
	return strings.Join(atMost(names, 4), " and ")
}
