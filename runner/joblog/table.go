package joblog

// pattern is a text to hide.
type pattern struct {
	text   []byte
	word   bool  // only where it stands alone
	follow *form // not nil: text is the beginning of the form's block at off, and the rest is to be followed
	off    int
}

// table is an Aho-Corasick automaton over the patterns with a filter before it. Nodes of a pattern lie behind one another, so that
// most steps are "is it this byte: then the next node", and a node takes 16 bytes however many different bytes there are.
type table struct {
	nodes   []node
	edges   []edge
	root    [256]uint32
	outs    []output
	filter  filter
	longest int // bytes of the longest pattern
	early   threes

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

// output is what ends at a node.
type output struct {
	longest int   // bytes of the longest pattern that is hidden wherever it stands
	words   []int // bytes of those that must stand alone
	follows []pattern
}

func newTable(patterns []pattern) *table {
	t := &table{nodes: make([]node, 1), edges: make([]edge, 1), outs: make([]output, 1), filter: newFilter(patterns)}
	for _, p := range patterns {
		t.insert(p)
		t.early.add(p.text)
	}
	t.link()
	return t
}

func (t *table) insert(p pattern) {
	t.longest = max(t.longest, len(p.text))
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
	n := &t.nodes[s]
	if n.out == 0 {
		t.outs = append(t.outs, output{})
		t.lastOut++
		n.out = t.lastOut
	}
	out := &t.outs[n.out]
	switch {
	case p.word:
		out.words = append(out.words, len(p.text))
	case p.follow != nil:
		out.longest = len(p.text)
		out.follows = append(out.follows, p)
	default:
		out.longest = len(p.text)
	}
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
		n := &t.nodes[s]
		t.inherit(n)
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

func (t *table) inherit(n *node) {
	below := t.nodes[n.fail].out
	switch {
	case below == 0:
	case n.out == 0:
		n.out = below
	default:
		own, from := &t.outs[n.out], t.outs[below]
		own.longest = max(own.longest, from.longest)
		own.words = append(own.words, from.words...)
		own.follows = append(own.follows, from.follows...)
	}
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
		if ok || s == 0 {
			return next
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
