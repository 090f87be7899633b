package joblog

import "bytes"

// encoding is the encoding of a part of a stream.
type encoding uint8

const (
	utf8Text encoding = iota // passed unchanged
	little                   // UTF-16LE
	big                      // UTF-16BE
	nothing                  // a byte order mark, or half of a character that was already passed on
)

// stretch is where an encoding begins.
type stretch struct {
	from int64
	as   encoding
}

// decoder converts UTF-16, which some Windows programs write (wsl, wmic), to UTF-8, wherever in a stream it occurs.
// Anything else passes unchanged. It holds back only the few bytes needed to distinguish the two.
//
// A wrong guess must not reveal a secret: by encoding the stored text again anyone gets the bytes that the program
// wrote. So UTF-16 is masked both before and after it is decoded.
type decoder struct {
	masker *Masker
	text   func(b []byte)
	mask   func(begun bool) // a secret is left out here; begun: what was passed on last is part of it
	bad    func(n int)      // called for bytes that are not characters
	odd    func()           // called before text that may contain NUL or bytes beyond ASCII

	as       encoding
	nonASCII bool   // odd was called
	begun    bool   // something was decided
	prev     byte   // in UTF-8, the byte before
	newLine  bool   // in UTF-16, a line begins
	head     []byte // undecided
	stuck    bool   // head can be decided only with more bytes

	at        int64       // number of decided bytes
	stretches []stretch   // those decided and not yet passed on
	recent    []byte      // the last decided bytes
	raw       *maskWriter // masks undecoded bytes: UTF-16, and what began in it
	out       int64       // number of bytes passed on
	masked    bool        // the bytes from out on were replaced by a mask
	wide      wideText
}

// recentBytes are masked before UTF-16, since a secret may have begun in them.
const recentBytes = 256

func (d *decoder) write(p []byte) {
	if len(p) == 0 {
		return
	}
	b := p
	if len(d.head) > 0 {
		d.head = append(d.head, p...)
		b = d.head
	}
	d.stuck = false
	if !d.nonASCII && !isCleanASCII(p) {
		d.nonASCII = true
		d.odd()
	}
	if !d.nonASCII && d.begun { // nearly always
		d.commit(p, utf8Text)
		d.prev = p[len(p)-1]
		return
	}
	rest := d.decide(b, open)
	d.head = append(d.head[:0], rest...)
}

// held returns how many bytes were written and not passed on.
func (d *decoder) held() int {
	if d.raw != nil {
		return len(d.head) + len(d.raw.buf)
	}
	return len(d.head)
}

// waiting reports whether settle would pass something on.
func (d *decoder) waiting() bool {
	return len(d.head) > 0 && !d.stuck || d.raw != nil && d.raw.holdsPrefix()
}

// settle decides with the bytes that are available.
func (d *decoder) settle() {
	rest := d.decide(d.head, paused)
	d.head = append(d.head[:0], rest...)
	d.stuck = true
	if d.raw != nil {
		d.raw.releasePrefix(rawSink{d})
	}
}

func (d *decoder) close() {
	d.decide(d.head, ended)
	d.head = nil
	if d.raw != nil {
		d.raw.close(rawSink{d})
		d.unmask(d.raw.maskEnd)
		d.raw = nil
	}
	d.wide.end(d)
}

// decide passes on what is certain of b and returns the rest.
func (d *decoder) decide(b []byte, state state) (rest []byte) {
	from, i := 0, 0 // b[from:i] is decided and not passed on, so that small pieces are passed on together
	for i < len(b) {
		v := d.look(b[i:], state)
		i += v.n
		if v.n > 0 && d.as == utf8Text {
			d.prev = b[i-1]
		}
		if d.as != utf8Text || v.more || v.as != d.as || v.skip > 0 {
			d.commit(b[from:i], d.as)
			from = i
		}
		if v.more {
			return b[i:]
		}
		if v.as != d.as || v.skip > 0 {
			d.switchTo(v.as)
			i += v.skip
			d.commit(b[from:i], nothing)
			from = i
		}
	}
	d.commit(b[from:], d.as)
	return nil
}

func (d *decoder) look(b []byte, state state) verdict {
	var v verdict
	switch {
	case d.as != utf8Text:
		v = lookWide(b, d.as, d.newLine, state)
	case !d.begun:
		v = lookFirst(b, state)
	default:
		v = lookUTF8(b, d.prev, state)
	}
	d.begun = d.begun || !v.more || v.n > 0
	return v
}

// switchTo begins another encoding.
func (d *decoder) switchTo(as encoding) {
	if as == utf8Text {
		d.prev = 0
		if d.newLine {
			d.prev = '\n'
		}
	} else if d.raw == nil {
		d.raw = newMaskWriter(d.masker)
		d.raw.base = d.at - int64(len(d.recent))
		d.raw.write(d.recent, rawSink{d})
	}
	if as != utf8Text {
		d.newLine = d.as != utf8Text || d.prev == '\n' || d.at == 0
	}
	d.as = as
}

// commit passes on b, whose encoding is decided.
func (d *decoder) commit(b []byte, as encoding) {
	if len(b) == 0 {
		return
	}
	if k := len(d.stretches); k == 0 || d.stretches[k-1].as != as {
		d.stretches = append(d.stretches, stretch{d.at, as})
	}
	at := d.at
	d.at += int64(len(b))
	if as == little || as == big {
		d.newLine = len(b) > 1 && isNewLine(b[len(b)-2:], as)
	}
	d.remember(b)
	if d.raw == nil {
		d.pass(b, at)
	} else {
		d.feed(b, as)
	}
}

func (d *decoder) remember(b []byte) {
	b = b[max(0, len(b)-recentBytes):]
	kept := d.recent[max(0, len(d.recent)+len(b)-recentBytes):]
	d.recent = append(append(d.recent[:0], kept...), b...)
}

// feed masks the undecoded bytes b. A message that declares a secret takes effect at the next byte, and messages end
// with a bracket.
func (d *decoder) feed(b []byte, as encoding) {
	for len(b) > 0 && d.raw != nil {
		n := 1
		if as != utf8Text && b[0] != ']' {
			if n = bytes.IndexByte(b, ']'); n < 0 {
				n = len(b)
			}
		}
		d.raw.write(b[:n], rawSink{d})
		b = b[n:]
		d.release()
	}
	if len(b) > 0 {
		d.pass(b, d.at-int64(len(b)))
	}
}

// release ends the masking of undecoded bytes once nothing is in progress that began in UTF-16.
func (d *decoder) release() {
	last := d.stretches[len(d.stretches)-1]
	if last.as != utf8Text || d.raw.openStart() < last.from {
		return
	}
	rest, at := d.raw.buf, d.raw.base
	d.raw = nil
	d.unmask(at)
	d.pass(rest, at)
}

// rawSink receives the masked undecoded bytes.
type rawSink struct{ d *decoder }

func (s rawSink) text(b []byte, at int64) {
	d := s.d
	if end := at + int64(len(b)); end <= d.out { // already passed on
		return
	}
	if at < d.out {
		b, at = b[d.out-at:], d.out
	}
	d.unmask(at)
	d.pass(b, at)
}

func (s rawSink) mask(at int64) {
	if at >= s.d.out {
		s.d.wide.drop()
		s.d.mask(false)
		s.d.masked = true
	}
}

// unmask continues at position at after a mask, if there is one.
func (d *decoder) unmask(at int64) {
	if at > d.out && !d.masked {
		d.wide.drop()
		d.mask(true)
	}
	d.masked = false
	d.out = max(d.out, at)
}

// pass passes on b, which begins at position at, in the decided encodings.
func (d *decoder) pass(b []byte, at int64) {
	for len(b) > 0 {
		for len(d.stretches) > 1 && d.stretches[1].from <= at {
			d.stretches = append(d.stretches[:0], d.stretches[1:]...)
			d.wide.end(d)
		}
		n := len(b)
		if len(d.stretches) > 1 {
			n = int(min(int64(n), d.stretches[1].from-at))
		}
		switch s := d.stretches[0]; s.as {
		case utf8Text:
			d.text(b[:n])
		case little, big:
			d.wide.write(d, b[:n], at-s.from, s.as)
		case nothing:
		}
		b, at = b[n:], at+int64(n)
		d.out = at
	}
}
