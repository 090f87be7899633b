package script

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// errExpands says that the value of a word is only known to Bash.
var errExpands = errors.New("bash expands the word")

// bashValue returns the value of one word of Bash without anything that Bash would expand.
func bashValue(word string) (string, error) {
	var b strings.Builder
	for w, err := range syntax.NewParser().WordsSeq(strings.NewReader(word + "\n")) {
		if err != nil {
			return "", err
		}
		for _, part := range w.Parts {
			value, ok := bashPart(part)
			if !ok {
				return "", errExpands
			}
			b.WriteString(value)
		}
	}
	return b.String(), nil
}

func bashPart(part syntax.WordPart) (value string, ok bool) {
	switch part := part.(type) {
	case *syntax.Lit:
		return unescaped(part.Value, "~*?[]{}$`", func(byte) bool { return true })
	case *syntax.SglQuoted:
		if part.Dollar {
			return ansiQuoted(part.Value)
		}
		return part.Value, true
	case *syntax.DblQuoted:
		return doubleQuoted(part)
	}
	return "", false
}

func doubleQuoted(part *syntax.DblQuoted) (value string, ok bool) {
	if part.Dollar {
		return "", false
	}
	for _, inner := range part.Parts {
		lit, isLit := inner.(*syntax.Lit)
		if !isLit {
			return "", false
		}
		text, ok := unescaped(lit.Value, "$`", func(c byte) bool { return strings.IndexByte("$`\"\\", c) >= 0 })
		if !ok {
			return "", false
		}
		value += text
	}
	return value, true
}

// unescaped removes backslashes before the characters that they escape. ok is false for a special character without one.
func unescaped(text, special string, escapes func(byte) bool) (value string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && escapes(text[i+1]):
			i++
			b.WriteByte(text[i])
		case strings.IndexByte(special, c) >= 0:
			return "", false
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

// ansiQuoted returns what stands between $' and ', without escapes that quoteBash does not write.
func ansiQuoted(text string) (value string, ok bool) {
	plain := strings.NewReplacer(`\r`, "\r", `\n`, "\n", `\t`, "\t")
	return plain.Replace(text), !strings.Contains(plain.Replace(text), `\`)
}
