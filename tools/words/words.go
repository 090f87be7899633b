package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// file returns the path of the catalogue.
func file(module string) string { return filepath.Join(module, "assets", "words", "en.json") }

// catalogue finds every text that the window shows by way of Fyne's package lang:
//
//	lang.L("text", …)              the text is its own key
//	lang.X("key", "text", …)       for one English text that other languages need two of
//	plural.N("one", "other", n, …) a count; the key is the second text
//
// Keys are sorted, so that a change is a change of one line.
func catalogue(module string) ([]byte, error) {
	words := map[string]message{}
	err := filepath.WalkDir(filepath.Join(module, "screens"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		return collect(path, words)
	})
	if err != nil {
		return nil, err
	}
	return list(words)
}

// message is a text in go-i18n's format. Messages are in a list: in an object by key, no key could be "Description" or
// "other".
type message struct {
	ID    string `json:"id"`
	One   string `json:"one,omitempty"` // the singular, if the text depends on a count
	Other string `json:"other"`
}

// list writes each message on its own line.
func list(words map[string]message) ([]byte, error) {
	out := bytes.NewBufferString("[")
	for i, key := range slices.Sorted(maps.Keys(words)) {
		if i > 0 {
			out.WriteByte(',')
		}
		var line bytes.Buffer
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(words[key]); err != nil {
			return nil, err
		}
		out.WriteString("\n  ")
		out.Write(bytes.TrimSpace(line.Bytes()))
	}
	out.WriteString("\n]\n")
	return out.Bytes(), nil
}

func collect(path string, words map[string]message) error {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || err != nil {
			return err == nil
		}
		read := reader(call)
		if read == nil {
			return true
		}
		if problem := add(words, read, call.Args); problem != "" {
			err = fmt.Errorf("%s: %s", files.Position(call.Pos()), problem)
		}
		return err == nil
	})
	return err
}

// add adds the message of a call. It returns what is wrong with it, or "".
func add(words map[string]message, read *form, args []ast.Expr) (problem string) {
	if read.refused != "" {
		return read.refused
	}
	if len(args) < read.texts {
		return "a text is missing"
	}
	var texts []string
	for _, a := range args[:read.texts] {
		text, ok := constant(a)
		if !ok {
			return "the text must be a literal: text composed at run time can't be translated"
		}
		if verb.MatchString(text) {
			return "the text has a verb of package fmt: use a placeholder, {{.Name}}"
		}
		texts = append(texts, text)
	}
	m := read.message(texts)
	if m.One == m.Other {
		return fmt.Sprintf("%q has one text for every count: use lang.L", m.ID)
	}
	if had, ok := words[m.ID]; ok && had != m {
		return fmt.Sprintf("%q has two texts: %q and %q", m.ID, had, m)
	}
	words[m.ID] = m
	return ""
}

// form describes how a function takes its message.
type form struct {
	texts   int // how many of its first arguments are texts
	message func(texts []string) message
	refused string // why the window must not call it
}

var (
	plain  = &form{texts: 1, message: func(t []string) message { return message{ID: t[0], Other: t[0]} }}
	keyed  = &form{texts: 2, message: func(t []string) message { return message{ID: t[0], Other: t[1]} }}
	counts = &form{texts: 2, message: func(t []string) message { return message{ID: t[1], One: t[0], Other: t[1]} }}
	lonely = &form{refused: "this takes a single English form: use plural.N, which takes both"}

	forms = map[string]*form{
		"lang.L": plain, "lang.Localize": plain,
		"lang.X": keyed, "lang.LocalizeKey": keyed,
		"lang.N": lonely, "lang.LocalizePlural": lonely, "lang.XN": lonely,
		"plural.N": counts,
	}
)

// verb matches a verb of package fmt, but not a percent sign in prose such as "62 %".
var verb = regexp.MustCompile(`%[-+#0]*[\d.*]*(?:\[\d+\])?[a-zA-Z]`)

// reader returns how the called function takes its message, or nil if it takes none.
func reader(call *ast.CallExpr) *form {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	from, ok := selector.X.(*ast.Ident)
	if !ok {
		return nil
	}
	return forms[from.Name+"."+selector.Sel.Name]
}

// constant returns the value of a literal, also of several joined by +.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := constant(e.X)
		right, also := constant(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	case *ast.ParenExpr:
		return constant(e.X)
	}
	return "", false
}
