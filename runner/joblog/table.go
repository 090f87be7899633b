package joblog

import "sync"

// pattern is a text to hide.
type pattern struct {
	text   []byte
	word   bool  // only where it stands alone
	follow *form // not nil: text is the beginning of the form's block at off, and the rest is to be followed
	off    int
}

// table is an Aho-Corasick automaton over the patterns with a filter before it. Nodes of a pattern lie behind one another, so that
// most steps are "is it this byte: then the next node", and a node takes 16 bytes however many different bytes there are.
//
// Patterns can be added to a table that is in use, at the cost of these patterns alone: the links of the nodes that were there before
// are found anew only where a stream comes by (see enter). So a table belongs to one scan at a time.
type table struct {
	mu      sync.Mutex // all below
	nodes   []node
	edges   []edge
	root    [256]uint32
	outs    []output
	filter  filter
	longest int // bytes of the longest pattern
	early   threes
	epoch   uint32   // how often patterns were added since the table was made
	fresh   []uint32 // of each node: the epoch in which its links were found

	lastNode, lastEdge, lastOut uint32 // indexes
}

type node struct {
	fail  uint32
	out   uint32 // index in outs; 0: no pattern ends here
	edge  uint32 // first of the list of further ways on; 0: none
	depth uint16 // bytes of a pattern read so far
	label byte   // leads to the next node, if
	chain bool   // it is a child of this one
}

type edge struct {
	to, next uint32
	c        byte
}

// ends is which patterns end at a place.
type ends struct {
	longest int   // bytes of the longest pattern that is hidden wherever it stands
	words   []int // bytes of those that must stand alone
	follows []pattern
}

// output is what ends at a node.
type output struct {
	ends        // all of it
	own  ends   // the patterns that the node itself stands for
	node uint32 // a node without a pattern of its own uses the output of a shorter one
}

func newTable(patterns []pattern) *table {
	t := &table{nodes: make([]node, 1), edges: make([]edge, 1), outs: make([]output, 1), filter: newFilter(patterns)}
	for _, p := range patterns {
		t.insert(p)
	}
	t.fresh = make([]uint32, len(t.nodes))
	t.link()
	return t
}

// add adds the patterns of all from known on to a table of those before.
func (t *table) add(all []pattern, known int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range all[known:] {
		t.insert(p)
	}
	t.epoch++
	t.fresh = append(t.fresh, make([]uint32, len(t.nodes)-len(t.fresh))...)
	t.filter.extend(all, known)
}

func (t *table) insert(p pattern) {
	t.longest = max(t.longest, len(p.text))
	t.early.add(p.text)
	s, i := uint32(0), 0
	for ; i < len(p.text); i++ {
		next, ok := t.child(s, p.text[i])
		if !ok {
			break
		}
		s = next
	}
	for ; i < len(p.text); i++ {
		t.lastNode++
		to := t.lastNode
		t.nodes = append(t.nodes, node{depth: t.nodes[s].depth + 1})
		switch n := &t.nodes[s]; {
		case s == 0:
			t.root[p.text[i]] = to
		case to == s+1:
			n.label, n.chain = p.text[i], true
		default:
			t.edges = append(t.edges, edge{to: to, next: n.edge, c: p.text[i]})
			t.lastEdge++
			n.edge = t.lastEdge
		}
		s = to
	}
	if !t.speaks(s) {
		t.outs = append(t.outs, output{node: s})
		t.lastOut++
		t.nodes[s].out = t.lastOut
	}
	own := &t.outs[t.nodes[s].out].own
	switch {
	case p.word:
		own.words = append(own.words, len(p.text))
	case p.follow != nil:
		own.longest = len(p.text)
		own.follows = append(own.follows, p)
	default:
		own.longest = len(p.text)
	}
}

// speaks reports whether s is the end of a pattern, and not only of one within.
func (t *table) speaks(s uint32) bool {
	out := t.nodes[s].out
	return out != 0 && t.outs[out].node == s
}

// link tells every node where to go on when a byte does not fit: to the longest end of what was read that begins a pattern.
func (t *table) link() {
	queue := make([]uint32, 0, len(t.nodes))
	for _, s := range t.root {
		if s != 0 {
			queue = append(queue, s)
		}
	}
	for k := 0; k < len(queue); k++ {
		s := queue[k]
		t.inherit(s)
		n := &t.nodes[s]
		if n.chain {
			t.nodes[s+1].fail = t.advance(n.fail, n.label)
			queue = append(queue, s+1)
		}
		for e := n.edge; e != 0; e = t.edges[e].next {
			to := t.edges[e].to
			t.nodes[to].fail = t.advance(n.fail, t.edges[e].c)
			queue = append(queue, to)
		}
	}
}

// inherit adds to what ends at s what ends at the shorter end of it.
func (t *table) inherit(s uint32) {
	n := &t.nodes[s]
	below := t.nodes[n.fail].out
	if !t.speaks(s) {
		n.out = below
		return
	}
	out := &t.outs[n.out]
	out.ends = out.own
	if below != 0 {
		from := &t.outs[below]
		out.longest = max(out.longest, from.longest)
		out.words = append(out.words[:len(out.words):len(out.words)], from.words...)
		out.follows = append(out.follows[:len(out.follows):len(out.follows)], from.follows...)
	}
}

// enter sees to it that the links of next are those of all patterns. It is the child of s by c, and s has been entered before.
func (t *table) enter(s uint32, c byte, next uint32) {
	if t.epoch > 0 && t.fresh[next] != t.epoch {
		t.relink(s, c, next)
	}
}

func (t *table) relink(s uint32, c byte, next uint32) {
	below := uint32(0)
	if s != 0 {
		below = t.advance(t.nodes[s].fail, c)
	}
	t.nodes[next].fail = below
	t.inherit(next)
	t.fresh[next] = t.epoch
}

// child is the way on from s by c inside a pattern.
func (t *table) child(s uint32, c byte) (next uint32, ok bool) {
	if s == 0 {
		return t.root[c], t.root[c] != 0
	}
	n := &t.nodes[s]
	if n.chain && n.label == c {
		return s + 1, true
	}
	for e := n.edge; e != 0; e = t.edges[e].next {
		if t.edges[e].c == c {
			return t.edges[e].to, true
		}
	}
	return 0, false
}

// advance is the step of the automaton.
func (t *table) advance(s uint32, c byte) uint32 {
	for {
		next, ok := t.child(s, c)
		if ok {
			t.enter(s, c, next)
			return next
		}
		if s == 0 {
			return 0
		}
		s = t.nodes[s].fail
	}
}

// settle leaves nodes that nothing follows, so that a node with a depth means that a pattern may go on.
func (t *table) settle(s uint32) uint32 {
	for s != 0 && !t.nodes[s].chain && t.nodes[s].edge == 0 {
		s = t.nodes[s].fail
	}
	return s
}
