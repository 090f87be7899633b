package script_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"mvdan.cc/sh/v3/shell"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// plainOptions are the options with which a language's program runs a script by itself, as a step has them.
var plainOptions = map[model.Language][]string{
	model.Bash:       nil,
	model.PowerShell: {"-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File"},
}

// Each script in testdata gives the same output and exit code as by itself, where docs/scripts.md names no difference. A
// comment "# parameters: ..." in a script has its parameters; "# merged" asks for the order of both streams as well.
func TestScriptsRunAsByThemselves(t *testing.T) {
	for _, l := range []language{bash, powerShell} {
		t.Run(string(l.name), func(t *testing.T) {
			tool := l.tool(t)
			files, err := filepath.Glob(filepath.Join("testdata", string(l.name), "*"+filepath.Ext(l.file)))
			if err != nil || len(files) < 60 {
				t.Fatalf("%d scripts, want at least 60: %v", len(files), err)
			}
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), func(t *testing.T) {
					t.Parallel()
					if runtime.GOOS == "windows" && l == bash {
						t.Skip("the scripts are those of a Unix")
					}
					text, err := os.ReadFile(file)
					if err != nil {
						t.Fatal(err)
					}
					if reason := notOnWindows(string(text)); runtime.GOOS == "windows" && reason != "" {
						t.Skip(reason)
					}
					compare(t, l, tool, string(text), false)
					if strings.Contains(string(text), "# merged\n") {
						compare(t, l, tool, string(text), true)
					}
				})
			}
		})
	}
}

// notOnWindows returns why a PowerShell script can't be compared on Windows.
func notOnWindows(text string) string {
	switch {
	case strings.Contains(text, "bash "):
		return "it starts Bash"
	case strings.Contains(text, "na\u00efve"):
		return "PowerShell alone writes in the code page of the machine there, and a step in UTF-8"
	}
	return ""
}

var parametersComment = regexp.MustCompile(`(?m)^# parameters: (.*)$`)

// compare reports a script that differs as a step from itself.
func compare(t *testing.T, l language, tool script.Tool, text string, merged bool) {
	t.Helper()
	plain, got := bothWays(t, l, tool, text, merged)
	if got.code != plain.code || got.stdout != plain.stdout || got.stderr != plain.stderr {
		t.Errorf("as a step: exit %d\n%s\n--- stderr\n%s\nby itself: exit %d\n%s\n--- stderr\n%s",
			got.code, got.stdout, got.stderr, plain.code, plain.stdout, plain.stderr)
	}
}

// besideFile is a file in the folder of a script.
type besideFile struct{ name, text string }

// bothWays runs a script by itself and as a step, in a folder of the same name.
func bothWays(t *testing.T, l language, tool script.Tool, text string, merged bool, files ...besideFile) (plain, got outcome) {
	t.Helper()
	parameters := ""
	if found := parametersComment.FindStringSubmatch(text); found != nil {
		parameters = found[1]
	}
	arguments, err := shell.Fields(parameters, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	file := placeCopy(t, root, l, text, files)
	plain = capture(t, script.Command{
		Path: tool.Path, Args: append(append(append([]string{}, plainOptions[l.name]...), file), arguments...), Dir: filepath.Dir(file),
		Env: []string{"NO_COLOR=1", "TERM=dumb"},
	}, merged)
	file = placeCopy(t, root, l, text, files)
	command, err := script.Prepare(t.Context(), script.Input{
		Language: l.name, Tool: tool, Script: file, Folder: filepath.Dir(file), Parameters: parameters, Dir: t.TempDir(),
		Bootstraps: bootstraps(t),
		Variables:  []model.InputValue{{Name: "AWS.Region", Value: "eu-west-1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got = capture(t, command, merged)
	got.stdout = withoutLevels(got.stdout)
	return plain, got
}

// placeCopy writes the script and the files beside it into an empty folder of root, and returns its path.
func placeCopy(t *testing.T, root string, l language, text string, files []besideFile) string {
	t.Helper()
	folder := filepath.Join(root, "c")
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, besideFile{l.file, text}) {
		if err := os.WriteFile(filepath.Join(folder, f.name), []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, l.file)
}

// capture runs a command as the engine does. Merged, all output is in stdout, in its order.
func capture(t *testing.T, command script.Command, merged bool) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	process := exec.CommandContext(ctx, command.Path, command.Args...)
	process.Dir = command.Dir
	process.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=/", "LC_ALL=C.UTF-8"}, command.Env...)
	if runtime.GOOS == "windows" {
		process.Env = append(process.Env, "PATHEXT="+os.Getenv("PATHEXT"))
	}
	ownGroup(process)
	var stdout, stderr bytes.Buffer
	process.Stdout, process.Stderr = &stdout, &stderr
	if merged {
		process.Stderr = &stdout
	}
	err := process.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{stdout: stdout.String(), stderr: stderr.String(), code: process.ProcessState.ExitCode(), command: command}
}
