package joblog

import (
	"encoding/base64"
	"strings"
)

// Message is a service message, which a script sends to Stepdeck with a line such as ##octopus[setVariable name='...'
// value='...'], where every value is base64 of UTF-8.
type Message struct {
	Name      string
	Values    map[string]string // by name as the script wrote it
	Sensitive bool              // of setVariable: the script says so, or the value contains a secret
}

// The messages that are handled, besides those that set a level.
const (
	SetVariable    = "setVariable"
	CreateArtifact = "createArtifact"
	MaskValue      = "mask"
	Progress       = "progress"
	ResultMessage  = "resultMessage"
)

// ofServer are the beginnings of the names, in small letters, of messages that only an Octopus server can carry out.
var ofServer = []string{
	"create-", "createsteppackagetarget", "delete-target", "set-environmentstate", "k8s-", "calamari-", "foundpackage", "deltaverification",
}

// notCarriedOut says that a message has no effect.
func (m Message) notCarriedOut() string {
	name := m.Name[:min(len(m.Name), maxNamed)]
	for _, begin := range ofServer {
		if strings.HasPrefix(strings.ToLower(name), begin) {
			return "The script sent the service message " + name +
				", which is for an Octopus server and has no counterpart in Stepdeck. Nothing was done."
		}
	}
	return "The script sent the service message " + name + ", which this version doesn't support."
}

// maxNamed is how much of a message's name is told, in bytes.
const maxNamed = 64

// Value returns a value by its name in any case.
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

// messageScanner decides byte by byte whether what follows messageStart is a message. Other text is rejected at its
// first wrong byte, so that finding messages takes one pass, whatever the text.
type messageScanner struct {
	state scanState
	quote byte
	read  int // bytes seen, including messageStart
}

type scanState uint8

const (
	beforeBracket scanState = iota
	beforeName
	inName
	afterName // or after a value, after a space
	inKey
	afterKey
	beforeQuote
	inValue
	afterValue
	finished
	broken
)

// scan continues with text, which begins with messageStart and with all that earlier calls have seen. It returns
// finished (read is the length of the message), broken, or another state if more is needed.
func (s *messageScanner) scan(text []byte) scanState {
	s.read = max(s.read, len(messageStart))
	for ; s.read < len(text); s.read++ {
		if s.state == finished || s.state == broken {
			break
		}
		s.state = s.step(text[s.read])
	}
	return s.state
}

func (s *messageScanner) step(c byte) scanState {
	blank := c == ' ' || c == '\t'
	switch s.state {
	case beforeBracket:
		if blank {
			return s.state
		} else if c == '[' {
			return beforeName
		}
	case beforeName:
		if isNameStart(c) {
			return inName
		}
	case inName:
		if isNameByte(c) {
			return s.state
		}
		return between(c, blank)
	case afterName:
		if isNameStart(c) {
			return inKey
		}
		return between(c, blank)
	case inKey, afterKey:
		switch {
		case s.state == inKey && isNameByte(c):
			return s.state
		case blank:
			return afterKey
		case c == '=':
			return beforeQuote
		}
	case beforeQuote:
		if blank {
			return s.state
		} else if c == '\'' || c == '"' {
			s.quote = c
			return inValue
		}
	case inValue:
		if c == s.quote {
			return afterValue
		} else if blank || isBase64Byte(c) {
			return s.state
		}
	case afterValue:
		return between(c, blank)
	}
	return broken
}

func between(c byte, blank bool) scanState {
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

// parseMessage parses a text that the scanner has accepted. It rejects values that are not base64 and repeated names.
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
