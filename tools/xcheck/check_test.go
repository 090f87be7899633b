package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module writes files as a module and returns its folder.
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
		want  string // part of the only problem; empty for none
	}{
		{"clean package", map[string]string{"a.go": "package a\n\nimport \"os\"\n\nvar Args = os.Args\n"}, false, ""},
		{"wrong type in a file of that system", map[string]string{"a_darwin.go": "package a\n\nvar N int = \"three\"\n"}, false, "a_darwin.go:3"},
		{"wrong type in a file of another system",
			map[string]string{"a.go": "package a\n", "a_windows.go": "package a\n\nvar N int = \"three\"\n"}, false, ""},
		{
			"unused variable beside a system header",
			map[string]string{"a_darwin.go": "package a\n\n// #include <Foundation/Foundation.h>\nimport \"C\"\n\nfunc f() { unused := 1; " +
				"C.NSLog(nil) }\n"},
			false, "declared and not used: unused",
		},
		{"undefined name in a test", map[string]string{"a.go": "package a\n", "a_test.go": "package a\n\nvar x = nowhere\n"}, true,
			"undefined: nowhere"},
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
				t.Errorf("problems are %q, none of them mentions %q", got, row.want)
			}
		})
	}
}

func TestWithoutCgo(t *testing.T) {
	dir := module(t, map[string]string{
		"go.mod":            "module planted\n\ngo 1.26.0\n",
		"pure/p.go":         "package pure\n\nimport _ \"net\"\n",
		"pure/p_test.go":    "package pure\n\nimport _ \"testing\"\n",
		"c/c.go":            "package c\n\nimport \"C\"\n",
		"user/u.go":         "package user\n\nimport _ \"planted/c\"\n",
		"there/t_any.go":    "package there\n",
		"there/t_cgo.go":    "//go:build windows\n\npackage there\n\nimport \"C\"\n",
		"inside/i.go":       "package inside\n",
		"inside/i_test.go":  "package inside\n\nimport _ \"planted/user\"\n",
		"outside/o.go":      "package outside\n",
		"outside/o_test.go": "package outside_test\n\nimport _ \"planted/user\"\n",
	})
	for _, row := range []struct {
		name  string
		tests bool
		want  []string
	}{
		{"packages", false, []string{"inside", "outside", "pure", "there"}},
		{"packages with their tests", true, []string{"pure", "there"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			q := query{os: "darwin", arch: "arm64", dir: dir, tests: row.tests, patterns: []string{"./..."}}
			packages, err := q.load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, path := range withoutCgo(packages) {
				got = append(got, strings.TrimPrefix(path, "planted/"))
			}
			slices.Sort(got)
			if !slices.Equal(got, row.want) {
				t.Errorf("without cgo are %q, want %q", got, row.want)
			}
		})
	}
}
