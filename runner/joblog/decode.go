package joblog

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	sniffBytes = 256
	sniffText  = 4 // bytes of ASCII at the beginning after which nobody thinks of UTF-16 any more
)

// decoder makes UTF-8 of UTF-16, which some programs of Windows write (wsl, wmic). It decides by the stream's first bytes and holds
// back no more than these. Anything else passes as it is.
type decoder struct {
	text func(b []byte)
	bad  func(n int)

	decided bool
	wide    binary.ByteOrder // nil: not UTF-16
	head    []byte           // undecided, or an unfinished character of UTF-16
	out     []byte
}

func (d *decoder) write(p []byte) {
	if !d.decided {
		d.head = append(d.head, p...)
		wide, skip, ok := sniff(d.head, false)
		if !ok {
			return
		}
		p = d.decide(wide, skip)
	}
	d.pass(p)
}

// settle decides by what is there.
func (d *decoder) settle() {
	if !d.decided && len(d.head) > 0 {
		wide, skip, _ := sniff(d.head, true)
		d.pass(d.decide(wide, skip))
	}
}

func (d *decoder) decide(wide binary.ByteOrder, skip int) (rest []byte) {
	rest = d.head[skip:]
	d.head, d.decided, d.wide = nil, true, wide
	return rest
}

func (d *decoder) close() {
	d.settle()
	if len(d.head) > 0 {
		d.head = nil
		d.bad(1)
		d.text([]byte(string(utf8.RuneError)))
	}
}

func (d *decoder) pass(p []byte) {
	if d.wide == nil {
		d.text(p)
		return
	}
	if len(d.head) > 0 {
		p = append(d.head, p...)
	}
	d.out = d.out[:0]
	for len(p) >= 2 {
		r, n := rune(d.wide.Uint16(p)), 2
		if utf16.IsSurrogate(r) {
			if len(p) < 4 && r < 0xDC00 { // the first half of a pair
				break
			}
			pair := rune(utf8.RuneError)
			if len(p) >= 4 {
				pair = utf16.DecodeRune(r, rune(d.wide.Uint16(p[2:])))
			}
			if r = pair; r == utf8.RuneError {
				d.bad(1)
			} else {
				n = 4
			}
		}
		d.out = utf8.AppendRune(d.out, r)
		p = p[n:]
	}
	d.head = append([]byte(nil), p...)
	if len(d.out) > 0 {
		d.text(d.out)
	}
}

// sniff tells from the first bytes of a stream whether it is UTF-16, and how long its mark is. ok is false while that is open; final says that
// no more comes.
func sniff(head []byte, final bool) (wide binary.ByteOrder, mark int, ok bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return binary.LittleEndian, 2, true
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return binary.BigEndian, 2, true
	case isPlain(head):
		return nil, 0, true
	case len(head) < sniffBytes && !final:
		return nil, 0, false
	}
	head = head[:min(len(head), sniffBytes)]
	var even, odd int
	for i, c := range head {
		if c == 0 {
			even, odd = even+1-i%2, odd+i%2
		}
	}
	// Latin letters have a zero in every second byte; three in ten leave room for others among them.
	if pairs := len(head) / 2; pairs > 0 && odd*10 > pairs*3 && even*10 < pairs {
		return binary.LittleEndian, 0, true
	}
	return nil, 0, true
}

// isPlain reports whether head begins with a few bytes of ASCII, or with a short line of it.
func isPlain(head []byte) bool {
	for i, c := range head {
		if c < ' ' && c != '\t' && c != '\r' && c != '\n' && c != 0x1B || c >= 0x7F {
			return false
		}
		if i+1 == sniffText || i > 0 && c == '\n' {
			return true
		}
	}
	return false
}
