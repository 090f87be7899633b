package joblog

import "bytes"

// across reads on behind a gap that stands early inside what may be a secret, with the gaps left out. The veil's own automaton passes
// over gaps only after gapDepth bytes, since nearly every line ends with a byte that begins some pattern: it must see the line
// breaks that are a pattern's own, and the filter must go on being used. This one lives only as long as what it has matched began
// before its last gap; what begins later is the veil's own.
type across struct {
	state uint32 // 0: there is nothing to go on with
	reads []read // what led to state, at least
	gap   gap
	broke int64 // the last byte that was passed over
	end   int64 // of the last one that was not
}

// gaps finds the bytes with which gaps begin.
type gaps [3]int // where the next of each kind stands

func newGaps() gaps { return gaps{-1, -1, -1} }

func (g *gaps) next(b []byte, i int) int {
	first := len(b)
	for k, c := range [3]byte{'\n', '\r', 0x1B} {
		if g[k] < i {
			g[k] = len(b)
			if n := bytes.IndexByte(b[i:], c); n >= 0 {
				g[k] = i + n
			}
		}
		first = min(first, g[k])
	}
	return first
}

func beginsGap(c byte) bool { return c == '\n' || c == '\r' || c == 0x1B }

// threes is a set of the three bytes that stand side by side among the first gapDepth of a pattern. It may hold others.
type threes [1 << 10]uint32

func hashThree(a, b, c byte) (word, bit uint32) {
	h := (uint32(a) | uint32(b)<<8 | uint32(c)<<16) * filterPrime >> (32 - 15)
	return h >> 5, 1 << (h & 31)
}

func (s *threes) add(text []byte) {
	for k := 2; k < min(len(text), gapDepth); k++ {
		word, bit := hashThree(text[k-2], text[k-1], text[k])
		s[word] |= bit
	}
}

func (s *threes) has(a, b, c byte) bool {
	word, bit := hashThree(a, b, c)
	return s[word]&bit != 0
}

// ends is a quick test that what stands before the gap at b[i] does not begin any pattern that goes on with what stands behind it.
func (t *table) ends(b []byte, i int) bool {
	if i < 2 || i+1 >= len(b) || b[i] == 0x1B {
		return false
	}
	c := b[i+1]
	if beginsGap(c) || c == ' ' || c == '\t' || c == '|' || t.early.has(b[i-2], b[i-1], c) {
		return false
	}
	s := t.root[b[i-1]]
	if s == 0 {
		return true
	}
	_, ok := t.child(s, c)
	return !ok
}

// beginAcross begins to read on behind the gap that begins at b[i], b being v.cur, if a pattern's beginning stands before it.
func (v *veil) beginAcross(b []byte, i int) bool {
	t, s := v.table, uint32(0)
	if t.ends(b, i) {
		return false
	}
	if i < len(v.before) { // part of it was let go, as the end of a mask
		for _, c := range v.before[i:] {
			s = t.advance(s, c)
		}
	}
	for _, c := range b[max(0, i-len(v.before)):i] {
		s = t.advance(s, c)
	}
	if s = t.settle(s); s == 0 {
		return false
	}
	a := &v.across
	depth := int(t.nodes[s].depth)
	a.state, a.gap, a.reads = s, gap{}, a.reads[:0]
	for k := i - depth; k < i; k++ {
		r := read{at: v.base + int64(k)}
		if k < 0 {
			r.c = v.before[len(v.before)+k]
		} else {
			r.c = b[k]
		}
		a.reads = append(a.reads, r)
	}
	a.gap.passes(b[i])
	a.broke, a.end = v.base+int64(i), v.base+int64(i)
	return true
}

// stepAcross reads one byte that stands at the place at.
func (v *veil) stepAcross(c byte, at int64) {
	a := &v.across
	next, ok := v.table.child(a.state, c)
	if (a.gap.open() || !ok) && a.gap.may(c) && a.gap.passes(c) {
		a.broke = at
		return
	}
	a.gap.close(c)
	v.takeAcross(read{at: at, c: c}, next, ok)
	if a.state != 0 && v.startAcross() > a.broke {
		a.state = 0
	}
}

// takeAcross moves the automaton by r, to next where ok says so, and marks what is found.
func (v *veil) takeAcross(r read, next uint32, ok bool) {
	t, a := v.table, &v.across
	if ok {
		t.enter(a.state, r.c, next)
	} else if a.state != 0 {
		next = t.advance(t.nodes[a.state].fail, r.c)
	}
	if len(a.reads) >= 2*t.longest {
		a.reads = a.reads[:copy(a.reads, a.reads[len(a.reads)-t.longest:])]
	}
	a.reads = append(a.reads, r)
	if !a.gap.breaks {
		a.end = r.at + 1
	}
	n := &t.nodes[next]
	if n.depth >= hideDepth {
		v.hideAcross(int(n.depth), a.end)
	}
	// Short secrets are hidden only where they stand alone, and on one line.
	if out := &t.outs[n.out]; n.out != 0 && out.longest > 0 && v.hideAcross(out.longest, r.at+1) {
		a.end, v.end = r.at+1, r.at+1
		for _, p := range out.follows {
			v.startFollow(p)
		}
	}
	a.state = t.settle(next)
}

// hideAcross marks the last n bytes and the gaps among them, if there are any: anything else is found without.
func (v *veil) hideAcross(n int, to int64) bool {
	a := &v.across
	from := a.reads[len(a.reads)-n].at
	if from > a.broke || from >= to {
		return false
	}
	v.hide(max(from, v.base), to)
	return true
}

// startAcross is where what is matched began.
func (v *veil) startAcross() int64 {
	a := &v.across
	return a.reads[len(a.reads)-int(v.table.nodes[a.state].depth)].at
}

// refreshAcross reads the last depth bytes again, by a new table.
func (v *veil) refreshAcross(depth int) {
	a := &v.across
	again := append([]read(nil), a.reads[len(a.reads)-depth:]...)
	a.state, a.reads = 0, a.reads[:0]
	for _, r := range again {
		next, ok := v.table.child(a.state, r.c)
		v.takeAcross(r, next, ok)
	}
}

// lingers reports whether something is held back only because a gap may stand inside the first few bytes of a secret. Nearly every line ends
// with such a byte, and the line must not wait for the next one.
func (v *veil) lingers() bool {
	if v.across.state == 0 || v.across.gap.n == 0 {
		return false
	}
	v.table.mu.Lock()
	defer v.table.mu.Unlock()
	return v.table.nodes[v.across.state].depth < gapDepth && v.sure(len(v.buf)) > v.base
}

// relent lets go of that. The rest of the secret will still be hidden, if it comes.
func (v *veil) relent(out sink) {
	if v.lingers() {
		v.cur = v.buf
		v.table.mu.Lock()
		limit := v.sure(len(v.buf))
		v.table.mu.Unlock()
		v.release(out, limit)
	}
}
