package joblog

// startFollow begins to compare the stream with what follows the beginning of a block, unless that is being done already.
func (v *veil) startFollow(p pattern) {
	for i := range v.follows {
		if f := &v.follows[i]; f.form == p.follow && f.block == p.off && f.i == len(p.text) {
			return
		}
	}
	if len(v.follows) >= maxFollow {
		return
	}
	f := follow{form: p.follow, block: p.off, i: len(p.text)}
	f.text, f.next = p.follow.block(nil, p.off)
	v.follows = append(v.follows, f)
}

// followed reports whether c is what some follow expects.
func (v *veil) followed(c byte) bool {
	for i := range v.follows {
		if f := &v.follows[i]; f.text[f.i] == c {
			return true
		}
	}
	return false
}

// goOn moves every follow by c, hides c if one expected it, and drops those that did not.
func (v *veil) goOn(c byte, at int64) {
	kept, hit := v.follows[:0], false
	for _, f := range v.follows {
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
	clear(v.follows[len(kept):])
	v.follows = kept
	if hit && !v.gap.breaks {
		v.hide(v.end, at+1)
	}
}

// advance reports whether more is expected.
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

// gap is what may stand inside a printed secret without being of it: a line break with the indentation after it, since consoles
// and base64 wrap long text, and the codes of colours.
type gap struct {
	escape uint8 // 1: after ESC, 2: inside a control sequence
	breaks bool  // after a line break, in the indentation
	n      int
}

// open reports whether a control sequence is going on, whose bytes must not be taken for the secret's.
func (g *gap) open() bool { return g.escape != 0 }

// may is a quick no of passes.
func (g *gap) may(c byte) bool { return c <= ' ' || c == '|' || g.escape != 0 }

// passes reports whether c belongs to a gap.
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

// close ends a gap: c is matched.
func (g *gap) close(c byte) {
	*g = gap{breaks: c == '\n' || c == '\r' || g.breaks && (c == ' ' || c == '\t')}
}
