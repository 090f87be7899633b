package joblog

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// oracle masks text by comparing every pattern at every position, as simply as possible. Gaps are ignored anywhere in a
// pattern; so the patterns must not contain bytes of gaps.
func oracle(patterns []pattern, text []byte) string {
	hide := make([]bool, len(text)+1)
	for _, p := range patterns {
		for i := range text {
			n, end := matched(p.text, text, i)
			if n < len(p.text) && n < hideDepth {
				continue
			}
			if p.word && n < hideDepth {
				before, after := byte(' '), byte(' ')
				if i > 0 {
					before = text[i-1]
				}
				if end < len(text) {
					after = text[end]
				}
				if isWordByte(before) && isWordByte(text[i]) || isWordByte(after) && isWordByte(text[end-1]) {
					continue
				}
			}
			for k := i; k < end; k++ {
				hide[k] = true
			}
		}
	}
	var out strings.Builder
	for i := range text {
		switch {
		case !hide[i]:
			out.WriteByte(text[i])
		case i == 0 || !hide[i-1]:
			out.WriteString(Mask)
		}
	}
	return out.String()
}

var (
	oneGap  = regexp.MustCompile(`^(\x1b\[[ -?]*[@-~]|[\r\n](\x1b\[[ -?]*[@-~]|[\r\n \t|])*)+`)
	someGap = []string{"\n", "\r\n", "\n    ", "\n\t", "\n  | ", "\x1b[1;31m", "\x1b[K", "\x1b[m\x1b[K", "\n\x1b[32m  ", "\x1b[0m\r\n"}
)

// matched returns how many bytes of pattern are at text[i:], and where the last of them ends.
func matched(pattern, text []byte, i int) (n, end int) {
	for end = i; n < len(pattern) && i < len(text); {
		switch {
		case text[i] == pattern[n]:
			n, i = n+1, i+1
			end = i
		case n > 0 && oneGap.Match(text[i:]):
			i += len(oneGap.Find(text[i:]))
		default:
			return n, end
		}
	}
	return n, end
}

func texts(m *Masker) (all []string) {
	for _, p := range m.patterns {
		all = append(all, string(p.text))
	}
	return all
}

// maskInPieces writes text in pieces of random sizes.
func maskInPieces(m *Masker, text []byte, r *rand.Rand) string {
	var out plainSink
	v := newMaskWriter(m)
	for len(text) > 0 {
		n := 1 + r.IntN(len(text))
		if r.IntN(2) == 0 {
			n = min(n, 1+r.IntN(4))
		}
		piece := bytes.Clone(text[:n])
		v.write(piece, &out)
		clear(piece) // reveals that a callee kept it
		text = text[n:]
	}
	v.close(&out)
	return out.String()
}

// Over alphabets of two to four letters secrets overlap, repeat and begin inside one another all the time.
func TestMaskerAgainstOracle(t *testing.T) {
	cases := 100_000
	if testing.Short() {
		cases = 10_000
	}
	r := rand.New(rand.NewPCG(1, 2))
	masked := 0
	for c := range cases {
		letters := "abc-"[:2+r.IntN(3)]
		word := func(least, most int) string {
			b := make([]byte, least+r.IntN(most-least+1))
			for i := range b {
				b[i] = letters[r.IntN(len(letters))]
			}
			return string(b)
		}
		m := NewMasker()
		for range 1 + r.IntN(5) {
			text := word(4, 24)
			if n := len(m.patterns); n > 0 && r.IntN(3) == 0 { // the end of another one
				other := m.patterns[r.IntN(n)].text
				text = string(other[r.IntN(len(other)-3):])
			}
			m.addPattern(pattern{text: []byte(text), word: len(text) < 8 || len(text) < hideDepth && r.IntN(3) == 0})
		}
		m.version.Add(1)
		var text []byte
		for range 1 + r.IntN(6) {
			p := m.patterns[r.IntN(len(m.patterns))].text
			switch r.IntN(4) {
			case 0:
				text = append(text, p...)
			case 1:
				text = append(text, p[:r.IntN(len(p)+1)]...)
			case 2:
				text = append(text, p[r.IntN(len(p)+1):]...)
			default:
				text = append(text, word(0, 30)...)
			}
		}
		want := oracle(m.patterns, text)
		if strings.Contains(want, "*") {
			masked++
		}
		if got := maskInPieces(m, text, r); got != want {
			t.Fatalf("case %d: patterns %q\ntext %q\ngot  %q\nwant %q", c, texts(m), text, got, want)
		}
	}
	if masked < cases/4 || masked == cases {
		t.Errorf("%d of %d cases masked something: the cases test too little", masked, cases)
	}
}

// The same with line breaks and colours anywhere, also in the first few bytes of a secret.
func TestMaskerAgainstOracleWithGaps(t *testing.T) {
	cases := 30_000
	if testing.Short() {
		cases = 10_000
	}
	r := rand.New(rand.NewPCG(11, 12))
	masked, plain := 0, 0
	for c := range cases {
		letters := "abc-"[:2+r.IntN(3)]
		word := func(least, most int) []byte {
			b := make([]byte, least+r.IntN(most-least+1))
			for i := range b {
				b[i] = letters[r.IntN(len(letters))]
			}
			return b
		}
		m := NewMasker()
		for range 1 + r.IntN(4) {
			m.addPattern(pattern{text: word(8, 24)})
		}
		m.version.Add(1)
		var whole, text []byte
		for range 1 + r.IntN(4) {
			p := m.patterns[r.IntN(len(m.patterns))].text
			switch r.IntN(4) {
			case 0:
				whole = append(whole, p[r.IntN(len(p)+1):]...)
			case 1:
				whole = append(whole, word(0, 20)...)
			default:
				whole = append(whole, p...)
			}
		}
		often := 2 + r.IntN(20)
		for _, b := range whole {
			if r.IntN(often) == 0 {
				text = append(text, someGap[r.IntN(len(someGap))]...)
			}
			text = append(text, b)
		}
		want := oracle(m.patterns, text)
		if strings.Contains(want, "*") {
			masked++
		} else {
			plain++
		}
		if got := maskInPieces(m, text, r); got != want {
			t.Fatalf("case %d: patterns %q\ntext %q\ngot  %q\nwant %q", c, texts(m), text, got, want)
		}
	}
	if masked < cases/4 || plain < cases/50 {
		t.Errorf("%d of %d cases masked something, %d nothing: the cases test too little", masked, cases, plain)
	}
}

// The same with real values in all their forms, inside ordinary text.
func TestMaskerFormsAgainstOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	m := NewMasker()
	for _, value := range []string{
		"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "AKIAIOSFODNN7EXAMPLE", `p4$$ "w'o\rd`, "grün & <blau>", "hunter2", "test",
	} {
		m.Add(value)
	}
	for range 3_000 {
		var text []byte
		for range 1 + r.IntN(5) {
			p := m.patterns[r.IntN(len(m.patterns))].text
			text = append(text, p[:len(p)-r.IntN(2)*r.IntN(len(p))]...)
			text = append(text, []string{"", " ", "x", "value=", `","k":"`, "test"}[r.IntN(6)]...)
		}
		if bytes.ContainsAny(text, "\n\r\x1b") {
			continue
		}
		want := oracle(m.patterns, text)
		if got := maskInPieces(m, text, r); got != want {
			t.Fatalf("text %q\ngot  %q\nwant %q", text, got, want)
		}
	}
}

func FuzzMasker(f *testing.F) {
	f.Add("secretsecret", "cretsecr", []byte("a secretsecretsecret cretsecrcret"), uint64(1))
	f.Add("aaaaaaaab", "aaaa", []byte("aaaa aaaaaaaaaaaaaaab aaaa"), uint64(2))
	f.Add("000000000\r      0", "0", []byte("0"), uint64(138)) // most of it is a line break
	f.Add("key:\n                a", "                    b", []byte("key:\n                    b"), uint64(3))
	f.Fuzz(func(t *testing.T, a, b string, text []byte, seed uint64) {
		if len(a) > 64 || len(b) > 64 || len(text) > 1<<10 {
			return
		}
		m := NewMasker()
		m.Add(a)
		m.Add(b)
		r := rand.New(rand.NewPCG(seed, 0))
		text = append(append(append([]byte(nil), text...), a...), text...)
		got := maskInPieces(m, text, r)
		if whole, _ := m.mask(string(text)); got != whole {
			t.Fatalf("whole %q\nin pieces %q", whole, got)
		}
		if !bytes.ContainsAny(text, "\n\r\x1b") && got != oracle(m.patterns, text) {
			t.Fatalf("patterns %q text %q\ngot  %q\nwant %q", texts(m), text, got, oracle(m.patterns, text))
		}
	})
}
