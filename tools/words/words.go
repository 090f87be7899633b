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
	"slices"
	"strconv"
	"strings"
)

// file is where the catalogue lies.
func file(module string) string { return filepath.Join(module, "assets", "words", "en.json") }

// catalogue finds every text that the window passes through fyne's package lang: calls of lang.L and lang.X, whose first
// argument is the English text or, for X, whose second one is. Keys are sorted, so that a change shows as one line.
func catalogue(module string) ([]byte, error) {
	words := map[string]string{}
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

// message is one text. In a list, unlike in an object by key, a text may be called "Description" or "other".
type message struct {
	ID    string `json:"id"`
	Other string `json:"other"`
}

// list writes a message a line.
func list(words map[string]string) ([]byte, error) {
	out := bytes.NewBufferString("[")
	for i, key := range slices.Sorted(maps.Keys(words)) {
		if i > 0 {
			out.WriteByte(',')
		}
		var line bytes.Buffer
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(message{key, words[key]}); err != nil {
			return nil, err
		}
		out.WriteString("\n  ")
		out.Write(bytes.TrimSpace(line.Bytes()))
	}
	out.WriteString("\n]\n")
	return out.Bytes(), nil
}

func collect(path string, words map[string]string) error {
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
		name, ok := langCall(call)
		if !ok {
			return true
		}
		key, text, problem := entry(name, call.Args)
		if problem != "" {
			err = fmt.Errorf("%s: %s", files.Position(call.Pos()), problem)
			return false
		}
		if had, there := words[key]; there && had != text {
			err = fmt.Errorf("%s: %q has two texts: %q and %q", files.Position(call.Pos()), key, had, text)
			return false
		}
		words[key] = text
		return true
	})
	return err
}

func langCall(call *ast.CallExpr) (name string, ok bool) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	from, ok := selector.X.(*ast.Ident)
	if !ok || from.Name != "lang" {
		return "", false
	}
	name = selector.Sel.Name
	return name, name == "L" || name == "Localize" || name == "X" || name == "LocalizeKey"
}

// entry reads the key and the English text of a call.
func entry(name string, args []ast.Expr) (key, text, problem string) {
	wanted := 1
	if name == "X" || name == "LocalizeKey" {
		wanted = 2
	}
	var read []string
	for _, a := range args[:min(wanted, len(args))] {
		s, ok := constant(a)
		if !ok {
			return "", "", "the text must stand here as it is: what is put together while the program runs can't be translated"
		}
		read = append(read, s)
	}
	if len(read) < wanted {
		return "", "", "a text is missing"
	}
	return read[0], read[wanted-1], ""
}

// constant reads a text that is written out, also over several lines.
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
