package syntax

import "strings"

// Bash returns the lexer for Bash.
func Bash() Lexer { return bash{} }

type bash struct{}

// Entries of State.stack: 's' '...', 'a' $'...', 'd' "...", '{' ${...}, '(' $(...) and (...) within it, '`' `...`.

func (bash) LineComment() string { return "#" }

func (bash) Opens(line string) bool {
	if opensBracket(line) {
		return true
	}
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return false
	}
	switch fields[len(fields)-1] {
	case "then", "do", "else":
		return true
	case "in":
		return fields[0] == "case"
	}
	return false
}

func (bash) Line(state State, line string, tokens []Token) ([]Token, State) {
	s := bashScanner{scanner: scanner{State: state, line: line, tokens: tokens}}
	if s.docs != "" && s.depth == 0 {
		s.heredoc()
		return s.tokens, s.State
	}
	s.command = !s.cont && (s.depth == 0 || s.top() == '(' || s.top() == '`')
	s.cont = false
	for s.i < len(s.line) {
		s.step()
	}
	return s.tokens, s.State
}

type bashScanner struct {
	scanner
	command bool // the next word may be the name of a command
}

// step reads the next token, inside the innermost open quote or bracket.
func (s *bashScanner) step() {
	switch s.top() {
	case 's':
		s.until('\'')
	case 'a':
		s.ansiQuoted()
	case 'd':
		s.quoted()
	case '{':
		s.parameter()
	default:
		s.code()
	}
}

// heredoc reads a line of a here document. An entry of docs is a flag for <<-, a flag for a quoted word, the word and a line feed.
func (s *bashScanner) heredoc() {
	doc, rest, _ := strings.Cut(s.docs, "\n")
	text := s.line
	if doc[0] == '-' {
		text = strings.TrimLeft(text, "\t")
	}
	if text == doc[2:] {
		s.take(len(s.line), Keyword)
		s.docs = rest
		return
	}
	if doc[1] == 'q' {
		s.take(len(s.line), String)
		return
	}
	for s.i < len(s.line) {
		switch {
		case s.depth > 0:
			s.step()
		case s.line[s.i] == '\\':
			s.take(2, String)
		case s.line[s.i] == '$' && s.variable():
		default:
			s.take(1, String)
		}
	}
	for s.depth > 0 { // an open quote must not hide the end of the document
		s.pop()
	}
}

func (s *bashScanner) until(quote byte) {
	n := strings.IndexByte(s.rest(), quote)
	if n < 0 {
		s.take(len(s.line), String)
		return
	}
	s.take(n+1, String)
	s.pop()
}

func (s *bashScanner) ansiQuoted() {
	switch s.line[s.i] {
	case '\\':
		s.take(2, String)
	case '\'':
		s.take(1, String)
		s.pop()
	default:
		s.take(1, String)
	}
}

func (s *bashScanner) quoted() {
	switch c := s.line[s.i]; {
	case c == '"':
		s.take(1, String)
		s.pop()
	case c == '\\':
		s.take(2, String)
	case c == '`':
		s.take(1, Operator)
		s.push('`')
		s.command = true
	case c == '$' && s.variable():
	default:
		s.take(1, String)
	}
}

func (s *bashScanner) parameter() {
	switch c := s.line[s.i]; {
	case c == '}':
		s.take(1, Variable)
		s.pop()
	case c == '\\':
		s.take(2, Variable)
	case c == '"':
		s.take(1, String)
		s.push('d')
	case c == '$' && s.variable():
	default:
		s.take(1, Variable)
	}
}

// variable reads an expansion that begins with a dollar sign, and reports whether there is one.
func (s *bashScanner) variable() bool {
	switch c := s.at(1); {
	case c == '{':
		s.take(2, Variable)
		s.push('{')
	case c == '(':
		s.take(2, Operator)
		s.push('(')
		s.command = true
	case isLetter(c):
		s.take(s.span(1, isName), Variable)
	case isDigit(c) || c != 0 && strings.IndexByte("@*#?$!-", c) >= 0:
		s.take(2, Variable)
	default:
		return false
	}
	return true
}

func (s *bashScanner) code() {
	c := s.line[s.i]
	switch {
	case isBlank(c):
		s.i++
	case c == '#' && (s.i == 0 || strings.IndexByte(" \t;|&()", s.at(-1)) >= 0):
		s.take(len(s.line), Comment)
	case c == '\\':
		if s.i == len(s.line)-1 {
			s.cont = true
		}
		s.i = min(len(s.line), s.i+2)
		s.command = false
	case c == '\'':
		s.valueBegins()
		s.take(1, String)
		s.push('s')
	case c == '"':
		s.valueBegins()
		s.take(1, String)
		s.push('d')
	case c == '`':
		s.take(1, Operator)
		if s.top() == '`' {
			s.pop()
			s.command = false
		} else {
			s.push('`')
			s.command = true
		}
	case c == '$' && s.at(1) == '\'':
		s.valueBegins()
		s.take(2, String)
		s.push('a')
	case c == '$':
		s.valueBegins()
		if !s.variable() {
			s.i++
		}
	case strings.HasPrefix(s.rest(), "<<<"):
		s.take(3, Operator)
		s.command = false
	case strings.HasPrefix(s.rest(), "<<"):
		s.beginHeredoc()
	case strings.IndexByte("|&;()<>{}!", c) >= 0:
		s.operator(c)
	default:
		s.word()
	}
}

// valueBegins is called before a quote or a dollar sign. As the value of NAME= the command is still to come, else it is an argument.
func (s *bashScanner) valueBegins() { s.command = s.command && s.at(-1) == '=' }

func (s *bashScanner) operator(c byte) {
	s.take(1, Operator)
	switch c {
	case '(':
		if s.depth > 0 {
			s.push('(')
		}
	case ')':
		if s.top() == '(' {
			s.pop()
			s.command = false
			return
		}
	case '<', '>':
		s.command = false
		return
	}
	s.command = true
}

func (s *bashScanner) beginHeredoc() {
	s.take(2, Operator)
	flag := byte(' ')
	if s.at(0) == '-' {
		flag = '-'
		s.take(1, Operator)
	}
	s.i = min(len(s.line), s.i+s.span(0, isBlank))
	start := s.i
	quote := byte(' ')
	var word strings.Builder
	for s.i < len(s.line) && strings.IndexByte(" \t;|&()<>", s.line[s.i]) < 0 {
		switch c := s.line[s.i]; c {
		case '\'', '"', '\\':
			quote = 'q'
		default:
			word.WriteByte(c)
		}
		s.i++
	}
	s.emit(start, String)
	if word.Len() > 0 {
		s.docs += string([]byte{flag, quote}) + word.String() + "\n"
	}
}

func (s *bashScanner) word() {
	n := s.span(0, func(c byte) bool { return !isBlank(c) && strings.IndexByte("|&;()<>\"'`$\\", c) < 0 })
	if n == 0 {
		s.i++
		return
	}
	word := s.rest()[:n]
	name := s.span(0, isName)
	switch {
	case s.command && name > 0 && !isDigit(word[0]) && assigns(word[name:]):
		s.take(name, Variable)
		s.take(n-name, Operator)
	case word == "[[" || word == "]]" || word == "[" || word == "]":
		s.take(n, Operator)
		s.command = false
	case s.command && bashKeyword(word):
		s.take(n, Keyword)
		s.command = word != "for" && word != "case" && word != "select" && word != "function" && word != "in"
	case word == "in" || word == "do" || word == "then":
		s.take(n, Keyword)
		s.command = word != "in"
	case s.command:
		s.take(n, Command)
		s.command = false
	case len(word) > 1 && word[0] == '-' && (isLetter(word[1]) || word[1] == '-'):
		equals := strings.IndexByte(word, '=')
		if equals < 0 {
			equals = n
		}
		s.take(equals, Parameter)
		s.i += n - equals
	case isNumber(word):
		s.take(n, Number)
	default:
		s.i += n
	}
}

// assigns reports whether the text after a name makes it an assignment: = or +=, possibly after an index.
func assigns(after string) bool {
	if strings.HasPrefix(after, "[") {
		if end := strings.IndexByte(after, ']'); end > 0 {
			after = after[end+1:]
		}
	}
	return strings.HasPrefix(after, "=") || strings.HasPrefix(after, "+=")
}

func bashKeyword(word string) bool {
	switch word {
	case "if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac", "in", "function", "select", "time",
		"return", "exit", "break", "continue", "local", "export", "declare", "readonly", "typeset", "unset", "set", "shift", "trap",
		"source", ".", "eval", "exec":
		return true
	}
	return false
}
