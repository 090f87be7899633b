package archive

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// fuzzLimits keep an accidental bomb from slowing the search down.
var fuzzLimits = Limits{FileBytes: 1 << 20, Entries: 500, EntryBytes: 4 << 20, TotalBytes: 8 << 20}

func FuzzNamePolicy(f *testing.F) {
	for _, n := range goodNames {
		f.Add(n.stored)
	}
	for _, seed := range []string{"../x", "/x", `C:\x`, "con", "a/../..", "%2e%2e/x", "\xff", "a\x00", "./", ".", "", "a//", "\u202e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, format := range []Format{Zip, NuPkg} {
			p := newPolicy("pkg", format, DefaultLimits(), 0)
			it := item{raw: raw, kind: file, packed: -1}
			if err := p.admit(&it); err != nil {
				if model.ErrorCode(err) == "" || !utf8.ValidString(err.Error()) || strings.ContainsAny(err.Error(), "\x00\n\x1b") {
					t.Fatalf("%q: %v", raw, err)
				}
				continue
			}
			mustBeFit(t, raw, it)
			if it.name == "" {
				continue
			}
			again := item{raw: it.name, kind: it.kind, packed: -1}
			q := newPolicy("pkg", Zip, DefaultLimits(), 0)
			if err := q.admit(&again); err != nil || again.name != it.name {
				t.Fatalf("%q became %q, and that %q, %v", raw, it.name, again.name, err)
			}
			// Whatever some file system considers the same is rejected beside it.
			for _, twin := range []string{strings.ToUpper(it.name), strings.ToLower(it.name)} {
				other := item{raw: twin, kind: file, packed: -1}
				if err := q.admit(&other); err == nil && strings.EqualFold(twin, it.name) {
					t.Fatalf("%q was admitted beside %q", twin, it.name)
				}
			}
		}
	})
}

// mustBeFit checks a name by rules written independently of the policy's.
func mustBeFit(t *testing.T, raw string, it item) {
	t.Helper()
	if it.name == "" {
		if it.kind != folder {
			t.Fatalf("%q is a file without a name", raw)
		}
		return
	}
	if !filepath.IsLocal(filepath.FromSlash(it.name)) || !utf8.ValidString(it.name) || strings.ContainsAny(it.name, "\\:*?\"<>|\x00") {
		t.Fatalf("%q became %q", raw, it.name)
	}
	for _, part := range strings.Split(it.name, "/") {
		if part == "" || part == "." || part == ".." || strings.TrimRight(part, ". ") != part {
			t.Fatalf("%q became %q", raw, it.name)
		}
	}
}

func FuzzNuspec(f *testing.F) {
	for _, seed := range []string{someManifest, "<package><metadata><id>x</id>", "\xff\xfe<\x00p\x00",
		"<?xml version='1.0' encoding='x'?><a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		id, version, err := parseNuspec(data)
		if err == nil && (!isID(id) || version == "" || strings.ContainsAny(id+version, "/\\:\x00\n")) {
			t.Fatalf("id %q, version %q", id, version)
		}
	})
}

func FuzzZip(f *testing.F)    { fuzzReader(f, Zip) }
func FuzzNuPkg(f *testing.F)  { fuzzReader(f, NuPkg) }
func FuzzTar(f *testing.F)    { fuzzReader(f, Tar) }
func FuzzTarGz(f *testing.F)  { fuzzReader(f, TarGz) }
func FuzzTarBz2(f *testing.F) { fuzzReader(f, TarBz2) }

// fuzzReader: whatever the bytes, nothing is written outside, an error leaves nothing behind, and what is listed is
// what is unpacked.
func fuzzReader(f *testing.F, format Format) {
	f.Add(build(f, format, listed...))
	f.Add(build(f, format, simple{name: "../x", content: "x"}))
	f.Add(build(f, format, simple{name: "l", content: "../..", link: true}, simple{name: "a/b", content: strings.Repeat("x", 3000)}))
	f.Add(build(f, format))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx := context.Background()
		dir := t.TempDir()
		path := filepath.Join(dir, "x.1.0.0."+string(format))
		write(t, path, data)
		listing, listErr := List(ctx, path, fuzzLimits)
		_, identifyErr := Identify(ctx, path, fuzzLimits)
		dest := filepath.Join(dir, "out")
		result, err := Extract(ctx, path, dest, Options{Limits: fuzzLimits})
		for _, err := range []error{listErr, identifyErr, err} {
			if err != nil && model.ErrorCode(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
		}
		there, readErr := os.ReadDir(dir)
		if readErr != nil {
			t.Fatal(readErr)
		}
		if err != nil {
			if len(there) != 1 {
				t.Fatalf("left behind %v after %v", there, err)
			}
			return
		}
		if len(there) != 2 {
			t.Fatalf("wrote outside: %v", there)
		}
		if listErr != nil || len(listing.Entries) != result.Files {
			t.Fatalf("%d unpacked, %d listed, %v", result.Files, len(listing.Entries), listErr)
		}
		tree := readTree(t, dest)
		for _, e := range listing.Entries {
			if got, ok := tree[e.Name]; !ok || int64(len(got.data)) != e.Size {
				t.Fatalf("%+v was unpacked as %d bytes", e, len(got.data))
			}
		}
	})
}
