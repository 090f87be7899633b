package codeedit

import (
	"sort"

	"github.com/stepdeck/stepdeck/screens/widgets/find"
)

// keptMatches limits the matches of a single letter in a large script.
const keptMatches = 100_000

// FindState is the result of a search.
type FindState struct {
	Query   find.Query
	Current int // the match that is selected, counted from 1; 0: none
	Total   int
	Err     error
}

type match struct{ row, from, to int }

type search struct {
	query   find.Query
	matcher *find.Matcher
	matches []match
	current int // index of the selected match, or -1
	err     error
}

// Find marks every match of q and selects the first one from the start of the selection on. An empty query ends the search.
func (e *Editor) Find(q find.Query) {
	e.search = search{query: q, current: -1}
	if q.Text != "" {
		e.search.matcher, e.search.err = q.Compile()
	}
	e.searchAgain()
	if n := len(e.search.matches); n > 0 {
		from, _ := e.sel.Range()
		e.choose(e.matchFrom(from) % n)
		return
	}
	e.reportFind()
	e.Refresh()
}

func (e *Editor) FindState() FindState {
	s := &e.search
	if s.query.Text == "" {
		return FindState{}
	}
	return FindState{Query: s.query, Current: s.current + 1, Total: len(s.matches), Err: s.err}
}

// FindNext selects the next match after the caret, wrapping around.
func (e *Editor) FindNext() {
	if n := len(e.search.matches); n > 0 {
		_, to := e.sel.Range()
		e.choose(e.matchFrom(to) % n)
	}
}

// FindPrevious selects the previous match before the caret, wrapping around.
func (e *Editor) FindPrevious() {
	if n := len(e.search.matches); n > 0 {
		from, _ := e.sel.Range()
		e.choose((e.matchFrom(from) - 1 + n) % n)
	}
}

// matchFrom returns the index of the first match that starts at p or later, or the number of matches.
func (e *Editor) matchFrom(p textPos) int {
	m := e.search.matches
	return sort.Search(len(m), func(k int) bool { return !(textPos{Row: m[k].row, Col: m[k].from}).Before(p) })
}

func (e *Editor) choose(k int) {
	m := e.search.matches[k]
	e.sel.Anchor, e.sel.Head = textPos{Row: m.row, Col: m.from}, textPos{Row: m.row, Col: m.to}
	e.search.current = k
	const margin = 3
	e.grid.Reveal(e.sel.Head, margin)
	e.moved()
	e.reportFind()
}

func (e *Editor) reportFind() {
	if e.OnFind != nil {
		e.OnFind(e.FindState())
	}
}

// searchAgain searches the text as it is now.
func (e *Editor) searchAgain() {
	s := &e.search
	if s.matcher == nil {
		return
	}
	current, total := s.current, len(s.matches)
	s.current, s.matches = -1, s.matches[:0]
	for row, line := range e.buf.lines {
		s.matcher.Line(line, func(from, to int) bool {
			s.matches = append(s.matches, match{row, from, to})
			return len(s.matches) < keptMatches
		})
		if len(s.matches) >= keptMatches {
			break
		}
	}
	if total != len(s.matches) || current != s.current {
		e.reportFind()
	}
}
