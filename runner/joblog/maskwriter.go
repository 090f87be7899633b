package joblog

import "math"

const (
	gapDepth  = 8   // matched bytes after which line breaks and colours inside a secret are skipped; before that, see across
	hideDepth = 16  // matched bytes after which the beginning of a secret is hidden even without the rest
	maxGap    = 256 // bytes skipped at a time
	maxFollow = 16
)

// sink receives the output of a maskWriter. Positions are bytes from the beginning of the unmasked stream.
type sink interface {
	text(b []byte, at int64)
	mask(at int64)
}

type span struct{ from, to int64 }

// maskWriter masks one stream. It holds back only what may still become a secret: fewer than hideDepth bytes and the
// gaps among them, because a longer beginning will certainly be hidden.
type maskWriter struct {
	masker  *Masker
	table   *table
	version int64
	epoch   uint32 // of the table when it processed what is held back

	buf  []byte // read and not released, from base on
	base int64
	cur  []byte // buf, or what is being written if nothing was held back
	prev byte   // the byte before base

	before [gapDepth - 1]byte // the bytes before base; zeros at the beginning

	state   uint32
	matched int64  // bytes that went through the automaton
	last    []read // the last of them, as many as the longest pattern has; a ring
	end     int64  // end of the last one, not counting a line break at the end
	follows []follow
	words   []span // whole words unless the next byte continues them
	gap     gap
	across  across

	hidden  []span // to be masked, ascending, disjoint
	maskEnd int64  // end of the last released mask
	masks   int64  // released so far
}

// read is a byte that went through the automaton.
type read struct {
	at     int64
	c      byte
	before byte // the byte before it
}

// follow compares the stream with the rest of a long form.
type follow struct {
	form  *form
	block int // where the block begins in the form's source
	next  int // and the next block
	text  []byte
	i     int
}

func newMaskWriter(m *Masker) *maskWriter {
	return &maskWriter{masker: m, version: -1, maskEnd: -1}
}

// reset makes a closed mask writer ready for a new stream and keeps its buffers.
func (w *maskWriter) reset() {
	fresh := newMaskWriter(w.masker)
	fresh.last, fresh.buf, fresh.hidden, fresh.words = w.last, w.buf[:0], w.hidden[:0], w.words[:0]
	*w = *fresh
}

// write masks p and releases what is certain.
func (w *maskWriter) write(p []byte, out sink) {
	if !w.lock() {
		out.text(p, w.base)
		w.base += int64(len(p))
		w.keepLast(p)
		return
	}
	held := len(w.buf)
	w.cur = p
	if held > 0 {
		w.buf = append(w.buf, p...)
		w.cur = w.buf
	}
	w.scan(held)
	limit := w.limit()
	w.table.mu.Unlock()
	w.release(out, limit)
}

// close releases everything.
func (w *maskWriter) close(out sink) {
	if w.lock() {
		w.table.mu.Unlock()
	}
	w.cur = w.buf
	w.settleWords(' ')
	w.release(out, math.MaxInt64)
	w.state, w.follows, w.across = 0, nil, across{}
}

func (w *maskWriter) keepLast(p []byte) {
	if len(p) == 0 {
		return
	}
	w.prev = p[len(p)-1]
	p = p[max(0, len(p)-len(w.before)):]
	copy(w.before[:], w.before[len(p):])
	copy(w.before[len(w.before)-len(p):], p)
}

// lock locks the table of all secrets known by now, for exclusive use; it returns false if there are none.
func (w *maskWriter) lock() bool {
	if w.version != w.masker.version.Load() {
		first := w.table == nil
		w.table, w.version = w.masker.current()
		if w.table != nil && first {
			w.table.mu.Lock()
			w.epoch = w.table.epoch
			w.grow(0)
			return true
		}
	}
	if w.table == nil {
		return false
	}
	w.table.mu.Lock()
	if w.epoch != w.table.epoch {
		w.epoch = w.table.epoch
		w.rescan()
	}
	return true
}

// rescan processes the bytes of the current match again after the table was extended.
func (w *maskWriter) rescan() {
	depth := int64(w.table.nodes[w.state].depth)
	acrossDepth := int(w.table.nodes[w.across.state].depth)
	w.grow(depth)
	w.state = 0
	upTo, words := w.matched, w.words
	w.words = nil
	for w.matched -= depth; w.matched < upTo; {
		r := *w.back(0)
		w.settleWords(r.c)
		next, ok := w.table.child(w.state, r.c)
		w.take(r.c, r.at, next, ok)
	}
	w.words = append(w.words, words...)
	w.refreshAcross(acrossDepth)
}

// grow makes room in the ring for the table's longest pattern and keeps its last n bytes.
func (w *maskWriter) grow(n int64) {
	size := len(w.last)
	for size = max(size, 1); size < w.table.longest; size *= 2 {
	}
	if size == len(w.last) {
		return
	}
	last := make([]read, size)
	for k := w.matched - n; k < w.matched; k++ {
		last[k&int64(size-1)] = w.last[k&int64(len(w.last)-1)]
	}
	w.last = last
}

func (w *maskWriter) scan(i int) {
	b, breaks, next := w.cur, newGaps(), -1
	for ; i < len(b); i++ {
		if w.state == 0 && w.across.state == 0 && len(w.words) == 0 && len(w.follows) == 0 {
			if next < i { // gaps in between do not change it
				next = w.table.filter.next(b, i)
			}
			for i = breaks.next(b, i); i < next && !w.beginAcross(b, i); {
				i = breaks.next(b, i+1)
			}
			if i < next {
				continue // no pattern begins with this byte
			}
			if i = next; i >= len(b) {
				return
			}
		}
		c, at := b[i], w.base+int64(i)
		w.step(c, at)
		if w.across.state != 0 {
			w.stepAcross(c, at)
		} else if beginsGap(c) {
			w.beginAcross(b, i)
		}
	}
}

// step processes one byte at position at.
func (w *maskWriter) step(c byte, at int64) {
	if len(w.words) > 0 {
		w.settleWords(c)
	}
	inside := len(w.follows) > 0 || w.table.nodes[w.state].depth >= gapDepth
	next, ok := w.table.child(w.state, c)
	if inside && w.gap.mayPass(c) && (w.gap.open() || !ok && !w.expected(c)) && w.gap.passes(c) {
		return
	}
	w.gap.close(c)
	if len(w.follows) > 0 {
		w.advanceFollows(c, at)
	}
	before := w.prev
	if at > w.base {
		before = w.cur[at-w.base-1]
	}
	*w.back(0) = read{at, c, before}
	w.take(c, at, next, ok)
}

// take moves the automaton by c, which is in last, to next if ok, and marks what it finds.
func (w *maskWriter) take(c byte, at int64, next uint32, ok bool) {
	t := w.table
	if ok {
		t.enter(w.state, c, next)
	} else if w.state != 0 {
		next = t.advance(t.nodes[w.state].fail, c)
	}
	w.matched++
	if !w.gap.breaks {
		w.end = at + 1
	}
	n := &t.nodes[next]
	if n.depth >= hideDepth {
		if from := w.start(int(n.depth)); from < w.end {
			w.hide(from, w.end)
		}
	}
	if n.out != 0 {
		w.found(&t.outs[n.out].ends, at+1)
	}
	w.state = t.settle(next)
	if w.state == 0 && len(w.follows) == 0 {
		w.gap = gap{}
	}
}

// back returns the n-th byte before the next one.
func (w *maskWriter) back(n int) *read {
	return &w.last[(w.matched-int64(n))&int64(len(w.last)-1)]
}

// start returns where the last depth bytes began.
func (w *maskWriter) start(depth int) int64 { return w.back(depth).at }

func (w *maskWriter) found(out *ends, end int64) {
	if out.longest > 0 {
		w.hide(w.start(out.longest), end)
		w.end = end
	}
	for _, n := range out.words {
		first := w.back(n)
		switch {
		case isWordByte(first.before) && isWordByte(first.c):
		case isWordByte(w.back(1).c):
			w.words = append(w.words, span{first.at, end})
		default:
			w.hide(first.at, end)
		}
	}
	for _, p := range out.follows {
		w.startFollow(p)
	}
}

// settleWords decides by the next byte whether the words that just ended are whole words.
func (w *maskWriter) settleWords(next byte) {
	if !isWordByte(next) {
		for _, word := range w.words {
			w.hide(word.from, word.to)
		}
	}
	w.words = w.words[:0]
}

// hide marks from..to; to is never before the end of an earlier mark.
func (w *maskWriter) hide(from, to int64) {
	k := len(w.hidden)
	if k > 0 && from >= w.hidden[k-1].from && from <= w.hidden[k-1].to { // usually a mark grows
		w.hidden[k-1].to = max(to, w.hidden[k-1].to)
		return
	}
	for ; k > 0 && from <= w.hidden[k-1].to; k-- {
		from, to = min(from, w.hidden[k-1].from), max(to, w.hidden[k-1].to)
	}
	w.hidden = append(w.hidden[:k], span{from, to})
}

// hideHeld hides what is held back, which is the beginning of a secret that continues elsewhere; it returns false if
// nothing is.
func (w *maskWriter) hideHeld() bool {
	if len(w.buf) == 0 {
		return false
	}
	w.hide(w.base, w.base+int64(len(w.buf)))
	return true
}

// limit returns the position before which nothing can change any more.
func (w *maskWriter) limit() int64 {
	limit := w.limitWithin(len(w.cur))
	if w.across.state != 0 {
		start := w.startAcross()
		if w.table.nodes[w.across.state].depth >= hideDepth {
			start = max(start, w.across.end)
		}
		limit = min(limit, start)
	}
	return limit
}

// openStart returns where the first thing began that may still become a mark or continues one.
func (w *maskWriter) openStart() int64 {
	first := int64(math.MaxInt64)
	if w.table == nil {
		return first
	}
	w.table.mu.Lock()
	defer w.table.mu.Unlock()
	if len(w.follows) > 0 {
		return w.base - 1
	}
	if depth := w.table.nodes[w.state].depth; depth > 0 {
		first = w.start(int(depth))
	}
	if w.across.state != 0 {
		first = min(first, w.startAcross())
	}
	for _, word := range w.words {
		first = min(first, word.from)
	}
	return first
}

// limitWithin is limit for n bytes, ignoring what is matched across gaps.
func (w *maskWriter) limitWithin(n int) int64 {
	limit := w.base + int64(n)
	if depth := w.table.nodes[w.state].depth; depth >= hideDepth {
		limit = min(limit, max(w.start(int(depth)), w.end)) // hidden up to there
	} else if depth > 0 {
		limit = min(limit, w.start(int(depth)))
	}
	if len(w.follows) > 0 {
		limit = min(limit, w.end)
	}
	for _, word := range w.words {
		limit = min(limit, word.from)
	}
	return limit
}

// release releases everything before limit, masked, and all of a mask that begins before it.
func (w *maskWriter) release(out sink, limit int64) {
	b, base := w.cur, w.base
	limit = min(limit, base+int64(len(b)))
	done, k := base, 0
	for ; k < len(w.hidden) && (w.hidden[k].from < limit || w.hidden[k].from <= w.maskEnd); k++ {
		h := w.hidden[k]
		if h.from > w.maskEnd {
			if h.from > done {
				out.text(b[done-base:h.from-base], done)
			}
			out.mask(h.from)
			w.masks++
		}
		done = max(done, h.to)
		w.maskEnd = done
	}
	w.hidden = append(w.hidden[:0], w.hidden[k:]...)
	if limit > done {
		out.text(b[done-base:limit-base], done)
		done = limit
	}
	w.keepLast(b[:done-base])
	w.buf = append(w.buf[:0], b[done-base:]...)
	w.base, w.cur = done, nil
}

// isWordByte reports whether c is part of a word: letters, digits, the underscore, and everything beyond ASCII.
func isWordByte(c byte) bool { return isLetterOrDigit(c) || c == '_' || c >= 0x80 }
