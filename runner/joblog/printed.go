package joblog

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Bounds of what is looked at together.
const (
	maxHeldLine = 256 << 10 // bytes of a line; of a longer one, pieces
	keptOfLine  = 72 << 10  // bytes of a piece that the next one begins with: AWS's largest secret has 64 KiB
	afterKeyID  = 3         // lines in which a key can follow its id
	keyLength   = 40        // characters of AWS's secret keys
	minToken    = 100       // characters; session tokens have some hundreds
	minKeyValue = 16        // characters, where the name says what it is
	maxRun      = 4096      // characters of what is held back because it may become one
)

// printed recognises keys of AWS and secrets of Secrets Manager in what a script prints, in every form of the aws program's output and in files of
// environments and settings, and makes secrets of them before they go on. It changes nothing of the stream, and holds back a line without
// an end only while a key may stand in it.
type printed struct {
	found func(secret string)
	next  func(b []byte)

	line  []byte // what there is of the current line, or the end of it
	done  int    // bytes of line that went on
	run   int    // where the run of a key's characters began that line ends with
	hot   bool   // there may be a key in line
	stuck bool   // a value has begun at the end of line, and nothing new came

	expect int // lines in which a key may follow its id
	column int // where the value began that the last line ended with
	whole  string
}

func (p *printed) write(b []byte) {
	p.stuck = false
	if len(p.line) > 0 {
		n := bytes.IndexByte(b, '\n') + 1
		if n == 0 {
			p.begin(b)
			return
		}
		p.line = append(p.line, b[:n]...)
		p.look(p.line)
		p.next(p.line[p.done:])
		p.line, p.done, p.run, p.hot, b = p.line[:0], 0, 0, false, b[n:]
	}
	if n := bytes.LastIndexByte(b, '\n') + 1; n > 0 {
		p.look(b[:n])
		p.next(b[:n])
		b = b[n:]
	}
	p.begin(b)
}

// begin takes bytes of a line that has no end yet.
func (p *printed) begin(b []byte) {
	for len(b) > 0 {
		n := min(len(b), maxHeldLine-len(p.line))
		p.extend(b[:n])
		b = b[n:]
		if gone := len(p.line) - keptOfLine; len(p.line) >= maxHeldLine {
			p.look(p.line)
			p.pass(gone)
			p.line = p.line[:copy(p.line, p.line[gone:])]
			p.done, p.run = p.done-gone, max(p.run-gone, 0)
		}
	}
	if !p.hot && p.expect == 0 && p.column == 0 {
		p.pass(p.run)
		if len(p.line)-p.run > maxRun {
			p.pass(len(p.line))
		}
	}
}

// extend adds bytes to the line and sees whether there may be a key in it.
func (p *printed) extend(b []byte) {
	before := len(p.line)
	p.line = append(p.line, b...)
	p.hot = p.hot || bytes.IndexByte(b, escape) >= 0 || triggered(p.line[max(0, before-longestTrigger):])
	for i := before; i < len(p.line); i++ {
		if !notOfKey(rune(p.line[i])) {
			continue
		}
		p.hot = p.hot || i-p.run == keyLength && isSecretShape(string(p.line[p.run:i])) || i-p.run >= minToken && isTokenShape(string(p.line[p.run:i]))
		p.run = i + 1
	}
}

func (p *printed) pass(upTo int) {
	if upTo > p.done {
		p.next(p.line[p.done:upTo])
		p.done = upTo
	}
}

func (p *printed) waiting() bool { return len(p.line) > p.done && !p.stuck }

// flush lets go of what there is of a line, unless it ends inside a value.
func (p *printed) flush() {
	if !p.waiting() {
		return
	}
	text := plainOf(p.line)
	keep := *p
	p.look(p.line)
	p.expect, p.column, p.whole = keep.expect, keep.column, keep.whole // the line is not over
	if p.stuck = endsInValue(text); !p.stuck {
		p.pass(len(p.line))
	}
}

// letGo lets go of all there is; what it begins with may still tell of what follows.
func (p *printed) letGo() {
	p.look(p.line)
	p.pass(len(p.line))
}

func (p *printed) close() {
	p.letGo()
	p.line, p.done, p.run, p.hot = nil, 0, 0, false
}

// look recognises what is in whole lines.
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

// plainOf is a text without colours and other control sequences: they may stand inside a name.
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

// trigger is the end of a name that is recognised.
type trigger struct {
	text string
	kind triggerKind
}

type triggerKind uint8

const (
	ofSecretKey triggerKind = iota // behind "secret" and what joins them
	ofToken
	ofManager // a field of Secrets Manager
	ofARN
)

// triggers has them in every case in which they are written.
var triggers = []trigger{
	{"accessKey", ofSecretKey}, {"AccessKey", ofSecretKey}, {"access_key", ofSecretKey}, {"ACCESS_KEY", ofSecretKey}, {"access-key", ofSecretKey},
	{"access key", ofSecretKey}, {"Access Key", ofSecretKey}, {"Access key", ofSecretKey}, {"ACCESSKEY", ofSecretKey}, {"accesskey", ofSecretKey},
	{"sessionToken", ofToken}, {"SessionToken", ofToken}, {"session_token", ofToken}, {"SESSION_TOKEN", ofToken}, {"session-token", ofToken},
	{"Session Token", ofToken}, {"session token", ofToken}, {"security_token", ofToken}, {"SECURITY_TOKEN", ofToken}, {"RandomPassword", ofToken},
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

// nextTrigger finds the first trigger from i on.
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

// name is one that stands in a line.
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

// followsSecret reports whether a line's beginning ends with "secret" and what joins words.
func followsSecret(before string) bool {
	before = strings.TrimRight(before[max(0, len(before)-7):], "_- ")
	return strings.EqualFold(before[max(0, len(before)-6):], "secret")
}

// lookAt recognises what is in one line.
func (p *printed) lookAt(line string) {
	p.goOn(line)
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

// goOn takes the rest of a value that a list of PowerShell's goes on with on the next line.
func (p *printed) goOn(line string) {
	column, whole := p.column, p.whole
	p.column, p.whole = 0, ""
	piece := strings.TrimLeft(line, " ")
	if column == 0 || len(line)-len(piece) != column || piece == "" || strings.ContainsFunc(piece, notOfKey) {
		return
	}
	p.column, p.whole = column, whole+piece
	p.found(p.whole)
	if len(piece) >= minEverwhere {
		p.found(piece)
	}
}

// valueAfter reads what follows a name: the signs between them, of which one says that it is a value, and the value.
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

// keyByte reads a character of a key, which JSON may have escaped.
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

// isKeyValue reports whether a value whose name says that it is a key looks like one, and not like a name or a word that stands for it.
func isKeyValue(value string) bool {
	return len(value) == keyLength || len(value) >= minKeyValue && isMixed(value)
}

// isSecretShape reports whether a text looks like a secret key of AWS: not like a hash, whose letters are of one case.
func isSecretShape(text string) bool {
	return len(text) == keyLength && isVaried(text) && !strings.ContainsRune(text, '=')
}

func isTokenShape(text string) bool { return len(text) >= minToken && isVaried(text) }

func isVaried(text string) bool {
	return strings.ContainsAny(text, "0123456789+/") && strings.ContainsFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' }) &&
		strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' })
}

// tokenStarts are what session tokens begin with.
var tokenStarts = []string{"FwoG", "FQoG", "IQoJ", "AQoD", "AQoE"}

// byShape recognises keys beside the id that belongs to them, where no name tells: text, tables, lists and CSV.
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
	// Where no id is in the line, only what stands alone or under a fitting name is a key.
	alone := len(fields) == 1
	fits := func(i int) bool {
		_, keyed := fields[i].key()
		return i != id && (alone || id >= 0 || keyed) && fields[i].mayBe(id >= 0 && i == id+1)
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

// field is a run of characters of which keys are made.
type field struct {
	text   string
	end    int
	before string // what stands in front of it
}

// key is what names the field in its line.
func (f field) key() (key string, keyed bool) {
	if m := keyBefore.FindStringSubmatch(f.before); m != nil {
		return m[1], true
	}
	return "", false
}

// mayBe reports whether what names the field allows it to be a key; nextToID says that an access key's id stands before it.
func (f field) mayBe(nextToID bool) bool {
	key, keyed := f.key()
	return !keyed || isSecretKey(key) || nextToID && strings.HasSuffix(f.before, ":")
}

var keyBefore = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)\\*["']?\s*[:=]\s*\\*["']?$`)

// padding is what base64 may end with.
var padding = regexp.MustCompile(`^={1,2}([^A-Za-z0-9/+=]|$)`)

func fieldsOf(line string) (fields []field) {
	for at := 0; at < len(line); {
		if notOfKey(rune(line[at])) || line[at] == '=' {
			at++
			continue
		}
		f := field{end: at}
		for f.end < len(line) && !notOfKey(rune(line[f.end])) && (line[f.end] != '=' || padding.MatchString(line[f.end:])) {
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

// secretString recognises a secret of Secrets Manager; rest is what follows its name.
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
	case strings.ContainsAny(rest, " \t") || len(rest) < minEverwhere:
		return
	}
	if !isOrdinary(rest) {
		p.found(rest)
	}
}

var secretARN = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:`)

// secretsManager recognises the text that get-secret-value prints: ARN, date, name, the secret and its version.
func (p *printed) secretsManager(line string) {
	if !secretARN.MatchString(line) {
		return
	}
	if fields := strings.Split(line, "\t"); len(fields) >= 5 {
		p.found(strings.Join(fields[3:len(fields)-1], "\t"))
	}
}

// endsInValue reports whether a line that has no end yet ends inside a value that is recognised.
func endsInValue(line string) bool {
	for _, n := range namesIn(line) {
		if n.kind == ofManager && openSecret.MatchString(line[n.end:]) {
			return true
		}
		if value, start, _ := valueAfter(line, n.end); n.kind < ofManager && value != "" && start+len(value) >= len(line) {
			return true
		}
	}
	return false
}

// openSecret is a JSON text that has begun behind its key, and has no end.
var openSecret = regexp.MustCompile(`^"?\s*:\s*"([^"\\]|\\.)*\\?$`)

// recognised lists the keys and secrets in a text that is there as a whole.
func recognised(text string) (secrets []string) {
	p := printed{found: func(secret string) { secrets = append(secrets, secret) }, next: func([]byte) {}}
	p.look([]byte(text))
	return secrets
}
