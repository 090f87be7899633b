package command_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// inFolder is a step that runs a script in a plain folder.
func inFolder(name, folder, file string) string {
	return "  - name: " + name + "\n    aws: {account: none}\n    script: {source: folder, folder: '" + folder + "', file: " + file + "}\n"
}

func TestRunFromAFolder(t *testing.T) {
	d := newDesk(t)
	d.file("scripts/run.sh", "cat lib/text.txt; echo '#{Greeting}'; pwd; echo x > lib/made.txt\n")
	d.file("scripts/lib/text.txt", "from the folder\n")
	const variables = "variables:\n  - {name: Greeting, value: hello}\n"
	d.project(plain + variables + "steps:\n" + inFolder("S", "./scripts", `RUN.SH`))
	folder := filepath.Join(d.dir, "scripts")
	d.ok("run", "P", "--preview").says("Folder          "+folder, "File            run.sh", "echo 'hello'")

	r := d.ok("run", "P")
	if lines := strings.Split(r.out, "\n"); lines[0] != "from the folder" || lines[1] != "hello" || strings.HasPrefix(lines[2], d.dir) {
		t.Errorf("it printed %q", lines)
	}
	if _, err := os.Stat(filepath.Join(folder, "lib", "made.txt")); err == nil {
		t.Error("the script wrote into the folder itself")
	}
	inputs := func(run string) map[string]any {
		return d.show(run)["steps"].([]any)[0].(map[string]any)["inputs"].(map[string]any)
	}
	first := inputs("1")
	hash, _ := first["folderSha256"].(string)
	if first["folder"] != folder || first["file"] != "run.sh" || len(hash) != 64 || first["package"] != "" ||
		!strings.Contains(first["script"].(string), "#{Greeting}") {
		t.Errorf("the record says %v", first)
	}
	d.ok("runs", "show", "1").says(folder, hash)
	d.ok("runs", "log", "1", "--level", "verbose").says("2 files, SHA-256 " + hash)
	d.ok("runs", "again", "1", "--exactly")
	if again := inputs("2"); again["folderSha256"] != hash {
		t.Errorf("the same folder has the hash %v", again["folderSha256"])
	}
	// Another content is another hash, and no longer exactly what ran.
	d.file("scripts/lib/text.txt", "changed\n")
	d.run("runs", "again", "1", "--exactly").wants(2).says("other contents now", folder)
	d.ok("runs", "again", "1").says("changed")
	if inputs("3")["folderSha256"] == hash {
		t.Error("other content has the same hash")
	}
	if left, _ := filepath.Glob(filepath.Join(d.home, "w", "*")); len(left) > 0 {
		t.Errorf("work folders stay: %v", left)
	}
}

func TestFoldersThatAreRefused(t *testing.T) {
	d := newDesk(t)
	outside := t.TempDir()
	d.file("scripts/run.sh", "echo ran")
	d.file("file", "text")
	if err := os.MkdirAll(filepath.Join(d.dir, "empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	variables := "variables:\n  - {name: Up, value: ../../etc}\n  - {name: Name, value: scripts}\n  - {name: Empty, value: ''}\n"
	for _, tt := range []struct {
		name, folder, file string
		says               []string
	}{
		{"missing", "none", "run.sh", []string{"REFUSED script.folder", filepath.Join(d.dir, "none"), "no folder"}},
		{"a file", "file", "run.sh", []string{"is not a folder"}},
		{"empty", "empty", "run.sh", []string{"it is empty"}},
		{"nearest name", "scripts", "rum.sh", []string{"REFUSED script.file", `Did you mean "run.sh"`}},
		{"expression up", "scripts/#{Up}", "run.sh", []string{"resolves to", "lead out of the folder before it"}},
		{"expression far up", "#{Up}/passwd", "run.sh", []string{"lead out of the folder before it"}},
		{"unknown expression", "#{Nam}", "run.sh", []string{`"Nam"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d.t = t
			d.project(plain + variables + "steps:\n" + inFolder("S", tt.folder, tt.file))
			d.run("run", "P", "--preview").wants(3).says(tt.says...)
			d.run("run", "P").wants(3)
		})
	}
	d.t = t
	d.project(plain + variables + "steps:\n" + inFolder("S", "#{Empty}#{Name}", "run.sh"))
	d.ok("run", "P").prints("ran\n")
	if runtime.GOOS == "windows" {
		t.Skip("needs links and names that Windows doesn't make")
	}
	// What is in the folder passes the policy of packages, and an import names nothing outside by a link.
	link := filepath.Join(d.dir, "scripts", "out")
	must(t, os.Symlink(outside, link))
	d.run("run", "P", "--preview").wants(3).says(`"out"`, "leads outside the folder")
	must(t, os.Remove(link))
	must(t, os.WriteFile(filepath.Join(d.dir, "scripts", "RUN.sh"), nil, 0o600))
	d.run("run", "P").wants(3).says("the same file or folder on some systems")
	must(t, os.Symlink(outside, filepath.Join(d.dir, "away")))
	linked := d.file("link.stepdeck", "stepdeck: 1\nproject: Q\nsteps:\n"+inFolder("S", "away", "run.sh"))
	d.run("import", "--yes", linked).wants(2).says("link.stepdeck:6:", "leads out")
}

// A step may write the script that a later one runs.
func TestAStepChangesTheFolderOfALaterOne(t *testing.T) {
	d := newDesk(t)
	path := d.file("scripts/run.sh", "echo old\n")
	steps := inFolder("A", "scripts", "run.sh") + bash("B", "echo 'echo new' > '"+path+"'") + inFolder("C", "scripts", "run.sh")
	d.project(plain + "steps:\n" + steps)
	d.ok("run", "P").prints("old\nnew\n")
}

// A folder that holds the data folder would copy the database, and the copy itself.
func TestFolderWithStepdecksOwnData(t *testing.T) {
	d := newDesk(t)
	d.dir = filepath.Dir(d.home)
	d.file("run.sh", "echo ran")
	for _, folder := range []string{".", "data", "data/w"} {
		must(t, os.MkdirAll(filepath.Join(d.home, "w"), 0o700))
		d.project(plain + "steps:\n" + inFolder("S", folder, "run.sh"))
		d.run("run", "P").wants(3).says("Stepdeck's own data")
	}
}

func TestFoldersInImportAndExport(t *testing.T) {
	d := newDesk(t)
	d.file("a/scripts/run.sh", "echo ran")
	project := d.file("a/p.stepdeck", plain+"steps:\n"+inFolder("S", `.\scripts`, "run.sh")+inFolder("T", "#{V}/x", "run.sh"))
	d.ok("import", "--yes", project)
	if out := d.ok("export", "P", "-o", filepath.Join(d.dir, "a", "again.stepdeck")); strings.Contains(out.err, "outside") {
		t.Errorf("it says %q", out.err)
	}
	text, err := os.ReadFile(filepath.Join(d.dir, "a", "again.stepdeck"))
	must(t, err)
	if !strings.Contains(string(text), "folder: scripts\n") || !strings.Contains(string(text), `folder: "#{V}/x"`) {
		t.Errorf("the export is\n%s", text)
	}
	d.ok("import", "--yes", filepath.Join(d.dir, "a", "again.stepdeck")).says("no changes")

	// A file elsewhere can't name the folder: here it stays, on another desk it is missing.
	elsewhere := filepath.Join(t.TempDir(), "p.stepdeck")
	d.ok("export", "P", "-o", elsewhere).says(`step "S"`, "not inside the folder of the exported file")
	text, err = os.ReadFile(elsewhere)
	must(t, err)
	if strings.Contains(string(text), d.dir) || strings.Contains(string(text), "folder: scripts") {
		t.Errorf("the export is\n%s", text)
	}
	if out := d.ok("import", "--yes", elsewhere).says("no changes"); strings.Contains(out.err, "No folder") {
		t.Errorf("it says %q", out.err)
	}
	d.ok("run", "P", "S").prints("ran\n")
	other := newDesk(t)
	other.ok("import", "--yes", elsewhere).says("No folder is chosen")
	other.run("run", "P").wants(3).says("No folder is chosen")

	// The name of the file's own folder is not taken for an expression.
	odd := d.file("#{odd}/scripts/run.sh", "echo odd")
	d.ok("import", "--yes", d.file("#{odd}/p.stepdeck", "stepdeck: 1\nproject: Odd\nsteps:\n"+inFolder("S", "scripts", "run.sh")))
	d.ok("run", "Odd").prints("odd\n")
	if got := d.ok("export", "Odd", "-o", filepath.Join(filepath.Dir(filepath.Dir(odd)), "again.stepdeck")); got.err != "" {
		t.Errorf("it says %q", got.err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
