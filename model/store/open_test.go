package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

func TestOpenCreatesPrivateDatabaseInWAL(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with #1 100%", "ünd ?")
	if runtime.GOOS == "windows" {
		dir = filepath.Join(t.TempDir(), "with #1 100%")
	}
	s := open(t, dir)
	startRun(t, s)
	for _, name := range []string{FileName, FileName + "-wal"} {
		info, err := os.Stat(filepath.Join(dir, name))
		must(t, err)
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	reader, err := s.reader()
	must(t, err)
	for _, db := range []*sql.DB{s.writer, reader} {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "trusted_schema": "0", "secure_delete": "1",
			"auto_vacuum": "2", "application_id": fmt.Sprint(applicationID), "busy_timeout": busyMilliseconds,
		} {
			var got string
			must(t, db.QueryRow("PRAGMA "+pragma).Scan(&got))
			if got != want {
				t.Errorf("%s is %s, want %s", pragma, got, want)
			}
		}
	}
	if _, err := reader.Exec("DELETE FROM accounts"); err == nil {
		t.Error("a reader can write")
	}
	if _, err := s.writer.Exec("DELETE FROM accounts"); err == nil || !strings.Contains(err.Error(), "always exists") {
		t.Errorf("the instance role can be deleted: %v", err)
	}
	var loose int
	must(t, s.writer.QueryRow(
		`SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%STRICT%'`).Scan(&loose))
	if loose != 0 {
		t.Errorf("%d tables are not STRICT", loose)
	}
}

func TestOpenRejects(t *testing.T) {
	otherProgram := func(t *testing.T, path string) {
		db, err := sql.Open("sqlite3", path)
		must(t, err)
		defer db.Close()
		_, err = db.Exec("CREATE TABLE theirs (x)")
		must(t, err)
	}
	for _, row := range []struct {
		name, code string
		prepare    func(t *testing.T, path string)
	}{
		{"text in place of a database", "store.foreign", func(t *testing.T, path string) {
			must(t, os.WriteFile(path, []byte(strings.Repeat("this is no database\n", 200)), 0o600))
		}},
		{"another program's database", "store.foreign", otherProgram},
		{"another program's database with an id", "store.foreign", func(t *testing.T, path string) {
			db, err := sql.Open("sqlite3", path)
			must(t, err)
			defer db.Close()
			_, err = db.Exec("PRAGMA application_id=42; CREATE TABLE theirs (x)")
			must(t, err)
		}},
		{"a newer schema", "store.newer", func(t *testing.T, path string) {
			s, err := Open(context.Background(), Options{Dir: filepath.Dir(path)})
			must(t, err)
			_, err = s.writer.Exec("PRAGMA user_version=99")
			must(t, err)
			must(t, s.Close())
		}},
		{"a folder in the place of the file", "store.failed", func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o700)) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, FileName)
			row.prepare(t, path)
			before, _ := os.ReadFile(path)
			_, err := Open(context.Background(), Options{Dir: dir})
			wantCode(t, err, row.code)
			after, _ := os.ReadFile(path)
			if row.code == "store.foreign" && string(before) != string(after) {
				t.Error("the foreign file was changed")
			}
			left, err := filepath.Glob(filepath.Join(dir, lockFolder, holderPrefix+"*"))
			if err != nil || len(left) != 0 {
				t.Errorf("the rejected store is still listed as a user: %v %v", left, err)
			}
		})
	}
}

func TestEmptyFileOpensAsNew(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, FileName), nil, 0o600))
	accounts, err := open(t, dir).Accounts(context.Background())
	must(t, err)
	if len(accounts) != 1 || accounts[0].Kind != model.KindInstanceRole {
		t.Fatalf("accounts are %v", accounts)
	}
}

func withNext(t *testing.T, second string) fstest.MapFS {
	files, err := migrationsAnd(second)
	must(t, err)
	return files
}

// migrationsAnd returns the real migrations and one more.
func migrationsAnd(next string) (fstest.MapFS, error) {
	entries, err := embedded.ReadDir("migrations")
	files := fstest.MapFS{fmt.Sprintf("%04d_next.sql", len(entries)+1): {Data: []byte(next)}}
	for _, e := range entries {
		text, readErr := embedded.ReadFile("migrations/" + e.Name())
		files[e.Name()], err = &fstest.MapFile{Data: text}, errors.Join(err, readErr)
	}
	return files, err
}

const addNotes = `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT; INSERT INTO notes (text) SELECT name
	FROM projects;`

func TestMigrationBacksUpAndKeepsTheData(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	s, err := Open(ctx, Options{Dir: dir})
	must(t, err)
	p := fullProject()
	_, err = s.SaveProject(ctx, &p)
	must(t, err)
	must(t, s.Close())

	next := withNext(t, addNotes)
	s, err = Open(ctx, Options{Dir: dir, Version: "2.0", migrations: next})
	must(t, err)
	var note, program string
	var version, foreignKeys int
	must(t, s.writer.QueryRow("SELECT text, (SELECT program FROM migrations ORDER BY version DESC) FROM notes").Scan(&note, &program))
	must(t, s.writer.QueryRow("PRAGMA user_version").Scan(&version))
	must(t, s.writer.QueryRow("PRAGMA foreign_keys").Scan(&foreignKeys))
	if note != "Website" || program != "2.0" || version != len(next) || foreignKeys != 1 {
		t.Errorf("note %q, program %q, version %d, foreign keys %d", note, program, version, foreignKeys)
	}
	must(t, s.Close())

	_, err = Open(ctx, Options{Dir: dir})
	wantCode(t, err, "store.newer")

	backups, err := filepath.Glob(filepath.Join(dir, backupFolder, "*.db"))
	must(t, err)
	if len(backups) != 1 {
		t.Fatalf("backups are %v", backups)
	}
	restored := t.TempDir()
	text, err := os.ReadFile(backups[0])
	must(t, err)
	must(t, os.WriteFile(filepath.Join(restored, FileName), text, 0o600))
	if _, err := open(t, restored).Project(ctx, "Website"); err != nil {
		t.Errorf("the backup does not open: %v", err)
	}
}

func TestFailingMigrationChangesNothing(t *testing.T) {
	for _, row := range []struct{ name, second string }{
		{"an error in the middle", `CREATE TABLE half (x INTEGER) STRICT; CREATE TABLE half (x INTEGER) STRICT;`},
		{"a reference to nothing", `INSERT INTO project_environments VALUES ('nobody', 'nowhere');`},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir, ctx := t.TempDir(), context.Background()
			s, err := Open(ctx, Options{Dir: dir})
			must(t, err)
			must(t, s.Close())
			_, err = Open(ctx, Options{Dir: dir, migrations: withNext(t, row.second)})
			wantCode(t, err, "store.failed")
			var tables int
			must(t, open(t, dir).writer.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").Scan(&tables))
			if tables != 0 {
				t.Error("half of the migration was committed")
			}
		})
	}
}

func TestMigrationsAreNumberedWithoutGaps(t *testing.T) {
	for _, row := range []struct {
		name  string
		files fstest.MapFS
	}{
		{"gap", fstest.MapFS{"0001_a.sql": {}, "0003_b.sql": {}}},
		{"same number", fstest.MapFS{"0001_a.sql": {}, "0001_b.sql": {}}},
		{"no number", fstest.MapFS{"first.sql": {}}},
		{"short number", fstest.MapFS{"1_a.sql": {}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := loadMigrations(row.files); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestMigrationNamesTheProcessInTheWay(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	holder := startChild(t, "hold", dir)
	holder.says()
	options := Options{Dir: dir, migrations: withNext(t, addNotes), MigrationPatience: 50 * time.Millisecond}
	_, err := Open(ctx, options)
	wantCode(t, err, "store.inuse")
	if want := fmt.Sprintf("child (process %d)", holder.cmd.Process.Pid); !strings.Contains(err.Error(), want) {
		t.Errorf("%q does not name %q", err, want)
	}
	// Its death releases the data, and its leftover file is not taken for a living process.
	holder.kill()
	s, err := Open(ctx, options)
	must(t, err)
	must(t, s.Close())
}

// Of several processes that find an old schema, one migrates and may keep the data open for long: the others must not
// wait.
func TestMigrationThatAnotherHasDone(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	open(t, dir) // has it open throughout
	f, err := lockDataFolder(ctx, dir, "test")
	must(t, err)
	checks := 0
	exclusive, err := f.upgrade(ctx, time.Minute, func() (bool, error) { checks++; return checks > 2, nil })
	must(t, err)
	if exclusive || checks != 3 {
		t.Errorf("exclusive %v after %d checks", exclusive, checks)
	}
	must(t, f.downgrade(ctx)) // it is already shared, which is allowed
	must(t, f.close())
}

func TestOpeningWaitsForAMigration(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, lockFolder), 0o700))
	gate, err := openLock(filepath.Join(dir, lockFolder, folderLocked))
	must(t, err)
	if got, err := gate.tryExclusive(); !got || err != nil {
		t.Fatal(got, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, Options{Dir: dir}); err == nil || ctx.Err() == nil {
		t.Fatalf("opened in the middle of a migration: %v", err)
	}
	must(t, gate.unlock())
	open(t, dir)
}

// migrateOnce opens the data with a second migration and prints what it found there.
func migrateOnce(dir string, _ []string) error {
	files, err := migrationsAnd(addNotes)
	if err != nil {
		return err
	}
	s, err := Open(context.Background(), Options{Dir: dir, migrations: files, MigrationPatience: time.Minute})
	if err != nil {
		return err
	}
	var applied int
	if err := s.writer.QueryRow("SELECT count(*) FROM migrations").Scan(&applied); err != nil {
		return err
	}
	fmt.Println(applied == len(files))
	return s.Close()
}

func TestManyProcessesCreateAndMigrateOnce(t *testing.T) {
	dir := t.TempDir()
	children := make([]*child, 8)
	for i := range children {
		children[i] = startChild(t, "migrate", dir)
	}
	for _, c := range children {
		if got := c.says(); got != "true" {
			t.Error("a process found migrations missing or run twice")
		}
		must(t, c.wait())
	}
}
