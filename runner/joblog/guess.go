package joblog

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// state says whether more of a stream may come.
type state uint8

const (
	open   state = iota
	paused       // decide now whatever can be decided
	ended        // decide everything
)

// verdict says what the next bytes of a stream are: n of them continue as before; then either more bytes are needed, or
// the encoding as begins after skip bytes.
type verdict struct {
	n    int
	more bool
	as   encoding
	skip int
}

const (
	sniffBytes = 256
	sniffText  = 4  // bytes of ASCII at the beginning that rule out UTF-16
	sureUnits  = 16 // Latin letters that are certainly UTF-16 and not bytes with NULs between them
	fewUnits   = 4  // characters in a row that could also be UTF-8
	mostUnits  = 48 // characters after which it must be decided whether they are UTF-16
	sureText   = 24 // bytes of UTF-8 that end UTF-16
	someText   = 6  // the same if nothing follows
)

// lookFirst examines the beginning of a stream, which may be UTF-16 without a mark and begin with letters other than
// Latin.
func lookFirst(b []byte, s state) verdict {
	r, _ := utf8.DecodeRune(b)
	switch {
	case b[0] == 0, len(b) > 1 && b[1] == 0, b[0] >= 0xFE, isPlain(b), r >= utf8.RuneSelf && r != utf8.RuneError:
		return lookUTF8(b, '\n', s)
	case len(b) < sniffBytes && s == open:
		return verdict{more: true}
	}
	if n := min(len(b), sniffBytes); n%2 == 0 && mostlyLatin(b[:n]) {
		return verdict{as: little}
	}
	return lookUTF8(b, '\n', s)
}

// isPlain reports whether head begins with a few bytes of ASCII or with a short line of it.
func isPlain(head []byte) bool {
	for i, c := range head {
		if !isText(c) {
			return false
		}
		if i+1 == sniffText || i > 0 && c == '\n' {
			return true
		}
	}
	return false
}

// mostlyLatin reports whether more than three in ten of b's odd bytes are zero and few of the even ones, which leaves
// room for letters other than Latin.
func mostlyLatin(b []byte) bool {
	var even, odd int
	for i, c := range b {
		if c == 0 {
			even, odd = even+1-i%2, odd+i%2
		}
	}
	pairs := len(b) / 2
	return odd*10 > pairs*3 && even*10 < pairs
}

// lookUTF8 looks for UTF-16 in what has been UTF-8 so far; prev is the byte before. UTF-16 has a NUL in nearly every
// line, or a mark.
func lookUTF8(b []byte, prev byte, s state) verdict {
	i := firstHint(b)
	if i == len(b) {
		return verdict{n: i}
	}
	if i > 0 {
		prev = b[i-1]
	}
	if b[i] != 0 {
		v := lookMark(b[i:], prev, s)
		v.n += i
		return v
	}
	order, from := big, i
	if isText(prev) && prev != '\n' { // prev is the first character, and was passed on as such
		order, from = little, i+1
	}
	switch isWide(b[from:], order, s) {
	case yes:
		return verdict{n: i, as: order, skip: from - i}
	case no:
		return verdict{n: i + 1}
	}
	return verdict{n: i, more: true}
}

// firstHint returns the position of the first byte that suggests UTF-16: a NUL, or a byte of a mark, which UTF-8 never
// has.
func firstHint(b []byte) int {
	const most = 4 << 10 // bounds the search for a rare one if another is frequent
	for from := 0; from < len(b); from += most {
		part := b[from:min(from+most, len(b))]
		i := len(part)
		for _, c := range [3]byte{0, 0xFE, 0xFF} {
			if k := bytes.IndexByte(part[:i], c); k >= 0 {
				i = k
			}
		}
		if i < len(part) {
			return from + i
		}
	}
	return len(b)
}

// isCleanASCII is a fast check that all bytes of b are ASCII and none is NUL.
func isCleanASCII(b []byte) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; len(b) >= 32; b = b[32:] {
		w := binary.LittleEndian.Uint64(b)
		x := binary.LittleEndian.Uint64(b[8:])
		y := binary.LittleEndian.Uint64(b[16:])
		z := binary.LittleEndian.Uint64(b[24:])
		if ((w-ones)|w|(x-ones)|x|(y-ones)|y|(z-ones)|z)&highs != 0 {
			return false
		}
	}
	for _, c := range b {
		if c == 0 || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lookMark examines what may be a byte order mark. Inside a line it must be followed by a Latin letter.
func lookMark(b []byte, prev byte, s state) verdict {
	as := markOf(b)
	latin := len(b) >= 4 && isLatin(b[2:], as)
	switch {
	case as != utf8Text && (prev == '\n' || latin):
		return verdict{as: as, skip: 2}
	case s == open && (len(b) < 2 || as != utf8Text && len(b) < 4):
		return verdict{more: true}
	}
	return verdict{n: 1}
}

func markOf(b []byte) encoding {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return little
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return big
	}
	return utf8Text
}

type answer uint8

const (
	unknown answer = iota
	yes
	no
)

// isWide decides whether b is UTF-16 rather than bytes with NULs between them: UTF-16 has a line break in UTF-16, or
// goes on for long.
func isWide(b []byte, as encoding, s state) answer {
	latin, text := 0, 0 // numbers of characters; text counts those in a row that are also UTF-8
	for k := 0; ; k++ {
		switch {
		case len(b) < 2 && s == open:
			return unknown
		case len(b) < 2:
			return answerOf(len(b) == 0 && latin >= 3 && text == 0)
		case k == mostUnits:
			return answerOf(3*latin >= k)
		case isNewLine(b, as):
			return answerOf(as == little || latin >= 2)
		case isLatin(b, as):
			latin, text = latin+1, 0
		case as.order().Uint16(b)&0xFF == 0:
			return no
		case isText(b[0]) && isText(b[1]):
			text++
		default:
			text = 0
		}
		switch {
		case latin == sureUnits:
			return yes
		case text > 0 && k < fewUnits, text > fewUnits:
			return no
		}
		b = b[2:]
	}
}

func answerOf(is bool) answer {
	if is {
		return yes
	}
	return no
}

// lookWide looks for the end of UTF-16: a mark, a run of UTF-8, or characters that are valid one byte further on.
func lookWide(b []byte, as encoding, newLine bool, s state) verdict {
	text := -1 // where possible UTF-8 begins, or -1
	for i := 0; i+2 <= len(b); {
		start := i
		if text >= 0 {
			start = text
		}
		u := b[i:]
		mark := isMark(u)
		switch {
		case mark == yes:
			return afterWide(i, u)
		case s == open && (mark == unknown || len(u) < 4 && (isHigh(u, as) || text >= 0 && isShifted(u[:2], as))):
			return verdict{n: start, more: true}
		case text >= 0 && len(u) >= 4 && isShifted(u, as) && isShifted(u[2:], as):
			return verdict{n: text}
		case isPair(u, as):
			text = -1
			i += 2
		case mayBeText(b[start : i+2]):
			text = start
			if isCertainlyText(b[text:i+2], as, newLine) {
				return verdict{n: text}
			}
		case text >= 0: // not UTF-8 after all; perhaps it begins here
			newLine, text = isNewLine(b[i-2:], as), -1
			continue
		}
		i += 2
		if text < 0 {
			newLine = isNewLine(b[i-2:], as)
		}
	}
	return lastWide(b, text, newLine, s)
}

// afterWide decides at a mark in UTF-16: that of UTF-8 is a character of its text.
func afterWide(i int, b []byte) verdict {
	if as := markOf(b); as != utf8Text {
		return verdict{n: i, as: as, skip: 2}
	}
	return verdict{n: i}
}

// lastWide decides about the last bytes; text is where possible UTF-8 begins, or -1.
func lastWide(b []byte, text int, newLine bool, s state) verdict {
	whole := len(b) &^ 1
	switch {
	case s != open && text >= 0 && newLine && b[len(b)-1] == '\n':
		return verdict{n: text}
	case s == open && text >= 0:
		return verdict{n: text, more: true}
	case text >= 0 && len(b)-text >= someText, s == ended && text >= 0 && whole < len(b):
		return verdict{n: text}
	case s == ended && whole < len(b) && b[whole] == '\n':
		return verdict{n: whole}
	case s == ended:
		return verdict{n: len(b), more: true}
	}
	return verdict{n: whole, more: true}
}

// isCertainlyText reports whether bytes that may be UTF-8 can't be UTF-16. The letters of one script share the same
// high byte. A line break in UTF-8 would be a Gurmukhi letter in UTF-16.
func isCertainlyText(b []byte, as encoding, newLine bool) bool {
	if as == little && newLine && b[len(b)-1] == '\n' {
		return true
	}
	if len(b) < sureText {
		return false
	}
	high := 0
	if as == little {
		high = 1
	}
	for i := high; i < len(b); i += 2 {
		if b[i] != b[high] {
			return true
		}
	}
	return len(b) >= sniffBytes
}

// mayBeText reports whether b is UTF-8 without control characters, as far as it goes.
func mayBeText(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			return !utf8.FullRune(b)
		case r < utf8.RuneSelf && !isText(b[0]):
			return false
		}
		b = b[n:]
	}
	return true
}

// isText reports whether c is an ASCII character that occurs in text.
func isText(c byte) bool {
	return c >= ' ' && c < 0x7F || c == '\t' || c == '\n' || c == '\r' || c == 0x1B
}

func isLatin(b []byte, as encoding) bool {
	u := as.order().Uint16(b)
	return u < 0x7F && isText(byte(u))
}

func isNewLine(b []byte, as encoding) bool { return as.order().Uint16(b) == '\n' }

func isHigh(b []byte, as encoding) bool {
	r := rune(as.order().Uint16(b))
	return utf16.IsSurrogate(r) && r < lowSurrogates
}

func isPair(b []byte, as encoding) bool {
	return len(b) >= 4 && isHigh(b, as) && utf16.DecodeRune(rune(as.order().Uint16(b)), rune(as.order().Uint16(b[2:]))) != utf8.RuneError
}

// isShifted reports whether b is a Latin letter in the other byte order.
func isShifted(b []byte, as encoding) bool {
	if as == little {
		return isLatin(b, big)
	}
	return isLatin(b, little)
}

// isMark decides whether b begins with a byte order mark.
func isMark(b []byte) answer {
	const mark = "\uFEFF"
	switch {
	case markOf(b) != utf8Text, bytes.HasPrefix(b, []byte(mark)):
		return yes
	case len(b) < len(mark) && bytes.HasPrefix([]byte(mark), b):
		return unknown
	}
	return no
}
