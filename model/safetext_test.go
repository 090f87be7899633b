package model

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSafeText(t *testing.T) {
	for name, tt := range map[string]struct{ text, line, block string }{
		"plain":       {"Grüße, 世界 👋", "Grüße, 世界 👋", "Grüße, 世界 👋"},
		"empty":       {"", "", ""},
		"lines":       {"a\nb\r\nc\rd\te", "a b  c d e", "a\nb\nc\uFFFDd\te"},
		"escape":      {"\x1b[31mred\x1b]0;title\a", "\uFFFD[31mred\uFFFD]0;title\uFFFD", "\uFFFD[31mred\uFFFD]0;title\uFFFD"},
		"C1":          {"a\u009b31m\u0085b", "a\uFFFD31m b", "a\uFFFD31m\uFFFDb"},
		"NUL and DEL": {"a\x00b\x7f", "a\uFFFDb\uFFFD", "a\uFFFDb\uFFFD"},
		"direction": {"\u202Egpj.exe\u2066x\u2069\u200F\u061C", "\uFFFDgpj.exe\uFFFDx\uFFFD\uFFFD\uFFFD",
			"\uFFFDgpj.exe\uFFFDx\uFFFD\uFFFD\uFFFD"},
		"no glyph": {"a\u200Bb\u00ADc\uFEFFd\u2060e\u3164f", "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf",
			"a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf"},
		"tags":                  {"a\U000E0041\U000E007F", "a\uFFFD\uFFFD", "a\uFFFD\uFFFD"},
		"separators":            {"a\u2028b\u2029c", "a b c", "a\uFFFDb\uFFFDc"},
		"not UTF-8":             {"a\xff\xc0b", "a\uFFFD\uFFFDb", "a\uFFFD\uFFFDb"},
		"half a surrogate":      {"\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD", "\uFFFD\uFFFD\uFFFD"},
		"joined emoji":          {"👩\u200D💻 ❤\uFE0F", "👩\u200D💻 ❤\uFE0F", "👩\u200D💻 ❤\uFE0F"},
		"Persian":               {"می\u200Cخواهم", "می\u200Cخواهم", "می\u200Cخواهم"},
		"an Arabic number sign": {"\u0600\u0661", "\u0600\u0661", "\u0600\u0661"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := SafeLine(tt.text); got != tt.line {
				t.Errorf("the line is %+q, want %+q", got, tt.line)
			}
			if got := SafeBlock(tt.text); got != tt.block {
				t.Errorf("the block is %+q, want %+q", got, tt.block)
			}
		})
	}
}

func TestSafeQuote(t *testing.T) {
	for _, tt := range []struct {
		text string
		most int
		want string
	}{
		{"name", 4, `"name"`},
		{"names", 4, `"name"…`},
		{"äöü", 3, `"ä"…`},
		{"a\nb\u202E", 100, "\"a\uFFFDb\uFFFD\""},
		{"", 0, `""`},
		{"👋", 1, `""…`},
	} {
		if got := SafeQuote(tt.text, tt.most); got != tt.want {
			t.Errorf("%q in %d bytes is %q, want %q", tt.text, tt.most, got, tt.want)
		}
	}
}

func FuzzSafeText(f *testing.F) {
	for _, text := range []string{"", "a\r\nb", "\x1b[2J", "\u202Ea\u2069", "\xff\xfe", "👩\u200D💻", "\u2028", "\U000E0041"} {
		f.Add(text, 5)
	}
	f.Fuzz(func(t *testing.T, text string, most int) {
		line, block := SafeLine(text), SafeBlock(text)
		for what, got := range map[string]string{"line": line, "block": strings.NewReplacer("\n", "", "\t", "").Replace(block)} {
			if !utf8.ValidString(got) || strings.ContainsFunc(got, IsHidden) {
				t.Errorf("the %s of %+q is %+q", what, text, got)
			}
		}
		if SafeLine(line) != line || SafeBlock(block) != block {
			t.Errorf("the safe form of %+q changes when it is made safe again", text)
		}
		if isSafe(text) && (line != text || block != text) {
			t.Errorf("safe text changes: %+q", text)
		}
		if got, want := utf8.RuneCountInString(line), utf8.RuneCountInString(text); got != want {
			t.Errorf("%+q has %d characters, its line %d", text, want, got)
		}
		if most < 0 || most > 1000 {
			return
		}
		quoted := SafeQuote(text, most)
		if inside := strings.TrimSuffix(quoted, "…"); len(inside) > most+2 || !utf8.ValidString(quoted) ||
			strings.ContainsFunc(quoted, IsHidden) {
			t.Errorf("%+q in %d bytes is %+q", text, most, quoted)
		}
	})
}
