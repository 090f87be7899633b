package joblog

import (
	"encoding/json"
	"net/url"
	"strings"
)

// Limits of what is analysed.
const (
	maxPartsOf  = 1 << 20 // bytes of a value
	maxNested   = 8       // values in values
	maxPartsAll = 4096
)

// Parts lists the secrets inside a secret value that a script can extract: fields of JSON and of connection strings,
// the password in a URL, the lines of a key. docs/security.md describes the rule.
func Parts(value string) []string {
	if len(value) > maxPartsOf {
		return nil
	}
	p := parts{seen: map[string]bool{value: true}}
	p.take(value, 0)
	return p.list
}

// PartIsSecret reports whether text, which an expression extracted from a sensitive value by its key, is to be hidden.
// It is stricter than [Parts], which has no such key: only what is ordinary by its key or its form stays visible.
func PartIsSecret(key, text string) bool {
	switch {
	case isSecretKey(key) && !isWord(text):
		return true
	case isOrdinaryKey(key), isOrdinary(text):
		return false
	}
	return len(text) >= minEverywhere || len(text) >= minWord && isMixed(text)
}

type parts struct {
	list []string
	seen map[string]bool
}

// take adds the parts of a text.
func (p *parts) take(text string, depth int) {
	if depth > maxNested || len(p.list) >= maxPartsAll {
		return
	}
	text = strings.TrimSpace(text)
	if p.json(text, depth) {
		return
	}
	p.addresses(text, depth)
	p.pairs(text, depth)
	p.pem(text)
	if kind, rest, ok := strings.Cut(text, " "); ok && schemes[strings.ToLower(kind)] {
		p.add(strings.TrimSpace(rest))
	}
}

// schemes of the HTTP header Authorization.
var schemes = map[string]bool{"basic": true, "bearer": true, "token": true}

func (p *parts) add(text string) {
	if text = strings.TrimSpace(text); text != "" && !p.seen[text] && len(p.list) < maxPartsAll {
		p.seen[text] = true
		p.list = append(p.list, text)
	}
}

// leaf adds the value of a key if it is a secret, and its parts.
func (p *parts) leaf(key, text string, depth int) {
	if isSecretKey(key) && !isWord(text) || looksSecret(key, text) {
		p.add(text)
	}
	p.take(text, depth+1)
}

// json analyses JSON values and reports whether text begins with one. What precedes a syntax error counts.
func (p *parts) json(text string, depth int) bool {
	if text == "" || strings.IndexByte(`{["`, text[0]) < 0 {
		return false
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	values := 0
	for len(p.list) < maxPartsAll {
		v, err := readValue(dec, 0)
		if v != nil {
			p.value("", v, depth)
			values++
		}
		if err != nil {
			break
		}
	}
	return values > 0
}

// value analyses the JSON value of a key. The elements of a list belong to the list's key.
func (p *parts) value(key string, v any, depth int) {
	switch v := v.(type) {
	case string:
		p.leaf(key, v, depth)
	case json.Number:
		if isSecretKey(key) {
			p.add(v.String())
		}
	case []any:
		for _, inner := range v {
			p.value(key, inner, depth)
		}
	case []member:
		p.members(key, v, depth)
	}
}

// members analyses an object. {"name": K, "value": V} means the same as {K: V}.
func (p *parts) members(key string, list []member, depth int) {
	name, isPair := pairName(list)
	for _, m := range list {
		inner := m.key
		switch {
		case isPair && strings.EqualFold(m.key, "value"):
			inner = name
		case isPair && m.value == any(name):
			continue
		}
		if text, ok := m.value.(string); ok && isSecretKey(key) && PartIsSecret(inner, text) {
			p.add(text) // {"credentials": {"first": ...}}
		}
		p.value(inner, m.value, depth)
	}
}

func pairName(list []member) (name string, ok bool) {
	value := false
	for _, m := range list {
		switch strings.ToLower(m.key) {
		case "value":
			value = true
		case "key", "name":
			name, _ = m.value.(string)
		}
	}
	return name, value && name != ""
}

type member struct {
	key   string
	value any
}

// readValue reads a JSON value, keeping the order of an object's members and repeated ones. With an error it returns
// what was read before it.
func readValue(dec *json.Decoder, nested int) (any, error) {
	token, err := dec.Token()
	if err != nil || nested > 64 {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			v, err := readValue(dec, nested+1)
			if list = append(list, v); err != nil {
				return list, err
			}
		}
		_, err = dec.Token()
		return list, err
	case json.Delim('{'):
		list := []member{}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return list, err
			}
			v, err := readValue(dec, nested+1)
			name, _ := key.(string)
			if list = append(list, member{name, v}); err != nil {
				return list, err
			}
		}
		_, err = dec.Token()
		return list, err
	}
	return token, nil
}

var address = expression(`[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>]+`)

// addresses adds the user names and passwords in URLs, as written and percent-decoded.
func (p *parts) addresses(text string, depth int) {
	for _, found := range address().FindAllString(text, -1) {
		_, rest, _ := strings.Cut(found, "://")
		user, password := userInfo(rest)
		for _, secret := range []string{user, password} {
			plain, err := url.PathUnescape(secret)
			if err != nil {
				plain = secret
			}
			if secret == password || looksSecret("", plain) {
				p.add(secret)
				p.add(plain)
			}
		}
		if _, query, ok := strings.Cut(rest, "?"); ok {
			p.query(query, depth)
		}
	}
}

// userInfo returns the part of a URL before the @, without its scheme. People write passwords with a slash there now
// and then, although that is not allowed.
func userInfo(rest string) (user, password string) {
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	end := strings.LastIndexByte(authority, '@')
	if end < 0 {
		if _, port, ok := strings.Cut(authority, ":"); !ok || strings.Trim(port, "0123456789") == "" {
			return "", ""
		}
		end = strings.LastIndexByte(rest, '@')
	}
	if end < 0 {
		return "", ""
	}
	user, password, _ = strings.Cut(rest[:end], ":")
	return user, password
}

func (p *parts) query(query string, depth int) {
	query, _, _ = strings.Cut(query, "#")
	for pair := range strings.SplitSeq(query, "&") {
		key, text, _ := strings.Cut(pair, "=")
		p.leaf(key, text, depth)
		if plain, err := url.QueryUnescape(text); err == nil && plain != text {
			p.leaf(key, plain, depth)
		}
	}
}

// pairs analyses "key=value", as in connection strings and settings files, and "key: value" line by line.
func (p *parts) pairs(text string, depth int) {
	for segment := range segmentsOf(text, ";\r\n") {
		key, value, ok := strings.Cut(segment, "=")
		if !ok {
			key, value, ok = strings.Cut(strings.TrimRight(segment, " ,"), ": ")
		}
		switch {
		case !ok:
			p.words(segment)
			continue
		case strings.Contains(key, "://"):
			continue
		}
		several := p.inner(segment, ",", depth) || p.inner(segment, " \t", depth) || p.inner(segment, "&", depth)
		if !several || isSecretKey(key) && !strings.ContainsAny(key, ", ") {
			p.leaf(strings.TrimSpace(key), unquote(strings.TrimSpace(value)), depth)
		}
	}
}

// inner analyses a segment with several pairs: host=… password=… of PostgreSQL, host:6380,password=…,ssl=True of Redis.
func (p *parts) inner(segment, separators string, depth int) (several bool) {
	var list []string
	for piece := range segmentsOf(segment, separators) {
		if piece = strings.TrimSpace(piece); pairStart().MatchString(piece) {
			list = append(list, piece)
		}
	}
	if len(list) < 2 {
		return false
	}
	for _, piece := range list {
		key, value, _ := strings.Cut(piece, "=")
		p.leaf(key, unquote(strings.TrimSpace(value)), depth)
	}
	return true
}

var pairStart = expression(`^[A-Za-z][A-Za-z0-9_.-]*=`)

// words handles a .netrc: machine … login … password ….
func (p *parts) words(segment string) {
	words := strings.Fields(segment)
	for i := 0; i+1 < len(words); i++ {
		if w := strings.ToLower(words[i]); w == "password" || w == "--password" {
			p.add(words[i+1])
		}
	}
}

// segmentsOf splits a text at separators that are not inside quotes or braces.
func segmentsOf(text, separators string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		from, quote := 0, byte(0)
		for i := range len(text) {
			switch c := text[i]; {
			case quote != 0:
				if c == quote || c == '\n' {
					quote = 0
				}
				if c != '\n' {
					continue
				}
			case (c == '"' || c == '\'' || c == '{') && i > 0 && (text[i-1] == '=' || text[i-1] == ' '):
				quote = c
				if c == '{' {
					quote = '}'
				}
				continue
			}
			if strings.IndexByte(separators, text[i]) >= 0 {
				if !yield(text[from:i]) {
					return
				}
				from = i + 1
			}
		}
		yield(text[from:])
	}
}

func unquote(text string) string {
	if len(text) < 2 {
		return text
	}
	first, last := text[0], text[len(text)-1]
	switch inside := text[1 : len(text)-1]; {
	case first == '\'' && last == '\'', first == '"' && last == '"':
		return strings.ReplaceAll(inside, string([]byte{first, first}), string(first))
	case first == '{' && last == '}':
		return inside
	}
	return text
}

// pem analyses a key whose line feeds are written \n. The lines of a real one are already hidden line by line.
func (p *parts) pem(text string) {
	if !strings.Contains(text, "-----BEGIN ") || !strings.Contains(text, `\n`) {
		return
	}
	p.add(strings.ReplaceAll(text, `\n`, "\n"))
	for line := range strings.SplitSeq(text, `\n`) {
		if !strings.Contains(line, "-----") && len(line) >= minEverywhere {
			p.add(line)
		}
	}
}
