package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCatalogueIsUpToDate(t *testing.T) {
	module := filepath.Join("..", "..")
	want, err := catalogue(module)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file(module))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("assets/words/en.json is stale. Update it: go run -C tools ./words ..")
	}
}

func TestCatalogue(t *testing.T) {
	for _, row := range []struct{ name, code, want, problem string }{
		{"a text", `var _ = lang.L("Run")`, `{"id":"Run","other":"Run"}`, ""},
		{"a text over two lines", "var _ = lang.L(\"One \" +\n\"two\")", `{"id":"One two","other":"One two"}`, ""},
		{"quotes", "var _ = lang.L(`say \"hi\" & <go>`)", `{"id":"say \"hi\" & <go>",`, ""},
		{"with values", `var _ = lang.L("{{.N}} left", map[string]any{"N": 1})`, `{"id":"{{.N}} left",`, ""},
		{"a key of its own", `var _ = lang.X("run.verb", "Run")`, `{"id":"run.verb","other":"Run"}`, ""},
		{"a text that is made", `var _ = lang.L("a" + b)`, "", "must be a literal"},
		{"a count", `var _ = plural.N("{{.Count}} file", "{{.Count}} files", n)`,
			`{"id":"{{.Count}} files","one":"{{.Count}} file","other":"{{.Count}} files"}`, ""},
		{"a count with values", `var _ = plural.N("a {{.X}}", "{{.Count}} {{.X}}s", 2, map[string]any{"X": x})`, `"one":"a {{.X}}"`, ""},
		{"a count of one form", `var _ = plural.N("{{.Count}} left", "{{.Count}} left", n)`, "", "one text for every count"},
		{"a count without its plural", `var _ = plural.N("{{.Count}} file")`, "", "a text is missing"},
		{"a count that is a text too", "var _ = lang.L(\"b\")\nvar _ = plural.N(\"a\", \"b\", n)", "", "two texts"},
		{"Fyne's own plural", `var _ = lang.N("{{.Count}} files", n)`, "", "use plural.N"},
		{"a verb of fmt", `var _ = lang.L("%d files")`, "", "use a placeholder"},
		{"a verb of fmt in a count", `var _ = plural.N("1 file", "%[1]d files", n)`, "", "use a placeholder"},
		{"a percent sign", `var _ = lang.L("{{.N}} % done")`, `{"id":"{{.N}} % done",`, ""},
		{"another package's L", `var _ = other.L("no")`, "[\n]", ""},
		{"two texts for a key", "var _ = lang.X(\"k\", \"a\")\nvar _ = lang.X(\"k\", \"b\")", "", "two texts"},
	} {
		t.Run(row.name, func(t *testing.T) {
			module := t.TempDir()
			for _, room := range []string{"screens", "screens/desktop"} {
				if err := os.MkdirAll(filepath.Join(module, room), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(module, "screens", "a.go"), []byte("package a\n"+row.code+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := catalogue(module)
			if row.problem != "" {
				if err == nil || !strings.Contains(err.Error(), row.problem) {
					t.Errorf("error %v, want one with %q", err, row.problem)
				}
				return
			}
			if err != nil || !strings.Contains(string(got), row.want) {
				t.Errorf("%s, %v, want %s", got, err, row.want)
			}
		})
	}
}
