package octopusimport

import (
	"cmp"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

func never(string) bool { return false }

// fitName returns a name that a thing can have here, as near as possible to the one that it has; otherwise is for one of which
// nothing is left.
func (c *converter) fitName(kind, name, otherwise string, taken func(string) bool) string {
	fitted := cmp.Or(cleanName(name), cleanName(otherwise), "Imported")
	return model.FreeName(fitted, func(n string) bool { return taken(n) || model.CheckName(kind, n) != nil })
}

// cleanName returns a name without what no name can have.
func cleanName(name string) string {
	visible := strings.Map(func(r rune) rune {
		if model.IsHidden(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	const numbered = 10 // characters for a number behind it
	return cut(strings.Join(strings.Fields(visible), " "), model.MaxName-numbered)
}

// fitVariable returns a name that a variable can have; empty if nothing is left of it.
func fitVariable(name string) string {
	fitted := strings.Map(func(r rune) rune {
		if strings.ContainsRune("{}#|", r) || unicode.In(r, unicode.Cc, unicode.Bidi_Control) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	fitted = cut(strings.TrimSpace(fitted), model.MaxName)
	if (model.Variable{Name: fitted, Type: model.TypeText}).Check() != nil {
		return ""
	}
	return fitted
}

// cut returns the first characters of a text.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most]))
}

// fileTitle is what a project is called if nothing else names it.
func fileTitle(path string) string {
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// same reports whether two names are the same to people.
func same(a, b string) bool { return model.NameKey(a) == model.NameKey(b) }

// plainName matches the names in #{…} that are a variable's for certain.
var plainName = pattern(`^[\p{L}_][\p{L}\p{N} ._-]*(\[[\p{L}\p{N} ._-]*\][\p{L}\p{N} ._-]*)*$`)

// onlyName returns the name in a text that consists of one #{name}, or the text itself if it has no expression; empty for
// anything else.
func onlyName(text string) string {
	text = strings.TrimSpace(text)
	if !model.HasExpression(text) {
		return text
	}
	if inner, ok := strings.CutPrefix(text, "#{"); ok {
		if inner, ok = strings.CutSuffix(inner, "}"); ok && plainName().MatchString(inner) {
			return strings.TrimSpace(inner)
		}
	}
	return ""
}

func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
