package octopus

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// Use is a name in a script, where it is used first.
type Use struct {
	Name string // as written
	Line int    // from 1
	Test bool   // the script only asks whether it has a value

	Expression bool // it stands in #{…} alone, where a name without a value stays visible
	Raises     bool // reading it is an error if it has no value, as of octopusvariables["X"] in Python, and nothing asks for it
}

// Uses are the names that a script uses.
type Uses struct {
	Variables []Use // each once, in the order of the text
	Helpers   []Use // calls of what has the name of a helper and is not defined by the script itself
	Dynamic   bool  // it also reads variables whose names come into being when it runs

	anything bool   // what it uses is not known
	locals   []Use  // PowerShell variables that it reads, by their names without $
	text     string // without comments
	folded   string // text in lower case, if names come into being when the script runs
}

// Text returns the script without its comments; empty if it is not known.
func (u Uses) Text() string { return u.text }

// Find returns the names that a script uses. It looks for #{…} alone if it does not know the language.
func Find(language model.Language, text string) Uses {
	f := finder{text: text, lines: lineCounter{text: text}}
	f.expressions(text)
	switch language {
	case model.PowerShell:
		f.powerShell()
	case model.Bash:
		f.bash()
	case model.Python:
		f.python()
	default:
		f.uses.text = text
	}
	return f.finish()
}

// Own returns the variables of Octopus itself that the script uses, in the order of the text: those that it has as PowerShell
// variables too.
func (u Uses) Own() []Use {
	var list []Use
	seen := map[string]bool{}
	add := func(use Use) {
		if key := model.NameKey(use.Name); !seen[key] {
			seen[key] = true
			list = append(list, use)
		}
	}
	for _, v := range u.Variables {
		if IsOwn(v.Name) {
			add(v)
		}
	}
	for _, v := range u.locals {
		if own, found := ByOwnName(v.Name); found {
			add(Use{Name: own.Name, Line: v.Line})
		}
	}
	slices.SortStableFunc(list, func(a, b Use) int { return a.Line - b.Line })
	return list
}

// Reads reports whether the script reads a variable, whatever it calls it: by its name, by one of the variable's properties, or,
// in PowerShell, by the variable of its own that it has. Where the script makes up names when it runs, the name counts
// wherever it stands as a word.
func (u Uses) Reads(name string) bool {
	_, found := u.Use(name)
	return found
}

// Use returns where the script uses a variable first.
func (u Uses) Use(name string) (use Use, found bool) {
	if u.anything {
		return Use{Name: name}, true
	}
	key := model.NameKey(name)
	for _, v := range u.Variables {
		if used := model.NameKey(v.Name); used == key || strings.HasPrefix(used, key+".") || strings.HasPrefix(used, key+"[") {
			return v, true
		}
	}
	if use, found = u.local(name); found || !u.Dynamic {
		return use, found
	}
	line := u.word(key)
	return Use{Name: name, Line: line}, line > 0
}

// local returns where the script reads a variable first by the PowerShell variable that it has of its own.
func (u Uses) local(name string) (use Use, found bool) {
	if len(u.locals) == 0 {
		return Use{}, false
	}
	own := OwnNames(name)
	i := slices.IndexFunc(u.locals, func(v Use) bool { return slices.Contains(own, strings.ToLower(v.Name)) })
	if i < 0 {
		return Use{}, false
	}
	return u.locals[i], true
}

// HasLocal reports whether the script reads a variable by the PowerShell variable that it has of its own.
func (u Uses) HasLocal(name string) bool {
	_, found := u.local(name)
	return found
}

// Mentions reports whether a name stands in the script as a word, outside its comments, or in base64, as in a service message.
func (u Uses) Mentions(name string) bool {
	if u.anything {
		return true
	}
	u.folded = strings.ToLower(u.text)
	return u.word(model.NameKey(name)) > 0 || name != "" && strings.Contains(u.text, "'"+base64.StdEncoding.EncodeToString([]byte(name))+"'")
}

// ReadsProperty is Reads for the property of a variable. Where the script makes up names, the property's own name counts alone.
func (u Uses) ReadsProperty(variable, property string) bool {
	return u.Reads(variable+"."+property) || u.Dynamic && strings.Contains(u.folded, "."+strings.ToLower(property))
}

// Anything returns the uses of a script that nothing is known of: it may read every variable.
func Anything() Uses { return Uses{anything: true, Dynamic: true} }

// Merge returns what several scripts use together.
func Merge(list ...Uses) Uses {
	var all Uses
	for _, u := range list {
		all.Variables, all.Helpers = append(all.Variables, u.Variables...), append(all.Helpers, u.Helpers...)
		all.locals, all.Dynamic, all.text = append(all.locals, u.locals...), all.Dynamic || u.Dynamic, all.text+"\n"+u.text
	}
	return all.fold()
}

func (u Uses) fold() Uses {
	if u.Dynamic {
		u.folded = strings.ToLower(u.text)
	}
	return u
}

// word returns the line in which the key of a name stands as a word, 0 if it does not.
func (u Uses) word(key string) int {
	for from := 0; ; {
		i := strings.Index(u.folded[from:], key)
		if i < 0 || key == "" {
			return 0
		}
		at, end := from+i, from+i+len(key)
		before, _ := utf8.DecodeLastRuneInString(u.folded[:at])
		after, _ := utf8.DecodeRuneInString(u.folded[end:])
		if !inWord(before) && !inWord(after) {
			return 1 + strings.Count(u.folded[:at], "\n")
		}
		from = end
	}
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-')
}

// OwnNames returns the names of the PowerShell variables that a variable has of its own, in lower case: its name without what no
// name there can have, and once more without underscores.
func OwnNames(name string) []string {
	if strings.Contains(name, "[") {
		return nil
	}
	keep := func(underscore bool) string {
		return strings.ToLower(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.Is(unicode.Nd, r) || underscore && r == '_' {
				return r
			}
			return -1
		}, name))
	}
	names := []string{keep(true)}
	if short := keep(false); short != names[0] {
		names = append(names, short)
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}

// finder collects the names in one script.
type finder struct {
	text  string
	lines lineCounter
	found []found
	uses  Uses
}

type found struct {
	Use
	at int
}

// longestRead is how much of a script is looked at to tell what one place reads, in bytes.
const longestRead = 512

// each calls do with the submatches of an expression at each place in a text, which has the script's offsets, where the
// given word or mark stands. The expression begins with ^ and the word.
func (f *finder) each(text, word string, expression func() *regexp.Regexp, do func(at int, m []string)) {
	for at := 0; ; at++ {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return
		}
		at += i
		if m := expression().FindStringSubmatch(text[at:min(len(text), at+longestRead)]); m != nil && !wordBefore(text, at) {
			do(at, m)
		}
	}
}

// wordBefore reports whether what begins at an offset is the end of a longer word.
func wordBefore(text string, at int) bool {
	return at > 0 && text[at] != '$' && text[at] != '@' && (isNameByte(text[at-1]) || text[at-1] == '/' || text[at-1] == '.')
}

func isNameByte(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= utf8.RuneSelf
}

func (f *finder) variable(name string, at int, test bool) {
	f.add(Use{Name: name, Test: test}, at)
}

func (f *finder) add(u Use, at int) {
	if u.Name = strings.TrimSpace(u.Name); u.Name != "" {
		f.found = append(f.found, found{u, at})
	}
}

// finish sorts the variables by their places and removes those that come again. A read counts more than a test.
func (f *finder) finish() Uses {
	slices.SortStableFunc(f.found, func(a, b found) int { return a.at - b.at })
	index, asked := map[string]int{}, map[string]bool{}
	for _, v := range f.found {
		key := model.NameKey(v.Name)
		asked[key] = asked[key] || v.Test && !v.Expression
		i, known := index[key]
		switch {
		case !known:
			v.Line = f.lines.of(v.at)
			index[key] = len(f.uses.Variables)
			f.uses.Variables = append(f.uses.Variables, v.Use)
		default:
			first := &f.uses.Variables[i]
			first.Raises = first.Raises || v.Raises
			first.Test, first.Expression = first.Test && v.Test, first.Expression && v.Expression
		}
	}
	for i := range f.uses.Variables {
		u := &f.uses.Variables[i]
		u.Raises = u.Raises && !asked[model.NameKey(u.Name)]
	}
	return f.uses.fold()
}

// lineCounter finds the lines of offsets, fastest in ascending order.
type lineCounter struct {
	text     string
	at, line int
}

func (c *lineCounter) of(offset int) int {
	if offset < c.at {
		c.at, c.line = 0, 0
	}
	c.line += strings.Count(c.text[c.at:offset], "\n")
	c.at = offset
	return c.line + 1
}
