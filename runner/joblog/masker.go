package joblog

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Mask replaces a secret. Its length does not depend on the secret's.
const Mask = "********"

// Protection is how well a value can be hidden.
type Protection int

// Values are hidden wherever they occur and however they are encoded; short ones only as whole words, since a log in
// which every "test" or "1" were hidden could not be read; very short ones not at all.
const (
	Unprotected Protection = iota // fewer than 4 characters
	WholeWords                    // fewer than 8
	Everywhere
)

const (
	minWord       = 4 // characters
	minEverywhere = 8 // characters; also for a line of a longer value and for an encoded form
	maxWhole      = 4096
	anchorBytes   = 32
	maxLinesOf    = 256 << 10 // bytes of a value whose lines are hidden one by one
)

// Masker knows the secrets of one run. Any number of streams may be masked while further secrets are added.
type Masker struct {
	mu        sync.Mutex
	known     map[string]Protection
	seen      map[string]bool // texts of patterns
	patterns  []pattern
	version   atomic.Int64
	table     *table // for the first tableSize patterns
	tableSize int
	folded    *Masker    // knows the spellings, for a fast negative
	spellings []spelling // of all secrets
	idle      sync.Pool  // mask writers for single texts: they need much memory if secrets are long
}

// NewMasker returns a masker without secrets.
func NewMasker() *Masker {
	return &Masker{known: map[string]Protection{}, seen: map[string]bool{}}
}

// Add makes value and its parts secrets from now on, and returns how well value can be hidden.
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

// AddParts makes the parts of a value secrets, but not the value itself.
func (m *Masker) AddParts(value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, part := range Parts(value) {
		m.add(part)
	}
}

func (m *Masker) add(value string) Protection {
	value = strings.TrimSpace(value) // printing a value often drops its last line feed and indents it
	if p, ok := m.known[value]; ok {
		return p
	}
	protection := Everywhere
	switch n := utf8.RuneCountInString(value); {
	case n < minWord:
		return Unprotected
	case n < minEverywhere:
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

// knows reports whether value is already a secret, so that adding it changes nothing.
func (m *Masker) knows(value string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, known := m.known[strings.TrimSpace(value)]
	return known
}

// addForm adds a short form as a whole. For a long one it adds the beginning of every block; what follows is compared
// while the stream passes. So the table stays small whatever the size of the values.
func (m *Masker) addForm(f *form) {
	if len(f.src) <= maxWhole {
		var text []byte
		for off := 0; off < len(f.src); {
			text, off = f.block(text, off)
		}
		if len(text) < minEverywhere {
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
		begin := off
		text, off = f.block(text[:0], off)
		if len(text) > anchorBytes && !seen[string(text[:anchorBytes])] {
			seen[string(text[:anchorBytes])] = true
			m.patterns = append(m.patterns, pattern{text: append([]byte(nil), text[:anchorBytes]...), follow: f, off: begin})
		}
	}
}

func (m *Masker) addLines(value string) {
	if len(value) > maxLinesOf || !strings.Contains(value, "\n") {
		return
	}
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); utf8.RuneCountInString(line) >= minEverywhere {
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

// current returns the table of all secrets known by now and its version; nil if there are none.
func (m *Masker) current() (*table, int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.tableSize == len(m.patterns):
	case m.table == nil:
		m.table = newTable(m.patterns)
	default:
		m.table.add(m.patterns, m.tableSize)
	}
	m.tableSize = len(m.patterns)
	return m.table, m.version.Load()
}

// Holds reports whether text contains a secret.
func (m *Masker) Holds(text string) bool {
	_, places := m.mask(text)
	return places > 0
}

func (m *Masker) mask(text string) (masked string, places int64) {
	out := plainSink{}
	w, _ := m.idle.Get().(*maskWriter)
	if w == nil {
		w = newMaskWriter(m)
	}
	w.write([]byte(text), &out)
	w.close(&out)
	places = w.masks
	w.reset()
	m.idle.Put(w)
	return out.String(), places
}

type plainSink struct{ strings.Builder }

func (s *plainSink) text(b []byte, _ int64) { _, _ = s.Write(b) }
func (s *plainSink) mask(int64)             { _, _ = s.WriteString(Mask) }
