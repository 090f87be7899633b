package library_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

func open(t *testing.T, dir string) *library.Library {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return library.New(st, filepath.Join(dir, "packages"))
}

func newLibrary(t *testing.T) (l *library.Library, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	return open(t, dir), dir
}

// zipFile makes a package with one script.
func zipFile(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	entry, err := w.Create("run.sh")
	if err == nil {
		_, err = entry.Write([]byte(body))
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "packages"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestLibrary(t *testing.T) {
	l, dir := newLibrary(t)
	ctx := t.Context()
	first, _, err := l.Import(ctx, zipFile(t, "Acme.1.0.0.zip", "echo 1"), library.ImportOptions{})
	if err != nil || first.Name != "Acme" || first.Version != "1.0.0" {
		t.Fatalf("%+v, %v", first, err)
	}
	// The same bytes are the same package, other bytes are asked about.
	again, _, err := l.Import(ctx, zipFile(t, "Acme.1.0.0.zip", "echo 1"), library.ImportOptions{})
	if err != nil || again.ID != first.ID {
		t.Errorf("%+v, %v", again, err)
	}
	other := zipFile(t, "acme.1.0.zip", "echo 2")
	if _, _, err := l.Import(ctx, other, library.ImportOptions{}); model.ErrorCode(err) != "package.other" {
		t.Errorf("other bytes: %v", err)
	}
	if p, err := l.FindPackage(ctx, "ACME", "1.0"); err != nil || p.SHA256 != first.SHA256 {
		t.Errorf("after the refusal: %+v, %v", p, err)
	}
	replaced, _, err := l.Import(ctx, other, library.ImportOptions{Replace: true})
	if err != nil || replaced.SHA256 == first.SHA256 {
		t.Errorf("%+v, %v", replaced, err)
	}
	for _, v := range []string{"2.0.0-beta.1", "1.10.0", "1.9.0"} {
		if _, _, err := l.Import(ctx, zipFile(t, "Acme."+v+".zip", v), library.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := l.Import(ctx, zipFile(t, "x.zip", "none"), library.ImportOptions{ID: "Acme", Version: "none"}); err != nil {
		t.Fatal(err)
	}
	for rule, want := range map[string]string{"": "1.10.0", "latest": "1.10.0", "Latest-Prerelease": "2.0.0-beta.1", "none": "",
		"1.9": "1.9.0", "2.0.0-BETA.1": "2.0.0-beta.1"} {
		if p, err := l.FindPackage(ctx, "acme", rule); err != nil || p.Version != want {
			t.Errorf("%q gives %q, %v; want %q", rule, p.Version, err, want)
		}
	}
	if _, err := l.FindPackage(ctx, "acme", "3"); model.ErrorCode(err) != "package.version.unknown" {
		t.Errorf("no such version: %v", err)
	}
	if _, err := l.FindPackage(ctx, "acne", ""); model.ErrorCode(err) != "package.unknown" {
		t.Errorf("no such package: %v", err)
	}
	// A removed one takes its bytes along; nothing of imports is left.
	before := len(files(t, dir))
	if err := l.Remove(ctx, "Acme", "1.9.0"); err != nil {
		t.Fatal(err)
	}
	if after := len(files(t, dir)); after != before-1 {
		t.Errorf("%d files, want %d: %v", after, before-1, files(t, dir))
	}
}

func TestLibraryNoticesChangedBytes(t *testing.T) {
	l, _ := newLibrary(t)
	p, _, err := l.Import(t.Context(), zipFile(t, "Acme.1.0.0.zip", "echo 1"), library.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	evil, err := os.ReadFile(zipFile(t, "Acme.1.0.0.zip", "echo 2"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(l.PackagePath(p), evil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Open(t.Context(), p); model.ErrorCode(err) != "package.changed" {
		t.Errorf("changed bytes: %v", err)
	}
}

// A tar is read from end to end for its list once; after that not even its bytes are looked at. They are before a run.
func TestLibraryKeepsWhatIsInATar(t *testing.T) {
	l, dir := newLibrary(t)
	path := filepath.Join(t.TempDir(), "Acme.1.0.0.tar.gz")
	var data bytes.Buffer
	z := gzip.NewWriter(&data)
	w := tar.NewWriter(z)
	body := "echo ran"
	err := w.WriteHeader(&tar.Header{Name: "run.sh", Mode: 0o755, Size: int64(len(body)), ModTime: time.Unix(1e9, 0)})
	if _, writeErr := w.Write([]byte(body)); err == nil {
		err = writeErr
	}
	if err := errors.Join(err, w.Close(), z.Close(), os.WriteFile(path, data.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	p, _, err := l.Import(t.Context(), path, library.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	first, err := l.List(t.Context(), p)
	if err != nil || len(first.Entries) != 1 || !first.Entries[0].Executable {
		t.Fatalf("listed %+v, %v", first, err)
	}
	data.Bytes()[data.Len()-1] ^= 0xff
	if err := os.WriteFile(l.PackagePath(p), data.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	second, err := again.List(t.Context(), p)
	if err != nil || len(second.Entries) != 1 || !second.Entries[0].Modified.Equal(first.Entries[0].Modified) {
		t.Errorf("listed again %+v, %v", second, err)
	}
	for name, one := range map[string]*library.Library{"the one that listed it": l, "a later one": again} {
		if _, err := one.ReadFile(t.Context(), p, "run.sh", 100); model.ErrorCode(err) != "package.changed" {
			t.Errorf("%s reads changed bytes: %v", name, err)
		}
	}
	if err := os.WriteFile(l.PackagePath(p), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := again.List(t.Context(), p); err == nil {
		t.Error("a file of another size is listed")
	}
}

func TestSweepRemovesOnlyOldUnusedFiles(t *testing.T) {
	l, dir := newLibrary(t)
	p, _, err := l.Import(t.Context(), zipFile(t, "Acme.1.0.0.zip", "echo 1"), library.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "packages")
	const orphan = "0000000000000000000000000000000000000000000000000000000000000000"
	young := "1111111111111111111111111111111111111111111111111111111111111111"
	for _, name := range []string{orphan, young, "import-cut", "a note"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-48 * time.Hour)
	for _, name := range []string{orphan, p.SHA256, "a note"} {
		if err := os.Chtimes(filepath.Join(folder, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for _, name := range files(t, dir) {
		left[name] = true
	}
	if left[orphan] || !left[young] || !left[p.SHA256] || !left["a note"] {
		t.Errorf("left are %v", files(t, dir))
	}
}
