//go:build !windows

package command_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const token = "tok-4711-very-secret"

// environment is a project with environment variables of its own and of its step.
const environment = plain + `variables:
  - {name: Tier, value: web}
environment:
  - {name: TIER, value: "#{Tier}"}
  - {name: BOTH, value: project}
  - {name: HTTPS_PROXY, value: "http://ann:Pr0xy-Passw0rd@proxy.example:3128"}
steps:
`

func TestEnvironmentVariablesReachTheScript(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "BOTH=mine", "https_proxy=http://old", "TOKEN_NOW="+token)
	d.file("token.txt", token)
	d.project(environment + bash("S", `echo "$TIER $BOTH [$EMPTY] $https_proxy"
echo "token $TOKEN" | tr a-z A-Z`, `environment: [{name: both, value: step}, {name: BOTH_OF_THEM, value: "#{Tier}#{Tier}"}, {name: EMPTY},`+
		` {name: TOKEN, sensitive: true, value: {file: token.txt}}]`) + bash("T", `echo "$BOTH/$both/${TOKEN-none}"`))
	r := d.ok("run", "P").prints("web mine [] ********\nTOKEN ********\nproject//none\n")
	for _, secret := range []string{token, "Pr0xy-Passw0rd"} {
		log := d.ok("runs", "log", "1").out + d.ok("runs", "show", "1", "--json").out + d.run("run", "P", "--preview").out +
			d.run("run", "P", "--preview", "--json").out + r.out + r.err
		if strings.Contains(log, secret) {
			t.Errorf("%s is shown:\n%s", secret, log)
		}
	}
	d.ok("run", "P", "--preview").says("TIER = web", "TOKEN = ********", "EMPTY = ", "BOTH_OF_THEM = webweb", "Make the variable sensitive")
	d.ok("runs", "show", "1", "--json").says(`"env:TIER"`, `"env:TOKEN"`)
}

// A value that is given for a run wins, and is never an argument if it is sensitive.
func TestEnvironmentVariablesAreGivenForARun(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "TOKEN_NOW="+token)
	d.project(environment + bash("S", `echo "$TIER ${#TOKEN} $TOKEN"`, "environment: [{name: TOKEN, sensitive: true}]"))
	d.run("run", "P").wants(3).says("TOKEN has no value on this computer", "--set-env env:TOKEN=VAR")
	d.run("run", "P", "--set", "env:TOKEN="+token).wants(2).says("sensitive")
	d.run("run", "P", "--set", "env:TOKE=x").wants(2).says(`Did you mean "env:TOKEN"`)
	d.ok("run", "P", "--set-env", "env:TOKEN=TOKEN_NOW", "--set", "env:tier=db").prints("db 20 ********\n")
	if r := d.atTerminal(token+"\n", "run", "P"); !strings.Contains(r.out, "web 20 ********") {
		t.Errorf("asked at the terminal: %s%s", r.out, r.err)
	}
	d.run("run", "P", "--set-env", "env:TOKEN=TOKEN_NOW", "--set", "env:TIER=a\x00b").wants(3).says("NUL")
	// Exactly as it was: the value is recorded, unless it is sensitive.
	d.ok("runs", "again", "2", "--exactly", "--set-env", "env:TOKEN=TOKEN_NOW").prints("db 20 ********\n")
}

func TestAnUndefinedNameInAnEnvironmentVariableRefusesTheRun(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "environment: [{name: A, value: '#{Nothing}'}]\nsteps:\n" + bash("S", "echo ran"))
	d.run("run", "P").wants(3).says("environment.A", "Nothing")
	// One that an earlier step sets is known when the step runs.
	d.project(plain + "steps:\n" + bash("A", `set_octopusvariable Url https://example.com`) +
		bash("B", `echo "$URL"`, "environment: [{name: URL, value: '#{Octopus.Action[A].Output.Url}'}]"))
	d.ok("run", "P").prints("https://example.com\n")
}

func TestEnvironmentVariablesInFiles(t *testing.T) {
	d := newDesk(t)
	d.file("token.txt", token)
	text := environment + bash("S", "true",
		"environment: [{name: TOKEN, sensitive: true, value: {file: token.txt}}, {name: PYTHONPATH, value: /x}]")
	d.ok("import", "--yes", d.file("p.stepdeck", text)).says("environment variable TOKEN is read from the file token.txt", "PYTHONPATH")
	out := d.ok("export", "P").out
	if strings.Contains(out, token) || !strings.Contains(out, "sensitive: true") || strings.Count(out, "environment:") != 2 {
		t.Errorf("exported:\n%s", out)
	}
	// The same file without the secret keeps the stored one; elsewhere it is missing.
	d.ok("import", "--yes", d.file("again.stepdeck", out))
	d.ok("run", "P")
	other := newDesk(t)
	other.ok("import", "--yes", other.file("p.stepdeck", out)).says("environment variable TOKEN is not on this computer")
	other.run("run", "P").wants(3).says("TOKEN")
	d.ok("import", "--dry-run", d.file("less.stepdeck", plain+"environment: [{name: TIER, value: db}]\nsteps:\n"+bash("S", "true"))).
		says("environment variable TIER changes", "environment variable BOTH will be removed", `step "S" changes`)
	for bad, says := range map[string]string{
		"{name: AWS_PROFILE, value: x}":         "bad.stepdeck:3:16: The environment variable AWS_PROFILE can't be set here",
		"{name: A}, {name: a}":                  "Windows ignores case",
		"{name: A, sensitive: true, value: x}":  "a sensitive value is not allowed in a project file",
		"{name: A, value: {env: X}}":            "only a sensitive environment variable",
		"{value: x}":                            `lacks the key "name"`,
		"{name: A, sensitive: yes, value: 'x'}": "true or false",
	} {
		d.run("import", "--yes", d.file("bad.stepdeck", plain+"environment: ["+bad+"]\n")).wants(2).says(says)
	}
	d.nowhere(token)
}

// nowhere fails if a file of the data folder has the secret in plain text.
func (d *desk) nowhere(secret string) {
	d.t.Helper()
	_ = filepath.WalkDir(d.home, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if data, err := os.ReadFile(path); err == nil && bytes.Contains(data, []byte(secret)) {
			d.t.Errorf("%s holds the secret", path)
		}
		return nil
	})
}
