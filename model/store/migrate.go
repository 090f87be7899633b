package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

//go:embed migrations/*.sql
var embedded embed.FS

const (
	migrationPatience = 5 * time.Second
	keptBackups       = 3
)

// migration upgrades the schema from version-1 to version.
type migration struct {
	version int
	name    string
	text    string
}

// migrate upgrades an older schema to this program's version.
func (s *Store) migrate(ctx context.Context, options Options) (err error) {
	files := options.migrations
	if files == nil {
		sub, err := fs.Sub(embedded, "migrations")
		if err != nil {
			return failed("read the migrations", err)
		}
		files = sub
	}
	latest, err := latestMigration(files)
	if err != nil {
		return failed("read the migrations", err)
	}
	// The connection is the writer's only one and is held throughout: some of the settings belong to it.
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return s.cannotOpen(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }() // returns it to the pool
	for {
		current, err := s.schemaVersion(ctx, conn, latest)
		if err != nil || current == latest {
			return err
		}
		patience := options.MigrationPatience
		if patience == 0 {
			patience = migrationPatience
		}
		exclusive, err := s.folder.upgrade(ctx, patience, func() (bool, error) {
			version, err := s.schemaVersion(ctx, conn, latest)
			return version == latest, err
		})
		if err != nil || !exclusive {
			return err
		}
		// Another process may have been faster, so everything is checked again.
		if err := s.migrateAlone(ctx, conn, files, latest, options.Version); err != nil {
			return err
		}
		if err := s.folder.downgrade(ctx); err != nil {
			return err
		}
	}
}

// schemaVersion returns the schema's version, 0 for a new file. It rejects a file that is not Stepdeck's and a version
// that is too new.
func (s *Store) schemaVersion(ctx context.Context, conn *sql.Conn, latest int) (int, error) {
	var application, version int
	err := conn.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&application)
	if err == nil {
		err = conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version)
	}
	if err != nil {
		return 0, s.cannotOpen(err)
	}
	if application != applicationID {
		var objects int
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&objects); err != nil {
			return 0, s.cannotOpen(err)
		}
		if application != 0 || objects > 0 {
			return 0, s.foreign()
		}
		return 0, nil
	}
	if version > latest {
		return 0, model.NewError("store.newer",
			"The data in %s was written by a newer Stepdeck (schema %d; this one supports %d). Update Stepdeck, or choose another folder with "+
				"STEPDECK_HOME.", s.dir, version, latest)
	}
	return version, nil
}

func (s *Store) foreign() *model.Error {
	return model.NewError("store.foreign", "%s is not a Stepdeck database. Move it away, or choose another folder with STEPDECK_HOME.", s.path)
}

func (s *Store) cannotOpen(err error) error {
	if isNotADatabase(err) {
		return s.foreign().Because(err)
	}
	return failed("open "+s.path, err)
}

// migrateAlone runs the missing migrations. The folder is locked exclusively.
func (s *Store) migrateAlone(ctx context.Context, conn *sql.Conn, files fs.FS, latest int, program string) error {
	current, err := s.schemaVersion(ctx, conn, latest)
	if err != nil || current == latest {
		return err
	}
	if current == 0 {
		// Both are stored in the file and can be set only before the first table.
		if _, err := conn.ExecContext(ctx, `PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL`); err != nil {
			return failed("create "+s.path, err)
		}
	} else if err := s.backUp(ctx, conn, current); err != nil {
		return err
	}
	steps, err := loadMigrations(files)
	if err != nil {
		return failed("read the migrations", err)
	}
	// Replacing a table must not delete the rows that depend on it; the references are checked before the commit.
	if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys=OFF`); err != nil {
		return failed("migrate", err)
	}
	for _, m := range steps {
		if m.version <= current {
			continue
		}
		if err := apply(ctx, conn, m, program); err != nil {
			return failed(fmt.Sprintf("update its data (step %d, %s)", m.version, m.name), err)
		}
		s.log.InfoContext(ctx, "schema migrated", "version", m.version, "name", m.name)
	}
	_, err = conn.ExecContext(ctx, `PRAGMA foreign_keys=ON`)
	return failed("migrate", err)
}

// apply runs one migration and its record in one transaction.
func apply(ctx context.Context, conn *sql.Conn, m migration, program string) (err error) {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	if _, err := tx.ExecContext(ctx, m.text); err != nil {
		return err
	}
	var broken int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d rows have broken references", broken)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO migrations (version, name, program, applied) VALUES (?, ?, ?, ?)`, m.version, m.name, program,
		stamp(time.Now()))
	if err != nil {
		return err
	}
	// The numbers are constants of this program: a PRAGMA takes no parameters.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id=%d; PRAGMA user_version=%d`, applicationID, m.version)); err != nil {
		return err
	}
	return tx.Commit()
}

// backUp copies the database before a migration and keeps only the newest copies.
func (s *Store) backUp(ctx context.Context, conn *sql.Conn, version int) error {
	folder := filepath.Join(s.dir, backupFolder)
	what := "copy its data to " + folder + " before updating it"
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return failed(what, err)
	}
	name := fmt.Sprintf("stepdeck-%s-schema%d.db", time.Now().UTC().Format("20060102T150405.000"), version)
	path := filepath.Join(folder, name)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // VACUUM INTO accepts an empty file
	if err != nil {
		return failed(what, err)
	}
	_, err = conn.ExecContext(ctx, `VACUUM INTO ?`, path)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return failed(what, errors.Join(err, os.Remove(path)))
	}
	old, err := filepath.Glob(filepath.Join(folder, "stepdeck-*-schema*.db"))
	if err != nil {
		return failed(what, err)
	}
	slices.Sort(old) // by time
	for _, o := range old[:max(0, len(old)-keptBackups)] {
		if err := os.Remove(o); err != nil {
			s.log.WarnContext(ctx, "old backup stays", "file", o, "error", err)
		}
	}
	return nil
}

// loadMigrations returns the migrations of a folder in order. Their names are 0001_what.sql, without gaps.
func loadMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	list := make([]migration, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		version, what, err := splitName(name)
		if err != nil {
			return nil, err
		}
		if version != i+1 {
			return nil, fmt.Errorf("migration %s is number %d in the folder", name, i+1)
		}
		list[i] = migration{version, what, string(text)}
	}
	return list, nil
}

// latestMigration returns the version of the last migration without reading any.
func latestMigration(files fs.FS) (int, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		return 0, errors.Join(err, errors.New("no migrations"))
	}
	version, _, err := splitName(slices.Max(names))
	return version, err
}

func splitName(file string) (version int, what string, err error) {
	number, what, ok := strings.Cut(strings.TrimSuffix(file, ".sql"), "_")
	version, err = strconv.Atoi(number)
	if !ok || err != nil || len(number) != 4 {
		return 0, "", fmt.Errorf("migration %s is not called 0001_what.sql", file)
	}
	return version, strings.ReplaceAll(what, "_", " "), nil
}
