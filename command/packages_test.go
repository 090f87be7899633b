package command_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/command"
)

// zipped writes a package beside the project files.
func (d *desk) zipped(name, body string) string {
	d.t.Helper()
	var data bytes.Buffer
	w := zip.NewWriter(&data)
	entry, err := w.Create("run.sh")
	must(d.t, err)
	_, err = entry.Write([]byte(body))
	must(d.t, err)
	must(d.t, w.Close())
	return d.file(name, data.String())
}

func TestGuessesAreShownAndCanBeChanged(t *testing.T) {
	d := newDesk(t)
	deploy := d.zipped("deploy.zip", "echo 1")
	d.ok("package", "import", deploy).says(`the id "deploy" (change it with --id)`, "the version none (change it with --version)")
	if r := d.ok("package", "import", d.zipped("Acme.1.0.0.zip", "echo 2")); r.err != "" {
		t.Errorf("nothing was guessed, and it says %q", r.err)
	}
	if r := d.ok("package", "import", deploy, "--id", "Deploy.It").says("Deploy.It"); strings.Contains(r.err, "--id") ||
		!strings.Contains(r.err, "--version") {
		t.Errorf("it says %q", r.err)
	}
	// On a terminal it asks, with the guess as the answer to Enter.
	ask := func(answers string, args ...string) result {
		var out, errs bytes.Buffer
		code := command.Main(t.Context(), command.IO{In: strings.NewReader(answers), Out: &out, Err: &errs, Environ: d.environ, Terminal: true},
			args, "1.2.3", "abcdef")
		return result{t, code, out.String(), errs.String()}
	}
	ask("\n2.5.0\n", "package", "import", deploy).wants(0).says("Id of the package [deploy]: ", "Version, or none [none]: ", "deploy\t2.5.0\t")
	ask("Own.Id\n\n", "package", "import", d.zipped("tool-1.2.0.zip", "echo 3")).wants(0).says("[tool]", "[1.2.0]", "Own.Id\t1.2.0\t")
	ask("Named\n1.0\n", "package", "import", d.zipped("Acme..1.2.3.zip", "echo 4")).wants(0).says("Named\t1.0\t")
	ask("", "package", "import", d.zipped("other.zip", "echo 5")).wants(2).says("--id")
	if r := ask("", "package", "import", d.zipped("Sure.1.0.0.zip", "echo 6")).wants(0); strings.Contains(r.err, "Id of") {
		t.Errorf("a sure name is asked for: %q", r.err)
	}
}

func TestOtherBytesOfTheSameVersion(t *testing.T) {
	d := newDesk(t)
	d.ok("package", "import", d.zipped("Acme.1.0.0.zip", "echo first"))
	d.project(plain + "steps:\n  - name: S\n    aws: {account: none}\n" +
		"    script: {source: package, package: acme, version: '1.0', file: run.sh}\n")
	d.ok("run", "P").prints("first\n")
	other := d.zipped("new/ACME.1.0.zip", "echo second")
	d.run("package", "import", other).wants(2).says("other contents", "--replace", "--version")
	d.ok("run", "P").prints("first\n")
	d.ok("package", "import", other, "--replace")
	d.ok("run", "P").prints("second\n")
	d.run("package", "remove", "Acme", "1.0.0").wants(2).says(`step "S" of project "P"`)

	// Changed on disk, it is refused before anything runs; importing it again mends it.
	files, err := filepath.Glob(filepath.Join(d.home, "packages", "*"))
	must(t, err)
	for _, path := range files {
		data, err := os.ReadFile(path)
		must(t, err)
		must(t, os.WriteFile(path, bytes.Replace(data, []byte("run.sh"), []byte("RUN.sh"), -1), 0o600))
	}
	d.run("run", "P").wants(3).says("has changed on disk", "Import it again")
	d.ok("package", "import", other)
	d.ok("run", "P").prints("second\n")
}
