package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestArrows fails when an import goes against the architecture, on any of the systems that Stepdeck runs on. Tests may
// import more than what they test: a test uses real parts.
func TestArrows(t *testing.T) {
	watchSources(t)
	for _, goos := range []string{"linux", "darwin", "windows"} {
		t.Run(goos, func(t *testing.T) {
			t.Parallel()
			g, ours := imports(t, goos)
			for _, violation := range violations(g, ours) {
				t.Error(violation)
			}
		})
	}
}

// TestEveryRoomIsThere: a rule for a room that is gone guards nothing.
func TestEveryRoomIsThere(t *testing.T) {
	for _, r := range rooms {
		if !holdsGo(filepath.Join("..", filepath.FromSlash(r.path))) {
			t.Errorf("there is no room %s any more: take its rule out", r.path)
		}
		for _, known := range append(slices.Clone(r.knows), slices.Collect(maps.Keys(barred))...) {
			if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(strings.TrimSuffix(known, "...")))); err != nil {
				t.Errorf("the room %s knows %s, which is not there any more", r.path, known)
			}
		}
	}
}

// holdsGo reports whether a folder or one below it holds source code.
func holdsGo(dir string) bool {
	found := false
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if found = found || filepath.Ext(path) == ".go"; found {
			return fs.SkipAll
		}
		return err
	})
	return found && err == nil
}

func TestArrowsFindPlantedViolations(t *testing.T) {
	sound := graph{
		".":            {"screens/desktop", "fyne.io/fyne/v2/app"},
		"cmd/stepdeck": {"command", "os"},
		"app":          {"app/projects", "app/secrets", "model", "model/store", "runner", "runner/sandbox", "assets"},
		"app/secrets":  {"model", "model/store", "model/vault"},
		"app/projects": {"app/secrets", "app/library", "model/document", "runner/script"},
		"command": {"app", "app/projects", "model", "runner", "runner/engine", "runner/process/supervisor",
			"github.com/alecthomas/kong"},
		"screens/desktop":                    {"app", "screens", "runner/engine", "fyne.io/fyne/v2"},
		"screens":                            {"screens/runs", "fyne.io/fyne/v2", "model"},
		"screens/runs":                       {"screens/widgets", "model", "runner/engine"},
		"screens/widgets":                    {"screens/widgets/grid", "screens/theme", "fyne.io/fyne/v2/canvas"},
		"screens/theme":                      {"fyne.io/fyne/v2"},
		"screens/widgets/grid":               {"fyne.io/fyne/v2"},
		"model":                              {"strings", "time", "net"},
		"model/store":                        {"model", "database/sql", "github.com/mattn/go-sqlite3", "os"},
		"model/vault":                        {"model", "github.com/zalando/go-keyring"},
		"model/document":                     {"model", "os"},
		"runner":                             {"model", "runner/awsenv", "runner/joblog"},
		"runner/awsenv":                      {"model", "github.com/aws/aws-sdk-go-v2/service/sts"},
		"runner/sandbox":                     {"model", "runner/sandbox/signature", "net/http"},
		"runner/sandbox/signature":           {"crypto/hmac"},
		"runner/archive":                     {"model", "github.com/mholt/archiver/v3"},
		"runner/joblog":                      {"model"},
		"runner/engine":                      {"model", "os/exec"},
		"assets":                             {"embed"},
		"fyne.io/fyne/v2/app":                {"github.com/go-gl/glfw/v3.3/glfw"},
		"github.com/alecthomas/kong":         {"reflect"},
		"github.com/mholt/archiver/v3":       {"database/sql"}, // what others import is their own affair
		"github.com/aws/aws-sdk-go-v2/other": {"net/http"},
	}
	ours := func(path string) bool {
		return path == "." || strings.Contains("app assets cmd command model runner screens internal", strings.Split(path, "/")[0])
	}
	if found := violations(sound, ours); len(found) > 0 {
		t.Fatalf("a sound house is called unsound: %q", found)
	}

	for _, row := range []struct {
		name, from, to string
		want           string // the start of the only violation
	}{
		{"model knows another room", "model", "assets", "model imports assets"},
		{"model knows its technology", "model", "model/store", "model imports model/store"},
		{"model opens files", "model", "os", "model imports os"},
		{"model goes to the network", "model", "net/http", "model imports net/http"},
		{"part of model starts processes", "model/rules", "os/exec", "model/rules imports os/exec"},
		{"technology knows a technology", "model/document", "model/store", "model/document imports model/store"},
		{"technology knows the runner", "model/store", "runner/joblog", "model/store imports runner/joblog"},
		{"leaf knows a leaf", "runner/joblog", "runner/awsenv", "runner/joblog imports runner/awsenv"},
		{"inner part of a leaf knows a leaf", "runner/sandbox/signature", "runner/awsenv", "runner/sandbox/signature imports runner/awsenv"},
		{"leaf knows the runner", "runner/process", "runner", "runner/process imports runner"},
		{"leaf knows a technology", "runner/joblog", "model/store", "runner/joblog imports model/store"},
		{"runner knows the store", "runner", "model/store", "runner imports model/store"},
		{"runner knows the wiring", "runner", "app", "runner imports app"},
		{"runner in no known leaf", "runner/extra", "app", "runner/extra imports app"},
		{"a face knows the other", "command", "screens/runs", "command imports screens/runs"},
		{"a screen knows the other face", "screens/runs", "command", "screens/runs imports command"},
		{"the wiring knows a face", "app", "screens/desktop", "app imports screens/desktop"},
		{"a use case knows another", "app/accounts", "app/projects", "app/accounts imports app/projects: a use case knows no other"},
		{"a use case knows the wiring", "app/runs", "app", "app/runs imports app"},
		{"a use case takes assets itself", "app/projects", "assets", "app/projects imports assets"},
		{"a face knows the store", "command", "model/store", "command imports model/store: what a face reads and saves"},
		{"a face knows the vault", "screens/settings", "model/vault", "screens/settings imports model/vault: secrets are sealed"},
		{"a face knows project files", "command", "model/document", "command imports model/document: project files"},
		{"a face knows a leaf", "screens/projects", "runner/substitute", "screens/projects imports runner/substitute: runner.Known"},
		{"a face knows a leaf that has no reason of its own", "screens/desktop", "runner/extra",
			"screens/desktop imports runner/extra: a face knows"},
		{"the window owns processes", "screens/desktop", "runner/process/supervisor", "screens/desktop imports runner/process/supervisor"},
		{"screen takes assets itself", "screens/runs", "assets", "screens/runs imports assets"},
		{"widget knows the model", "screens/widgets", "model", "screens/widgets imports model"},
		{"widget knows a screen", "screens/widgets/grid", "screens/runs", "screens/widgets/grid imports screens/runs"},
		{"theme knows the model", "screens/theme", "model", "screens/theme imports model"},
		{"wiring knows a door", "app", "command", "app imports command"},
		{"command knows the desktop's door", "command", "screens/widgets", "command imports screens/widgets"},
		{"window's door reaches past app", ".", "model", ". imports model"},
		{"command's door reaches past app", "cmd/stepdeck", "runner", "cmd/stepdeck imports runner"},
		{"assets know a room", "assets", "model", "assets imports model"},
		{"window toolkit in the runner", "runner/joblog", "fyne.io/fyne/v2", "runner/joblog imports fyne.io/fyne/v2"},
		{"SQL outside the store", "app", "database/sql", "app imports database/sql"},
		{"SQLite outside the store", "model/document", "github.com/mattn/go-sqlite3", "model/document imports github.com/mattn/go-sqlite3"},
		{"AWS SDK outside awsenv and sandbox", "runner", "github.com/aws/smithy-go", "runner imports github.com/aws/smithy-go"},
		{"archive library elsewhere", "runner", "github.com/mholt/archiver/v3", "runner imports github.com/mholt/archiver/v3"},
		{"keychain elsewhere", "app", "github.com/zalando/go-keyring", "app imports github.com/zalando/go-keyring"},
		{"room that nobody planned", "internal/odds", "strings", "internal/odds lies in no room"},
		{"another command", "cmd/other", "strings", "cmd/other lies in no room"},
	} {
		t.Run(row.name, func(t *testing.T) {
			planted := maps.Clone(sound)
			planted[row.from] = append(slices.Clone(planted[row.from]), row.to)
			found := violations(planted, ours)
			if !slices.ContainsFunc(found, func(v string) bool { return strings.HasPrefix(v, row.want) }) {
				t.Errorf("violations are %q, none starts with %q", found, row.want)
			}
		})
	}

	t.Run("window toolkit behind the command through a library", func(t *testing.T) {
		planted := maps.Clone(sound)
		planted["github.com/alecthomas/kong"] = []string{"fyne.io/fyne/v2/app"}
		want := "cmd/stepdeck reaches the window toolkit: cmd/stepdeck -> command -> github.com/alecthomas/kong -> fyne.io/fyne/v2/app"
		if found := violations(planted, ours); !slices.Contains(found, want) {
			t.Errorf("violations are %q, want %q among them", found, want)
		}
	})
}

// imports asks `go list` for the graph of the module's packages and of all behind them. Packages that do not build are
// part of it with what they import.
func imports(t *testing.T, goos string) (graph, func(path string) bool) {
	t.Helper()
	module := strings.TrimSpace(string(golist(t, goos, "-m")))
	g := graph{}
	relative := func(path string) string {
		if path == module {
			return "."
		}
		return strings.TrimPrefix(path, module+"/")
	}
	own := map[string]bool{}
	for dec := json.NewDecoder(bytes.NewReader(golist(t, goos, "-deps", "-e", "-json=ImportPath,Imports,Module", "./..."))); ; {
		var p struct {
			ImportPath string
			Imports    []string
			Module     *struct{ Main bool }
		}
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		path := relative(p.ImportPath)
		own[path] = p.Module != nil && p.Module.Main
		g[path] = nil // a package without imports is in a room too
		for _, to := range p.Imports {
			g[path] = append(g[path], relative(to))
		}
		g[path] = slices.Compact(g[path])
	}
	if !own["model"] {
		t.Fatalf("go list found no model among %d packages: this test looks at nothing", len(g))
	}
	return g, func(path string) bool { return own[path] }
}

// watchSources lists every source folder. `go test` remembers what a test looked at and takes an old result only while
// that stands unchanged, but it does not see what `go list` reads.
func watchSources(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".") && path != ".."
		if err == nil && entry.IsDir() && (hidden || slices.Contains([]string{"bin", "dist", "tmp", "testdata"}, entry.Name())) {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// golist runs `go list` at the top of the module. CGO_ENABLED=1 shows the cgo files' imports too; no compiler runs.
func golist(t *testing.T, goos string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return out
}

func sortedKeys(g graph) []string { return slices.Sorted(maps.Keys(g)) }
