package joblog

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// wideText converts UTF-16 to UTF-8.
type wideText struct {
	half []byte // an unfinished character
	out  []byte
}

// write decodes b, which is at position at in its stretch. If a mask ends inside a character, that character is part of
// the mask.
func (w *wideText) write(d *decoder, b []byte, at int64, as encoding) {
	if len(w.half) > 0 {
		b = append(w.half, b...)
	} else if at%2 == 1 {
		b = b[1:]
	}
	w.out = w.out[:0]
	for len(b) >= 2 {
		r, n := rune(as.order().Uint16(b)), 2
		if utf16.IsSurrogate(r) {
			if len(b) < 4 && r < lowSurrogates {
				break // the first half of a pair
			}
			pair := rune(utf8.RuneError)
			if len(b) >= 4 {
				pair = utf16.DecodeRune(r, rune(as.order().Uint16(b[2:])))
			}
			if r = pair; r == utf8.RuneError {
				d.bad(1)
			} else {
				n = 4
			}
		}
		w.out = utf8.AppendRune(w.out, r)
		b = b[n:]
	}
	w.half = append([]byte(nil), b...)
	if len(w.out) > 0 {
		d.text(w.out)
	}
}

const lowSurrogates = 0xDC00

// drop discards an incomplete character.
func (w *wideText) drop() { w.half = nil }

// end reports an incomplete character as bad: nothing continues it.
func (w *wideText) end(d *decoder) {
	if len(w.half) > 0 {
		w.half = nil
		d.bad(1)
		d.text([]byte(string(utf8.RuneError)))
	}
}

func (e encoding) order() binary.ByteOrder {
	if e == big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}
