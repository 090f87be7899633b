package joblog

import (
	"slices"
	"strings"
)

// keyByte reads a character of a key, which may be escaped as in JSON.
func keyByte(text string) (c byte, size int) {
	switch {
	case !notOfKey(rune(text[0])):
		return text[0], 1
	case text[0] != '\\':
		return 0, 0
	case strings.HasPrefix(text, `\/`):
		return '/', 2
	}
	switch escape := text[:min(len(text), 6)]; strings.ToLower(escape) {
	case `\u002b`:
		return '+', 6
	case `\u002f`:
		return '/', 6
	case `\u003d`:
		return '=', 6
	}
	return 0, 0
}

func notOfKey(r rune) bool {
	return r >= 0x80 || !isLetterOrDigit(byte(r)) && r != '/' && r != '+' && r != '=' //nolint:gosec // it is ASCII
}

// isKeyValue reports whether the value of something named as a key looks like a key and not like a name or a
// placeholder.
func isKeyValue(value string) bool {
	return len(value) == keyLength || len(value) >= minKeyValue && isMixed(value)
}

// isSecretShape reports whether a text looks like an AWS secret key, and not like a hash, whose letters are all of one
// case.
func isSecretShape(text string) bool {
	return len(text) == keyLength && isVaried(text) && !strings.ContainsRune(text, '=')
}

func isTokenShape(text string) bool { return len(text) >= minToken && isVaried(text) }

func isVaried(text string) bool {
	return strings.ContainsAny(text, "0123456789+/") && strings.ContainsFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' }) &&
		strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' })
}

// tokenStarts are the beginnings of session tokens.
var tokenStarts = []string{"FwoG", "FQoG", "IQoJ", "AQoD", "AQoE"}

// byShape recognises keys beside their id if nothing names them: text, tables, lists and CSV.
func (p *printed) byShape(line string) {
	fields := fieldsOf(line)
	id := -1
	for i, f := range fields {
		if isKeyID(f.text) {
			id = i
		}
	}
	if id < 0 && p.expect == 0 {
		return
	}
	p.expect--
	// On a line without an id, only what is alone or has a fitting name is a key.
	alone := len(fields) == 1
	fits := func(i int) bool {
		_, named := fields[i].key()
		return i != id && (alone || id >= 0 || named) && fields[i].mayBe(id >= 0 && i == id+1)
	}
	secret := alone || id < 0
	for i, f := range fields {
		if isSecretShape(f.text) && fits(i) {
			p.found(f.text)
			secret = true
		}
	}
	for i, f := range fields {
		if isTokenShape(f.text) && (secret || beginsToken(f.text)) && fits(i) {
			p.found(f.text)
		}
	}
	if id >= 0 {
		p.expect = afterKeyID
	}
	p.expect = max(p.expect, 0)
}

func beginsToken(text string) bool {
	return slices.ContainsFunc(tokenStarts, func(start string) bool { return strings.HasPrefix(text, start) })
}

func isKeyID(text string) bool {
	if len(text) < 16 || len(text) > 128 || !strings.HasPrefix(text, "AKIA") && !strings.HasPrefix(text, "ASIA") {
		return false
	}
	return strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// field is a run of characters of which keys consist.
type field struct {
	text   string
	end    int
	before string // the text before it
}

// key returns the name of the field in its line.
func (f field) key() (key string, named bool) {
	if m := keyBefore().FindStringSubmatch(f.before); m != nil {
		return m[1], true
	}
	return "", false
}

// mayBe reports whether the field's name allows it to be a key; nextToID says that an access key's id precedes it.
func (f field) mayBe(nextToID bool) bool {
	key, named := f.key()
	return !named || isSecretKey(key) || nextToID && strings.HasSuffix(f.before, ":")
}

var keyBefore = expression(`([A-Za-z_][A-Za-z0-9_.-]*)\\*["']?\s*[:=]\s*\\*["']?$`)

// padding is the end of base64.
var padding = expression(`^={1,2}([^A-Za-z0-9/+=]|$)`)

func fieldsOf(line string) (fields []field) {
	for at := 0; at < len(line); {
		if notOfKey(rune(line[at])) || line[at] == '=' {
			at++
			continue
		}
		f := field{end: at}
		for f.end < len(line) && !notOfKey(rune(line[f.end])) && (line[f.end] != '=' || padding().MatchString(line[f.end:])) {
			f.end++
		}
		if f.text = line[at:f.end]; len(f.text) >= minKeyValue {
			f.before = line[max(0, at-80):at]
			fields = append(fields, f)
		}
		at = f.end
	}
	return fields
}
