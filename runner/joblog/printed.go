package joblog

import (
	"bytes"
	"encoding/json"
	"regexp"
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
	minCandid   = 20        // characters of what is held back because it may become a secret key
)

// printed recognises keys of AWS and secrets of Secrets Manager in what a script prints, in every form of the aws program's output and in files of
// environments and settings, and makes secrets of them before they go on. It changes nothing of the stream, and holds back a line without
// an end only while a key may stand in it.
type printed struct {
	found func(secret string)
	next  func(b []byte)

	line  []byte // what there is of the current line, or the end of it
	done  int    // bytes of line that went on
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
		p.line, p.done, b = p.line[:0], 0, b[n:]
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
		p.line = append(p.line, b[:n]...)
		b = b[n:]
		if len(p.line) == maxHeldLine {
			p.look(p.line)
			p.pass(max(p.done, len(p.line)-keptOfLine))
			p.done -= len(p.line) - keptOfLine
			p.line = p.line[:copy(p.line, p.line[len(p.line)-keptOfLine:])]
		}
	}
	if len(p.line) > p.done && !p.suspicious() {
		p.pass(len(p.line))
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
	p.line, p.done = nil, 0
}

// suspicious reports whether the line that has no end yet may hold a key.
func (p *printed) suspicious() bool {
	text := plainOf(p.line)
	if p.expect > 0 || p.column > 0 || triggered([]byte(text)) {
		return true
	}
	for _, f := range fieldsOf(text) {
		if last := f.end == len(text); isSecretShape(f.text) || last && len(f.text) >= minCandid && isVaried(f.text) {
			return true
		}
	}
	return false
}

// look recognises what is in whole lines.
func (p *printed) look(block []byte) {
	if p.expect == 0 && p.column == 0 && bytes.IndexByte(block, escape) < 0 && !triggered(block) {
		return
	}
	for line := range bytes.Lines(block) {
		if hasEscape := bytes.IndexByte(line, escape) >= 0; p.expect > 0 || p.column > 0 || hasEscape || triggered(line) {
			p.lookAt(strings.TrimRight(plainOf(line), "\r\n"))
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

// triggers are pieces of the names that are recognised, in every case in which they are written.
var triggers = [][]byte{
	[]byte("AKIA"), []byte("ASIA"), []byte("ccessKey"), []byte("ccess_key"), []byte("CCESS_KEY"), []byte("ccess-key"), []byte("ccess key"), []byte("ccess Key"),
	[]byte("essionToken"), []byte("ession_token"), []byte("ESSION_TOKEN"), []byte("ession-token"), []byte("ession Token"), []byte("ecurity_token"),
	[]byte("ECURITY_TOKEN"), []byte("ecretString"), []byte("ecretBinary"), []byte("andomPassword"), []byte(":secretsmanager:"),
}

func triggered(b []byte) bool {
	for _, t := range triggers {
		if bytes.Contains(b, t) {
			return true
		}
	}
	return false
}

// lookAt recognises what is in one line.
func (p *printed) lookAt(line string) {
	p.goOn(line)
	for _, at := range awsName.FindAllStringIndex(line, -1) {
		value, start, named := valueAfter(line, at[1])
		if isKeyValue(value) && named || isSecretShape(value) || isTokenShape(value) {
			p.found(value)
			if start+len(value) == len(line) {
				p.column, p.whole = len([]rune(line[:start])), value
			}
		}
	}
	for _, at := range secretName.FindAllStringIndex(line, -1) {
		p.secretString(line[at[1]:])
	}
	p.secretsManager(line)
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

var (
	awsName    = regexp.MustCompile(`(?i)secret[_ -]?access[_ -]?key|session[_ -]?token|security[_-]token|RandomPassword`)
	secretName = regexp.MustCompile(`\bSecret(String|Binary)\b`)
)

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
	for _, e := range []struct {
		text string
		c    byte
	}{{`\/`, '/'}, {`\u002B`, '+'}, {`\u002b`, '+'}, {`\u002F`, '/'}, {`\u002f`, '/'}, {`\u003D`, '='}, {`\u003d`, '='}} {
		if strings.HasPrefix(text, e.text) {
			return e.c, len(e.text)
		}
	}
	if notOfKey(rune(text[0])) {
		return 0, 0
	}
	return text[0], 1
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
	alone := len(fields) == 1
	p.expect--
	secret := false
	for i, f := range fields {
		if i == id || !alone && id < 0 && f.key == "" || !f.mayBe(i == id+1 && id >= 0) {
			continue
		}
		if isSecretShape(f.text) {
			p.found(f.text)
			secret = true
		}
	}
	for i, f := range fields {
		known := secret || alone || id < 0
		for _, start := range tokenStarts {
			known = known || strings.HasPrefix(f.text, start)
		}
		if i != id && known && isTokenShape(f.text) && f.mayBe(false) {
			p.found(f.text)
		}
	}
	if id >= 0 {
		p.expect = afterKeyID
	}
	p.expect = max(p.expect, 0)
}

func isKeyID(text string) bool {
	if len(text) < 16 || len(text) > 128 || !strings.HasPrefix(text, "AKIA") && !strings.HasPrefix(text, "ASIA") {
		return false
	}
	return strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// field is a run of characters of which keys are made.
type field struct {
	text  string
	end   int
	key   string // that names it in the same line
	keyed bool   // something names it
	tight bool   // only a colon stands before it
}

// mayBe reports whether what names the field allows it to be a key; nextToID says that an access key's id stands before it.
func (f field) mayBe(nextToID bool) bool {
	return !f.keyed || isSecretKey(f.key) || f.tight && nextToID
}

var keyBefore = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)\\*["']?\s*[:=]\s*\\*["']?$`)

func fieldsOf(line string) (fields []field) {
	for at := 0; at < len(line); {
		if notOfKey(rune(line[at])) || line[at] == '=' {
			at++
			continue
		}
		f := field{end: at}
		for f.end < len(line) && !notOfKey(rune(line[f.end])) {
			f.end++
		}
		if f.text = line[at:f.end]; len(f.text) >= minKeyValue {
			before := line[max(0, at-80):at]
			f.tight = strings.HasSuffix(before, ":")
			if m := keyBefore.FindStringSubmatch(before); m != nil {
				f.key, f.keyed = m[1], true
			}
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
	for _, at := range awsName.FindAllStringIndex(line, -1) {
		if value, start, _ := valueAfter(line, at[1]); value != "" && start+len(value) >= len(line) {
			return true
		}
	}
	at := secretName.FindStringIndex(line)
	return at != nil && strings.Count(line[at[1]:], `"`) < 3 && strings.Contains(line[at[1]:], `: "`)
}

// recognised lists the keys and secrets in a text that is there as a whole.
func recognised(text string) (secrets []string) {
	p := printed{found: func(secret string) { secrets = append(secrets, secret) }, next: func([]byte) {}}
	p.look([]byte(text))
	return secrets
}
