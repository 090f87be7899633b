package joblog

import "sync"

// pattern is a text to hide.
type pattern struct {
	text   []byte
	word   bool  // only as a whole word
	follow *form // if not nil, text is the beginning of the form's block at off, and the rest is compared as it comes
	off    int
}

// table is an Aho-Corasick automaton over the patterns, with a filter before it. The nodes of a pattern are
// consecutive, so most steps are "if it is this byte, go to the next node", and a node takes 16 bytes however many
// different bytes there are.
//
// Patterns can be added to a table in use at the cost of these patterns only: the links of older nodes are updated when
// a stream reaches them (see enter). So only one scan at a time can use a table.
type table struct {
	mu       sync.Mutex // guards all fields below
	nodes    []node
	edges    []edge
	root     [256]uint32
	outs     []output
	filter   filter
	longest  int // bytes of the longest pattern
	trigrams trigrams
	epoch    uint32   // how often patterns were added to the table
	fresh    []uint32 // the epoch in which each node's links were updated

	lastNode, lastEdge, lastOut uint32 // indexes
}

type node struct {
	fail  uint32
	out   uint32 // index in outs; 0 if no pattern ends here
	edge  uint32 // first of the list of further children; 0 if there are none
	depth uint16 // bytes of a pattern read so far
	label byte   // the byte that leads to the next node, if chain
	chain bool   // the next node is a child of this one
}

type edge struct {
	to, next uint32
	c        byte
}

// ends lists the patterns that end at a position.
type ends struct {
	longest int   // bytes of the longest pattern that is hidden everywhere
	words   []int // bytes of those that must be whole words
	follows []pattern
}

// output lists the patterns that end at a node.
type output struct {
	ends        // all of them
	own  ends   // the patterns that are exactly this node's text
	node uint32 // a node without its own pattern shares the output of a shorter one
}

func newTable(patterns []pattern) *table {
	most := 1 // of the nodes: patterns that begin alike share some
	for _, p := range patterns {
		most += len(p.text)
	}
	t := &table{nodes: make([]node, 1, most), edges: make([]edge, 1), outs: make([]output, 1, 1+len(patterns)), filter: newFilter(patterns)}
	for _, p := range patterns {
		t.insert(p)
	}
	t.fresh = make([]uint32, len(t.nodes))
	t.link()
	return t
}

// add adds the patterns all[known:] to a table of those before.
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
	t.trigrams.add(p.text)
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
	if !t.endsPattern(s) {
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

// endsPattern reports whether the text of s is itself a pattern.
func (t *table) endsPattern(s uint32) bool {
	out := t.nodes[s].out
	return out != 0 && t.outs[out].node == s
}

// link sets each node's fail link, where to continue when a byte does not match: the longest suffix of the node's text
// that begins a pattern.
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

// inherit adds the outputs of the fail node to those of s.
func (t *table) inherit(s uint32) {
	n := &t.nodes[s]
	below := t.nodes[n.fail].out
	if !t.endsPattern(s) {
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

// enter updates the links of next if they are outdated. next is the child of s by c, and s is up to date.
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

// child returns the child of s by c.
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

// advance is one step of the automaton.
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

// settle goes from leaves to their fail node, so that a non-zero state means that a pattern may continue.
func (t *table) settle(s uint32) uint32 {
	for s != 0 && !t.nodes[s].chain && t.nodes[s].edge == 0 {
		s = t.nodes[s].fail
	}
	return s
}
