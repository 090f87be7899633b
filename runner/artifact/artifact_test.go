package artifact_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/artifact"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, path string) *artifact.File {
	t.Helper()
	f, err := artifact.NewReader().Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func unchanged(t *testing.T, f *artifact.File, path string) bool {
	t.Helper()
	same, err := f.Unchanged(t.Context(), path)
	if err != nil {
		t.Error(err)
	}
	return same
}

func wantError(t *testing.T, err error, code string) {
	t.Helper()
	if model.ErrorCode(err) != code {
		t.Errorf("the error is %v, want %s", err, code)
	}
}

func TestCopy(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"empty": "", "small": "abc", "large": strings.Repeat("0123456789", 100_000)} {
		t.Run(name, func(t *testing.T) {
			f, to := open(t, write(t, filepath.Join(dir, name), text)), filepath.Join(dir, "kept", name, "file")
			var also bytes.Buffer
			got, err := f.Copy(t.Context(), to, int64(len(text)), &also)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256([]byte(text))
			if want := (artifact.Copied{Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}); got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
			if copied, err := os.ReadFile(to); err != nil || string(copied) != text || also.String() != text {
				t.Errorf("%d bytes, %v; %d bytes went to the other writer", len(copied), err, also.Len())
			}
			if info, err := os.Stat(to); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
		})
	}
}

func TestOneByteTooMuch(t *testing.T) {
	dir := t.TempDir()
	f, to := open(t, write(t, filepath.Join(dir, "file"), "abcd")), filepath.Join(dir, "kept")
	_, err := f.Copy(t.Context(), to, 3, nil)
	wantError(t, err, "artifact.size")
	if _, err := os.Stat(to); !os.IsNotExist(err) {
		t.Errorf("a part was kept: %v", err)
	}
}

func TestAFileThatGrowsIsCopiedAsItWas(t *testing.T) {
	dir := t.TempDir()
	path := write(t, filepath.Join(dir, "log"), "first\n")
	f := open(t, path)
	if !unchanged(t, f, path) {
		t.Error("it has not changed yet")
	}
	write(t, path, "first\nsecond\n")
	got, err := f.Copy(t.Context(), filepath.Join(dir, "kept"), 1<<20, nil)
	if err != nil || got.Size != 6 {
		t.Errorf("%+v, %v", got, err)
	}
	if unchanged(t, f, path) {
		t.Error("the change is not noticed")
	}
}

func TestAFileThatShrinks(t *testing.T) {
	dir := t.TempDir()
	path := write(t, filepath.Join(dir, "log"), "first\nsecond\n")
	f := open(t, path)
	write(t, path, "first\n")
	got, err := f.Copy(t.Context(), filepath.Join(dir, "kept"), 1<<20, nil)
	if err != nil || got.Size != 6 || unchanged(t, f, path) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestACopyReplacesTheOneBefore(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "file"), filepath.Join(dir, "kept")
	for _, text := range []string{"first", "second, longer"} {
		if _, err := open(t, write(t, from, text)).Copy(t.Context(), to, 1<<20, nil); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(to); err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestTheEndOfTheRunEndsACopy(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := open(t, write(t, filepath.Join(dir, "file"), "text")).Copy(ctx, filepath.Join(dir, "kept", "file"), 1<<20, nil)
	wantError(t, err, "artifact.ended")
	if left, _ := filepath.Glob(filepath.Join(dir, "kept", "*")); len(left) > 0 {
		t.Errorf("%q is left", left)
	}
}

func TestWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "")
	for path, code := range map[string]string{
		filepath.Join(dir, "none"):         artifact.CodeMissing,
		filepath.Join(dir, "none", "none"): artifact.CodeMissing,
		dir:                                "artifact.kind",
		os.DevNull:                         "artifact.kind",
		"a\x00b":                           "artifact.read",
	} {
		_, err := artifact.NewReader().Open(t.Context(), path)
		wantError(t, err, code)
	}
}

// A file that was empty when it was opened may be one that a program is about to write.
func TestAFileThatWasEmpty(t *testing.T) {
	dir := t.TempDir()
	path, to := filepath.Join(dir, "file"), filepath.Join(dir, "kept")
	for most, code := range map[int64]string{100: "", 10: "artifact.size"} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		file := open(t, path)
		if err := os.WriteFile(path, []byte("twenty bytes of text"), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := file.Copy(t.Context(), to, most, nil)
		if code != "" {
			wantError(t, err, code)
		} else if err != nil || got.Size != 20 {
			t.Errorf("%+v, %v", got, err)
		}
	}
}
