package joblog

import "math"

const (
	gapDepth  = 8   // matched bytes after which line breaks and colours inside a secret are passed over; before, see across
	hideDepth = 16  // matched bytes after which the beginning of a secret is hidden even if the rest does not come
	maxGap    = 256 // bytes passed over at a time
	maxFollow = 16
)

// sink takes what came through a veil. Places are bytes from the beginning of the unmasked stream.
type sink interface {
	text(b []byte, at int64)
	mask(at int64)
}

type span struct{ from, to int64 }

// veil masks one stream. It holds back only what may still become a secret: fewer than hideDepth bytes and what was passed over
// among them, because of a longer beginning it is certain that it will be hidden.
type veil struct {
	masker  *Masker
	table   *table
	version int64
	epoch   uint32 // of the table, when what is held back was read by it

	buf  []byte // read and not let go, from base on
	base int64
	cur  []byte // buf, or what is being written where nothing was held back
	prev byte   // the byte before base

	before [gapDepth - 1]byte // what stands before base; zeros at the beginning

	state   uint32
	matched int64  // bytes that went through the automaton
	last    []read // the last ones of them, as many as the longest pattern has; a ring
	end     int64  // of the last one, a line break at the end aside
	follows []follow
	words   []span // whole words if the next byte does not go on with them
	gap     gap
	across  across

	hidden  []span // to be masked, ascending, disjoint
	maskEnd int64  // where the last mask that was let go ends
	masks   int64  // let go so far
}

// read is a byte that went through the automaton.
type read struct {
	at     int64
	c      byte
	before byte // what stands before it
}

// follow compares the stream with the rest of a long form.
type follow struct {
	form  *form
	block int // where in the form's source the block begins
	next  int // and the one after it
	text  []byte
	i     int
}

func newVeil(m *Masker) *veil {
	return &veil{masker: m, version: -1, maskEnd: -1}
}

// reset makes a closed veil a new one that keeps its room.
func (v *veil) reset() {
	again := newVeil(v.masker)
	again.last, again.buf, again.hidden, again.words = v.last, v.buf[:0], v.hidden[:0], v.words[:0]
	*v = *again
}

// write masks p and lets go what is certain.
func (v *veil) write(p []byte, out sink) {
	if !v.lock() {
		out.text(p, v.base)
		v.base += int64(len(p))
		v.keepLast(p)
		return
	}
	held := len(v.buf)
	v.cur = p
	if held > 0 {
		v.buf = append(v.buf, p...)
		v.cur = v.buf
	}
	v.scan(held)
	limit := v.certain()
	v.table.mu.Unlock()
	v.release(out, limit)
}

// close lets go of everything.
func (v *veil) close(out sink) {
	if v.lock() {
		v.table.mu.Unlock()
	}
	v.cur = v.buf
	v.settleWords(' ')
	v.release(out, math.MaxInt64)
	v.state, v.follows, v.across = 0, nil, across{}
}

func (v *veil) keepLast(p []byte) {
	if len(p) == 0 {
		return
	}
	v.prev = p[len(p)-1]
	p = p[max(0, len(p)-len(v.before)):]
	copy(v.before[:], v.before[len(p):])
	copy(v.before[len(v.before)-len(p):], p)
}

// lock takes the table of all secrets known by now; false: there are none. Nobody else uses it until it is unlocked.
func (v *veil) lock() bool {
	if v.version != v.masker.version.Load() {
		first := v.table == nil
		v.table, v.version = v.masker.current()
		if v.table != nil && first {
			v.table.mu.Lock()
			v.epoch = v.table.epoch
			v.grow(0)
			return true
		}
	}
	if v.table == nil {
		return false
	}
	v.table.mu.Lock()
	if v.epoch != v.table.epoch {
		v.epoch = v.table.epoch
		v.again()
	}
	return true
}

// again reads the bytes that are inside a match once more, since the table has got further patterns.
func (v *veil) again() {
	depth := int64(v.table.nodes[v.state].depth)
	acrossDepth := int(v.table.nodes[v.across.state].depth)
	v.grow(depth)
	v.state = 0
	upTo, words := v.matched, v.words
	v.words = nil
	for v.matched -= depth; v.matched < upTo; {
		r := *v.back(0)
		v.settleWords(r.c)
		next, ok := v.table.child(v.state, r.c)
		v.take(r.c, r.at, next, ok)
	}
	v.words = append(v.words, words...)
	v.refreshAcross(acrossDepth)
}

// grow makes room in the ring for the table's longest pattern and keeps its last n bytes.
func (v *veil) grow(n int64) {
	size := len(v.last)
	for size = max(size, 1); size < v.table.longest; size *= 2 {
	}
	if size == len(v.last) {
		return
	}
	last := make([]read, size)
	for k := v.matched - n; k < v.matched; k++ {
		last[k&int64(size-1)] = v.last[k&int64(len(v.last)-1)]
	}
	v.last = last
}

func (v *veil) scan(i int) {
	b, breaks, next := v.cur, newGaps(), -1
	for ; i < len(b); i++ {
		if v.state == 0 && v.across.state == 0 && len(v.words) == 0 && len(v.follows) == 0 {
			if next < i { // the gaps on the way do not change where it leads
				next = v.table.filter.next(b, i)
			}
			for i = breaks.next(b, i); i < next && !v.beginAcross(b, i); {
				i = breaks.next(b, i+1)
			}
			if i < next {
				continue // the automaton does not begin with this byte
			}
			if i = next; i >= len(b) {
				return
			}
		}
		c, at := b[i], v.base+int64(i)
		v.step(c, at)
		if v.across.state != 0 {
			v.stepAcross(c, at)
		} else if beginsGap(c) {
			v.beginAcross(b, i)
		}
	}
}

// step reads one byte that stands at the place at.
func (v *veil) step(c byte, at int64) {
	if len(v.words) > 0 {
		v.settleWords(c)
	}
	inside := len(v.follows) > 0 || v.table.nodes[v.state].depth >= gapDepth
	next, ok := v.table.child(v.state, c)
	if inside && v.gap.may(c) && (v.gap.open() || !ok && !v.followed(c)) && v.gap.passes(c) {
		return
	}
	v.gap.close(c)
	if len(v.follows) > 0 {
		v.goOn(c, at)
	}
	before := v.prev
	if at > v.base {
		before = v.cur[at-v.base-1]
	}
	*v.back(0) = read{at, c, before}
	v.take(c, at, next, ok)
}

// take moves the automaton by c, which is in last, to next where ok says so, and marks what is found.
func (v *veil) take(c byte, at int64, next uint32, ok bool) {
	t := v.table
	if ok {
		t.enter(v.state, c, next)
	} else if v.state != 0 {
		next = t.advance(t.nodes[v.state].fail, c)
	}
	v.matched++
	if !v.gap.breaks {
		v.end = at + 1
	}
	n := &t.nodes[next]
	if n.depth >= hideDepth {
		if from := v.start(int(n.depth)); from < v.end {
			v.hide(from, v.end)
		}
	}
	if n.out != 0 {
		v.found(&t.outs[n.out].ends, at+1)
	}
	v.state = t.settle(next)
	if v.state == 0 && len(v.follows) == 0 {
		v.gap = gap{}
	}
}

// back is the n-th byte before the next one.
func (v *veil) back(n int) *read {
	return &v.last[(v.matched-int64(n))&int64(len(v.last)-1)]
}

// start is where the last depth bytes began.
func (v *veil) start(depth int) int64 { return v.back(depth).at }

func (v *veil) found(out *ends, end int64) {
	if out.longest > 0 {
		v.hide(v.start(out.longest), end)
		v.end = end
	}
	for _, n := range out.words {
		first := v.back(n)
		switch {
		case isWordByte(first.before) && isWordByte(first.c):
		case isWordByte(v.back(1).c):
			v.words = append(v.words, span{first.at, end})
		default:
			v.hide(first.at, end)
		}
	}
	for _, p := range out.follows {
		v.startFollow(p)
	}
}

// settleWords decides by the next byte whether the words that just ended stand alone.
func (v *veil) settleWords(next byte) {
	if !isWordByte(next) {
		for _, w := range v.words {
			v.hide(w.from, w.to)
		}
	}
	v.words = v.words[:0]
}

// hide marks from..to; to is never before the end of an earlier mark.
func (v *veil) hide(from, to int64) {
	k := len(v.hidden)
	if k > 0 && from >= v.hidden[k-1].from && from <= v.hidden[k-1].to { // most often a mark grows
		v.hidden[k-1].to = max(to, v.hidden[k-1].to)
		return
	}
	for ; k > 0 && from <= v.hidden[k-1].to; k-- {
		from, to = min(from, v.hidden[k-1].from), max(to, v.hidden[k-1].to)
	}
	v.hidden = append(v.hidden[:k], span{from, to})
}

// hideHeld hides what is held back, which is the beginning of a secret that goes on elsewhere; false: nothing is.
func (v *veil) hideHeld() bool {
	if len(v.buf) == 0 {
		return false
	}
	v.hide(v.base, v.base+int64(len(v.buf)))
	return true
}

// certain is the place up to which nothing can change any more.
func (v *veil) certain() int64 {
	limit := v.sure(len(v.cur))
	if v.across.state != 0 {
		start := v.startAcross()
		if v.table.nodes[v.across.state].depth >= hideDepth {
			start = max(start, v.across.end)
		}
		limit = min(limit, start)
	}
	return limit
}

// opened is where the first thing began that may still become a mark, or goes on with one.
func (v *veil) opened() int64 {
	first := int64(math.MaxInt64)
	if v.table == nil {
		return first
	}
	v.table.mu.Lock()
	defer v.table.mu.Unlock()
	if len(v.follows) > 0 {
		return v.base - 1
	}
	if depth := v.table.nodes[v.state].depth; depth > 0 {
		first = v.start(int(depth))
	}
	if v.across.state != 0 {
		first = min(first, v.startAcross())
	}
	for _, w := range v.words {
		first = min(first, w.from)
	}
	return first
}

// sure is the same of n bytes, but for what is read across gaps.
func (v *veil) sure(n int) int64 {
	limit := v.base + int64(n)
	if depth := v.table.nodes[v.state].depth; depth >= hideDepth {
		limit = min(limit, max(v.start(int(depth)), v.end)) // hidden up to there
	} else if depth > 0 {
		limit = min(limit, v.start(int(depth)))
	}
	if len(v.follows) > 0 {
		limit = min(limit, v.end)
	}
	for _, w := range v.words {
		limit = min(limit, w.from)
	}
	return limit
}

// release lets go everything before limit, masked, and all of a mask that begins before it.
func (v *veil) release(out sink, limit int64) {
	b, base := v.cur, v.base
	limit = min(limit, base+int64(len(b)))
	done, k := base, 0
	for ; k < len(v.hidden) && (v.hidden[k].from < limit || v.hidden[k].from <= v.maskEnd); k++ {
		h := v.hidden[k]
		if h.from > v.maskEnd {
			if h.from > done {
				out.text(b[done-base:h.from-base], done)
			}
			out.mask(h.from)
			v.masks++
		}
		done = max(done, h.to)
		v.maskEnd = done
	}
	v.hidden = append(v.hidden[:0], v.hidden[k:]...)
	if limit > done {
		out.text(b[done-base:limit-base], done)
		done = limit
	}
	v.keepLast(b[:done-base])
	v.buf = append(v.buf[:0], b[done-base:]...)
	v.base, v.cur = done, nil
}

// A word's letters, digits, the underscore, and all beyond ASCII.
func isWordByte(c byte) bool { return isLetterOrDigit(c) || c == '_' || c >= 0x80 }
