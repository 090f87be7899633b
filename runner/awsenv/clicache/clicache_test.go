package clicache_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stepdeck/stepdeck/runner/awsenv/clicache"
)

func TestWriteKeepsWhatItDoesNotKnow(t *testing.T) {
	for name, row := range map[string]struct{ old, changed, want string }{
		"a field":             {`{"a": 1, "ours": 1}`, `{"ours": 2}`, `{"a": 1, "ours": 2}`},
		"a field of an inner": {`{"in": {"x": 1, "ours": 1}}`, `{"in": {"ours": 2}}`, `{"in": {"x": 1, "ours": 2}}`},
		"a list is replaced":  {`{"l": [1, 2]}`, `{"l": [3]}`, `{"l": [3]}`},
		"an object for text":  {`{"in": "text"}`, `{"in": {"ours": 2}}`, `{"in": {"ours": 2}}`},
		"a large number":      {`{"n": 12345678901234567890}`, `{}`, `{"n": 12345678901234567890}`},
		"a damaged file":      {`{"a": `, `{"ours": 2}`, `{"ours": 2}`},
		"an empty file":       {``, `{"ours": 2}`, `{"ours": 2}`},
		"null":                {`null`, `{"ours": 2}`, `{"ours": 2}`},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.json")
			if err := os.WriteFile(path, []byte(row.old), 0o644); err != nil { // Write must narrow it
				t.Fatal(err)
			}
			if err := clicache.Write(path, json.RawMessage(row.changed)); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil || !same(t, string(data), row.want) {
				t.Errorf("%s, %v; want %s", data, err, row.want)
			}
			owners(t, path)
		})
	}
}

func same(t *testing.T, one, other string) bool {
	t.Helper()
	var a, b any
	if err := errors.Join(decode(one, &a), decode(other, &b)); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(a, b)
}

func decode(text string, to *any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(to)
}

// owners fails when others may read the file.
func owners(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestWriteMakesTheFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sso", "cache", "file.json")
	if err := clicache.Write(path, map[string]int{"a": 1}); err != nil {
		t.Fatal(err)
	}
	owners(t, path)
	var got map[string]int
	if err := clicache.Read(path, &got); err != nil || got["a"] != 1 {
		t.Error(got, err)
	}
}

func TestReadRefuses(t *testing.T) {
	folder := t.TempDir()
	var got map[string]any
	if err := clicache.Read(filepath.Join(folder, "missing.json"), &got); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	large := filepath.Join(folder, "large.json")
	if err := os.WriteFile(large, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := clicache.Read(large, &got); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Error(err)
	}
	if err := clicache.Write(large, map[string]int{"a": 1}); err == nil {
		t.Error("a file that can't be one of the aws command was replaced")
	}
}

func TestOneHoldsTheLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache", "file.json")
	if err := clicache.Write(path, map[string]int{"a": 1}); err != nil {
		t.Fatal(err)
	}
	var (
		group sync.WaitGroup
		inner sync.Mutex // fails to be taken if two are inside
	)
	for range 8 {
		group.Go(func() {
			unlock, err := clicache.Lock(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if !inner.TryLock() {
				t.Error("two hold the lock")
				return
			}
			runtime.Gosched() // lets others in, if they can come in
			inner.Unlock()
			if err := unlock(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestWaitingForTheLockEndsWithTheContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.json")
	if err := clicache.Write(path, map[string]int{"a": 1}); err != nil {
		t.Fatal(err)
	}
	unlock, err := clicache.Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := clicache.Lock(ctx, path); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestNoLockWithoutAFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "cache")
	unlock, err := clicache.Lock(t.Context(), filepath.Join(folder, "file.json"))
	if err != nil || unlock() != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("it left a folder")
	}
}
