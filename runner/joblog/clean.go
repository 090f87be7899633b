package joblog

import (
	"strings"
	"unicode/utf8"
)

// Clean makes stored text fit to be shown: what a line drew over itself (progress by carriage returns, spinners by
// backspaces) is left in its final state, and control characters and sequences are removed except for tabs, line feeds
// and the sequences that set colours (SGR, ESC [ ... m).
func Clean(text string) string {
	if !needsCleaning(text) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	for line := range strings.SplitAfterSeq(text, "\n") {
		body, ended := strings.CutSuffix(line, "\n")
		cleanLine(&out, strings.TrimRight(body, "\r"))
		if ended {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// StripSGR removes the sequences that set colours from the result of [Clean].
func StripSGR(text string) string {
	if strings.IndexByte(text, escape) < 0 {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	for text != "" {
		n, kind := sequence(text)
		if kind == plainText {
			out.WriteString(text[:n])
		}
		text = text[n:]
	}
	return out.String()
}

const escape = 0x1B

// needsCleaning is false for nearly every line, and fast.
func needsCleaning(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ' && c != '\t' && c != '\n', c == 0x7F, c == 0xC2: // C2 begins the control characters U+0080 to U+009F
			return true
		}
	}
	return false
}

// cleanLine writes one line. It keeps the colours of text that was drawn over, since the rest may rely on them.
func cleanLine(out *strings.Builder, line string) {
	var shown []byte
	var colours strings.Builder
	for line != "" {
		n, kind := sequence(line)
		switch {
		case kind == plainText:
			shown = append(shown, line[:n]...)
		case kind == colour:
			shown = append(shown, line[:n]...)
			if isReset(line[:n]) || colours.Len() > maxColours {
				colours.Reset()
			}
			if !isReset(line[:n]) {
				colours.WriteString(line[:n])
			}
		case line[0] == '\b':
			shown = dropLast(shown)
		case line[0] == '\r':
			shown = append(shown[:0], colours.String()...)
		}
		line = line[n:]
	}
	out.Write(shown)
}

// dropLast removes the last character, unless a colour sequence is last.
func dropLast(b []byte) []byte {
	if len(b) == 0 || endsWithColour(b) {
		return b
	}
	_, n := utf8.DecodeLastRune(b)
	return b[:len(b)-n]
}

func endsWithColour(b []byte) bool {
	k := strings.LastIndexByte(string(b[max(0, len(b)-maxSGR):]), escape)
	if k < 0 {
		return false
	}
	tail := string(b[max(0, len(b)-maxSGR)+k:])
	n, kind := sequence(tail)
	return kind == colour && n == len(tail)
}

func isReset(sgr string) bool { return sgr == "\x1b[m" || sgr == "\x1b[0m" }

type kind uint8

const (
	plainText kind = iota
	colour
	control
)

// Limits that keep the work linear for any text.
const (
	maxSGR     = 64   // bytes of a sequence that sets colours
	maxColours = 512  // bytes of such sequences that are kept after a carriage return
	maxString  = 4096 // bytes of a control string
)

// sequence returns the kind and length of what text begins with: plain text, or one control character or sequence.
// Source: ECMA-48 §5 and §8.3. Of a control string that does not end in its line only the beginning counts, so that
// nothing can hide what follows.
func sequence(text string) (n int, k kind) {
	if n := plainLength(text); n > 0 {
		return n, plainText
	}
	wide := text[0] == 0xC2 // U+0080 to U+009F are equivalent to ESC and a letter
	if len(text) == 1 || !wide && text[0] != escape {
		return 1, control
	}
	code := text[1]
	if wide {
		code -= 0x40
	}
	switch {
	case code == '[':
		return csi(text)
	case strings.IndexByte("]PX^_", code) >= 0:
		return 2 + stringLength(text[2:]), control
	case code >= ' ' && code <= '/':
		n = 2
		for n < len(text) && text[n] >= ' ' && text[n] <= '/' {
			n++
		}
		if n < len(text) && text[n] >= '0' && text[n] <= '~' {
			n++
		}
		return n, control
	case code < '0' || code > '~':
		return 1, control // what follows is not part of it
	}
	return 2, control
}

// plainLength returns how many bytes at the beginning of text are neither control characters nor sequences.
func plainLength(text string) int {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ' && c != '\t' && c != '\n', c == 0x7F:
			return i
		case c == 0xC2 && i+1 < len(text) && text[i+1] >= 0x80 && text[i+1] < 0xA0:
			return i
		}
	}
	return len(text)
}

// csi returns the length of a control sequence, whose introducer has two bytes.
func csi(text string) (n int, k kind) {
	n = 2
	for n < len(text) && text[n] >= '0' && text[n] <= '?' {
		n++
	}
	params := text[2:n]
	for n < len(text) && text[n] >= ' ' && text[n] <= '/' {
		n++
	}
	if n >= len(text) || text[n] < '@' || text[n] > '~' {
		return n, control
	}
	n++
	if text[n-1] == 'm' && text[0] == escape && n <= maxSGR && 2+len(params)+1 == n && strings.Trim(params, "0123456789;:") == "" {
		return n, colour
	}
	return n, control
}

// stringLength returns the length of a control string, such as a title or a link, including its terminator; 0 if it has
// none.
func stringLength(text string) int {
	text, _, _ = strings.Cut(text[:min(len(text), maxString)], "\n")
	length := 0
	for _, end := range []string{"\a", "\x1b\\", "\u009c"} {
		if k := strings.Index(text, end); k >= 0 {
			length = k + len(end)
			text = text[:k]
		}
	}
	return length
}
