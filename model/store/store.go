// Package store keeps what a person configures and what was run in one SQLite file of the data folder. Any number of
// processes use it at once; each has one connection that writes and a few that read.
//
// The model refers to things by name, the tables by id: the store finds the id at saving and gives the name of today
// back at loading, so a renamed thing is renamed wherever it is used. Secrets are not here but in the vault.
package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// FileName is the database's name in the data folder.
const FileName = "stepdeck.db"

// Options says where the store is and who opens it.
type Options struct {
	Dir     string       // the data folder; made where missing
	Log     *slog.Logger // nil: nothing is logged
	Version string       // of this program, for the record of a migration and for whoever has to wait

	// MigrationPatience is how long a migration waits for the others to close the data. 0: five seconds.
	MigrationPatience time.Duration

	migrations fs.FS // in tests: others than the embedded ones
}

// Store is the open database of one process. Its methods may be called from any goroutine.
type Store struct {
	dir    string
	path   string
	file   os.FileInfo // of the database as it was opened
	log    *slog.Logger
	folder *folderLock
	writer *sql.DB // one connection

	openReaders sync.Once
	readers     *sql.DB

	logs   logWriter
	synced atomic.Int64 // when all that was written was last known to be on the disk, in nanoseconds since 1970

	mu   sync.Mutex
	runs map[int64]*fileLock // of this process's runs
}

// Open opens the data folder's database, and makes or migrates it where needed. It refuses a file that is not ours, one
// that a newer Stepdeck wrote, and a folder on another computer.
func Open(ctx context.Context, options Options) (*Store, error) {
	dir, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, failed("find the data folder", err)
	}
	s := &Store{dir: dir, path: filepath.Join(dir, FileName), log: options.Log, logs: logWriter{zip: newCompressor()}, runs: map[int64]*fileLock{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := PrepareFolder(dir); err != nil {
		return nil, err
	}
	if s.folder, err = enterFolder(ctx, dir, options.Version); err != nil {
		return nil, err
	}
	if err := s.openWriter(ctx, options); err != nil {
		return nil, errors.Join(err, s.folder.leave())
	}
	return s, nil
}

// Close ends the use of the database. Runs of this process that are not finished count as interrupted from now on.
func (s *Store) Close() error {
	var errs []error
	s.openReaders.Do(func() {}) // none from now on
	if s.readers != nil {
		errs = append(errs, s.readers.Close())
	}
	errs = append(errs, s.writer.Close())
	s.mu.Lock()
	for id, lock := range s.runs {
		errs = append(errs, lock.unlock())
		delete(s.runs, id)
	}
	s.mu.Unlock()
	errs = append(errs, s.folder.leave())
	return errors.Join(errs...)
}

// Dir is the data folder.
func (s *Store) Dir() string { return s.dir }

// Path is the database's file.
func (s *Store) Path() string { return s.path }

// InPlace says whether the file that was opened still has its place: after another one took it, or none did, all that is
// saved goes where no other process finds it.
func (s *Store) InPlace() error {
	if now, err := os.Stat(s.path); err == nil && os.SameFile(now, s.file) {
		return nil
	}
	return model.NewError("store.moved", "The database %s was moved or replaced while Stepdeck had it open. What is saved from now on is not kept there: put it back, or close Stepdeck and start it again.", s.path)
}
