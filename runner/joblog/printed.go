package joblog

import (
	"bytes"
	"encoding/json"
	"slices"
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

// trigger is the end of a recognised name.
type trigger struct {
	text string
	kind triggerKind
}

type triggerKind uint8

const (
	ofSecretKey triggerKind = iota // after "secret" and a separator
	ofToken
	ofManager // a field of Secrets Manager
	ofARN
)

// triggers lists them in every spelling in use.
var triggers = []trigger{
	{"accessKey", ofSecretKey}, {"AccessKey", ofSecretKey}, {"access_key", ofSecretKey}, {"ACCESS_KEY", ofSecretKey},
	{"access-key", ofSecretKey},
	{"access key", ofSecretKey}, {"Access Key", ofSecretKey}, {"Access key", ofSecretKey}, {"ACCESSKEY", ofSecretKey},
	{"accesskey", ofSecretKey},
	{"sessionToken", ofToken}, {"SessionToken", ofToken}, {"session_token", ofToken}, {"SESSION_TOKEN", ofToken}, {"session-token", ofToken},
	{"Session Token", ofToken}, {"session token", ofToken}, {"security_token", ofToken}, {"SECURITY_TOKEN", ofToken},
	{"RandomPassword", ofToken},
	{"SecretString", ofManager}, {"SecretBinary", ofManager}, {":secretsmanager:", ofARN},
}

const longestTrigger = 16

var triggerFilter = func() filter {
	var patterns []pattern
	for _, t := range triggers {
		patterns = append(patterns, pattern{text: []byte(t.text)})
	}
	return newFilter(patterns)
}()

var beginsTrigger = func() (first [256]bool) {
	for _, t := range triggers {
		first[t.text[0]] = true
	}
	return first
}()

var keyIDStarts = [][]byte{[]byte("AKIA"), []byte("ASIA")}

// nextTrigger returns the first trigger from i on.
func nextTrigger(b []byte, i int) (at int, t trigger, ok bool) {
	for at = i; ; at++ {
		if at = triggerFilter.next(b, at); at >= len(b) {
			return at, t, false
		}
		if !beginsTrigger[b[at]] {
			continue
		}
		for _, t = range triggers {
			if b[at] == t.text[0] && bytes.HasPrefix(b[at:], []byte(t.text)) {
				return at, t, true
			}
		}
	}
}

func triggered(b []byte) bool {
	for _, start := range keyIDStarts {
		if bytes.Contains(b, start) {
			return true
		}
	}
	_, _, ok := nextTrigger(b, 0)
	return ok
}

// name is a recognised name in a line.
type name struct {
	kind triggerKind
	end  int
}

func namesIn(line string) (names []name) {
	b := []byte(line)
	for at := 0; ; {
		next, t, ok := nextTrigger(b, at)
		if !ok {
			return names
		}
		at = next + len(t.text)
		if t.kind != ofSecretKey || followsSecret(line[:next]) {
			names = append(names, name{t.kind, at})
		}
	}
}

// followsSecret reports whether before ends with "secret" and a separator.
func followsSecret(before string) bool {
	before = strings.TrimRight(before[max(0, len(before)-7):], "_- ")
	return strings.EqualFold(before[max(0, len(before)-6):], "secret")
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
