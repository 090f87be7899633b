package joblog

import (
	"encoding/base64"
	"strings"
)

// Message is a service message: what a script tells Stepdeck by a line such as ##octopus[setVariable name='...' value='...'],
// where every value is base64 of UTF-8.
type Message struct {
	Name      string
	Values    map[string]string // by the names that the script wrote
	Sensitive bool              // of setVariable: the script said so, or the value holds a secret
}

// The messages that are carried out, beside those that set a level.
const (
	SetVariable   = "setVariable"
	MaskValue     = "mask"
	Progress      = "progress"
	ResultMessage = "resultMessage"
)

// Value gives a value by its name, in whichever case the script wrote it.
func (m Message) Value(name string) (value string, ok bool) {
	for k, v := range m.Values {
		if strings.EqualFold(k, name) {
			return v, true
		}
	}
	return "", false
}

func (m Message) is(name string) bool { return strings.EqualFold(m.Name, name) }

const messageStart = "##octopus"

// messageScanner finds out byte by byte whether what follows messageStart is a message. A text that is none is refused at its first
// wrong byte, so that looking for messages takes one pass, whatever the text.
type messageScanner struct {
	at    scanPlace
	quote byte
	read  int // bytes seen, messageStart among them
}

type scanPlace uint8

const (
	beforeBracket scanPlace = iota
	beforeName
	inName
	afterName // or after a value: a blank
	inKey
	afterKey
	beforeQuote
	inValue
	afterValue
	finished
	broken
)

// scan goes on with text, which begins with messageStart and with all that earlier calls have seen. The answer is finished (read tells
// how long the message is), broken, or another place: more is needed.
func (s *messageScanner) scan(text []byte) scanPlace {
	s.read = max(s.read, len(messageStart))
	for ; s.read < len(text); s.read++ {
		if s.at == finished || s.at == broken {
			break
		}
		s.at = s.step(text[s.read])
	}
	return s.at
}

func (s *messageScanner) step(c byte) scanPlace {
	blank := c == ' ' || c == '\t'
	switch s.at {
	case beforeBracket:
		if blank {
			return s.at
		} else if c == '[' {
			return beforeName
		}
	case beforeName:
		if isNameStart(c) {
			return inName
		}
	case inName:
		if isNameByte(c) {
			return s.at
		}
		return between(c, blank)
	case afterName:
		if isNameStart(c) {
			return inKey
		}
		return between(c, blank)
	case inKey, afterKey:
		switch {
		case s.at == inKey && isNameByte(c):
			return s.at
		case blank:
			return afterKey
		case c == '=':
			return beforeQuote
		}
	case beforeQuote:
		if blank {
			return s.at
		} else if c == '\'' || c == '"' {
			s.quote = c
			return inValue
		}
	case inValue:
		if c == s.quote {
			return afterValue
		} else if blank || isBase64Byte(c) {
			return s.at
		}
	case afterValue:
		return between(c, blank)
	}
	return broken
}

func between(c byte, blank bool) scanPlace {
	switch {
	case c == ']':
		return finished
	case blank:
		return afterName
	}
	return broken
}

func isNameStart(c byte) bool  { return isLetterOrDigit(c) && (c < '0' || c > '9') || c == '_' }
func isNameByte(c byte) bool   { return isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' }
func isBase64Byte(c byte) bool { return isLetterOrDigit(c) || c == '+' || c == '/' || c == '=' }

// parseMessage takes a text apart that the scanner has accepted. It refuses values that are not base64 and names given twice.
func parseMessage(text []byte) (m Message, ok bool) {
	rest := string(text[strings.IndexByte(string(text), '[')+1 : len(text)-1])
	name, rest, _ := strings.Cut(strings.ReplaceAll(rest, "\t", " "), " ")
	m = Message{Name: name, Values: map[string]string{}}
	seen := map[string]bool{} // a message may have any number of values
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		key, after, _ := strings.Cut(rest, "=")
		after = strings.TrimSpace(after)
		encoded, more, _ := strings.Cut(after[1:], after[:1])
		value, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(encoded, " ", ""))
		key = strings.TrimSpace(key)
		folded := strings.ToLower(key)
		if seen[folded] || err != nil {
			return Message{}, false
		}
		seen[folded] = true
		m.Values[key] = strings.ToValidUTF8(string(value), "\uFFFD")
		rest = more
	}
	return m, true
}
