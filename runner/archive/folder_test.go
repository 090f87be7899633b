package archive

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/noroot"
)

func makeFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	src := filepath.Join(t.TempDir(), "src")
	if err := os.Mkdir(src, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(src, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, []byte(content))
	}
	return src
}

func copyFolder(t *testing.T, src string, opts Options) (string, Result, error) {
	t.Helper()
	dest := filepath.Join(t.TempDir(), "out")
	result, err := CopyFolder(context.Background(), src, dest, opts)
	return dest, result, err
}

var folderFiles = map[string]string{"run.sh": "echo run", "lib/a.txt": "a", "lib/deep/b.txt": "", "große.txt": "x"}

func TestCopyFolder(t *testing.T) {
	src := makeFolder(t, folderFiles)
	if err := errors.Join(os.Mkdir(filepath.Join(src, "hollow"), 0o755), os.Chmod(filepath.Join(src, "run.sh"), 0o755)); err != nil {
		t.Fatal(err)
	}
	dest, result, err := copyFolder(t, src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := readTree(t, dest), readTree(t, src); !reflect.DeepEqual(got, want) {
		t.Errorf("copied %v, want %v", got, want)
	}
	if result.Files != 4 || result.Folders != 3 || result.Bytes != 10 || len(result.SHA256) != 64 || result.Format != "" {
		t.Errorf("result %+v", result)
	}
	if _, _, err := copyFolder(t, src, Options{SHA256: result.SHA256}); err != nil {
		t.Errorf("the right hash: %v", err)
	}
	if _, _, err := copyFolder(t, src, Options{SHA256: strings.Repeat("0", 64)}); model.ErrorCode(err) != "archive.folder.hash" {
		t.Errorf("a wrong hash: %v", err)
	}
}

func TestFolderHash(t *testing.T) {
	hash := func(files map[string]string) string {
		_, result, err := copyFolder(t, makeFolder(t, files), Options{})
		if err != nil {
			t.Fatal(err)
		}
		return result.SHA256
	}
	base := hash(folderFiles)
	// A constant, so that a later version doesn't report a change where there is none.
	if want := "7ce10fe5d29cb9dbde2b6a07bd390661940182aa4bdef3d5eb16b1792428455f"; base != want {
		t.Errorf("the hash is %s, was %s", base, want)
	}
	if hash(folderFiles) != base {
		t.Error("the same folder has two hashes")
	}
	for name, files := range map[string]map[string]string{
		"other content":   {"run.sh": "echo RUN", "lib/a.txt": "a", "lib/deep/b.txt": "", "große.txt": "x"},
		"other name":      {"run2.sh": "echo run", "lib/a.txt": "a", "lib/deep/b.txt": "", "große.txt": "x"},
		"one less":        {"run.sh": "echo run", "lib/a.txt": "a", "lib/deep/b.txt": ""},
		"contents change": {"run.sh": "echo run", "lib/a.txt": "", "lib/deep/b.txt": "a", "große.txt": "x"},
	} {
		if hash(files) == base {
			t.Errorf("%s: the same hash", name)
		}
	}
}

func TestCopyFolderRejects(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs names and links that Windows doesn't make")
	}
	link := func(target string) func(src string) error {
		return func(src string) error { return os.Symlink(target, filepath.Join(src, "lib", "link")) }
	}
	tests := []struct {
		name  string
		spoil func(src string) error
		opts  Options
		code  string
	}{
		{"link out", link("../../x"), Options{}, codeLink},
		{"absolute link", link("/etc/passwd"), Options{}, codeLink},
		{"pipe", func(src string) error { return makePipe(filepath.Join(src, "pipe")) }, Options{}, codeSpecial},
		{"names that collide", func(src string) error { return os.WriteFile(filepath.Join(src, "RUN.sh"), nil, 0o600) }, Options{},
			codeCollision},
		{"Windows' name", func(src string) error { return os.WriteFile(filepath.Join(src, "aux.txt"), nil, 0o600) }, Options{}, codeReserved},
		{"too many", func(string) error { return nil }, Options{Limits: Limits{Entries: 3}}, "archive.limit.maxEntries"},
		{"too large", func(string) error { return nil }, Options{Limits: Limits{TotalBytes: 9}}, "archive.limit.maxTotalBytes"},
		{"unreadable", func(src string) error { return os.Chmod(filepath.Join(src, "lib", "a.txt"), 0) }, Options{}, "archive.folder.file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			noroot.Drop(t)
			src := makeFolder(t, folderFiles)
			if err := test.spoil(src); err != nil {
				t.Fatal(err)
			}
			dest, _, err := copyFolder(t, src, test.opts)
			if model.ErrorCode(err) != test.code || strings.Contains(err.Error(), "package ") {
				t.Errorf("got %v", err)
			}
			if _, err := listFolder(src, test.opts.Limits); test.code != "archive.folder.file" && model.ErrorCode(err) != test.code {
				t.Errorf("the listing says %v", err)
			}
			if _, err := os.Stat(dest); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("something is left: %v", err)
			}
		})
	}
}

func TestCopyFolderSkipsLinksInside(t *testing.T) {
	src := makeFolder(t, folderFiles)
	if err := os.Symlink("../run.sh", filepath.Join(src, "lib", "link")); err != nil {
		t.Skipf("SKIPPED: no symbolic links here: %v", err)
	}
	dest, result, err := copyFolder(t, src, Options{})
	if err != nil || len(result.Warnings) != 1 || result.Warnings[0].Entry != "lib/link" {
		t.Fatalf("result %+v, %v", result, err)
	}
	if _, err := os.Lstat(filepath.Join(dest, "lib", "link")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the link was created: %v", err)
	}
}

func TestCopyFolderNotIntoItself(t *testing.T) {
	src := makeFolder(t, folderFiles)
	before := readTree(t, src)
	if _, err := CopyFolder(context.Background(), src, filepath.Join(src, "lib", "out"),
		Options{}); model.ErrorCode(err) != "archive.folder.inside" {
		t.Errorf("got %v", err)
	}
	if !reflect.DeepEqual(readTree(t, src), before) {
		t.Error("the source changed")
	}
	if _, err := CopyFolder(context.Background(), filepath.Join(src, "none"), filepath.Join(t.TempDir(), "out"),
		Options{}); model.ErrorCode(err) != "archive.folder.missing" {
		t.Errorf("a missing folder: %v", err)
	}
}

func listFolder(src string, limits Limits) (Listing, error) {
	f, err := OpenFolder(src, limits)
	if err != nil {
		return Listing{}, err
	}
	defer f.Close()
	return f.List(context.Background())
}

// What is listed and hashed is what a copy creates.
func TestFolderListsWhatACopyCreates(t *testing.T) {
	ctx := context.Background()
	src := makeFolder(t, folderFiles)
	f, err := OpenFolder(src, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dest, result, err := copyFolder(t, src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if sum, err := f.SHA256(ctx); err != nil || sum != result.SHA256 {
		t.Errorf("the hash is %s, %v; that of a copy %s", sum, err, result.SHA256)
	}
	l, err := f.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	tree := readTree(t, dest)
	for _, e := range l.Entries {
		data, err := f.ReadFile(ctx, e.Name, 1<<20)
		if err != nil || string(data) != tree[e.Name].data || e.Size != int64(len(data)) {
			t.Errorf("%+v reads %q, %v; the copy has %q", e, data, err, tree[e.Name].data)
		}
		delete(tree, e.Name)
	}
	if names := strings.Join(l.Folders, " "); names != "lib lib/deep" || len(tree) != 2 {
		t.Errorf("folders %q; not listed: %v", names, tree)
	}
	if data, err := f.ReadFile(ctx, "run.sh", 4); string(data) != "echo" || err != nil {
		t.Errorf("the beginning is %q, %v", data, err)
	}
	for _, name := range []string{"none", "lib", "../src/run.sh"} {
		if data, err := f.ReadFile(ctx, name, 4); err == nil {
			t.Errorf("%s reads %q", name, data)
		}
	}
	if _, err := l.Find("rum.sh"); err == nil || !strings.HasPrefix(err.Error(), `The folder has no file "rum.sh". Did you mean "run.sh"`) {
		t.Errorf("a file that is not there: %v", err)
	}
	if e, err := l.Find(`LIB\A.TXT`); err != nil || e.Name != "lib/a.txt" {
		t.Errorf("found %+v, %v", e, err)
	}
}

func TestFolderContains(t *testing.T) {
	src := makeFolder(t, folderFiles)
	beside := filepath.Join(filepath.Dir(src), "beside")
	inside := filepath.Join(filepath.Dir(src), "alias", "deep", "not there")
	if err := os.Symlink(filepath.Join(src, "lib"), filepath.Join(filepath.Dir(src), "alias")); err != nil {
		t.Skipf("SKIPPED: no symbolic links here: %v", err)
	}
	f, err := OpenFolder(src, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for path, want := range map[string]bool{src: true, filepath.Join(src, "lib"): true, filepath.Join(src, "not", "there"): true, inside: true,
		beside: false, filepath.Dir(src): false} {
		if got, err := f.Contains(path); got != want || err != nil {
			t.Errorf("%s: %v, %v", path, got, err)
		}
	}
	if _, err := OpenFolder(filepath.Join(src, "run.sh"), Limits{}); model.ErrorCode(err) != "archive.folder.kind" {
		t.Errorf("a file: %v", err)
	}
}

// Another program that writes to the folder meanwhile is noticed.
func TestFolderThatChangesMeanwhile(t *testing.T) {
	f, err := OpenFolder(makeFolder(t, folderFiles), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	entries, _, err := f.survey(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(path string) error{
		"grows":            func(path string) error { return os.WriteFile(path, []byte("more than before"), 0o600) },
		"leaves":           os.Remove,
		"becomes a folder": func(path string) error { return errors.Join(os.RemoveAll(path), os.Mkdir(path, 0o700)) },
		"becomes a link":   func(path string) error { return errors.Join(os.RemoveAll(path), os.Symlink("run.sh", path)) },
	} {
		if err := spoil(filepath.Join(f.path, "lib", "a.txt")); err != nil {
			t.Fatal(err)
		}
		_, err := f.digest(entries, func(e *found, r io.Reader) error {
			if n, _ := io.Copy(io.Discard, r); n != e.size {
				return errSize
			}
			return nil
		})
		if model.ErrorCode(err) != "archive.folder.changed" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
