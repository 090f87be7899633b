package joblog

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Limits of what is examined together.
const (
	maxHeldLine = 256 << 10 // bytes of a line; a longer one is examined in pieces
	keptOfLine  = 72 << 10  // bytes of a piece that the next one repeats: AWS's largest secret has 64 KiB
	afterKeyID  = 3         // lines in which a key can follow its id
	keyLength   = 40        // characters of AWS's secret keys
	minToken    = 100       // characters; session tokens have some hundreds
	minKeyValue = 16        // characters, if the name says that it is a key
	maxRun      = 4096      // characters that are held back because they may become one
)

// printed recognises AWS keys and Secrets Manager secrets in what a script prints, in every output format of the aws
// command and in environment and settings files, and makes them secrets before they are passed on. It doesn't change
// the stream, and holds back an unfinished line only while it may contain a key.
type printed struct {
	found func(secret string)
	next  func(b []byte)

	line       []byte // the current line so far, or its last part
	passed     int    // bytes of line that were passed on
	run        int    // where the run of key characters at the end of line begins
	mayHoldKey bool   // line may contain a key
	inValue    bool   // line ends inside a value, and nothing new came

	expect int    // number of further lines in which a key may follow its id
	column int    // column of the value that the last line ended with, or 0
	whole  string // that value so far
}

func (p *printed) write(b []byte) {
	p.inValue = false
	if len(p.line) > 0 {
		n := bytes.IndexByte(b, '\n') + 1
		if n == 0 {
			p.begin(b)
			return
		}
		p.line = append(p.line, b[:n]...)
		p.look(p.line)
		p.next(p.line[p.passed:])
		p.line, p.passed, p.run, p.mayHoldKey, b = p.line[:0], 0, 0, false, b[n:]
	}
	if n := bytes.LastIndexByte(b, '\n') + 1; n > 0 {
		p.look(b[:n])
		p.next(b[:n])
		b = b[n:]
	}
	p.begin(b)
}

// begin adds bytes of an unfinished line.
func (p *printed) begin(b []byte) {
	for len(b) > 0 {
		n := min(len(b), maxHeldLine-len(p.line))
		p.extend(b[:n])
		b = b[n:]
		if excess := len(p.line) - keptOfLine; len(p.line) >= maxHeldLine {
			p.look(p.line)
			p.pass(excess)
			p.line = p.line[:copy(p.line, p.line[excess:])]
			p.passed, p.run = p.passed-excess, max(p.run-excess, 0)
		}
	}
	if !p.mayHoldKey && p.expect == 0 && p.column == 0 {
		p.pass(p.run)
		if len(p.line)-p.run > maxRun {
			p.pass(len(p.line))
		}
	}
}

// extend adds bytes to the line and checks whether it may contain a key.
func (p *printed) extend(b []byte) {
	before := len(p.line)
	p.line = append(p.line, b...)
	p.mayHoldKey = p.mayHoldKey || bytes.IndexByte(b, escape) >= 0 || triggered(p.line[max(0, before-longestTrigger):])
	for i := before; i < len(p.line); i++ {
		if !notOfKey(rune(p.line[i])) {
			continue
		}
		p.mayHoldKey = p.mayHoldKey || i-p.run == keyLength && isSecretShape(string(p.line[p.run:i])) || i-p.run >= minToken &&
			isTokenShape(string(p.line[p.run:i]))
		p.run = i + 1
	}
}

func (p *printed) pass(upTo int) {
	if upTo > p.passed {
		p.next(p.line[p.passed:upTo])
		p.passed = upTo
	}
}

func (p *printed) waiting() bool { return len(p.line) > p.passed && !p.inValue }

// flush passes on an unfinished line, unless it ends inside a value.
func (p *printed) flush() {
	if !p.waiting() {
		return
	}
	text := plainOf(p.line)
	before := *p
	p.look(p.line)
	p.expect, p.column, p.whole = before.expect, before.column, before.whole // the line is not finished
	if p.inValue = endsInValue(text); !p.inValue {
		p.pass(len(p.line))
	}
}

// release passes on everything; the beginning may still help to recognise what follows.
func (p *printed) release() {
	p.look(p.line)
	p.pass(len(p.line))
}

func (p *printed) close() {
	p.release()
	p.line, p.passed, p.run, p.mayHoldKey = nil, 0, 0, false
}

// look recognises secrets in whole lines.
func (p *printed) look(block []byte) {
	if p.expect == 0 && p.column == 0 && bytes.IndexByte(block, escape) < 0 && !triggered(block) {
		return
	}
	for line := range bytes.Lines(block) {
		if bytes.IndexByte(line, escape) >= 0 {
			line = []byte(plainOf(line))
		}
		if p.expect > 0 || p.column > 0 || triggered(line) {
			p.lookAt(strings.TrimRight(string(line), "\r\n"))
		}
	}
}

// plainOf returns text without colour and other control sequences, which may be inside a name.
func plainOf(b []byte) string {
	text := string(b)
	if bytes.IndexByte(b, escape) < 0 {
		return text
	}
	var out strings.Builder
	for text != "" {
		n, kind := sequence(text)
		if kind == plainText || text[0] == '\r' {
			out.WriteString(text[:n])
		}
		text = text[n:]
	}
	return out.String()
}

// lookAt recognises secrets in one line.
func (p *printed) lookAt(line string) {
	p.continueValue(line)
	for _, n := range namesIn(line) {
		switch n.kind {
		case ofManager:
			p.secretString(line[n.end:])
			continue
		case ofARN:
			p.secretsManager(line)
			continue
		}
		value, start, named := valueAfter(line, n.end)
		if isKeyValue(value) && named || isSecretShape(value) || isTokenShape(value) {
			p.found(value)
			if start+len(value) == len(line) {
				p.column, p.whole = len([]rune(line[:start])), value
			}
		}
	}
	p.byShape(line)
}

// continueValue handles a value that a PowerShell list continues on the next line.
func (p *printed) continueValue(line string) {
	column, whole := p.column, p.whole
	p.column, p.whole = 0, ""
	piece := strings.TrimLeft(line, " ")
	if column == 0 || len(line)-len(piece) != column || piece == "" || strings.ContainsFunc(piece, notOfKey) {
		return
	}
	p.column, p.whole = column, whole+piece
	p.found(p.whole)
	if len(piece) >= minEverywhere {
		p.found(piece)
	}
}

// valueAfter returns the value that follows a name, where it begins, and whether a separator before it marks it as a
// value.
func valueAfter(line string, from int) (value string, start int, named bool) {
	start = from
	for start < len(line) && strings.IndexByte(" \t\"'\\:=|>,[", line[start]) >= 0 {
		named = named || strings.IndexByte(":=|>", line[start]) >= 0
		start++
	}
	if start == from {
		return "", start, false
	}
	var out strings.Builder
	for at := start; at < len(line); {
		c, size := keyByte(line[at:])
		if size == 0 {
			break
		}
		out.WriteByte(c)
		at += size
	}
	return out.String(), start, named
}

// secretString recognises a Secrets Manager secret; rest is what follows its name.
func (p *printed) secretString(rest string) {
	quoted := strings.HasPrefix(rest, `"`)
	rest, isValue := strings.CutPrefix(strings.TrimLeft(strings.TrimPrefix(rest, `"`), " "), ":")
	if !isValue {
		if rest, isValue = strings.CutPrefix(rest, "|"); !isValue || quoted {
			return
		}
		rest = strings.TrimRight(strings.TrimRight(rest, " "), "|")
	}
	rest = strings.TrimSpace(rest)
	switch {
	case strings.HasPrefix(rest, `"`):
		var value string
		if json.NewDecoder(strings.NewReader(rest)).Decode(&value) != nil {
			return
		}
		rest = value
	case quoted:
		return
	case len(rest) > 1 && rest[0] == '\'' && rest[len(rest)-1] == '\'':
		rest = unquote(rest)
	case strings.HasPrefix(rest, "{"):
	case strings.ContainsAny(rest, " \t") || len(rest) < minEverywhere:
		return
	}
	if !isOrdinary(rest) {
		p.found(rest)
	}
}

var secretARN = expression(`^arn:aws[a-z-]*:secretsmanager:`)

// secretsManager recognises the text output of get-secret-value: ARN, date, name, the secret and its version.
func (p *printed) secretsManager(line string) {
	if !secretARN().MatchString(line) {
		return
	}
	if fields := strings.Split(line, "\t"); len(fields) >= 5 {
		p.found(strings.Join(fields[3:len(fields)-1], "\t"))
	}
}

// endsInValue reports whether an unfinished line ends inside a recognised value.
func endsInValue(line string) bool {
	for _, n := range namesIn(line) {
		if n.kind == ofManager && openSecret().MatchString(line[n.end:]) {
			return true
		}
		if value, start, _ := valueAfter(line, n.end); n.kind < ofManager && value != "" && start+len(value) >= len(line) {
			return true
		}
	}
	return false
}

// openSecret matches an unfinished JSON string after its key.
var openSecret = expression(`^"?\s*:\s*"([^"\\]|\\.)*\\?$`)

// recognised returns the keys and secrets in a complete text.
func recognised(text string) (secrets []string) {
	p := printed{found: func(secret string) { secrets = append(secrets, secret) }, next: func([]byte) {}}
	p.look([]byte(text))
	return secrets
}
