package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The rooms below the two faces: what they say is shown in a terminal and in the window.
var shared = []string{"app", "model", "runner"}

// terminalWords are a flag, or a command of ours, in a sentence.
var terminalWords = regexp.MustCompile("(^|[\\s\"'(`])(--[a-z][a-z-]+|stepdeck (" +
	"account|aws-account|projects?|packages?|runs?|import|export|doctor|settings|sandbox|schema|preview|verify)\\b)")

// TestNoSentenceBelowTheFacesNamesAFlagOrACommand: the terminal adds how something is done there.
func TestNoSentenceBelowTheFacesNamesAFlagOrACommand(t *testing.T) {
	sentences := 0
	for _, room := range shared {
		err := filepath.WalkDir(filepath.Join("..", room), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			for where, text := range sentencesOf(t, path, nil) {
				sentences++
				if words := terminalWords.FindString(text); words != "" {
					t.Errorf("%s: %q names %q", where, text, strings.TrimSpace(words))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if sentences < 500 {
		t.Errorf("there are %d sentences, so most were not looked at", sentences)
	}
}

// sentencesOf returns the texts of a source file that have several words, by where they stand. Code is read from src where
// that is given.
func sentencesOf(t *testing.T, path string, src any) map[string]string {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if _, tag := n.(*ast.ImportSpec); tag {
			return false
		}
		text, end := literal(n)
		if end && strings.Contains(strings.TrimSpace(text), " ") {
			found[set.Position(n.Pos()).String()] = text
		}
		return !end
	})
	return found
}

// literal is the text of a string, or of several that are joined; ok is false for all else.
func literal(n ast.Node) (text string, ok bool) {
	switch n := n.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(n.Value)
		return text, err == nil && n.Kind == token.STRING
	case *ast.BinaryExpr:
		left, leftOK := literal(n.X)
		right, rightOK := literal(n.Y)
		return left + right, n.Op == token.ADD && leftOK && rightOK
	}
	return "", false
}

func TestTerminalWordsAreFound(t *testing.T) {
	for text, want := range map[string]bool{
		"Choose one with --environment: Test.":                   true,
		"Enter it with: stepdeck account add \"A\" --access-key": true,
		"Look at `stepdeck doctor`.":                             true,
		"Choose one: Test.":                                      false,
		"The folder holds stepdeck's own data.":                  false,
		"a -- b":                                                 false,
		"-----BEGIN PRIVATE KEY-----":                            false,
	} {
		for _, source := range []string{strconv.Quote(text), strconv.Quote(text[:4]) + " + " + strconv.Quote(text[4:])} {
			said := sentencesOf(t, "x.go", "package x\nvar _ = f("+source+")")
			found := false
			for _, s := range said {
				found = found || terminalWords.MatchString(s)
			}
			if found != want {
				t.Errorf("%s is found: %v, want %v", fmt.Sprint(source), found, want)
			}
		}
	}
}
