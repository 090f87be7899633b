package syntax

import "strings"

// Python returns the lexer for Python.
func Python() Lexer { return python{} }

type python struct{}

// Entries of State.stack are the open string: its quote, or t and T for three single or double ones, in front of which is an 'f' if
// it may have expressions.

func (python) LineComment() string { return "#" }

func (python) Opens(line string) bool {
	var state State
	tokens, _ := python{}.Line(state, line, nil)
	if k := len(tokens) - 1; k >= 0 && tokens[k].Kind == Comment {
		line = line[:tokens[k].From]
	}
	return opensBracket(line) || strings.HasSuffix(strings.TrimRight(line, " \t\r"), ":")
}

func (python) Line(state State, line string, tokens []Token) ([]Token, State) {
	s := pyScanner{scanner: scanner{State: state, line: line, tokens: tokens}}
	for s.i < len(s.line) {
		if s.depth > 0 {
			s.quoted()
		} else {
			s.code()
		}
	}
	if quote := s.top(); (quote == '\'' || quote == '"') && !strings.HasSuffix(strings.TrimRight(line, "\r"), `\`) {
		s.endString() // an open one ends with its line, unless that is continued
	}
	return s.tokens, s.State
}

type pyScanner struct{ scanner }

func (s *pyScanner) beginString(quote byte, formatted bool) {
	if formatted {
		s.push('f')
	}
	s.push(quote)
}

func (s *pyScanner) endString() {
	s.pop()
	if s.top() == 'f' {
		s.pop()
	}
}

// closing returns what ends the open string.
func (s *pyScanner) closing() string {
	switch quote := s.top(); quote {
	case 't':
		return "'''"
	case 'T':
		return `"""`
	default:
		return string(quote)
	}
}

func (s *pyScanner) quoted() {
	closing, formatted := s.closing(), s.stack[0] == 'f'
	for n := 0; s.i+n < len(s.line); n++ {
		rest := s.line[s.i+n:]
		switch {
		case rest[0] == '\\':
			n++
		case strings.HasPrefix(rest, closing):
			s.take(n+len(closing), String)
			s.endString()
			return
		case formatted && (strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "}}")):
			n++
		case formatted && rest[0] == '{':
			s.take(n, String)
			s.take(replacementLength(rest, closing), Variable)
			return
		}
	}
	s.take(len(s.line), String)
}

// replacementLength returns the length of the expression in a string that text begins with, at most to the string's end.
func replacementLength(text, closing string) int {
	depth := 0
	for n := range len(text) {
		switch {
		case text[n] == '{':
			depth++
		case text[n] == '}':
			if depth--; depth == 0 {
				return n + 1
			}
		case strings.HasPrefix(text[n:], closing):
			return n
		}
	}
	return len(text)
}

func (s *pyScanner) code() {
	switch c := s.line[s.i]; {
	case isBlank(c):
		s.i++
	case c == '#':
		s.take(len(s.line), Comment)
	case c == '\'' || c == '"':
		s.openString(0)
	case c == '@' && strings.TrimLeft(s.line[:s.i], " \t") == "":
		s.take(s.span(1, isDotted), Type)
	case isDigit(c) || c == '.' && isDigit(s.at(1)):
		s.take(s.span(0, func(c byte) bool { return isName(c) || c == '.' }), Number)
	case isLetter(c):
		s.word()
	case strings.IndexByte("()[]{}:,;.=+-*/%&|^~<>!@", c) >= 0:
		s.take(1, Operator)
	default:
		s.i++
	}
}

func isDotted(c byte) bool { return isName(c) || c == '.' }

// openString begins a string whose prefix has n letters.
func (s *pyScanner) openString(n int) {
	prefix, quote := s.rest()[:n], s.at(n)
	formatted := strings.ContainsAny(prefix, "fFtT")
	if strings.HasPrefix(s.rest()[n:], strings.Repeat(string(quote), 3)) {
		s.take(n+3, String)
		quote = map[byte]byte{'\'': 't', '"': 'T'}[quote]
	} else {
		s.take(n+1, String)
	}
	s.beginString(quote, formatted)
}

func (s *pyScanner) word() {
	n := s.span(0, isName)
	word := s.rest()[:n]
	switch next := s.at(n); {
	case (next == '\'' || next == '"') && isStringPrefix(word):
		s.openString(n)
	case s.at(-1) == '.':
		s.name(n)
	case word == "def" || word == "class":
		s.take(n, Keyword)
		s.i += s.span(0, isBlank)
		s.take(s.span(0, isName), Command)
	case pythonKeyword(word):
		s.take(n, Keyword)
	default:
		s.name(n)
	}
}

// name takes a name of n bytes, which is that of a function if it is called.
func (s *pyScanner) name(n int) {
	kind := Plain
	if s.at(s.span(n, isBlank)) == '(' {
		kind = Command
	}
	s.take(n, kind)
}

func isStringPrefix(word string) bool {
	switch strings.ToLower(word) {
	case "r", "b", "u", "f", "t", "br", "rb", "fr", "rf", "tr", "rt":
		return true
	}
	return false
}

func pythonKeyword(word string) bool {
	switch word {
	case "False", "None", "True", "and", "as", "assert", "async", "await", "break", "continue", "del", "elif", "else", "except", "finally",
		"for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
		"with", "yield":
		return true
	}
	return false
}
