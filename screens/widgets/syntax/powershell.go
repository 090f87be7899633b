package syntax

import "strings"

// PowerShell returns the lexer for PowerShell.
func PowerShell() Lexer { return powerShell{} }

type powerShell struct{}

// Entries of State.stack: 's' '...', 'd' "...", 'S' @'...'@, 'D' @"..."@, '#' <#...#>, '(' $(...) and (...) within it.

func (powerShell) LineComment() string { return "#" }

func (powerShell) Opens(line string) bool { return opensBracket(line) }

func (powerShell) Line(state State, line string, tokens []Token) ([]Token, State) {
	s := psScanner{scanner: scanner{State: state, line: line, tokens: tokens}}
	s.command = !state.cont && (state.depth == 0 || state.top() == '(')
	s.cont = false
	if here := s.top(); (here == 'S' || here == 'D') && s.endsHere(here) {
		s.take(2, String)
		s.pop()
		s.command = false
	}
	for s.i < len(s.line) {
		switch s.top() {
		case '#':
			s.block()
		case 'S':
			s.take(len(s.line), String)
		case 'D', 'd':
			s.quoted()
		case 's':
			s.single()
		default:
			s.code()
		}
	}
	return s.tokens, s.State
}

type psScanner struct {
	scanner
	command bool // the next word may be the name of a command
}

func (s *psScanner) endsHere(kind byte) bool {
	if kind == 'S' {
		return strings.HasPrefix(s.line, "'@")
	}
	return strings.HasPrefix(s.line, `"@`)
}

func (s *psScanner) block() {
	n := strings.Index(s.rest(), "#>")
	if n < 0 {
		s.take(len(s.line), Comment)
		return
	}
	s.take(n+2, Comment)
	s.pop()
}

func (s *psScanner) single() {
	n := strings.IndexByte(s.rest(), '\'')
	switch {
	case n < 0:
		s.take(len(s.line), String)
	case s.at(n+1) == '\'': // doubled: an escaped quote
		s.take(n+2, String)
	default:
		s.take(n+1, String)
		s.pop()
	}
}

func (s *psScanner) quoted() {
	here := s.top() == 'D'
	switch c := s.line[s.i]; {
	case c == '`':
		s.take(2, String)
	case c == '"' && !here && s.at(1) == '"':
		s.take(2, String)
	case c == '"' && !here:
		s.take(1, String)
		s.pop()
	case c == '$' && s.variable():
	default:
		s.take(1, String)
	}
}

// variable reads an expansion that begins with a dollar sign, and reports whether there is one.
func (s *psScanner) variable() bool {
	switch c := s.at(1); {
	case c == '{':
		end := strings.IndexByte(s.rest(), '}')
		if end < 0 {
			end = len(s.line)
		}
		s.take(end+1, Variable)
	case c == '(':
		s.take(2, Operator)
		s.push('(')
		s.command = true
	case isName(c):
		n := s.span(1, isName)
		if s.at(n) == ':' && isName(s.at(n+1)) { // $env:NAME, $script:name
			n = s.span(n+1, isName)
		}
		s.take(n, Variable)
	case c != 0 && strings.IndexByte("$?^", c) >= 0:
		s.take(2, Variable)
	default:
		return false
	}
	return true
}

func (s *psScanner) code() {
	c := s.line[s.i]
	rest := s.rest()
	switch {
	case isBlank(c):
		s.i++
	case strings.HasPrefix(rest, "<#"):
		s.take(2, Comment)
		s.push('#')
	case c == '#' && (s.i == 0 || strings.IndexByte(" \t;{}()|,=", s.at(-1)) >= 0):
		s.take(len(s.line), Comment)
	case c == '`':
		s.cont = s.i == len(s.line)-1
		s.i = min(len(s.line), s.i+2)
	case strings.HasPrefix(rest, `@"`) && strings.TrimSpace(rest[2:]) == "":
		s.take(len(s.line), String)
		s.push('D')
	case strings.HasPrefix(rest, "@'") && strings.TrimSpace(rest[2:]) == "":
		s.take(len(s.line), String)
		s.push('S')
	case c == '"':
		s.take(1, String)
		s.push('d')
		s.command = false
	case c == '\'':
		s.take(1, String)
		s.push('s')
		s.command = false
	case c == '$' && s.variable():
		s.command = s.top() == '(' && s.at(-1) == '('
	case c == '@' && isName(s.at(1)): // splatting
		s.take(s.span(1, isName), Variable)
	case c == '[' && s.typeName():
	case c == '-' && isLetter(s.at(1)):
		s.dashed()
	case strings.IndexByte("|;{}()&=,<>+*/%!-:@[]", c) >= 0:
		s.operator(c)
	default:
		s.word()
	}
}

func (s *psScanner) operator(c byte) {
	s.take(1, Operator)
	switch c {
	case '(':
		if s.depth > 0 {
			s.push('(')
		}
	case ')':
		if s.top() == '(' {
			s.pop()
		}
		s.command = false
		return
	case ',', '+', '*', '/', '%', '<', '>', ':', '[', ']', '-':
		s.command = false
		return
	}
	s.command = true
}

// typeName reads [Name.Space.Type[]]. It returns false if the bracket begins an index.
func (s *psScanner) typeName() bool {
	if prev := s.at(-1); isName(prev) || prev == ')' || prev == ']' {
		return false
	}
	if !isLetter(s.at(1)) {
		return false
	}
	n, depth := 1, 1
	for ; s.i+n < len(s.line) && depth > 0; n++ {
		switch c := s.line[s.i+n]; {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '(': // an attribute: [Parameter(Mandatory)]
			s.take(n, Type)
			return true
		case !isName(c) && c != '.' && c != ',' && c != ' ' && c != '+' && c != '`':
			return false
		}
	}
	if depth > 0 {
		return false
	}
	s.take(n, Type)
	return true
}

// dashed reads -Parameter or -operator.
func (s *psScanner) dashed() {
	n := s.span(1, isName)
	if psOperator(strings.ToLower(s.rest()[1:n])) {
		s.take(n, Operator)
		s.command = false
		return
	}
	if s.at(n) == ':' {
		n++
	}
	s.take(n, Parameter)
}

func (s *psScanner) word() {
	n := s.span(0, func(c byte) bool {
		return !isBlank(c) && strings.IndexByte("|;{}()&=,<>\"'`$[]", c) < 0
	})
	if n == 0 {
		s.i++
		return
	}
	word := s.rest()[:n]
	property := s.at(-1) == '.' || s.at(-1) == ':'
	switch {
	case property:
		s.i += n
	case psKeyword(strings.ToLower(word)):
		s.take(n, Keyword)
		s.command = true
	case isNumber(word):
		s.take(n, Number)
		s.command = false
	case s.command && (isLetter(word[0]) || word[0] == '.' || word[0] == '\\'):
		s.take(n, Command)
		s.command = false
	default:
		s.i += n
		s.command = false
	}
}

func psKeyword(word string) bool {
	switch word {
	case "begin", "break", "catch", "class", "continue", "data", "do", "dynamicparam", "else", "elseif", "end", "enum", "exit", "filter",
		"finally", "for", "foreach", "function", "if", "in", "param", "process", "return", "switch", "throw", "trap", "try", "until",
		"using", "while":
		return true
	}
	return false
}

// psOperator reports whether word, without its dash, is an operator. An i or c in front of one says whether it ignores case; trimming them
// also takes the first letter of contains, in, is and isnot.
func psOperator(word string) bool {
	switch strings.TrimLeft(word, "ic") {
	case "eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch", "ontains", "notcontains", "n", "notin", "replace",
		"split", "join", "s", "snot", "as", "and", "or", "xor", "not", "band", "bor", "bxor", "bnot", "shl", "shr", "f":
		return true
	}
	return false
}
