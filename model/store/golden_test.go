package store

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

var writeGolden = flag.Bool("write-golden", false, "write testdata/schemaN.sql of the newest schema")

// The golden files are dumps of databases with past schemas. The file of a released schema never changes: every later
// program must be able to open it. After adding a migration run `go test ./model/store -run Golden -write-golden` once
// for the new one.
func TestGoldenDatabases(t *testing.T) {
	files, err := filepath.Glob("testdata/schema*.sql")
	must(t, err)
	sub, err := loadMigrations(os.DirFS("migrations"))
	must(t, err)
	newest := fmt.Sprintf("testdata/schema%d.sql", len(sub))
	if *writeGolden {
		must(t, os.WriteFile(newest, []byte(dump(t, goldenStore(t))), 0o600))
	}
	if len(files) != len(sub) && !*writeGolden {
		t.Fatalf("%d migrations have %d golden databases: write %s with -write-golden", len(sub), len(files), newest)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			must(t, err)
			dir := t.TempDir()
			load(t, filepath.Join(dir, FileName), string(text))
			checkGolden(t, open(t, dir))
		})
	}
	t.Run("the newest has environment variables", func(t *testing.T) {
		text, err := os.ReadFile(newest)
		must(t, err)
		dir := t.TempDir()
		load(t, filepath.Join(dir, FileName), string(text))
		p, err := open(t, dir).Project(context.Background(), "website")
		must(t, err)
		if len(p.EnvVars) != 1 || len(p.Steps[0].EnvVars) != 2 || !p.Steps[0].EnvVars[1].ValueSet || p.EnvVars[0].Name != "HTTPS_PROXY" {
			t.Errorf("they are %+v and %+v", p.EnvVars, p.Steps[0].EnvVars)
		}
	})
	t.Run("the newest has artifacts and highlights", func(t *testing.T) {
		text, err := os.ReadFile(newest)
		must(t, err)
		dir := t.TempDir()
		load(t, filepath.Join(dir, FileName), string(text))
		run, err := open(t, dir).Run(context.Background(), 1)
		must(t, err)
		step := run.Steps[0]
		if !slices.Equal(step.Artifacts, []model.Artifact{goldenArtifact()}) || len(step.Highlights) != 1 || step.Highlights[0].Line != 3 {
			t.Errorf("they are %+v and %+v", step.Artifacts, step.Highlights)
		}
	})
	t.Run("the schema of a new database is that of a migrated one", func(t *testing.T) {
		text, err := os.ReadFile(newest)
		must(t, err)
		want, _, _ := strings.Cut(string(text), "INSERT")
		if got, _, _ := strings.Cut(dump(t, open(t, t.TempDir())), "INSERT"); got != want {
			t.Errorf("the schema is\n%s\nbut the golden file says\n%s", got, want)
		}
	})
}

// goldenStore returns a store with one of everything.
func goldenStore(t *testing.T) *Store {
	ctx := context.Background()
	s := open(t, t.TempDir())
	p, account := projectAndAccount(t, s)
	run := fullRun(p, account)
	must(t, s.CreateRun(ctx, &run))
	must(t, s.AppendLog(ctx, run.Steps[0].ID, []model.LogBatch{textBatch(noon, "golden 1\n", "golden 2\n")}))
	var long []string
	for range 200 {
		long = append(long, "a line that is worth compressing\n")
	}
	must(t, s.AppendLog(ctx, run.Steps[0].ID, []model.LogBatch{textBatch(noon, long...)}))
	must(t, s.SaveArtifact(ctx, run.Steps[0].ID, goldenArtifact()))
	must(t, s.Ask(ctx, run.ID, model.StopRun))
	pkg := model.Package{Name: "Acme.Scripts", Version: "1.2.0", Format: "nupkg", FileName: "a.nupkg", Size: 7, SHA256: "aa", Files: 3,
		Imported: noon}
	must(t, s.SavePackage(ctx, &pkg, false))
	must(t, s.SaveListing(ctx, "aa", []byte("what is in it")))
	must(t, s.SaveAWSAccount(ctx, model.AWSAccount{ID: "123456789012", Label: "Prod", Colour: "red", Protected: true}))
	must(t, s.KeepAlias(ctx, "123456789012", "acme-prod"))
	must(t, s.Change(ctx, "save the secret", func(c *Change) error {
		return c.SetSecret(ctx, p.Variables[3].ValueRef(), NewVaultEntry(model.ValueField))
	}))
	must(t, s.SaveSettings(ctx, map[string]string{"theme": "dark"}))
	must(t, s.SaveToolVersion(ctx, ToolFile{Path: "/usr/bin/aws", Size: 1, Modified: noon}, "2.9.19"))
	return s
}

func goldenArtifact() model.Artifact {
	return model.Artifact{Number: 1, Name: "rapört.txt", Size: 12, SHA256: "ab", At: noon, HoldsSecret: true, Missing: "why"}
}

func checkGolden(t *testing.T, s *Store) {
	ctx := context.Background()
	p, err := s.Project(ctx, "website")
	must(t, err)
	checkGoldenProject(t, p)
	refs, err := s.SecretRefs(ctx)
	must(t, err)
	entry, err := s.VaultEntry(ctx, p.Variables[3].ValueRef())
	must(t, err)
	if !slices.Contains(refs, entry) {
		t.Errorf("secrets are in %v, that of the variable in %v", refs, entry)
	}
	marked, err := s.MarkInterrupted(ctx) // its engine is long gone
	must(t, err)
	if len(marked) != 1 || marked[0].Steps[0].Inputs.Values[0].Value != "wörld\n" || marked[0].Steps[0].Outputs[0].Value != "https://é" {
		t.Fatalf("runs are %+v", marked)
	}
	lines, err := s.ReadLog(ctx, marked[0].Steps[0].ID, 1, 1000)
	must(t, err)
	if len(lines) != 202 || lines[1].Text != "golden 2" || lines[201].Text != "a line that is worth compressing" ||
		!lines[0].Time.Equal(noon) {
		t.Errorf("the log has %d lines, beginning %+v", len(lines), lines[0])
	}
	packages, err := s.Packages(ctx)
	must(t, err)
	aws, err := s.AWSAccount(ctx, "123456789012")
	must(t, err)
	settings, err := s.Settings(ctx)
	must(t, err)
	version, ok, err := s.ToolVersion(ctx, ToolFile{Path: "/usr/bin/aws", Size: 1, Modified: noon})
	must(t, err)
	if len(packages) != 1 || !aws.Protected || settings["theme"] != "dark" || !ok || version != "2.9.19" {
		t.Errorf("packages %v, AWS account %v, settings %v, tool %q", packages, aws, settings, version)
	}
	var broken int
	must(t, s.writer.QueryRow("SELECT count(*) FROM pragma_foreign_key_check").Scan(&broken))
	if broken != 0 {
		t.Errorf("%d rows have broken references", broken)
	}
}

// checkGoldenProject compares a project with what every golden database has held since the first: a field that is younger than
// a database has no place here.
func checkGoldenProject(t *testing.T, p model.Project) {
	t.Helper()
	if len(p.Variables) != 4 || len(p.Steps) != 2 || p.Variables[2].Prompt == nil || p.Steps[0].AWS.AssumeRole == nil {
		t.Fatalf("%d variables and %d steps, want 4 and 2, the third variable with a prompt, the first step with a role",
			len(p.Variables), len(p.Steps))
	}
	step, role, options := p.Steps[0], p.Steps[0].AWS.AssumeRole, p.Steps[0].Options
	for _, is := range []struct {
		field     string
		got, want any
	}{
		{"the first variable's value", p.Variables[0].Value, "Key"},
		{"the prompt's label", p.Variables[2].Prompt.Label, "How many"},
		{"the last variable's ValueSet", p.Variables[3].ValueSet, true},
		{"AWS.Account", step.AWS.Account, "aws.account"},
		{"AWS.Expect", step.AWS.Expect, "123456789012"},
		{"AWS.Region", step.AWS.Region, "#{AWS.Region}"},
		{"AssumeRole.ARN", role.ARN, "arn:aws:iam::123456789012:role/deployer"},
		{"AssumeRole.SessionName", role.SessionName, "s"},
		{"AssumeRole.Duration", role.Duration, 3600},
		{"AssumeRole.ExternalID", role.ExternalID, "x1"},
		{"Options.Timeout", options.Timeout, 10 * time.Minute},
		{"Options.Stderr", options.Stderr, model.ErrorOutputFail},
		{"Options.StopOnFirstFailure", options.StopOnFirstFailure, true},
		{"Options.Edition", options.Edition, model.EditionCore},
		{"Options.IsolateAWSConfig", options.IsolateAWSConfig, true},
		{"Options.FreshCredentials", options.FreshCredentials, model.FreshAlways},
		{"Options.Condition", options.Condition, model.ConditionAlways},
		{"Options.Required", options.Required, true},
		{"Options.LeaveBackground", options.LeaveBackground, true},
		{"the second step's script", p.Steps[1].Script, model.Script{
			Source: model.SourcePackage, Language: model.Bash, Package: "Acme.Scripts", Version: "1.2", Folder: "f", File: "tools/rotate.ps1",
		}},
	} {
		if !reflect.DeepEqual(is.got, is.want) {
			t.Errorf("%s is %v, the database has %v", is.field, is.got, is.want)
		}
	}
}

// dump returns a database as SQL: the schema first, then the rows.
func dump(t *testing.T, s *Store) string {
	ctx := context.Background()
	var b strings.Builder
	var version int
	must(t, s.writer.QueryRow("PRAGMA user_version").Scan(&version))
	fmt.Fprintf(&b, "PRAGMA auto_vacuum=INCREMENTAL;\nPRAGMA journal_mode=WAL;\nPRAGMA application_id=%d;\nPRAGMA user_version=%d;\n",
		applicationID, version)
	schema, err := all(ctx, s.writer, plain[string],
		`SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid`)
	must(t, err)
	b.WriteString(strings.Join(schema, "\n") + "\n")
	tables, err := all(ctx, s.writer, plain[string],
		`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'sqlite_stat1' ORDER BY rowid`)
	must(t, err)
	for _, table := range tables {
		columns, err := all(ctx, s.writer, plain[string], `SELECT name FROM pragma_table_info(?)`, table)
		must(t, err)
		quoted := make([]string, len(columns))
		for i, c := range columns {
			quoted[i] = "quote(" + c + ")"
		}
		rows, err := all(ctx, s.writer, plain[string], "SELECT "+strings.Join(quoted, " || ', ' || ")+" FROM "+table)
		must(t, err)
		for _, row := range rows {
			// Newlines in values would break the file's format of one statement per line.
			fmt.Fprintf(&b, "INSERT INTO %s VALUES (%s);\n", table, strings.ReplaceAll(row, "\n", "'||char(10)||'"))
		}
	}
	return b.String()
}

func load(t *testing.T, path, text string) {
	db := sql.OpenDB(connectTo(path, "PRAGMA foreign_keys=OFF"))
	db.SetMaxOpenConns(1)
	_, err := db.Exec(text)
	must(t, err)
	must(t, db.Close())
}
