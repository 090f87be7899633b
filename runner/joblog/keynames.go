package joblog

import (
	"bytes"
	"strings"
)

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
