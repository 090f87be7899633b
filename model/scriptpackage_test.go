package model

import (
	"slices"
	"strings"
	"testing"
)

func TestFolderNamesOfPackages(t *testing.T) {
	for name, want := range map[string]string{
		"Tools": "Tools", " AWS.Lambda Package ": "AWS.Lambda Package", `a/b\\c:d*?"<>|`: "abcd", "..": "", "a. .": "a", "naïve": "naïve",
	} {
		if got := (ScriptPackage{Name: name}).FolderName(); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestCheckScriptPackages(t *testing.T) {
	for _, c := range []struct {
		name string
		list []ScriptPackage
		want []string // fields
	}{
		{"none", nil, nil},
		{"good", []ScriptPackage{{Name: "a", Package: "x"}, {Name: "b", Package: "x", Version: "#{V}"}}, nil},
		{"no name", []ScriptPackage{{Package: "x"}}, []string{"packages[0].name"}},
		{"no id", []ScriptPackage{{Name: "a"}}, []string{"packages[0].id"}},
		{"the same name", []ScriptPackage{{Name: "a", Package: "x"}, {Name: "A", Package: "y"}}, []string{"packages[1].name"}},
		{"the same folder", []ScriptPackage{{Name: "a", Package: "x"}, {Name: "/a", Package: "y"}}, []string{"packages[1].name"}},
		{"brackets", []ScriptPackage{{Name: "a[0]", Package: "x"}}, []string{"packages[0].name"}},
		{"out of the folder", []ScriptPackage{{Name: "../..", Package: "x"}}, []string{"packages[0].name"}},
		{"a device", []ScriptPackage{{Name: "NUL.txt", Package: "x"}}, []string{"packages[0].name"}},
		{"control character", []ScriptPackage{{Name: "a\x1bb", Package: "x"}}, []string{"packages[0].name"}},
		{"long", []ScriptPackage{{Name: strings.Repeat("a", 101), Package: "x"}}, []string{"packages[0].name"}},
	} {
		var got []string
		for _, p := range checkScriptPackages(c.list) {
			got = append(got, p.Field)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: problems at %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPackagePathUses(t *testing.T) {
	for text, want := range map[string][]string{
		`cd "#{Octopus.Action.Package[Tools].ExtractedPath}"`: {"Octopus.Action.Package[Tools].ExtractedPath"},
		"$p = $OctopusParameters[\"Octopus.Action.Package[A.B c].PackageFilePath\"]\n" +
			"$OctopusParameters['octopus.action.package[a.b C].packagefilepath']": {
			"Octopus.Action.Package[A.B c].PackageFilePath"},
		`get_octopusvariable "Octopus.Action.Package[].OriginalPath"`:       {"Octopus.Action.Package[].OriginalPath"},
		`get_octopusvariable "Octopus.Action.Package[x].PackageVersion"`:    nil,
		`$OctopusParameters["Octopus.Action.Package[$name].ExtractedPath"]`: nil,
		`f"Octopus.Action.Package[{name}].ExtractedPath"`:                   nil,
		`#{Octopus.Action[Step].Package[x].ExtractedPath}`:                  nil,
		"  # needs Octopus.Action.Package[x].ExtractedPath":                 nil,
		"Octopus.Action.Package[x].ExtractedPathOf":                         nil,
	} {
		if got := PackagePathUses(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
