package script_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// language describes a language, to run the same table in both.
type language struct {
	name model.Language
	kind script.Kind
	file string
}

var (
	bash       = language{model.Bash, script.Bash, "script.sh"}
	powerShell = language{model.PowerShell, script.PowerShell, "script.ps1"}
	python     = language{model.Python, script.Python, "script.py"}
)

// versions saves the tests from starting every tool for its version again and again.
type versions struct{ known sync.Map }

var answered versions

func (v *versions) Get(path string, _ int64, _ time.Time) (string, bool) {
	version, ok := v.known.Load(path)
	if !ok {
		return "", false
	}
	return version.(string), true
}

func (v *versions) Put(path string, _ int64, _ time.Time, version string) {
	v.known.Store(path, version)
}

// tool finds the program of the language. If it is missing, the test is skipped, or fails if tools are required.
func (l language) tool(t testing.TB) script.Tool {
	t.Helper()
	found, err := script.Finder{Versions: &answered}.Find(t.Context(), l.kind)
	if err == nil {
		return found
	}
	if l.kind == script.PowerShell && os.Getenv("STEPDECK_REQUIRE_PWSH") != "1" {
		t.Skipf("SKIPPED FOR WANT OF pwsh: %v (STEPDECK_REQUIRE_PWSH=1 makes this a failure)", err)
	}
	if (l.kind == script.Bash || l.kind == script.Python) && runtime.GOOS == "windows" && os.Getenv("STEPDECK_REQUIRE_TOOLS") != "1" {
		t.Skipf("SKIPPED FOR WANT OF %s: %v (STEPDECK_REQUIRE_TOOLS=1 makes this a failure)", l.kind, err)
	}
	t.Fatal(err)
	return found
}

// step is a script to run in a test, given as Body or file.
type step struct {
	body       string
	file       string // an existing script, instead of body
	dir        string // of the script; made when empty
	parameters string
	arguments  []model.Argument
	variables  []model.InputValue
	stop       bool
	env        []string
	bootstraps script.Bootstraps // the shipped ones, when empty
}

type outcome struct {
	stdout, stderr string
	code           int
	command        script.Command
	script         string
}

func bootstraps(t testing.TB) script.Bootstraps {
	t.Helper()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", "assets", "bootstrap", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return script.Bootstraps{
		Python: read("bootstrap.py"), PowerShell: read("bootstrap.ps1"), Bash: read("bootstrap.sh"), BashHelpers: read("helpers.sh"),
		BashBeside: read("beside.sh"), BashSource: read("source.sh"), BashStart: read("start.sh"),
	}
}

func prepare(t testing.TB, l language, s step) (script.Command, string) {
	t.Helper()
	if s.dir == "" {
		s.dir = t.TempDir()
	}
	if s.file == "" {
		path, err := script.WriteInline(s.dir, l.name, s.body)
		if err != nil {
			t.Fatal(err)
		}
		s.file = path
	}
	if s.bootstraps == (script.Bootstraps{}) {
		s.bootstraps = bootstraps(t)
	}
	command, err := script.Prepare(t.Context(), script.Input{
		Language: l.name, Tool: l.tool(t), Script: s.file, Parameters: s.parameters, Arguments: s.arguments, Variables: s.variables,
		StopOnFirstFailure: s.stop, Dir: t.TempDir(), Bootstraps: s.bootstraps,
	})
	if err != nil {
		t.Fatal(err)
	}
	return command, s.file
}

// run prepares and runs a script as the engine does: a small environment, no standard input, the command's folder.
func run(t testing.TB, l language, s step) outcome {
	t.Helper()
	command, file := prepare(t, l, s)
	got := start(t, command, s.env)
	got.script = file
	return got
}

func (o outcome) want(t testing.TB, code int, stdout string) {
	t.Helper()
	if o.code != code || strings.ReplaceAll(o.stdout, "\r\n", "\n") != stdout {
		t.Errorf("exit %d, %q; want %d, %q\nstderr: %s", o.code, o.stdout, code, stdout, o.stderr)
	}
}

var message = regexp.MustCompile(`##octopus\[setVariable name='([^']*)' value='([^']*)'( sensitive='VHJ1ZQ==')?\]\r?\n`)

// output returns the first output variable that the script set.
func (o outcome) output(t testing.TB) (name, value string, sensitive bool) {
	t.Helper()
	m := message.FindStringSubmatch(o.stdout)
	if m == nil {
		t.Fatalf("no output was set: exit %d, %q, %s", o.code, o.stdout, o.stderr)
	}
	decode := func(text string) string {
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	return decode(m[1]), decode(m[2]), m[3] != ""
}

// awkward are values that must arrive byte for byte.
func awkward() map[string]string {
	values := map[string]string{
		"plain":             "value",
		"empty":             "",
		"blank":             " ",
		"blanks around":     "  a  ",
		"lines":             "one\ntwo\n\nfour",
		"ends in lines":     "one\n\n\n",
		"only lines":        "\n\n",
		"carriage returns":  "a\r\nb\rc\r",
		"tabs":              "\ta\t\tb",
		"quotes":            `say "hi" & 'bye' ` + "`x`",
		"quotes alone":      `'`,
		"curly quotes":      "‘a’ ‚b‛ “c” „d”",
		"substitutions":     "$(id) `id` ${HOME} $HOME $x %PATH% !! #{Name} @(1)",
		"backslashes":       `C:\new\table\ \\ \`,
		"leading dash":      "-n -e --help",
		"glob":              "* ? [a-z] ~ {a,b}",
		"equals":            "=a=b=",
		"brackets":          "[a](b){c}<d>",
		"shell words":       "; rm -rf / | cat && exit 3 & done",
		"emoji":             "naïve 🚀 ü 👩‍💻",
		"cjk and arabic":    "日本語 العربية עברית",
		"ansi":              "\x1b[31mred\x1b[0m",
		"control":           "\x01\x02\x7f\x1a\x04",
		"bom":               "\ufeffx",
		"wide characters":   "\U0010ffff\u2028\u2029\u0085",
		"here document":     "EOF\n'@\n\"@\n",
		"place of a filled": "'@values@' '@script@' @parameters@",
		"1 MB":              strings.Repeat("0123456789abcdef'\"$(x)`\\ \r\n\té🚀 ", 1<<20/32),
		"1 MB on one line":  strings.Repeat("x", 1<<20),
	}
	if underWine() { // .NET's collector fails there once a script needs much memory
		delete(values, "1 MB")
		delete(values, "1 MB on one line")
	}
	return values
}

// start runs a prepared command.
func start(t testing.TB, command script.Command, env []string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	process := exec.CommandContext(ctx, command.Path, command.Args...)
	process.Dir = command.Dir
	process.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, command.Env...)
	process.Env = append(process.Env, env...)
	if runtime.GOOS == "windows" { // without it PowerShell finds no program by its name
		process.Env = append(process.Env, "PATHEXT="+os.Getenv("PATHEXT"))
	}
	ownGroup(process)
	var stdout, stderr bytes.Buffer
	process.Stdout, process.Stderr = &stdout, &stderr
	err := process.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{stdout: stdout.String(), stderr: stderr.String(), code: process.ProcessState.ExitCode(), command: command}
}
