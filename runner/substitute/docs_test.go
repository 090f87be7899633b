package substitute_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/runner/substitute"
	"github.com/stepdeck/stepdeck/runner/substitute/filters"
)

// TestDocumentedExamples expands every example of the documentation, and looks for every filter there.
func TestDocumentedExamples(t *testing.T) {
	page, err := os.ReadFile("../../docs/expressions.md")
	if err != nil {
		t.Fatal(err)
	}
	before, sections, _ := strings.Cut(string(page), "\n## ")
	vars := variables{}
	for _, row := range rows(before) {
		if len(row[0]) == 1 && len(row[1]) == 1 {
			vars.set(row[0][0], row[1][0])
		}
	}
	examples := 0
	for _, row := range rows(sections) {
		for i, expression := range row[0] {
			want := ""
			if i < len(row[1]) {
				want = row[1][i]
			}
			got, err := substitute.Expand(expression, vars)
			if err != nil || strings.TrimSuffix(got.Text, "\n\n") != want && strings.TrimSpace(got.Text) != want {
				t.Errorf("%s: %q, %v, want %q", expression, got.Text, err, want)
			}
			examples++
		}
	}
	if examples < 50 {
		t.Errorf("%d examples", examples)
	}
	for _, name := range filters.Names() {
		if !regexp.MustCompile(`\b` + name + `\b`).Match(page) {
			t.Errorf("%s is not documented", name)
		}
	}
}

// rows returns the code in the first two cells of the rows of tables.
func rows(text string) (list [][2][]string) {
	code := regexp.MustCompile("`([^`]*)`")
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|")
		if len(cells) < 4 {
			continue
		}
		var row [2][]string
		for i := range row {
			for _, m := range code.FindAllStringSubmatch(cells[i+1], -1) {
				row[i] = append(row[i], strings.ReplaceAll(m[1], "\x00", "|"))
			}
		}
		list = append(list, row)
	}
	return list
}
