package script_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// pythons returns the Python that steps use, and the oldest and newest of those that the PATH names with their version.
func pythons(t *testing.T) map[string]script.Tool {
	t.Helper()
	found := map[string]script.Tool{"python3": asked(t, python.tool(t).Path)}
	for _, names := range [][]string{{"python3.8", "python3.9", "python3.10"}, {"python3.15", "python3.14", "python3.13", "python3.12"}} {
		for _, name := range names {
			path, err := exec.LookPath(name)
			if err != nil {
				continue
			}
			if tool := asked(t, path); tool.Path != "" {
				found[name] = tool
				break
			}
		}
	}
	return found
}

// asked returns the program itself where path is that of a wrapper.
func asked(t *testing.T, path string) script.Tool {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), path, "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return script.Tool{}
	}
	return script.Tool{Kind: script.Python, Path: strings.TrimSpace(string(out)), Version: filepath.Base(path)}
}

var address = regexp.MustCompile(`0x[0-9a-f]{8,}`)

// What a script can do shows nothing of the bootstrap: each script prints the same and ends in the same way as by python3 FILE.
func TestPythonScriptsRunAsOnTheirOwn(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join("testdata", "python", "*.py"))
	if err != nil || len(scripts) < 100 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	for name, tool := range pythons(t) {
		for _, file := range scripts {
			t.Run(name+"/"+strings.TrimSuffix(filepath.Base(file), ".py"), func(t *testing.T) {
				t.Parallel()
				folder := filepath.Join(t.TempDir(), "content")
				env := []string{"HOME=" + t.TempDir(), "AWS_REGION=eu-west-1"}
				alone := script.Command{
					Path: tool.Path, Dir: folder, Env: []string{"NO_COLOR=1", "TERM=dumb"},
					Args: []string{filepath.Join(folder, "script.py"), "--flag", "two words", "na\u00efve"},
				}
				place(t, file, folder)
				want := start(t, alone, env)
				if err := os.RemoveAll(folder); err != nil {
					t.Fatal(err)
				}
				got := start(t, prepareCopy(t, tool, file, folder), env)
				got.stderr, want.stderr = address.ReplaceAllString(got.stderr, "0x"), address.ReplaceAllString(want.stderr, "0x")
				if got.stdout != want.stdout || got.stderr != want.stderr || got.code != want.code {
					t.Errorf("got exit %d, output\n%.3000s\nerrors\n%.3000s\nwant exit %d, output\n%.3000s\nerrors\n%.3000s",
						got.code, got.stdout, got.stderr, want.code, want.stdout, want.stderr)
				}
			})
		}
	}
}

// place copies a script, and the modules that scripts use, into a folder.
func place(t *testing.T, file, folder string) {
	t.Helper()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "python", "modules"))); err != nil {
		t.Fatal(err)
	}
	data, err := fs.ReadFile(os.DirFS(filepath.Dir(file)), filepath.Base(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "script.py"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func prepareCopy(t *testing.T, tool script.Tool, file, folder string) script.Command {
	t.Helper()
	place(t, file, folder)
	command, err := script.Prepare(t.Context(), script.Input{
		Language: model.Python, Tool: tool, Script: filepath.Join(folder, "script.py"), Parameters: "--flag \"two words\"\nna\u00efve",
		Variables: []model.InputValue{{Name: "AWS.Region", Value: "eu-west-1"}}, Dir: t.TempDir(), Bootstraps: bootstraps(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	return command
}
