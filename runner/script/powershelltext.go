package script

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// powerShell reads -NAME VALUE, -NAME:VALUE, -NAME of a switch, and lists with commas or in @(…). At anything else that it does not
// know the end of, it leaves the text from there.
func (r *argumentReader) powerShell(text string) {
	s := valueScanner{text: text}
	for s.skipGap() {
		start := s.at
		if !r.powerShellArgument(&s) {
			r.leave(text[start:])
			return
		}
	}
}

// powerShellArgument reads one argument, and takes or leaves it. It returns false if its end is not certain.
func (r *argumentReader) powerShellArgument(s *valueScanner) bool {
	start := s.at
	name, colon, isName := s.name()
	if !isName {
		_, ok := s.values()
		r.leave(s.text[start:s.at])
		return ok
	}
	p, known := model.FindParameter(r.declared, name)
	if isSwitch := strings.HasPrefix(lastPart(p.Type), "switch"); known && isSwitch && !colon {
		r.takeOrLeave(p, []string{model.CheckedValue}, s.text[start:s.at])
		return true
	}
	after := s.at
	if s.skipGap(); s.at == len(s.text) || !colon && s.atName() { // a switch that is not declared, or a value is missing
		s.at = after
		r.leave(s.text[start:after])
		return true
	}
	v, ok := s.values()
	if !ok {
		return false
	}
	values, means := v.of(p)
	if !known || !means {
		r.leave(s.text[start:s.at])
		return true
	}
	r.takeOrLeave(p, values, s.text[start:s.at])
	return true
}

func (r *argumentReader) takeOrLeave(p model.Parameter, values []string, written string) {
	if !r.take(p, values...) {
		r.leave(written)
	}
}

// lastPart returns a type's name in small letters without what it is in.
func lastPart(kind string) string {
	kind = strings.ToLower(kind)
	return kind[strings.LastIndexByte(kind, '.')+1:]
}

// powerShellValue is a value, or several of a list.
type powerShellValue struct {
	texts  []string
	isList bool
	number bool // one of them may be a number to PowerShell
	truth  bool // it is $true or $false
}

// of returns the values as texts for a parameter. means is false if PowerShell would not make the same of them: a word that looks like a
// number is one for it, unless it goes to text, which keeps how it is written.
func (v powerShellValue) of(p model.Parameter) (values []string, means bool) {
	kind := strings.TrimSuffix(lastPart(p.Type), "[]")
	isText := kind == "string" && !v.isList
	switch {
	case v.truth || p.As == model.ArgumentSwitch:
		return v.texts, v.truth && p.As == model.ArgumentSwitch
	case v.isList && p.As != model.ArgumentList:
		return nil, false
	case v.number && !isText && p.Control != model.ControlNumber:
		return nil, false
	}
	return v.texts, true
}

// valueScanner reads the arguments of a command of PowerShell.
type valueScanner struct {
	text string
	at   int
}

// skipGap goes to the next word, over comments and continued lines, and reports whether there is one.
func (s *valueScanner) skipGap() bool {
	for s.at < len(s.text) {
		line := s.text[s.at : s.at+lineLength(s.text[s.at:])]
		switch c := s.text[s.at]; {
		case isGap(c):
			s.at++
		case c == '#', c == '`' && strings.TrimLeft(line[1:], " \t") == "":
			s.at += len(line)
		default:
			return true
		}
	}
	return false
}

// atName reports whether a name begins here: a number may begin with a dash, too.
func (s *valueScanner) atName() bool {
	rest, dashed := strings.CutPrefix(s.text[s.at:], "-")
	r, _ := utf8.DecodeRuneInString(rest)
	return dashed && (unicode.IsLetter(r) || r == '_')
}

// name reads a name with its dash. colon says that its value follows behind a colon.
func (s *valueScanner) name() (name string, colon, ok bool) {
	if !s.atName() {
		return "", false, false
	}
	rest := s.text[s.at+1:]
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' })
	if end < 0 {
		end = len(rest)
	}
	colon = strings.HasPrefix(rest[end:], ":")
	if !colon && end < len(rest) && !isGap(rest[end]) {
		return "", false, false
	}
	s.at += 1 + end
	if colon {
		s.at++
	}
	return rest[:end], colon, true
}

// values reads a value, or several with commas between them. It returns false at anything that only PowerShell can tell the value of.
func (s *valueScanner) values() (v powerShellValue, ok bool) {
	if rest, isArray := strings.CutPrefix(s.text[s.at:], "@("); isArray {
		s.at += len(s.text[s.at:]) - len(rest)
		v, ok = s.several(true)
		if s.skipGap(); !ok || !strings.HasPrefix(s.text[s.at:], ")") {
			return v, false
		}
		s.at++
		v.isList = true
	} else {
		v, ok = s.several(false)
	}
	return v, ok && (s.at == len(s.text) || isGap(s.text[s.at]))
}

// several reads values with commas between them. Between brackets a word would be a command.
func (s *valueScanner) several(inBrackets bool) (v powerShellValue, ok bool) {
	for {
		s.skipGap()
		text, bare, ok := s.value()
		if !ok || bare && inBrackets {
			return v, false
		}
		v.texts = append(v.texts, text)
		truth := bare && strings.HasPrefix(text, "$")
		v.number = v.number || bare && !truth && mayBeNumber(text)
		if truth {
			v.truth, v.texts[0] = true, map[bool]string{true: model.CheckedValue, false: model.UncheckedValue}[strings.EqualFold(text, "$true")]
		}
		after := s.at
		if s.skipGap(); !strings.HasPrefix(s.text[s.at:], ",") {
			s.at = after
			v.isList = v.isList || len(v.texts) > 1
			return v, !v.truth || len(v.texts) == 1
		}
		s.at++
	}
}

// value reads one value. bare says that it stands in no quotes.
func (s *valueScanner) value() (text string, bare, ok bool) {
	rest := s.text[s.at:]
	switch {
	case strings.HasPrefix(rest, "'"):
		text, ok = s.quoted('\'', "")
		return text, false, ok
	case strings.HasPrefix(rest, `"`):
		text, ok = s.quoted('"', "$`")
		return text, false, ok
	}
	for _, truth := range []string{"$true", "$false"} {
		if n := len(truth); len(rest) >= n && strings.EqualFold(rest[:n], truth) {
			s.at += n
			return truth, true, true
		}
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !isBare(r) })
	if end < 0 {
		end = len(rest)
	}
	s.at += end
	return rest[:end], true, end > 0 && (rest[0] != '-' || mayBeNumber(rest[:end])) && !strings.HasPrefix(rest, "--")
}

// isBare reports whether a character is nothing special in a word of PowerShell.
func isBare(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || isExpression(r) || strings.ContainsRune("_./\\:+=-", r)
}

// mayBeNumber reports whether PowerShell may take a word for a number.
func mayBeNumber(word string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, "+-."))
	return unicode.IsDigit(r) || isExpression(r)
}

// quoted reads a text in quotes, of which two are one. Other characters that PowerShell takes for the same quotes must stand twice too.
func (s *valueScanner) quoted(quote rune, special string) (text string, ok bool) {
	const single, double = "'\u2018\u2019\u201a\u201b", "\"\u201c\u201d\u201e"
	quotes := single
	if quote == '"' {
		quotes = double
	}
	var b strings.Builder
	for s.at++; s.at < len(s.text); {
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		s.at += size
		switch {
		case strings.ContainsRune(special, r), r == utf8.RuneError:
			return "", false
		case !strings.ContainsRune(quotes, r):
			b.WriteRune(r)
		case strings.HasPrefix(s.text[s.at:], string(r)):
			s.at += size
			b.WriteRune(r)
		default:
			return b.String(), r == quote
		}
	}
	return "", false
}
