package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

func manyFiles(t testing.TB, format Format) []byte {
	t.Helper()
	var entries []simple
	for i := range 500 {
		entries = append(entries, simple{name: fmt.Sprintf("folder-%d/file-%03d", i%7, i), content: strings.Repeat("text ", i)})
	}
	return build(t, format, entries...)
}

func TestExtractStopsWithItsContext(t *testing.T) {
	for _, format := range allFormats {
		t.Run(string(format), func(t *testing.T) {
			path := writePackage(t, "x.1.0.0."+string(format), manyFiles(t, format))
			dest := filepath.Join(t.TempDir(), "out")
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if _, err := Extract(ctx, path, dest, Options{}); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			if _, err := os.Stat(dest); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the folder is still there: %v", err)
			}
			if _, err := List(ctx, path, Limits{}); !errors.Is(err, context.Canceled) {
				t.Errorf("listing: %v", err)
			}
		})
	}
}

// The context is cancelled once something has been written, so that the stop is in the middle.
func TestExtractStopsInTheMiddle(t *testing.T) {
	for _, format := range []Format{Zip, TarGz} {
		t.Run(string(format), func(t *testing.T) {
			path := writePackage(t, "x.1.0.0."+string(format), manyFiles(t, format))
			dest := filepath.Join(t.TempDir(), "out")
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			go func() {
				for ctx.Err() == nil {
					if there, _ := filepath.Glob(filepath.Join(dest, "*", "file-*")); len(there) > 0 {
						cancel()
					}
				}
			}()
			if _, err := Extract(ctx, path, dest, Options{Workers: 1}); err != nil {
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
				if _, err := os.Stat(dest); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("the folder is still there: %v", err)
				}
			}
		})
	}
}

func TestExtractChecksTheHash(t *testing.T) {
	path := writePackage(t, "x.1.0.0.zip", build(t, Zip, listed...))
	pkg, err := Identify(context.Background(), path, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	dest := filepath.Join(t.TempDir(), "out")
	if _, err := Extract(context.Background(), path, dest, Options{SHA256: strings.ToUpper(pkg.SHA256)}); err != nil {
		t.Errorf("the right hash: %v", err)
	}
	dest += "2"
	_, err = Extract(context.Background(), path, dest, Options{SHA256: strings.Repeat("0", 64)})
	if model.ErrorCode(err) != "archive.hash" || !strings.Contains(err.Error(), pkg.SHA256) {
		t.Errorf("a wrong hash: %v", err)
	}
	if _, err := os.Stat(dest); !errors.Is(err, os.ErrNotExist) {
		t.Error("something was written before the hash was checked")
	}
}

func TestPackageThatChangesIsNoticed(t *testing.T) {
	path := writePackage(t, "x.1.0.0.zip", build(t, Zip, listed...))
	a, err := Open(path, "", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Extract(context.Background(), filepath.Join(t.TempDir(), "out"), Options{}); model.ErrorCode(err) != "archive.changed" {
		t.Errorf("got %v", err)
	}
}

func TestExtractNeedsAnEmptyFolder(t *testing.T) {
	path := writePackage(t, "x.1.0.0.zip", build(t, Zip, listed...))
	dir := t.TempDir()
	used := filepath.Join(dir, "used")
	if err := os.Mkdir(used, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(used, "mine"), []byte("precious"))
	plain := filepath.Join(dir, "file")
	write(t, plain, nil)
	for dest, code := range map[string]string{used: "archive.dest.used", plain: "archive.dest.kind",
		filepath.Join(dir, "no", "parent"): "archive.dest"} {
		if _, err := Extract(context.Background(), path, dest, Options{}); model.ErrorCode(err) != code {
			t.Errorf("%s: %v", dest, err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(used, "mine")); string(data) != "precious" {
		t.Errorf("a file that was there before is gone: %v", err)
	}
}

func TestLimitsFromSettings(t *testing.T) {
	l := LimitsFrom(func(key string) (int64, bool) {
		switch key {
		case SettingEntries:
			return 7, true
		case SettingRatio:
			return -1, true // means nothing: the default stays
		}
		return 0, false
	})
	want := DefaultLimits()
	want.Entries = 7
	if l != want {
		t.Errorf("got %+v", l)
	}
	if (Limits{}).orDefaults() != DefaultLimits() {
		t.Error("the zero value is not the default")
	}
}
