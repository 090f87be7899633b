package model

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// versionCorpus holds the results of NuGet's own library.
type versionCorpus struct {
	Versions []struct {
		Text, Normalized, Full string
		Valid, Prerelease      bool
	}
	Ascending [][]string
}

func readVersionCorpus(t *testing.T) versionCorpus {
	t.Helper()
	data, err := os.ReadFile("testdata/versions.json")
	if err != nil {
		t.Fatal(err)
	}
	var corpus versionCorpus
	if err := json.Unmarshal(data, &corpus); err != nil {
		t.Fatal(err)
	}
	if len(corpus.Versions) != 58 || len(corpus.Ascending) != 34 || len(slices.Concat(corpus.Ascending...)) != 44 {
		t.Fatalf("the corpus has %d versions, and %d groups of %d", len(corpus.Versions), len(corpus.Ascending),
			len(slices.Concat(corpus.Ascending...)))
	}
	return corpus
}

func TestParseVersionAsNuGetDoes(t *testing.T) {
	for _, row := range readVersionCorpus(t).Versions {
		t.Run(row.Text, func(t *testing.T) {
			v, err := ParseVersion(row.Text)
			if (err == nil) != row.Valid {
				t.Fatalf("ParseVersion: %v, want valid=%v", err, row.Valid)
			}
			if err != nil {
				if ErrorCode(err) != "version.refused" {
					t.Errorf("code %q", ErrorCode(err))
				}
				return
			}
			if v.Normalized() != row.Normalized || v.Full() != row.Full || v.IsPrerelease() != row.Prerelease {
				t.Errorf("got %q, %q, prerelease %v; want %q, %q, %v",
					v.Normalized(), v.Full(), v.IsPrerelease(), row.Normalized, row.Full, row.Prerelease)
			}
		})
	}
}

func TestCompareVersionsAsNuGetDoes(t *testing.T) {
	groups := readVersionCorpus(t).Ascending
	for i, group := range groups {
		for j, other := range groups {
			want := slices.Compare([]int{i}, []int{j})
			for _, a := range group {
				for _, b := range other {
					if got := CompareVersions(a, b); got != want {
						t.Errorf("CompareVersions(%q, %q) = %d, want %d", a, b, got, want)
					}
					if same := VersionKey(a) == VersionKey(b); same != (want == 0) {
						t.Errorf("VersionKey(%q) = %q, VersionKey(%q) = %q", a, VersionKey(a), b, VersionKey(b))
					}
				}
			}
		}
	}
}

func TestCompareVersionsOfAnyText(t *testing.T) {
	ascending := []string{"", "1.0.0-01", "1.0.0-beta_1", "99999999999.0.0", "banana", "0.0.0-0", "0.0.0", "1.0.0-2", "1.0.0-10",
		"1.0.0-4294967295", "1.0.0-a", "1.0.0-a.1", "1.0.0"}
	for i, a := range ascending {
		for j, b := range ascending {
			if got, want := CompareVersions(a, b), slices.Compare([]int{i}, []int{j}); got != want {
				t.Errorf("CompareVersions(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestVersionKey(t *testing.T) {
	tests := []struct{ name, a, b string }{
		{"case of labels", "1.0.0-RC.1", "1.0-rc.1+build"},
		{"refused text folds", "1.0.0-Beta_1", "1.0.0-BETA_1"},
		{"refused text, Unicode form", "1.0.0-\u00fc", "1.0.0-U\u0308"},
		{"none", "", " "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if VersionKey(test.a) != VersionKey(test.b) {
				t.Errorf("%q and %q differ", VersionKey(test.a), VersionKey(test.b))
			}
		})
	}
	if VersionKey("") != "" {
		t.Errorf("the key of no version is %q", VersionKey(""))
	}
}

func TestPackageKey(t *testing.T) {
	if PackageKey("Pa\u0308ckage.Stra\u00dfe") != PackageKey("P\u00c4CKAGE.STRASSE") {
		t.Error("ids that people consider the same have different keys")
	}
	if PackageKey("a.b") == PackageKey("a-b") {
		t.Error("different ids have the same key")
	}
}

func TestNewestVersion(t *testing.T) {
	tests := []struct {
		name        string
		texts       []string
		prereleases bool
		want        string
		found       bool
	}{
		{"leaves pre-releases out", []string{"1.0.0", "2.0.0-beta.3+build.7", "0.9"}, false, "1.0.0", true},
		{"includes them when asked", []string{"1.0.0", "2.0.0-beta.3+build.7", "0.9"}, true, "2.0.0-beta.3+build.7", true},
		{"only pre-releases", []string{"1.0.0-rc"}, false, "", false},
		{"refused ones are below all", []string{"0.0.1", "99999999999.0.0"}, false, "0.0.1", true},
		{"refused pre-release", []string{"1.2.3-alpha_1", ""}, false, "", true},
		{"unversioned alone", []string{""}, false, "", true},
		{"nothing", nil, true, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, found := NewestVersion(test.texts, test.prereleases)
			if got != test.want || found != test.found {
				t.Errorf("got %q, %v; want %q, %v", got, found, test.want, test.found)
			}
		})
	}
}

func FuzzParseVersion(f *testing.F) {
	for _, seed := range []string{"1.0.0", " 1 .0", "1.0.0-a.1+b", "1.0.0--", "99999999999", "", "-", "+", "1.-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := ParseVersion(text)
		if err != nil {
			return
		}
		again, err := ParseVersion(v.Full())
		if err != nil || again.Full() != v.Full() || again.Compare(v) != 0 {
			t.Fatalf("%q -> %q -> %q, %v", text, v.Full(), again.Full(), err)
		}
		if VersionKey(text) != VersionKey(strings.ToUpper(v.Full())) {
			t.Fatalf("the key of %q depends on case or metadata", text)
		}
	})
}
