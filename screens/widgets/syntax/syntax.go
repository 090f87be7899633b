// Package syntax highlights scripts line by line: the state at the end of a line is all that the next one needs, so an edit does not
// rescan the script. It is an approximation, used for colours and indentation only.
package syntax

import "strings"

// Kind is the syntactic kind of a piece of a line.
type Kind uint8

const (
	Plain Kind = iota
	Keyword
	String
	Comment
	Number
	Variable
	Command
	Parameter
	Type
	Operator
	Expression // #{...}, which is replaced before the script runs
)

// Token is the kind of the bytes From up to To of a line. Bytes without a token are Plain.
type Token struct {
	From, To int
	Kind     Kind
}

// State is the state at the start of a line. The zero value is the start of a script. States are comparable.
type State struct {
	stack [12]byte // open quotes and brackets, the innermost last; deeper ones are only counted
	depth uint8
	docs  string // the here documents that follow, in order
	cont  bool   // the previous line continues in this one
}

func (s *State) push(b byte) {
	if int(s.depth) < len(s.stack) {
		s.stack[s.depth] = b
		s.depth++
	}
}

func (s *State) pop() {
	if s.depth > 0 {
		s.depth--
		s.stack[s.depth] = 0 // so that equal states are == too
	}
}

func (s *State) top() byte {
	if s.depth == 0 {
		return 0
	}
	return s.stack[s.depth-1]
}

// Lexer is the syntax of a language.
type Lexer interface {
	// Line appends the tokens of a line, in order and without overlaps, and returns the state at the start of the next line.
	Line(state State, line string, tokens []Token) ([]Token, State)
	// Opens reports whether the line after this one, which ends at the caret, is indented deeper.
	Opens(line string) bool
	// LineComment returns the start of a line comment, or nothing if there are none.
	LineComment() string
}

// Highlight is lexer.Line with tokens for #{...} expressions on top. To the language an expression is a word, even with quotes in it.
func Highlight(lexer Lexer, state State, line string, tokens []Token) ([]Token, State) {
	if !strings.Contains(line, "#{") {
		return lexer.Line(state, line, tokens)
	}
	masked := []byte(line)
	var found []Token
	for at := 0; ; {
		i := strings.Index(line[at:], "#{")
		if i < 0 {
			break
		}
		from := at + i
		to := expressionEnd(line, from)
		if to < 0 {
			at = from + 2
			continue
		}
		for k := from; k < to; k++ {
			masked[k] = 'x'
		}
		found = append(found, Token{from, to, Expression})
		at = to
	}
	start := len(tokens)
	tokens, state = lexer.Line(state, string(masked), tokens)
	return lay(tokens, start, found), state
}

// expressionEnd returns the end of the expression that starts at i, or -1 if the line does not close it.
func expressionEnd(line string, i int) int {
	depth := 0
	for ; i < len(line); i++ {
		switch {
		case strings.HasPrefix(line[i:], "#{"):
			depth++
			i++
		case line[i] == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// lay merges over into the tokens from start on, of which it cuts off the parts that over covers.
func lay(tokens []Token, start int, over []Token) []Token {
	below := append([]Token(nil), tokens[start:]...)
	tokens = tokens[:start]
	for _, o := range over {
		for len(below) > 0 && below[0].From < o.To {
			b := below[0]
			if b.From < o.From {
				tokens = append(tokens, Token{b.From, min(b.To, o.From), b.Kind})
			}
			if b.To > o.To {
				below[0].From = o.To
				break
			}
			below = below[1:]
		}
		tokens = append(tokens, o)
	}
	return append(tokens, below...)
}

// None returns the lexer of plain text.
func None() Lexer { return none{} }

type none struct{}

func (none) Line(state State, _ string, tokens []Token) ([]Token, State) { return tokens, state }
func (none) Opens(string) bool                                           { return false }
func (none) LineComment() string                                         { return "" }

// scanner is what the lexers share: a position in a line and the tokens so far.
type scanner struct {
	State
	line   string
	i      int
	tokens []Token
}

// emit appends a token for the bytes between from and the current position.
func (s *scanner) emit(from int, kind Kind) {
	if s.i <= from || kind == Plain {
		return
	}
	if k := len(s.tokens) - 1; k >= 0 && s.tokens[k].To == from && s.tokens[k].Kind == kind {
		s.tokens[k].To = s.i
		return
	}
	s.tokens = append(s.tokens, Token{from, s.i, kind})
}

// take consumes n bytes as a token, or the rest of the line.
func (s *scanner) take(n int, kind Kind) {
	from := s.i
	s.i = min(len(s.line), s.i+n)
	s.emit(from, kind)
}

func (s *scanner) rest() string { return s.line[s.i:] }

// at returns the byte n after the current position, or 0.
func (s *scanner) at(n int) byte {
	if s.i+n < len(s.line) && s.i+n >= 0 {
		return s.line[s.i+n]
	}
	return 0
}

// span returns how many bytes from offset n on satisfy belongs.
func (s *scanner) span(n int, belongs func(byte) bool) int {
	for s.i+n < len(s.line) && belongs(s.line[s.i+n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80 }
func isName(c byte) bool   { return isLetter(c) || isDigit(c) }
func isBlank(c byte) bool  { return c == ' ' || c == '\t' || c == '\r' }

// opensBracket reports whether the last character of a line is an opening bracket.
func opensBracket(line string) bool {
	line = strings.TrimRight(line, " \t\r")
	return line != "" && strings.IndexByte("{([", line[len(line)-1]) >= 0
}

// isNumber reports whether a word is a decimal number, possibly with a fraction, or a hexadecimal one, possibly with a unit such as KB.
func isNumber(word string) bool {
	if word == "" || !isDigit(word[0]) {
		return false
	}
	if len(word) > 2 && (word[:2] == "0x" || word[:2] == "0X") {
		return strings.Trim(word[2:], "0123456789abcdefABCDEF") == ""
	}
	const longest = 2
	unit := strings.TrimLeft(word, "0123456789.")
	for i := range len(unit) {
		if !isLetter(unit[i]) || unit[i] >= 0x80 {
			return false
		}
	}
	return len(unit) <= longest
}
