package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process"
)

// The supervisor starts for each step, so nothing but Go's own library and the calls of the system may be linked.
func TestLinksNextToNothing(t *testing.T) {
	for _, system := range []string{"linux", "darwin", "windows"} {
		list := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range strings.Fields(string(out)) {
			ours := strings.HasSuffix(path, "/cmd/stepdeck-supervisor") || strings.HasSuffix(path, "/runner/process/supervisor")
			if !ours && !strings.HasPrefix(path, "golang.org/x/sys/") {
				t.Errorf("on %s it links %s", system, path)
			}
		}
	}
}

// build builds the program as its packages hold it, but for the version, into a folder of its own.
func build(t *testing.T, dir, version string) (path string) {
	t.Helper()
	path = filepath.Join(dir, "stepdeck-supervisor")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.Command("go", "build", "-ldflags", "-X main.version="+version+" -X main.commit=abcdef", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// hello is a script that says what it is given, and ends with 7.
func hello(t *testing.T, said *strings.Builder) process.Spec {
	t.Helper()
	name, args := "bash", []string{"-c", `echo "$SAY"; exit 7`}
	if runtime.GOOS == "windows" {
		name, args = "cmd.exe", []string{"/d", "/c", "echo %SAY%& exit 7"}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	return process.Spec{
		Path: path, Args: args, Dir: t.TempDir(), Env: append(os.Environ(), "SAY=hello"),
		Stdout: func(p []byte, _ time.Time) { said.Write(p) },
	}
}

func TestRunsAScript(t *testing.T) {
	var said strings.Builder
	spec := hello(t, &said)
	spec.Supervisor = process.Supervisor{Program: build(t, t.TempDir(), "1.2.3"), Build: "1.2.3 (abcdef)"}
	res, err := process.Run(t.Context(), spec, nil)
	if err != nil || res.ExitCode != 7 || strings.TrimSpace(said.String()) != "hello" {
		t.Errorf("%+v, %v, %q", res, err, said.String())
	}
}

func TestRefusesAnEngineOfAnotherVersion(t *testing.T) {
	var said strings.Builder
	spec := hello(t, &said)
	spec.Supervisor = process.Supervisor{Program: build(t, t.TempDir(), "1.2.3"), Build: "1.2.4 (abcdef)"}
	res, err := process.Run(t.Context(), spec, nil)
	if model.ErrorCode(err) != "process.supervisor.version" || res.PID != 0 || said.Len() > 0 {
		t.Fatalf("%+v, %v, %q", res, err, said.String())
	}
	for _, part := range []string{"1.2.3 (abcdef)", "1.2.4 (abcdef)", spec.Supervisor.Program} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not name %s", err, part)
		}
	}
}

func TestStartedByHandItExplainsItself(t *testing.T) {
	program := build(t, t.TempDir(), "1.2.3")
	for name, args := range map[string][]string{"without arguments": nil, "with others": {"--help"}} {
		t.Run(name, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "stepdeck run PROJECT") {
				t.Errorf("%v, %q", err, out)
			}
		})
	}
	// Its one argument alone makes no supervisor: there are no pipes.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := exec.CommandContext(ctx, program, "__supervise").Run(); err == nil || ctx.Err() != nil {
		t.Errorf("%v, %v", err, ctx.Err())
	}
}
