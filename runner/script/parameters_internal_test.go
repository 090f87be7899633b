package script

import (
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

// Whatever the parameters, Bash sets them and redirects the script's streams, and does nothing else.
func FuzzBashParameters(f *testing.F) {
	for _, seed := range []string{
		"", "a", "a\nb", "a # b\nc", "'a\nb'\n\"c\n$(d)\"", "a \\\nb \\", `a\\`, "> a\n", "a <<E\nb\nE\n", "a\n) ; b ; (", "$(a\nb)\n{c,d}",
		"[k]=v\n!", "a &", "`a\nb`\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := bashParameters(text)
		if err != nil {
			return
		}
		file, err := syntax.NewParser().Parse(strings.NewReader(got), "")
		if err != nil {
			t.Fatalf("%q becomes %q: %v", text, got, err)
		}
		for i, statement := range file.Stmts {
			call, simple := statement.Cmd.(*syntax.CallExpr)
			if !simple || statement.Background || i > 1 || call.Args[0].Lit() != "set" && call.Args[0].Lit() != "exec" {
				t.Errorf("%q becomes %q", text, got)
			}
		}
	})
}
