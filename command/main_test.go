package command_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/command"
	"github.com/stepdeck/stepdeck/model/vault"
)

// asCommand makes this test program the command itself, for tests that need it as a process of its own.
const asCommand = "STEPDECK_TEST_AS_COMMAND"

// asVisitor makes this test program one that others start: a browser that opens its last argument, or without arguments a program that
// asks for AWS credentials twice, as SDKs do, and prints their access keys. Its name is no STEPDECK_ variable: a browser gets none.
const asVisitor = "TEST_AS_VISITOR"

func TestMain(m *testing.M) {
	if exit, asked := command.Supervise(os.Args, "1.2.3", "abcdef"); asked {
		os.Exit(exit)
	}
	if os.Getenv(asCommand) != "" {
		os.Exit(command.Main(context.Background(), command.Process(), os.Args[1:], "1.2.3", "abcdef"))
	}
	if os.Getenv(asVisitor) != "" {
		os.Exit(visit())
	}
	testscript.Main(m, map[string]func(){
		"stepdeck": func() {
			os.Exit(command.Main(context.Background(), command.Process(), os.Args[1:], "1.2.3", "abcdef"))
		},
		// The browser of a person who allows what each page asks for.
		"xdg-open": func() {
			if _, err := answerPage(os.Args[1], ""); err != nil {
				os.Exit(1)
			}
		},
	})
}

// desk is a data folder with the command on it.
type desk struct {
	t       *testing.T
	home    string   // the data folder
	dir     string   // where the test's own files are
	environ []string // of the command
}

const passphrase = "correct horse battery staple"

// newDesk returns a desk with a data folder that has been used before; see addUsedData.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := newEmptyDesk(t)
	must(t, addUsedData(d.home))
	return d
}

// usedData returns the files of a data folder that knows the versions of the tools, and has an empty vault that the
// passphrase opens at next to no cost. In a new folder each test would start aws for its version and pay the usual cost of
// a vault: most of the processor time of these tests.
var usedData = sync.OnceValues(func() (map[string][]byte, error) { //nolint:gochecknoglobals // made once
	dir, err := os.MkdirTemp("", "stepdeck-command-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s, err := app.Open(context.Background(), app.Options{DataDir: dir, Environ: clean(os.Environ())})
	if err != nil {
		return nil, err
	}
	s.Settings().Tools().Here(context.Background())
	if err := s.Close(); err != nil {
		return nil, err
	}
	db, err := os.ReadFile(filepath.Join(dir, "stepdeck.db"))
	if err != nil {
		return nil, err
	}
	quick, err := os.ReadFile(filepath.Join("..", "model", "vault", "testdata", "vault-quick"))
	return map[string][]byte{"stepdeck.db": db, vault.FileName: quick}, err
})

// addUsedData makes a data folder with usedData in it.
func addUsedData(home string) error {
	files, err := usedData()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(home, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// newEmptyDesk returns a desk without a data folder, for tests in which the command makes the folder and its vault.
func newEmptyDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, home: filepath.Join(t.TempDir(), "data"), dir: t.TempDir()}
	d.environ = append(clean(os.Environ()), "STEPDECK_HOME="+d.home, "STEPDECK_PASSPHRASE="+passphrase, "HOME="+t.TempDir(), "USER=ana")
	return d
}

// clean drops what the machine that runs the tests would bring in.
func clean(environ []string) []string {
	var kept []string
	for _, e := range environ {
		if !strings.HasPrefix(e, "AWS_") && !strings.HasPrefix(e, "STEPDECK_") && !strings.HasPrefix(e, "HOME=") &&
			!strings.HasPrefix(e, "USER=") {
			kept = append(kept, e)
		}
	}
	return kept
}

// result is what a command did.
type result struct {
	t        *testing.T
	code     int
	out, err string
}

// run runs the command in this process.
func (d *desk) run(args ...string) result {
	d.t.Helper()
	var out, errs bytes.Buffer
	code := command.Main(d.t.Context(), command.IO{In: strings.NewReader(""), Out: &out, Err: &errs, Environ: d.environ}, args, "1.2.3",
		"abcdef")
	return result{d.t, code, out.String(), errs.String()}
}

// atTerminal runs the command in this process with a person who answers.
func (d *desk) atTerminal(answers string, args ...string) result {
	d.t.Helper()
	var out, errs bytes.Buffer
	in := strings.NewReader(answers)
	world := command.IO{In: in, Out: &out, Err: &errs, Environ: append(slices.Clone(d.environ), "NO_COLOR=1"), Terminal: true,
		ReadSecret: func(prompt string) (string, error) {
			errs.WriteString(prompt)
			line, err := bufio.NewReader(iotest.OneByteReader(in)).ReadString('\n')
			return strings.TrimSuffix(line, "\n"), err
		}}
	code := command.Main(d.t.Context(), world, args, "1.2.3", "abcdef")
	return result{d.t, code, out.String(), errs.String()}
}

// ok runs the command and expects it to succeed.
func (d *desk) ok(args ...string) result {
	d.t.Helper()
	return d.run(args...).wants(0)
}

// start runs the command as a process of its own.
func (d *desk) start(args ...string) *exec.Cmd {
	d.t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(append([]string{}, d.environ...), asCommand+"=1")
	return cmd
}

func (r result) wants(code int) result {
	r.t.Helper()
	if r.code != code {
		r.t.Fatalf("exit code %d, want %d\nstdout:\n%s\nstderr:\n%s", r.code, code, r.out, r.err)
	}
	for line := range strings.Lines(r.err) {
		if twice := saidTwice(line); twice != "" {
			r.t.Errorf("%q is said twice: %s", twice, line)
		}
	}
	return r
}

// saidTwice returns what a line says twice: the field before a sentence, the way out after one, or the cause in brackets.
func saidTwice(line string) string {
	line = strings.TrimSpace(line)
	before := ""
	for word := range strings.FieldsSeq(line) {
		if strings.HasSuffix(word, ":") && word == before {
			return word
		}
		before = word
	}
	for _, verb := range []string{"Sign", "Enter", "Set", "Confirm", "Choose", "Check"} {
		if strings.Count(line, ". "+verb+" ") > 1 {
			return verb
		}
	}
	what, because, _ := strings.Cut(strings.TrimSuffix(line, ")"), " (")
	if because != "" && strings.HasSuffix(line, ")") && strings.HasSuffix(what, because) {
		return because
	}
	return ""
}

func TestWhatIsSaidTwice(t *testing.T) {
	for line, want := range map[string]string{
		"": "", "x": "", "environment.X: environment.X: it is not defined.": "environment.X:", "Nobody has signed in. Sign in.": "",
		`Nobody has signed in. Sign in. Sign in with: x`: "Sign", "steps[1].name: no. (no.)": "no.", "It needs a code. Enter it.": "",
		"It needs a code. Enter it. Enter it with: x": "Enter",
	} {
		if got := saidTwice(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

// says expects parts in either output.
func (r result) says(parts ...string) result {
	r.t.Helper()
	for _, p := range parts {
		if !strings.Contains(r.out, p) && !strings.Contains(r.err, p) {
			r.t.Errorf("%q is missing\nstdout:\n%s\nstderr:\n%s", p, r.out, r.err)
		}
	}
	return r
}

// prints expects the standard output exactly.
func (r result) prints(want string) result {
	r.t.Helper()
	if r.out != want {
		r.t.Errorf("stdout is %q, want %q\nstderr:\n%s", r.out, want, r.err)
	}
	return r
}

// file writes a file beside the project files.
func (d *desk) file(name, text string) string {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// project imports a project file.
func (d *desk) project(text string) {
	d.t.Helper()
	d.ok("import", "--yes", d.file("project.stepdeck", text))
}

// objects reads JSON lines.
func (r result) objects() []map[string]any {
	r.t.Helper()
	var list []map[string]any
	for line := range strings.Lines(r.out) {
		var o map[string]any
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			r.t.Fatalf("%q is no JSON object: %v", line, err)
		}
		list = append(list, o)
	}
	return list
}

// show returns the output of `runs show --json`.
func (d *desk) show(id string) map[string]any {
	d.t.Helper()
	return d.ok("runs", "show", id, "--json").objects()[0]
}

// until waits for something that must come true.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("waited in vain: %s", what)
}

const sandboxed = `stepdeck: 1
project: P
accounts:
  - {name: Sandbox, endpoint: sandbox, region: eu-west-1}
variables:
  - {name: aws.account, type: aws-account, value: Sandbox}
`

// bash is a step that runs an inline Bash script without an AWS account.
func bash(name, body string, more ...string) string {
	text := "  - name: " + name + "\n    aws: {account: none}\n    script:\n      language: bash\n      body: |\n"
	for line := range strings.Lines(body) {
		text += "        " + line
	}
	text += "\n"
	for _, m := range more {
		text += "    " + m + "\n"
	}
	return text
}

const plain = "stepdeck: 1\nproject: P\n"
