package joblog

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want, plain string }{
		{"plain text", "a\tü 🚀\n", "a\tü 🚀\n", "a\tü 🚀\n"},
		{"no-break space", "a\u00a0b", "a\u00a0b", "a\u00a0b"},
		{"Windows's line end", "a\r\nb\r\r\n", "a\nb\n", "a\nb\n"},
		{"colours stay", "\x1b[1;31mred\x1b[0m \x1b[38:5:9mx\x1b[m", "\x1b[1;31mred\x1b[0m \x1b[38:5:9mx\x1b[m", "red x"},
		{"progress", " 10%\r 20%\r100%\n", "100%\n", "100%\n"},
		{"progress that waits", " 10%\r 20%\r", " 20%", " 20%"},
		{"progress in colour", "\x1b[32m 10%\r 20%\x1b[0m\rdone\n", "done\n", "done\n"},
		{"colour goes on", "\x1b[32m 10%\r 20%\x1b[0m\n", "\x1b[32m 20%\x1b[0m\n", " 20%\n"},
		{"spinner", "wait |\b/\b-\b ok", "wait  ok", "wait  ok"},
		{"backspace at the beginning", "\b\bü\bx", "x", "x"},
		{"backspace after a colour", "a\x1b[31m\bx", "a\x1b[31mx", "ax"},
		{"cursor and screen", "\x1b[2J\x1b[1;1Hx\x1b[K\x1b[?25ly\x1b[1 qz\x1b[>4;1mm", "xyzm", "xyzm"},
		{"title", "\x1b]0;title\ax\x1b]0;title\x1b\\y", "xy", "xy"},
		{"link", "\x1b]8;;https://example.com\x1b\\text\x1b]8;;\x1b\\", "text", "text"},
		{"other strings", "\x1bPq#0\x1b\\a\x1b_x\x1b\\b\x1b^x\x1b\\c\x1bXx\x1b\\d", "abcd", "abcd"},
		{"a string without an end hides nothing", "\x1b]0;rm -rf /\nnext", "0;rm -rf /\nnext", "0;rm -rf /\nnext"},
		{"eight-bit controls", "\u009b31mx\u009d0;t\u009cy\u0085z", "xyz", "xyz"},
		{"other escapes", "\x1b(Ba\x1b=b\x1bc\x1b#8c\x1b7d", "abcd", "abcd"},
		{"a lone escape", "a\x1b", "a", "a"},
		{"an escape before what is no code", "a\x1b\x01b\x1büc", "abüc", "abüc"},
		{"a sequence that does not end", "a\x1b[31", "a", "a"},
		{"a sequence that ends wrongly", "a\x1b[31\x01b", "ab", "ab"},
		{"control characters", "a\x00\x07\x0b\x0c\x7fb", "ab", "ab"},
		{"a colour of too many numbers", "\x1b[" + strings.Repeat("1;", 40) + "1mx", "x", "x"},
		{"intermediate before m", "\x1b[1 mx", "x", "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Clean(c.in)
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := StripSGR(got); got != c.plain {
				t.Errorf("without colours %q, want %q", got, c.plain)
			}
		})
	}
}

// Text crafted to be slow takes no longer than other text.
func TestCleanTakesOnePass(t *testing.T) {
	for name, part := range map[string]string{
		"strings without an end": "\x1b]", "colours and returns": "\x1b[31m\r", "backspaces": "\b", "escapes": "\x1b",
		"text and backspaces": "ab\x1b[1m\b",
	} {
		began := time.Now()
		StripSGR(Clean(strings.Repeat(part, 1<<20/len(part))))
		if took := time.Since(began); took > 20*time.Second { // quadratic time would be minutes
			t.Errorf("%s: %v for a megabyte", name, took)
		}
	}
}

// Clean text has no control characters except tabs, line feeds and colours, is no longer than before, and is not
// changed by cleaning it again.
func FuzzClean(f *testing.F) {
	f.Add("a\x1b[31mb\x1b[0m\r\n\x1b]0;t\a\u009b1mx\b\by")
	f.Add("\x1b[\x1b[31m\b\r\x1b[1;\x1b[m")
	f.Add("\xc2\x1b[31m\xc2")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		got := Clean(text)
		if again := Clean(got); again != got {
			t.Fatalf("%q became %q, then %q", text, got, again)
		}
		plain := StripSGR(got)
		for _, r := range plain {
			if r < ' ' && r != '\t' && r != '\n' || r >= 0x7F && r < 0xA0 {
				t.Fatalf("%q became %q with %q in it", text, plain, r)
			}
		}
		if strings.Count(plain, "\n") != strings.Count(text, "\n") || len(plain) > len(text) || !utf8.ValidString(got) {
			t.Fatalf("%q became %q", text, plain)
		}
	})
}
