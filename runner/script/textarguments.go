package script

import (
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// TextArguments reads the text of a script's parameters as arguments by their names: the inverse of ArgumentsText. It takes only what
// means the same as arguments: parameters that the script declares, in the form that the language has for names and values, each given
// once and with a value. rest is everything else, as it is written; without a rest the arguments stand for the whole text.
func TextArguments(language model.Language, declared []model.Parameter, text string) (list []model.Argument, rest []string) {
	text = strings.Trim(unixLines(text), " \t\n")
	hidden, shown, ok := hideExpressions(text)
	if !ok {
		return nil, []string{text}
	}
	r := argumentReader{declared: declared, shown: shown}
	switch language {
	case model.PowerShell:
		r.powerShell(hidden)
	case model.Python:
		r.words(pythonWords(hidden))
	default:
		r.words(bashWords(hidden))
	}
	return r.list, r.rest
}

// hideExpressions replaces each expression by a character for private use, which no language gives a meaning, since an expression may
// contain blanks and the like. ok is false for a text that has such characters, or an expression whose end is not certain.
func hideExpressions(text string) (hidden string, shown *strings.Replacer, ok bool) {
	const first, last = '\ue000', '\uf8ff'
	if strings.ContainsFunc(text, func(r rune) bool { return r >= first && r <= last }) {
		return "", nil, false
	}
	var b strings.Builder
	var pairs []string
	for mark := first; ; mark++ {
		before, after, found := strings.Cut(text, "#{")
		b.WriteString(before)
		if !found {
			return b.String(), strings.NewReplacer(pairs...), true
		}
		inner, rest, closed := strings.Cut(after, "}")
		if !closed || mark > last || strings.ContainsAny(inner, "\"'`\\#{") {
			return "", nil, false
		}
		b.WriteRune(mark)
		pairs = append(pairs, string(mark), "#{"+inner+"}")
		text = rest
	}
}

// isExpression reports whether a character stands for an expression.
func isExpression(r rune) bool { return r >= '\ue000' && r <= '\uf8ff' }

// argumentWord is one word of a text of parameters.
type argumentWord struct {
	value   string
	written string
	plain   bool // its value is known: nothing is left for the shell to expand
}

// argumentReader collects what a text gives.
type argumentReader struct {
	declared []model.Parameter
	shown    *strings.Replacer
	list     []model.Argument
	rest     []string
}

// leave puts a part of the text to the rest.
func (r *argumentReader) leave(written string) {
	if written = strings.Trim(written, " \t\n"); written != "" {
		r.rest = append(r.rest, r.shown.Replace(written))
	}
}

// words reads --NAME VALUE, and --NAME of a switch.
func (r *argumentReader) words(words []argumentWord) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		p, isName := r.named(w)
		switch {
		case w.plain && w.value == "--": // what follows are no names
			for _, w := range words[i:] {
				r.leave(w.written)
			}
			return
		case !isName:
			r.leave(w.written)
		case p.As == model.ArgumentSwitch:
			if !r.take(p, model.CheckedValue) {
				r.leave(w.written)
			}
		case i+1 == len(words):
			r.leave(w.written)
		default:
			value := words[i+1]
			_, another := r.named(value)
			if !value.plain || another {
				r.leave(w.written)
				continue
			}
			if !r.take(p, value.value) {
				r.leave(w.written + " " + value.written)
			}
			i++
		}
	}
}

// named returns the declared parameter whose name a word is. Scripts of Bash and Python tell small letters from capitals.
func (r *argumentReader) named(w argumentWord) (p model.Parameter, found bool) {
	name, dashed := strings.CutPrefix(w.value, "--")
	i := slices.IndexFunc(r.declared, func(p model.Parameter) bool { return p.Name == name })
	if !w.plain || !dashed || i < 0 {
		return p, false
	}
	return r.declared[i], true
}

// take takes values for a parameter, unless arguments can't give these: an empty value is not passed, and a line is a value of a list.
func (r *argumentReader) take(p model.Parameter, values ...string) bool {
	for i, v := range values {
		values[i] = r.shown.Replace(v)
		if p.CodeOnly || v == "" || p.As == model.ArgumentList && strings.Contains(v, "\n") {
			return false
		}
	}
	a := model.Argument{Name: p.Name, Value: strings.Join(values, "\n"), As: p.As}
	if unixLines(a.Value) != a.Value || a.IsEmpty() || model.CheckArgumentName(a.Name) != nil || model.CheckArgument(a) != nil {
		return false
	}
	i := slices.IndexFunc(r.list, func(other model.Argument) bool { return model.NameKey(other.Name) == model.NameKey(a.Name) })
	switch {
	case i < 0:
		r.list = append(r.list, a)
	case p.As == model.ArgumentList:
		r.list[i].Value += "\n" + a.Value
	default:
		return false
	}
	return true
}

// pythonWords splits a text as pythonArguments does.
func pythonWords(text string) (words []argumentWord) {
	s := argumentScanner{text: text}
	for s.skipGap() {
		start := s.at
		value, unclosed := s.argument()
		words = append(words, argumentWord{value, text[start:s.at], unclosed == 0 && !strings.ContainsRune(value, 0)})
	}
	return words
}

// bashWords splits a text as bashParameters does.
func bashWords(text string) (words []argumentWord) {
	parts, redirections, err := splitBash(text)
	if err != nil {
		return []argumentWord{{written: text}}
	}
	for _, part := range parts {
		value, err := bashValue(part)
		words = append(words, argumentWord{value, part, err == nil})
	}
	for _, part := range redirections {
		words = append(words, argumentWord{written: part})
	}
	return words
}
