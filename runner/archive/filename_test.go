package archive

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// The corpus has what Octopus reads, and where that is nonsense, what to read instead.
func TestParseFileNameByCorpus(t *testing.T) {
	data, err := os.ReadFile("testdata/package-names.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		File              string
		Octopus, Stepdeck json.RawMessage
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	ours := 0
	for _, row := range rows {
		if row.Stepdeck != nil {
			ours++
		}
	}
	if len(rows) != 60 || ours != 26 {
		t.Fatalf("the corpus has %d rows, %d with a reading of our own", len(rows), ours)
	}
	for _, row := range rows {
		t.Run(row.File, func(t *testing.T) {
			want := row.Octopus
			if row.Stepdeck != nil {
				want = row.Stepdeck
			}
			got, err := ParseFileName(row.File)
			if bytes.HasPrefix(want, []byte(`"refused`)) {
				if err == nil {
					t.Fatalf("got %+v, want a refusal", got)
				}
				if code := model.ErrorCode(err); strings.Contains(string(want), "format") && code != "archive.format" {
					t.Errorf("code %q", code)
				}
				return
			}
			var expected struct {
				ID, Version string
				Guessed     bool
			}
			if err := json.Unmarshal(want, &expected); err != nil {
				t.Fatal(err)
			}
			if err != nil || got.ID != expected.ID || got.Version != expected.Version || got.Guessed != expected.Guessed {
				t.Errorf("got %+v, %v; want %+v", got, err, expected)
			}
		})
	}
}

func TestParseFileNameOfEveryFormat(t *testing.T) {
	stems := []struct{ stem, version string }{
		{"foo.1.0.0", "1.0.0"},
		{"foo.1.0.0-tag", "1.0.0-tag"},
		{"foo.1.0.0-tag-release.tag", "1.0.0-tag-release.tag"},
		{"foo.1.0.0+buildmeta", "1.0.0+buildmeta"},
		{"foo.1.0.0-tag-release.tag+buildmeta", "1.0.0-tag-release.tag+buildmeta"},
	}
	endings := map[string]Format{
		".zip": Zip, ".nupkg": NuPkg, ".tar": Tar, ".tar.gz": TarGz, ".tgz": TarGz, ".tar.bz2": TarBz2, ".tbz2": TarBz2, ".TAR.GZ": TarGz,
	}
	for _, row := range stems {
		for ending, format := range endings {
			got, err := ParseFileName(row.stem + ending)
			if want := (Name{ID: "foo", Version: row.version, Format: format}); err != nil || got != want {
				t.Errorf("%s: got %+v, %v; want %+v", row.stem+ending, got, err, want)
			}
		}
	}
}

func TestParseFileNameGuesses(t *testing.T) {
	tests := []struct{ file, id, version string }{
		{"deploy.1.0.0.sh.zip", "deploy.1.0.0.sh", ""},
		{"lib2.5.1.0.0.zip", "lib2", "5.1.0.0"},
		{"utf8.Filenames-1.0.0.zip", "utf8.Filenames", "1.0.0"},
		{"My Scripts (final).zip", "My Scripts (final)", ""},
		{"scripts (2).zip", "scripts", ""},
		{"acme-scripts-1.4.2.tgz", "acme-scripts", "1.4.2"},
		{"2024.01.15.zip", "2024.01.15", ""},
	}
	for _, test := range tests {
		if got, err := ParseFileName(test.file); err != nil || got.ID != test.id || got.Version != test.version {
			t.Errorf("%s: got %+v, %v; want %s, %s", test.file, got, err, test.id, test.version)
		}
	}
}

func FuzzParseFileName(f *testing.F) {
	for _, seed := range []string{"a.1.0.0.zip", "foo-1.0.0 (1).tar.gz", ".zip", "x.nupkg", "v1.tgz", "ä.1-ü.tar", "a\x00.1.zip", "\xff.zip"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		name, err := ParseFileName(file)
		if err != nil {
			if model.ErrorCode(err) == "" {
				t.Fatalf("%q: an error without a code: %v", file, err)
			}
			return
		}
		if name.ID == "" || !isID(name.ID) || name.Format == "" || strings.ContainsAny(name.ID+name.Version, "/\\:\x00\n") {
			t.Fatalf("%q gave %+v", file, name)
		}
		if !strings.HasPrefix(file, name.ID) || !strings.Contains(file, name.Version) {
			t.Fatalf("%q gave %+v, which isn't in it", file, name)
		}
	})
}
