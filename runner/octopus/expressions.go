package octopus

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// How long an expression can be, in bytes, and how many it can have in each other. They keep the time linear for a text that
// opens expressions and never closes them.
const (
	maxExpression = 4096
	maxNested     = 16
)

// expressions finds the names in #{…}, wherever it stands: comments are replaced like all else.
func (f *finder) expressions(text string) {
	var loops []string // the names of what #{each} goes through
	for at := 0; ; {
		i := strings.Index(text[at:], "#{")
		if i < 0 {
			return
		}
		at += i
		if at > 0 && text[at-1] == '#' {
			at += len("#{")
			continue
		}
		inner, whole := inside(text[at+len("#{"):])
		if whole {
			if loop := f.expression(inner, at, loops); loop != "" {
				loops = append(loops, loop)
			}
		}
		at += len("#{") // what is nested in it is next
	}
}

// inside returns the text up to the } that closes an expression.
func inside(text string) (inner string, whole bool) {
	depth := 0
	for i := 0; i < len(text) && i < maxExpression && depth <= maxNested; i++ {
		switch {
		case strings.HasPrefix(text[i:], "#{"):
			depth++
			i++
		case text[i] == '}' && depth > 0:
			depth--
		case text[i] == '}':
			return text[:i], true
		}
	}
	return "", false
}

// expression takes the names out of one expression. It returns the name of a loop's item if a loop begins here.
func (f *finder) expression(inner string, at int, loops []string) (loop string) {
	words := strings.Fields(inner)
	if len(words) == 0 || strings.HasPrefix(words[0], "/") || len(words) == 1 && words[0] == "else" {
		return ""
	}
	rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(inner), words[0]))
	add := func(text string, test bool) {
		if name := operand(text); name != "" && !isLoopItem(name, loops) {
			f.add(Use{Name: name, Test: test, Expression: true}, at)
		}
	}
	switch {
	case len(words) > 1 && (words[0] == "if" || words[0] == "unless"):
		for _, side := range splitAny(rest, "==", "!=") {
			add(side, true)
		}
	case len(words) > 3 && words[0] == "each" && words[2] == "in":
		add(strings.Join(words[3:], " "), false)
		return words[1]
	case len(words) > 1 && words[0] == "calc":
		for _, side := range splitAny(rest, " + ", " - ", " * ", " / ", "+", "*") {
			add(strings.Trim(side, "() {}"), false)
		}
	default:
		add(inner, false)
	}
	return ""
}

// operand returns the name in a part of an expression: without filters, and empty for a text in quotes or a number. Up to a
// nested expression, which is found by itself, the name is not known.
func operand(text string) string {
	text, _, _ = strings.Cut(text, "|")
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text, "\"'$`\n#{}") || strings.Trim(text, "0123456789.") == "" {
		return ""
	}
	return text
}

// isLoopItem reports whether a name is that of a loop's item or something in it, or one that only a loop has.
func isLoopItem(name string, loops []string) bool {
	key := model.NameKey(name)
	if strings.HasPrefix(key, "octopus.template.each.") {
		return true
	}
	for _, loop := range loops {
		item := model.NameKey(loop)
		if key == item || strings.HasPrefix(key, item+".") || strings.HasPrefix(key, item+"[") {
			return true
		}
	}
	return false
}

func splitAny(text string, separators ...string) []string {
	parts := []string{text}
	for _, s := range separators {
		var next []string
		for _, p := range parts {
			next = append(next, strings.Split(p, s)...)
		}
		parts = next
	}
	return parts
}
