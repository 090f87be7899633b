package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module writes files as a module of its own and gives its folder.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCheckFindsPlantedErrors(t *testing.T) {
	const gomod = "module planted\n\ngo 1.26.0\n"
	for _, row := range []struct {
		name  string
		files map[string]string
		tests bool
		want  string // part of the only problem; empty: none
	}{
		{"clean package", map[string]string{"a.go": "package a\n\nimport \"os\"\n\nvar Args = os.Args\n"}, false, ""},
		{"wrong type in a file of that system", map[string]string{"a_darwin.go": "package a\n\nvar N int = \"three\"\n"}, false, "a_darwin.go:3"},
		{"wrong type in a file of another system", map[string]string{"a.go": "package a\n", "a_windows.go": "package a\n\nvar N int = \"three\"\n"}, false, ""},
		{
			"unused variable beside a system header",
			map[string]string{"a_darwin.go": "package a\n\n// #include <Foundation/Foundation.h>\nimport \"C\"\n\nfunc f() { unused := 1; C.NSLog(nil) }\n"},
			false, "declared and not used: unused",
		},
		{"undefined name in a test", map[string]string{"a.go": "package a\n", "a_test.go": "package a\n\nvar x = nowhere\n"}, true, "undefined: nowhere"},
		{"test left alone unless asked", map[string]string{"a.go": "package a\n", "a_test.go": "package a\n\nvar x = nowhere\n"}, false, ""},
		{"outside test of an exported test name", map[string]string{
			"a.go": "package a\n", "export_test.go": "package a\n\nconst Seven = 7\n",
			"out_test.go": "package a_test\n\nimport \"planted\"\n\nvar x string = a.Seven\n",
		}, true, "out_test.go:5"},
		{"syntax error", map[string]string{"a.go": "package a\n\nfunc {\n"}, false, "a.go:3"},
		{"import that is not there", map[string]string{"a.go": "package a\n\nimport _ \"planted/nowhere\"\n"}, false, "planted/nowhere"},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.files["go.mod"] = gomod
			q := query{os: "darwin", arch: "arm64", dir: module(t, row.files), tests: row.tests, patterns: []string{"./..."}}
			packages, err := q.load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := check(packages, q.arch).problems
			switch {
			case row.want == "" && len(got) > 0:
				t.Errorf("problems in a package without any: %q", got)
			case row.want != "" && !slices.ContainsFunc(got, func(p string) bool { return strings.Contains(p, row.want) }):
				t.Errorf("problems are %q, none of them tells of %q", got, row.want)
			}
		})
	}
}

func TestWithoutCgo(t *testing.T) {
	q := query{os: "darwin", arch: "arm64", patterns: []string{"./..."}, dir: module(t, map[string]string{
		"go.mod":         "module planted\n\ngo 1.26.0\n",
		"pure/p.go":      "package pure\n\nimport _ \"net\"\n",
		"c/c.go":         "package c\n\nimport \"C\"\n",
		"user/u.go":      "package user\n\nimport _ \"planted/c\"\n",
		"there/t_any.go": "package there\n",
		"there/t_cgo.go": "//go:build windows\n\npackage there\n\nimport \"C\"\n",
	})}
	packages, err := q.load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := withoutCgo(packages), []string{"planted/pure", "planted/there"}; !slices.Equal(got, want) {
		t.Errorf("without cgo are %q, want %q", got, want)
	}
}
