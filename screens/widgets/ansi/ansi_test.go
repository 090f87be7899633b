package ansi

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func rgb(r, g, b uint8) Color { return Color{Kind: RGB, R: r, G: g, B: b} }

func TestParse(t *testing.T) {
	red, green := Style{FG: index(1)}, Style{FG: index(2)}
	for _, c := range []struct {
		name, in, text string
		spans          []Span
	}{
		{"plain", "upload: ./a to s3://b", "upload: ./a to s3://b", nil},
		{"empty", "", "", nil},
		{"tab stays", "a\tb", "a\tb", nil},
		{"one colour", "\x1b[31mred\x1b[0m rest", "red rest", []Span{{0, 3, red}}},
		{"empty parameter resets", "\x1b[31mred\x1b[m rest", "red rest", []Span{{0, 3, red}}},
		{"colour to the end", "a \x1b[32mb", "a b", []Span{{2, 3, green}}},
		{"touching spans of one style join", "\x1b[31ma\x1b[31mb", "ab", []Span{{0, 2, red}}},
		{"bold and colour", "\x1b[1;31mx\x1b[22my", "xy", []Span{{0, 1, Style{FG: index(1), Attr: Bold}}, {1, 2, red}}},
		{"bright colours", "\x1b[91;102mx", "x", []Span{{0, 1, Style{FG: index(9), BG: index(10)}}}},
		{"256 colours", "\x1b[38;5;208mx", "x", []Span{{0, 1, Style{FG: index(208)}}}},
		{"true colour, then an attribute", "\x1b[48;2;1;2;3;4mx", "x", []Span{{0, 1, Style{BG: rgb(1, 2, 3), Attr: Underline}}}},
		{"true colour with colons", "\x1b[38:2::10:20:30mx", "x", []Span{{0, 1, Style{FG: rgb(10, 20, 30)}}}},
		{"true colour with colons, no colour space", "\x1b[38:2:10:20:30mx", "x", []Span{{0, 1, Style{FG: rgb(10, 20, 30)}}}},
		{"indexed with colons", "\x1b[38:5:9mx", "x", []Span{{0, 1, Style{FG: index(9)}}}},
		{"wavy underline and off", "\x1b[4:3mx\x1b[4:0my", "xy", []Span{{0, 1, Style{Attr: Underline}}}},
		{"colour out of range", "\x1b[38;5;300mx", "x", nil},
		{"cut-off true colour", "\x1b[38;2;1mx", "x", nil},
		{"default colours", "\x1b[31;42m\x1b[39;49mx", "x", nil},
		{"unknown parameter", "\x1b[31;77mx", "x", []Span{{0, 1, red}}},
		{"huge parameter", "\x1b[99999999999999999999mx", "x", nil},
		{"every attribute on and off", "\x1b[1;2;3;4;7;8;9mx\x1b[22;23;24;27;28;29my", "xy",
			[]Span{{0, 1, Style{Attr: Bold | Dim | Italic | Underline | Reverse | Hidden | Strike}}}},
		{"private sequence", "\x1b[?25lx\x1b[>4;1my", "xy", nil},
		{"cursor movement and erase", "\x1b[2K\x1b[1Gdone", "done", nil},
		{"character set", "\x1b(Bx", "x", nil},
		{"cut-off sequence at the end", "x\x1b[31", "x", nil},
		{"lone escape at the end", "x\x1b", "x", nil},
		{"broken sequence keeps what follows", "\x1b[31é", "é", nil},
		{"window title", "\x1b]0;title\x07x", "x", nil},
		{"hyperlink keeps its text", "\x1b]8;;https://example.org\x1b\\here\x1b]8;;\x1b\\.", "here.", nil},
		{"string without an end keeps the line", "\x1b]0;all of this stays", "0;all of this stays", nil},
		{"eight-bit introducer", "\u009b31mx", "x", []Span{{0, 1, red}}},
		{"other control characters", "a\x08\x07\x00\rb\x7fc\u0085d", "abcd", nil},
		{"no-break space is text", "a\u00a0b", "a\u00a0b", nil},
		{"invalid UTF-8 stays", "a\xffb\x1b[31mc", "a\xffbc", []Span{{3, 4, red}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, spans := Parse(c.in)
			if text != c.text {
				t.Errorf("text %q, want %q", text, c.text)
			}
			if !reflect.DeepEqual(spans, c.spans) {
				t.Errorf("spans %+v, want %+v", spans, c.spans)
			}
			if Strip(c.in) != c.text {
				t.Error("Strip differs")
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "plain", "\x1b[1;31mred\x1b[0m", "\x1b[38;2;1;2;3mx", "\x1b]8;;u\x07t", "\u009b31mx", "\x1b[38:2::1:2:3mx\x1bP",
		"é\x1b[\xc2\x1b[m",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, spans := Parse(s)
		if len(text) > len(s) {
			t.Fatalf("%q grew to %q", s, text)
		}
		if utf8.ValidString(s) && !utf8.ValidString(text) {
			t.Fatalf("%q became invalid: %q", s, text)
		}
		if strings.ContainsAny(text, "\x1b\x00\x07\x08\r\n\x7f") {
			t.Fatalf("controls are left in %q", text)
		}
		at := 0
		for _, sp := range spans {
			if sp.From < at || sp.To <= sp.From || sp.To > len(text) || sp.Style == (Style{}) {
				t.Fatalf("bad span %+v after %d in %q", sp, at, text)
			}
			at = sp.To
		}
		if again, more := Parse(text); utf8.ValidString(s) && (again != text || more != nil) {
			t.Fatalf("not clean after one pass: %q, then %q", text, again)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for name, line := range map[string]string{
		"plain":    strings.Repeat("upload: ./site/index.html to s3://bucket/site/index.html ", 2),
		"coloured": strings.Repeat("\x1b[1;32mok\x1b[0m upload: \x1b[38;5;208m./site/index.html\x1b[0m to s3 ", 3),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(line)
			}
		})
	}
}
