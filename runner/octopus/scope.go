package octopus

import (
	"slices"
	"strings"
)

// block is a part of a PowerShell script between braces, or all of it.
type block struct {
	start, end int
	around     int // index of the block that it is in
}

// Limits of what is told apart, which keep the time linear: what is deeper belongs to the block around it, and what a name is given
// more often counts for nothing.
const (
	maxBlocks    = 100
	maxAssigned  = 1000
	maxStatement = 4096 // bytes
)

// blocks finds the blocks of a script without comments and strings, in the order of their beginnings.
func blocks(text string) []block {
	list := []block{{end: len(text)}}
	open := []int{0} // indexes of the blocks that have not ended
	for i := range len(text) {
		switch last := open[len(open)-1]; text[i] {
		case '{':
			if len(open) <= maxBlocks {
				list = append(list, block{i, len(text), last})
				last = len(list) - 1
			}
			open = append(open, last)
		case '}':
			if len(open) > 1 {
				if open = open[:len(open)-1]; open[len(open)-1] != last {
					list[last].end = i
				}
			}
		}
	}
	return list
}

// scopes knows where a script has given its own values to names.
type scopes struct {
	text   string // without comments and strings
	blocks []block
	own    map[string][]block // where a name has the script's own value
}

func newScopes(text string) *scopes { return &scopes{text, blocks(text), map[string][]block{}} }

// around returns the innermost block with an offset.
func (s *scopes) around(at int) block {
	i, _ := slices.BinarySearchFunc(s.blocks, at, func(b block, at int) int { return b.start - at })
	for i = max(0, i-1); i > 0 && s.blocks[i].end < at; {
		i = s.blocks[i].around
	}
	return s.blocks[i]
}

// after returns the block that begins next after an offset.
func (s *scopes) after(at int) block {
	i, _ := slices.BinarySearchFunc(s.blocks, at, func(b block, at int) int { return b.start - at })
	if i < len(s.blocks) {
		return s.blocks[i]
	}
	return block{start: at, end: at}
}

// assign notes that the script gives a name a value at an offset. The statement itself may still read what was there before.
func (s *scopes) assign(name string, at int) {
	b := s.around(at)
	end := strings.IndexAny(s.text[at:min(len(s.text), at+maxStatement)], ";\n")
	if end < 0 {
		return // nothing comes after it, or it is a part of what comes
	}
	s.declare(name, block{start: at + end, end: b.end})
}

// declare notes that a name has the script's own value in a block.
func (s *scopes) declare(name string, b block) {
	key := strings.ToLower(name)
	if len(s.own[key]) < maxAssigned {
		s.own[key] = append(s.own[key], b)
	}
}

// isOwn reports whether a name has the script's own value at an offset.
func (s *scopes) isOwn(name string, at int) bool {
	return slices.ContainsFunc(s.own[strings.ToLower(name)], func(b block) bool { return b.start <= at && at < b.end })
}
