package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

// applicationID in the file's header identifies a Stepdeck database: "Step" in ASCII.
const applicationID = 0x53746570

// Every connection has these. FULL: committed changes survive a power cut. What the schema contains may not call
// functions with side effects, and deleted data is overwritten.
const (
	everyConnection = "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON"
	onlyReading     = everyConnection + "; PRAGMA query_only=ON"
	// SQLite waits this long for another process's transaction; begin retries after that.
	busyMilliseconds = "5000"
	readerCount      = 4
)

// connector makes connections to one file with the settings above. It never changes the journal mode: that would modify
// a file that may not be Stepdeck's.
type connector struct {
	dsn    string
	pragma string
}

func connectTo(path, pragma string) connector {
	query := url.Values{}
	query.Set("_txlock", "immediate")
	if pragma == onlyReading {
		query.Set("_txlock", "deferred")
	}
	query.Set("_busy_timeout", busyMilliseconds)
	query.Set("_stmt_cache_size", "48")
	return connector{dsn: "file:" + uriPath(path) + "?" + query.Encode(), pragma: pragma}
}

// uriPath encodes a path for SQLite's URI file names. Source: sqlite.org/uri.html.
func uriPath(path string) string {
	path = filepath.ToSlash(path)
	if runtime.GOOS == "windows" {
		path = "/" + strings.TrimPrefix(path, "//?/")
	}
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// Connect implements [driver.Connector].
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := (&sqlite3.SQLiteDriver{}).Open(c.dsn)
	if err != nil {
		return nil, err
	}
	exec, ok := conn.(driver.ExecerContext)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver can't execute"), conn.Close())
	}
	if _, err := exec.ExecContext(context.WithoutCancel(ctx), c.pragma, nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if err := addFunctions(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// Driver implements [driver.Connector].
func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

func (s *Store) openWriter(ctx context.Context, options Options) error {
	// SQLite would make the file readable for everyone; -wal and -shm inherit its permissions.
	file, err := os.OpenFile(s.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return failed("open "+s.path, err)
	}
	s.file, err = file.Stat()
	if err := errors.Join(err, file.Close()); err != nil {
		return failed("open "+s.path, err)
	}
	s.writer = sql.OpenDB(connectTo(s.path, everyConnection))
	s.writer.SetMaxOpenConns(1)
	if err := s.migrate(ctx, options); err != nil {
		return errors.Join(err, s.writer.Close())
	}
	return nil
}

// reader returns the connections that only read. They are opened when first needed: a short command may need none.
func (s *Store) reader() (*sql.DB, error) {
	s.openReaders.Do(func() {
		s.readers = sql.OpenDB(connectTo(s.path, onlyReading))
		s.readers.SetMaxOpenConns(readerCount)
		s.readers.SetMaxIdleConns(readerCount)
	})
	if s.readers == nil {
		return nil, failed("read", sql.ErrConnDone)
	}
	return s.readers, nil
}

// SQLite waits for other writers by sleeping and retrying, so a process can lose several times in a row, but hardly
// ever for this long.
const writePatience = 60 * time.Second

// beginner is the writer's pool or its only connection.
type beginner interface {
	BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error)
}

// begin starts a writing transaction, waiting for those of other processes.
func begin(ctx context.Context, db beginner) (*sql.Tx, error) {
	for start := time.Now(); ; {
		tx, err := db.BeginTx(ctx, nil)
		if err == nil {
			return tx, nil
		}
		if !isBusy(err) || time.Since(start) > writePatience {
			return nil, err
		}
	}
}

// write runs change in one transaction: all of it is kept, or nothing. Errors name what; see failed.
func (s *Store) write(ctx context.Context, what string, change func(tx *sql.Tx) error) error {
	err := runIn(ctx, s.writer, what, change)
	if err == nil {
		s.synced.Store(time.Now().UnixNano())
	}
	return err
}

func runIn(ctx context.Context, db beginner, what string, change func(tx *sql.Tx) error) error {
	tx, err := begin(ctx, db)
	if err != nil {
		return failed(what, err)
	}
	if err := change(tx); err != nil {
		if undo := tx.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) {
			err = errors.Join(err, undo)
		}
		return failed(what, err)
	}
	return failed(what, tx.Commit())
}

// read runs query on one snapshot of the database, whatever others write meanwhile. The query must not read or write by
// other means than q, which may use the only connection.
func (s *Store) read(ctx context.Context, what string, query func(q querier) error) error {
	if s.single {
		return failed(what, readBetween(ctx, s.writer, query))
	}
	db, err := s.reader()
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return failed(what, err)
	}
	err = query(tx)
	if end := tx.Rollback(); end != nil && !errors.Is(end, sql.ErrTxDone) {
		err = errors.Join(err, end)
	}
	return failed(what, err)
}

// readBetween reads on the connection that writes, when nothing is being written. The pool of that connection begins every
// transaction with a write lock, so this one is begun by a statement.
func readBetween(ctx context.Context, writer *sql.DB, query func(q querier) error) (err error) {
	conn, err := writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }() // returns it to the pool
	whole := context.WithoutCancel(ctx)                     // a connection in the pool must not be left in a transaction
	if _, err := conn.ExecContext(whole, `BEGIN DEFERRED`); err != nil {
		return err
	}
	defer func() {
		_, end := conn.ExecContext(whole, `ROLLBACK`)
		err = errors.Join(err, end)
	}()
	return query(conn)
}
