package monogrid

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

const tabWidth = 4

const (
	zeroWidthJoiner    = 0x200d
	emojiPresentation  = 0xfe0f
	byteOrderMark      = 0xfeff
	firstRegional      = 0x1f1e6
	lastRegional       = 0x1f1ff
	firstSkinTone      = 0x1f3fb
	lastSkinTone       = 0x1f3ff
	firstHangulMedial  = 0x1160
	lastHangulFinal    = 0x11ff
	firstNonASCIIWidth = 0x300 // every printable rune below is one cell wide
)

// Next returns the size in bytes and in cells of the first cluster of s, which starts at the given cell of its line.
// A cluster is what people see as one character: a rune with its combining marks, a family of joined emoji, a flag, a tab up to its
// stop. It takes at least one byte and one cell. Source: the parts of UAX #29 and UAX #11 that apply to a grid of cells.
func Next(s string, cell int) (size, cells int) {
	c := s[0]
	if c < utf8.RuneSelf {
		if len(s) > 1 && s[1] >= utf8.RuneSelf {
			size = 1 + marks(s[1:])
		} else {
			size = 1
		}
		if c == '\t' {
			return size, tabWidth - cell%tabWidth
		}
		return size, 1
	}
	r, size := utf8.DecodeRuneInString(s)
	cells = runeCells(r)
	if r >= firstRegional && r <= lastRegional {
		if r2, n := utf8.DecodeRuneInString(s[size:]); r2 >= firstRegional && r2 <= lastRegional {
			size += n
		}
		return size, 2
	}
	for size < len(s) {
		r2, n := utf8.DecodeRuneInString(s[size:])
		switch {
		case r2 == emojiPresentation:
			cells = 2
		case r2 == zeroWidthJoiner:
			if r3, m := utf8.DecodeRuneInString(s[size+n:]); r3 >= firstNonASCIIWidth && r3 != utf8.RuneError && !extends(r3) {
				n += m
			}
		case !extends(r2):
			return size, cells
		}
		size += n
	}
	return size, cells
}

// marks returns how many bytes at the start of s belong to the ASCII character before them.
func marks(s string) int {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !extends(r) {
			break
		}
		n += size
	}
	return n
}

// extends reports whether r belongs to the character before it and takes no cell of its own.
func extends(r rune) bool {
	switch {
	case r < firstNonASCIIWidth, r == byteOrderMark:
		return false
	case r >= firstSkinTone && r <= lastSkinTone, r >= firstHangulMedial && r <= lastHangulFinal:
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf)
}

func runeCells(r rune) int {
	if r < firstNonASCIIWidth {
		return 1
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Cells returns the number of cells that s takes at the start of a line.
func Cells(s string) int {
	if plain(s) {
		return len(s)
	}
	cell := 0
	for i := 0; i < len(s); {
		size, cells := Next(s[i:], cell)
		i += size
		cell += cells
	}
	return cell
}

// CellAt returns the cell of byte at in the line s. Inside a cluster it is the cluster's first cell.
func CellAt(s string, at int) int {
	if plain(s[:at]) && (at == len(s) || s[at] < utf8.RuneSelf) {
		return at
	}
	cell := 0
	for i := 0; i < at; {
		size, cells := Next(s[i:], cell)
		if i+size > at {
			break
		}
		i += size
		cell += cells
	}
	return cell
}

// ByteAt returns the boundary between clusters of the line s that is nearest to a position in cells.
func ByteAt(s string, cells float64) int {
	cell := 0
	for i := 0; i < len(s); {
		size, n := Next(s[i:], cell)
		if cells < float64(cell)+float64(n)/2 {
			return i
		}
		i += size
		cell += n
	}
	return len(s)
}

// After returns the end of the cluster that starts at byte at of s, or the end of s.
func After(s string, at int) int {
	if at >= len(s) {
		return len(s)
	}
	size, _ := Next(s[at:], 0)
	return at + size
}

// Before returns the start of the cluster that ends at byte at of s, or 0.
func Before(s string, at int) int {
	if at <= 0 {
		return 0
	}
	// Only a non-ASCII character can belong to a cluster that began before it, so it is safe to walk forward from an ASCII one.
	start := at - 1
	for start > 0 && s[start] >= utf8.RuneSelf {
		start--
	}
	for start < at {
		next := After(s, start)
		if next >= at {
			return start
		}
		start = next
	}
	return start
}

// plain reports whether every byte of s is one cell wide.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] == '\t' {
			return false
		}
	}
	return true
}
