package script

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// remembered is an in-memory cache of versions.
type remembered map[string]string

func (r remembered) key(path string, size int64, changed time.Time) string {
	return fmt.Sprint(path, " ", size, " ", changed.UnixNano())
}

func (r remembered) Get(path string, size int64, changed time.Time) (string, bool) {
	version, ok := r[r.key(path, size, changed)]
	return version, ok
}

func (r remembered) Put(path string, size int64, changed time.Time, version string) {
	r[r.key(path, size, changed)] = version
}

// program writes a tool that prints its version, and counts its starts in a file beside it.
func program(t *testing.T, folder string, kind Kind, body string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("tools of the test are shell scripts")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, fileNames(kind)[0])
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho x >> \"$0.starts\"\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func starts(t *testing.T, path string) int {
	t.Helper()
	data, err := os.ReadFile(path + ".starts")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Count(string(data), "x")
}

func TestFind(t *testing.T) {
	ctx := t.Context()
	t.Run("the first on the PATH that answers", func(t *testing.T) {
		dir := t.TempDir()
		broken := program(t, filepath.Join(dir, "a"), AWS, "echo no good >&2; exit 3")
		good := program(t, filepath.Join(dir, "b"), AWS, "echo aws-cli/2.9.19 Python/3.11.2 Linux/6.1 source/x86_64 prompt/off")
		program(t, filepath.Join(dir, "c"), AWS, "echo aws-cli/1.1.1")
		f := Finder{PATH: strings.Join([]string{"", ".", "relative", filepath.Join(dir, "none"), filepath.Dir(broken), filepath.Dir(good),
			filepath.Join(dir, "c")}, string(os.PathListSeparator))}
		got, err := f.Find(ctx, AWS)
		if want := (Tool{AWS, good, "2.9.19"}); err != nil || got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	})
	t.Run("answers on the error stream", func(t *testing.T) {
		path := program(t, t.TempDir(), AWS, "echo aws-cli/1.16.178 Python/2.7 >&2")
		if got, err := (Finder{PATH: filepath.Dir(path)}).Find(ctx, AWS); err != nil || got.Version != "1.16.178" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("asked once while the file stays", func(t *testing.T) {
		path := program(t, t.TempDir(), PowerShell, "echo PowerShell 7.5.0-preview.3")
		f := Finder{PATH: filepath.Dir(path), Versions: remembered{}}
		for range 3 {
			if got, err := f.Find(ctx, PowerShell); err != nil || got.Version != "7.5.0-preview.3" {
				t.Fatalf("got %+v, %v", got, err)
			}
		}
		if n := starts(t, path); n != 1 {
			t.Errorf("started %d times, want once", n)
		}
		if err := os.Chtimes(path, time.Time{}, time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Find(ctx, PowerShell); err != nil || starts(t, path) != 2 {
			t.Errorf("started %d times after a change, %v", starts(t, path), err)
		}
	})
	t.Run("the settings win", func(t *testing.T) {
		dir := t.TempDir()
		onPath := program(t, filepath.Join(dir, "a"), AWS, "echo aws-cli/1.0.0")
		chosen := program(t, filepath.Join(dir, "b"), AWS, "echo aws-cli/2.0.0")
		got, err := Finder{PATH: filepath.Dir(onPath), Settings: Settings{AWS: chosen}}.Find(ctx, AWS)
		if err != nil || got.Path != chosen || got.Version != "2.0.0" {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err = Finder{PATH: filepath.Dir(onPath), Settings: Settings{AWS: filepath.Join(dir, "gone")}}.Find(ctx, AWS)
		if model.ErrorCode(err) != "tool.setting" || !strings.Contains(err.Error(), "gone") {
			t.Errorf("a setting that leads nowhere: %v", err)
		}
	})
	t.Run("missing", func(t *testing.T) {
		_, err := Finder{PATH: t.TempDir()}.Find(ctx, WindowsPowerShell)
		if runtime.GOOS != "windows" && (model.ErrorCode(err) != "tool.missing" || !strings.Contains(err.Error(), "/usr/local/bin")) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("does not answer", func(t *testing.T) {
		path := program(t, t.TempDir(), WindowsPowerShell, "echo cannot execute; exit 1")
		_, err := Finder{PATH: filepath.Dir(path)}.Find(ctx, WindowsPowerShell)
		if model.ErrorCode(err) != "tool.silent" || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "cannot execute") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("not executable", func(t *testing.T) {
		path := program(t, t.TempDir(), WindowsPowerShell, "echo 5.1")
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (Finder{PATH: filepath.Dir(path)}).Find(ctx, WindowsPowerShell); model.ErrorCode(err) != "tool.missing" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("given up", func(t *testing.T) {
		path := program(t, t.TempDir(), AWS, "exec sleep 60")
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(50*time.Millisecond, cancel)
		if _, err := (Finder{PATH: filepath.Dir(path)}).Find(ctx, AWS); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("told no secret", func(t *testing.T) {
		t.Setenv("STEPDECK_PASSPHRASE", "s3cret")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
		path := program(t, t.TempDir(), AWS, `env > "$0.env"; echo aws-cli/2.0.0`)
		if _, err := (Finder{PATH: filepath.Dir(path)}).Find(ctx, AWS); err != nil {
			t.Fatal(err)
		}
		if env, err := os.ReadFile(path + ".env"); err != nil || !strings.Contains(string(env), "PATH=") ||
			strings.Contains(string(env), "s3cret") {
			t.Errorf("its environment: %s, %v", env, err)
		}
	})
	t.Run("Python 3, not 2", func(t *testing.T) {
		dir := t.TempDir()
		old := program(t, filepath.Join(dir, "a"), Python, "echo Python 2.7.18 >&2")
		good := program(t, filepath.Join(dir, "b"), Python, "echo Python 3.12.1")
		both := strings.Join([]string{filepath.Dir(old), filepath.Dir(good)}, string(os.PathListSeparator))
		if got, err := (Finder{PATH: both}).Find(ctx, Python); err != nil || got != (Tool{Python, good, "3.12.1"}) {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err := Finder{Settings: Settings{Python: old}}.Find(ctx, Python)
		if model.ErrorCode(err) != "tool.setting" || !strings.Contains(err.Error(), "2.7.18") {
			t.Errorf("version 2 in the settings: %v", err)
		}
	})
	t.Run("Python 3.8 or later", func(t *testing.T) {
		old := program(t, t.TempDir(), Python, "echo Python 3.7.16")
		_, err := Finder{Settings: Settings{Python: old}}.Find(ctx, Python)
		if model.ErrorCode(err) != "tool.setting" || !strings.Contains(err.Error(), "3.8 or later") {
			t.Errorf("version 3.7: %v", err)
		}
	})
	t.Run("Python that takes nothing from its environment", func(t *testing.T) {
		python := installed(t, Python)
		for _, option := range []string{"-I", "-E", "-S"} {
			wrapper := program(t, t.TempDir(), Python, "exec '"+python.Path+"' "+option+` "$@"`)
			_, err := Finder{Settings: Settings{Python: wrapper}}.Find(ctx, Python)
			if model.ErrorCode(err) != "tool.setting" || !strings.Contains(err.Error(), "PYTHONPATH") {
				t.Errorf("%s: %v", option, err)
			}
		}
	})
	t.Run("the real bash", func(t *testing.T) {
		if got := installed(t, Bash); !strings.Contains(got.Version, ".") {
			t.Errorf("got %+v", got)
		}
	})
}

// installed returns a program of this computer. Without it the test is skipped on Windows, which Wine plays without any, and fails
// elsewhere.
func installed(t *testing.T, kind Kind) Tool {
	t.Helper()
	got, err := (Finder{}).Find(t.Context(), kind)
	if err != nil && runtime.GOOS == "windows" && os.Getenv("STEPDECK_REQUIRE_TOOLS") != "1" {
		t.Skipf("SKIPPED FOR WANT OF %s: %v (STEPDECK_REQUIRE_TOOLS=1 makes this a failure)", kind, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestKindFor(t *testing.T) {
	for _, c := range []struct {
		language model.Language
		edition  model.Edition
		system   string
		want     Kind
		code     string
	}{
		{model.Bash, model.EditionAuto, "windows", Bash, ""},
		{model.PowerShell, model.EditionAuto, "linux", PowerShell, ""},
		{model.PowerShell, "", "darwin", PowerShell, ""},
		{model.PowerShell, model.EditionAuto, "windows", WindowsPowerShell, ""},
		{model.PowerShell, model.EditionCore, "windows", PowerShell, ""},
		{model.PowerShell, model.EditionDesktop, "windows", WindowsPowerShell, ""},
		{model.PowerShell, model.EditionDesktop, "linux", "", "script.edition.desktop"},
		{model.Python, model.EditionAuto, "linux", Python, ""},
		{"perl", model.EditionAuto, "linux", "", "script.language.later"},
	} {
		got, err := kindFor(c.language, c.edition, c.system)
		if got != c.want || model.ErrorCode(err) != c.code {
			t.Errorf("%s, %s, %s: got %q, %v", c.language, c.edition, c.system, got, err)
		}
	}
}

func TestVersionNumber(t *testing.T) {
	for line, want := range map[string]string{
		"GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)":  "5.2.15(1)-release",
		"GNU bash, version 3.2.57(1)-release (arm64-apple-darwin23)": "3.2.57(1)-release",
		"PowerShell 7.4.1": "7.4.1",
		"5.1.22621.2506":   "5.1.22621.2506",
		"aws-cli/2.31.0 Python/3.13.7 Darwin/25.0.0 exe/arm64 prompt/off": "2.31.0",
		"hello": "",
	} {
		if got := versionNumber().FindString(line); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}
