package joblog

import "bytes"

// across matches a pattern that has a gap within its first gapDepth bytes, ignoring the gaps. The mask writer's own
// automaton skips gaps only after gapDepth bytes: nearly every line ends with a byte that begins some pattern, so it
// must see line breaks that are part of a pattern, and the filter must stay in use. An across exists only while its
// match began before its last gap; later matches are the mask writer's own.
type across struct {
	state uint32 // 0 if no match is in progress
	reads []read // at least the bytes that led to state
	gap   gap
	broke int64 // position of the last skipped byte
	end   int64 // end of the last byte that was not skipped
}

// gaps finds the bytes with which gaps begin. It holds the next position of each kind.
type gaps [3]int

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

// trigrams is a set of the byte triples within the first gapDepth bytes of the patterns. It may have false positives.
type trigrams [1 << 10]uint32

func hashTrigram(a, b, c byte) (word, bit uint32) {
	h := (uint32(a) | uint32(b)<<8 | uint32(c)<<16) * filterPrime >> (32 - 15)
	return h >> 5, 1 << (h & 31)
}

func (s *trigrams) add(text []byte) {
	for k := 2; k < min(len(text), gapDepth); k++ {
		word, bit := hashTrigram(text[k-2], text[k-1], text[k])
		s[word] |= bit
	}
}

func (s *trigrams) has(a, b, c byte) bool {
	word, bit := hashTrigram(a, b, c)
	return s[word]&bit != 0
}

// noPatternAcross is a cheap test: true means that no pattern that begins before the gap at b[i] continues after it.
func (t *table) noPatternAcross(b []byte, i int) bool {
	if i < 2 || i+1 >= len(b) || b[i] == 0x1B {
		return false
	}
	c := b[i+1]
	if beginsGap(c) || c == ' ' || c == '\t' || c == '|' || t.trigrams.has(b[i-2], b[i-1], c) {
		return false
	}
	s := t.root[b[i-1]]
	if s == 0 {
		return true
	}
	_, ok := t.child(s, c)
	return !ok
}

// beginAcross starts to match across the gap that begins at b[i] (b being w.cur) if the bytes before it begin a
// pattern.
func (w *maskWriter) beginAcross(b []byte, i int) bool {
	t, s := w.table, uint32(0)
	if t.noPatternAcross(b, i) {
		return false
	}
	if i < len(w.before) { // some of it was already released, as the end of a mask
		for _, c := range w.before[i:] {
			s = t.advance(s, c)
		}
	}
	for _, c := range b[max(0, i-len(w.before)):i] {
		s = t.advance(s, c)
	}
	if s = t.settle(s); s == 0 {
		return false
	}
	a := &w.across
	depth := int(t.nodes[s].depth)
	a.state, a.gap, a.reads = s, gap{}, a.reads[:0]
	for k := i - depth; k < i; k++ {
		r := read{at: w.base + int64(k)}
		if k < 0 {
			r.c = w.before[len(w.before)+k]
		} else {
			r.c = b[k]
		}
		a.reads = append(a.reads, r)
	}
	a.gap.passes(b[i])
	a.broke, a.end = w.base+int64(i), w.base+int64(i)
	return true
}

// stepAcross processes one byte at position at.
func (w *maskWriter) stepAcross(c byte, at int64) {
	a := &w.across
	next, ok := w.table.child(a.state, c)
	if (a.gap.open() || !ok) && a.gap.mayPass(c) && a.gap.passes(c) {
		a.broke = at
		return
	}
	a.gap.close(c)
	w.takeAcross(read{at: at, c: c}, next, ok)
	if a.state != 0 && w.startAcross() > a.broke {
		a.state = 0
	}
}

// takeAcross moves the automaton by r, to next if ok, and marks what it finds.
func (w *maskWriter) takeAcross(r read, next uint32, ok bool) {
	t, a := w.table, &w.across
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
		w.hideAcross(int(n.depth), a.end)
	}
	// Short secrets are hidden only as whole words on one line.
	if out := &t.outs[n.out]; n.out != 0 && out.longest > 0 && w.hideAcross(out.longest, r.at+1) {
		a.end, w.end = r.at+1, r.at+1
		for _, p := range out.follows {
			w.startFollow(p)
		}
	}
	a.state = t.settle(next)
}

// hideAcross marks the last n bytes and the gaps among them, if there are gaps: anything else is found without across.
func (w *maskWriter) hideAcross(n int, to int64) bool {
	a := &w.across
	from := a.reads[len(a.reads)-n].at
	if from > a.broke || from >= to {
		return false
	}
	w.hide(max(from, w.base), to)
	return true
}

// startAcross returns where the current match began.
func (w *maskWriter) startAcross() int64 {
	a := &w.across
	return a.reads[len(a.reads)-int(w.table.nodes[a.state].depth)].at
}

// refreshAcross processes the last depth bytes again with an extended table.
func (w *maskWriter) refreshAcross(depth int) {
	a := &w.across
	again := append([]read(nil), a.reads[len(a.reads)-depth:]...)
	a.state, a.reads = 0, a.reads[:0]
	for _, r := range again {
		next, ok := w.table.child(a.state, r.c)
		w.takeAcross(r, next, ok)
	}
}

// holdsPrefix reports whether something is held back only because a gap may be inside the first few bytes of a secret.
// Nearly every line ends with such a byte, and the line must not wait for the next one.
func (w *maskWriter) holdsPrefix() bool {
	if w.across.state == 0 || w.across.gap.n == 0 {
		return false
	}
	w.table.mu.Lock()
	defer w.table.mu.Unlock()
	return w.table.nodes[w.across.state].depth < gapDepth && w.limitWithin(len(w.buf)) > w.base
}

// releasePrefix releases that. The rest of the secret will still be hidden if it comes.
func (w *maskWriter) releasePrefix(out sink) {
	if w.holdsPrefix() {
		w.cur = w.buf
		w.table.mu.Lock()
		limit := w.limitWithin(len(w.buf))
		w.table.mu.Unlock()
		w.release(out, limit)
	}
}
