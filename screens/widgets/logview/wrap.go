package logview

import (
	"strings"

	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// rowsOf returns the number of rows of the given width, in cells, that text takes. Width 0 means no wrapping.
func rowsOf(text string, cells int) int {
	if cells <= 0 || len(text) <= cells && strings.IndexByte(text, '\t') < 0 {
		return 1
	}
	n := 0
	cut(text, cells, func(string) { n++ })
	return n
}

// wrap splits text into rows of the given width in cells. Every row starts plain, so it repeats the colour codes in effect at its start.
func wrap(text string, cells int) []string {
	if rowsOf(text, cells) == 1 {
		return []string{text}
	}
	var rows []string
	cut(text, cells, func(row string) { rows = append(rows, row) })
	return rows
}

func cut(text string, cells int, found func(row string)) {
	carried, codes := "", "" // in effect at the start of this row, and now
	start, cell := 0, 0
	for i := 0; i < len(text); {
		if n := colourCode(text[i:]); n > 0 {
			switch code := text[i : i+n]; code {
			case "\x1b[m", "\x1b[0m":
				codes = ""
			default:
				codes += code
			}
			i += n
			continue
		}
		size, width := monogrid.Next(text[i:], cell)
		if cell+width > cells && cell > 0 {
			found(carried + text[start:i])
			start, cell, carried = i, 0, codes
			continue
		}
		i += size
		cell += width
	}
	found(carried + text[start:])
}

// colourCode returns the length of the control sequence that text begins with, or 0.
// Source: ECMA-48 §5.4: parameters and intermediates from 0x20, the final byte from 0x40.
func colourCode(text string) int {
	if !strings.HasPrefix(text, "\x1b[") {
		return 0
	}
	for i := 2; i < len(text); i++ {
		switch b := text[i]; {
		case b >= 0x40 && b <= 0x7e:
			return i + 1
		case b < 0x20 || b > 0x7e:
			return 0
		}
	}
	return 0
}

// pieces returns where each row ends in the clean text of its line, in bytes.
func pieces(rows []string) []int {
	ends := make([]int, len(rows))
	at := 0
	for i, r := range rows {
		at += len(ansi.Strip(r))
		ends[i] = at
	}
	return ends
}
