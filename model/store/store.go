// Package store keeps the configuration and the history of runs in one SQLite file in the data folder. Any number of
// processes can use it at once; each has one connection that writes and a few that read.
//
// The model refers to things by name, the tables by id: the store looks the id up when saving and returns the current
// name when loading, so a renamed thing is renamed wherever it is used. Secrets are in the vault, not here.
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

// FileName is the name of the database in the data folder.
const FileName = "stepdeck.db"

// Options configures [Open].
type Options struct {
	Dir     string       // the data folder; created if missing
	Log     *slog.Logger // nil to log nothing
	Version string       // of this program, for the record of a migration and for processes that have to wait

	// OneConnection makes all reads use the connection that writes, one at a time. It is for a process whose reads are few
	// and short: a second connection reads the schema again, which adds half a millisecond to a start.
	OneConnection bool

	// MigrationPatience is how long a migration waits for other processes to close the data; 0 for five seconds.
	MigrationPatience time.Duration

	migrations fs.FS // set by tests; nil for the embedded ones
}

// Store is the open database of one process. Its methods may be called from any goroutine.
type Store struct {
	dir    string
	path   string
	file   os.FileInfo // the database when it was opened
	log    *slog.Logger
	folder *folderLock
	writer *sql.DB // one connection
	single bool    // nothing but Changes opens another one

	openReaders sync.Once
	readers     *sql.DB

	logs   logWriter
	synced atomic.Int64 // when everything written was last known to be on the disk, in nanoseconds since 1970

	mu   sync.Mutex
	runs map[int64]*fileLock // of this process's runs
}

// Open opens the data folder's database, and creates or migrates it if needed. It rejects a file that is not
// Stepdeck's, one that a newer Stepdeck wrote, and a folder on another computer.
func Open(ctx context.Context, options Options) (*Store, error) {
	dir, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, failed("find the data folder", err)
	}
	s := &Store{dir: dir, path: filepath.Join(dir, FileName), log: options.Log,
		single: options.OneConnection, logs: logWriter{zip: newCompressor()}, runs: map[int64]*fileLock{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := PrepareFolder(dir); err != nil {
		return nil, err
	}
	if s.folder, err = lockDataFolder(ctx, dir, options.Version); err != nil {
		return nil, err
	}
	if err := s.openWriter(ctx, options); err != nil {
		return nil, errors.Join(err, s.folder.close())
	}
	return s, nil
}

// Close closes the database. Unfinished runs of this process count as interrupted from now on.
func (s *Store) Close() error {
	var errs []error
	s.openReaders.Do(func() {}) // no more readers from now on
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
	errs = append(errs, s.folder.close())
	return errors.Join(errs...)
}

// Dir returns the data folder.
func (s *Store) Dir() string { return s.dir }

// Path returns the path of the database.
func (s *Store) Path() string { return s.path }

// InPlace returns an error if the opened file is no longer at its path: if it was replaced or moved, other processes
// won't find what is saved.
func (s *Store) InPlace() error {
	if now, err := os.Stat(s.path); err == nil && os.SameFile(now, s.file) {
		return nil
	}
	return model.NewError("store.moved",
		"The database %s was moved or replaced while Stepdeck had it open. Changes made from now on are not saved there. Put it back, or close "+
			"Stepdeck and start it again.", s.path)
}
