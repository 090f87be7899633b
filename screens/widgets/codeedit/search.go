package codeedit

import (
	"sort"

	"github.com/stepdeck/stepdeck/screens/widgets/find"
)

// keptMatches bounds a search for a single letter in a large script.
const keptMatches = 100_000

// FindState is what a search found.
type FindState struct {
	Query   find.Query
	Current int // the match that is selected, from 1; 0 for none
	Total   int
	Err     error
}

type match struct{ row, from, to int }

type search struct {
	query   find.Query
	matcher *find.Matcher
	matches []match
	current int // index, or -1
	err     error
}

// Find marks every match of q and selects the first one from the selection's start on. An empty query ends the search.
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
	e.news()
	e.Refresh()
}

// FindState tells what the search found.
func (e *Editor) FindState() FindState {
	s := &e.search
	if s.query.Text == "" {
		return FindState{}
	}
	return FindState{Query: s.query, Current: s.current + 1, Total: len(s.matches), Err: s.err}
}

// FindNext selects the next match after the caret; behind the last one comes the first.
func (e *Editor) FindNext() {
	if n := len(e.search.matches); n > 0 {
		_, to := e.sel.Range()
		e.choose(e.matchFrom(to) % n)
	}
}

// FindPrevious selects the match before the caret.
func (e *Editor) FindPrevious() {
	if n := len(e.search.matches); n > 0 {
		from, _ := e.sel.Range()
		e.choose((e.matchFrom(from) - 1 + n) % n)
	}
}

// matchFrom is the first match that starts at p or later; there may be none.
func (e *Editor) matchFrom(p place) int {
	m := e.search.matches
	return sort.Search(len(m), func(k int) bool { return !(place{Row: m[k].row, Col: m[k].from}).Before(p) })
}

func (e *Editor) choose(k int) {
	m := e.search.matches[k]
	e.sel.Anchor, e.sel.Head = place{Row: m.row, Col: m.from}, place{Row: m.row, Col: m.to}
	e.search.current = k
	const margin = 3
	e.grid.Reveal(e.sel.Head, margin)
	e.moved()
	e.news()
}

func (e *Editor) news() {
	if e.OnFind != nil {
		e.OnFind(e.FindState())
	}
}

// searchAgain looks through the text as it is now.
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
		e.news()
	}
}
