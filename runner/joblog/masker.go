package joblog

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Mask stands where a secret stood. Its length says nothing of the secret's.
const Mask = "********"

// Protection is how far a value can be hidden.
type Protection int

// Values are hidden wherever they stand and however they are encoded; short ones only where they stand alone, as whole words,
// since a log in which every "test" or "1" were hidden could not be read; very short ones not at all.
const (
	Unprotected Protection = iota // fewer than 4 characters
	WholeWords                    // fewer than 8
	Everywhere
)

const (
	minWord      = 4 // characters
	minEverwhere = 8 // characters, also of a line of a longer value and of a derived form
	maxWhole     = 4096
	anchorBytes  = 32
	maxLinesOf   = 256 << 10 // bytes of a value whose lines are hidden one by one
)

// Masker knows the secrets of one run. Any number of streams may be masked while further secrets become known.
type Masker struct {
	mu        sync.Mutex
	known     map[string]Protection
	seen      map[string]bool // texts of patterns
	patterns  []pattern
	version   atomic.Int64
	table     *table // of tableOf patterns
	tableOf   int
	folded    *Masker    // knows the spellings, for a quick no
	spellings []spelling // of all secrets
	idle      sync.Pool  // veils for single texts: what they need is large where secrets are long
}

// NewMasker knows no secret yet.
func NewMasker() *Masker {
	return &Masker{known: map[string]Protection{}, seen: map[string]bool{}}
}

// Add makes value a secret from now on, with its parts, and says how far it can be hidden.
func (m *Masker) Add(value string) Protection {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p, ok := m.known[strings.TrimSpace(value)]; ok {
		return p
	}
	for _, part := range Parts(value) {
		m.add(part)
	}
	return m.add(value)
}

// AddParts makes secrets of the parts of a value that is none itself.
func (m *Masker) AddParts(value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, part := range Parts(value) {
		m.add(part)
	}
}

func (m *Masker) add(value string) Protection {
	value = strings.TrimSpace(value) // what prints a value often drops its last line end, and moves it to the right
	if p, ok := m.known[value]; ok {
		return p
	}
	protection := Everywhere
	switch n := utf8.RuneCountInString(value); {
	case n < minWord:
		return Unprotected
	case n < minEverwhere:
		protection = WholeWords
		for _, f := range wordFormsOf(value) {
			text, _ := f.block(nil, 0)
			m.addPattern(pattern{text: text, word: true})
		}
	default:
		for _, f := range formsOf(value) {
			m.addForm(f)
		}
		m.addLines(value)
	}
	m.known[value] = protection
	m.addSpellings(value, protection == WholeWords)
	m.version.Add(1)
	return protection
}

// knows reports whether value is a secret already, so that adding it changes nothing.
func (m *Masker) knows(value string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, known := m.known[strings.TrimSpace(value)]
	return known
}

// addForm takes a form whole where it is short; of a long one it takes the beginning of every block, and what follows is compared
// while it streams by. So a table stays small whatever the size of the values.
func (m *Masker) addForm(f *form) {
	if len(f.src) <= maxWhole {
		var text []byte
		for off := 0; off < len(f.src); {
			text, off = f.block(text, off)
		}
		if len(text) < minEverwhere {
			return
		}
		if len(text) <= maxWhole {
			m.addPattern(pattern{text: text})
			return
		}
	}
	var text []byte
	seen := map[string]bool{} // a value may repeat itself
	for off := 0; off < len(f.src); {
		at := off
		text, off = f.block(text[:0], off)
		if len(text) > anchorBytes && !seen[string(text[:anchorBytes])] {
			seen[string(text[:anchorBytes])] = true
			m.patterns = append(m.patterns, pattern{text: append([]byte(nil), text[:anchorBytes]...), follow: f, off: at})
		}
	}
}

func (m *Masker) addLines(value string) {
	if len(value) > maxLinesOf || !strings.Contains(value, "\n") {
		return
	}
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); utf8.RuneCountInString(line) >= minEverwhere {
			m.addPattern(pattern{text: []byte(line[:min(len(line), maxWhole)])})
		}
	}
}

func (m *Masker) addPattern(p pattern) {
	key := string(p.text)
	if p.word {
		key = "word " + key
	}
	if !m.seen[key] {
		m.seen[key] = true
		m.patterns = append(m.patterns, p)
	}
}

// current gives the table of all secrets known by now and its version; nil: there are none.
func (m *Masker) current() (*table, int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.tableOf == len(m.patterns):
	case m.table == nil:
		m.table = newTable(m.patterns)
	default:
		m.table.add(m.patterns, m.tableOf)
	}
	m.tableOf = len(m.patterns)
	return m.table, m.version.Load()
}

// Holds reports whether text contains a secret.
func (m *Masker) Holds(text string) bool {
	_, places := m.mask(text)
	return places > 0
}

func (m *Masker) mask(text string) (masked string, places int64) {
	out := plainSink{}
	v, _ := m.idle.Get().(*veil)
	if v == nil {
		v = newVeil(m)
	}
	v.write([]byte(text), &out)
	v.close(&out)
	places = v.masks
	v.reset()
	m.idle.Put(v)
	return out.String(), places
}

type plainSink struct{ strings.Builder }

func (s *plainSink) text(b []byte, _ int64) { _, _ = s.Write(b) }
func (s *plainSink) mask(int64)             { _, _ = s.WriteString(Mask) }
