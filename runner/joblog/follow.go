package joblog

// startFollow starts to compare the stream with what follows the beginning of a block, unless that comparison is
// already running.
func (w *maskWriter) startFollow(p pattern) {
	for i := range w.follows {
		if f := &w.follows[i]; f.form == p.follow && f.block == p.off && f.i == len(p.text) {
			return
		}
	}
	if len(w.follows) >= maxFollow {
		return
	}
	f := follow{form: p.follow, block: p.off, i: len(p.text)}
	f.text, f.next = p.follow.block(nil, p.off)
	w.follows = append(w.follows, f)
}

// expected reports whether a follow expects c.
func (w *maskWriter) expected(c byte) bool {
	for i := range w.follows {
		if f := &w.follows[i]; f.text[f.i] == c {
			return true
		}
	}
	return false
}

// advanceFollows advances every follow by c, hides c if one expected it, and drops those that did not.
func (w *maskWriter) advanceFollows(c byte, at int64) {
	kept, hit := w.follows[:0], false
	for _, f := range w.follows {
		switch {
		case f.text[f.i] == c:
			hit = true
			if f.advance() {
				kept = append(kept, f)
			}
		case c == '\n' || c == '\r':
			kept = append(kept, f)
		}
	}
	clear(w.follows[len(kept):])
	w.follows = kept
	if hit && !w.gap.breaks {
		w.hide(w.end, at+1)
	}
}

// advance moves to the next byte and reports whether more is expected.
func (f *follow) advance() bool {
	f.i++
	for f.i == len(f.text) {
		if f.next >= len(f.form.src) {
			return false
		}
		f.block, f.i = f.next, 0
		f.text, f.next = f.form.block(f.text[:0], f.block)
	}
	return true
}

// gap is what may be inside a printed secret without being part of it: a line break with the indentation after it,
// since consoles and base64 wrap long text, and colour sequences.
type gap struct {
	escape uint8 // 1 after ESC, 2 inside a control sequence
	breaks bool  // after a line break, in the indentation
	n      int
}

// open reports whether a control sequence is in progress, whose bytes must not be taken for the secret's.
func (g *gap) open() bool { return g.escape != 0 }

// mayPass is a cheap pre-check for passes: false means that passes is false too.
func (g *gap) mayPass(c byte) bool { return c <= ' ' || c == '|' || g.escape != 0 }

// passes reports whether c belongs to a gap, and adds it.
func (g *gap) passes(c byte) bool {
	if g.n >= maxGap {
		g.escape = 0
		return false
	}
	switch {
	case g.escape == 2:
		if c >= 0x40 && c <= 0x7E {
			g.escape = 0
		}
	case g.escape == 1:
		if c != '[' {
			g.escape = 0
			return false
		}
		g.escape = 2
	case c == 0x1B:
		g.escape = 1
	case c == '\n' || c == '\r':
		g.breaks = true
	case g.breaks && (c == ' ' || c == '\t' || c == '|'):
	default:
		return false
	}
	g.n++
	return true
}

// close ends a gap because c is matched.
func (g *gap) close(c byte) {
	*g = gap{breaks: c == '\n' || c == '\r' || g.breaks && (c == ' ' || c == '\t')}
}
