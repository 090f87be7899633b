package logview

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

const (
	keptMatches = 200_000                // further matches are counted, but not kept
	reportEvery = 100 * time.Millisecond // interval between reports of a running search
	findPage    = 4096                   // lines per read, for a source that is not a Finder
)

// FindState is how far a search has come.
type FindState struct {
	Query   find.Query
	Current int  // the match that is shown, counted from 1; 0: none
	Total   int  // matches so far
	Running bool // there may be more
	More    bool // there are more matches than can be stepped through
	Err     error
}

type search struct {
	query   find.Query
	matches []Match
	total   int
	current int  // index of the match that is shown, -1: none; only valid with a query
	anchor  int  // the first match to show is at this row or later
	jump    bool // the first match has not been shown yet
	scanned int  // lines searched so far
	cancel  context.CancelFunc
	id      *int // identity of the running search; reports of others are dropped
	err     error
}

func (s *search) stop() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
	s.id = nil
}

// Find searches for q and shows the first match from the visible lines on. New lines are searched as they come. An empty query ends the
// search.
func (v *View) Find(q find.Query) {
	v.search.stop()
	first, _ := v.grid.Visible()
	if k := v.search.current; k >= 0 && k < len(v.search.matches) { // a longer query starts at the match of the shorter one
		first = v.search.matches[k].Row
	}
	v.search = search{query: q, current: -1, anchor: first, jump: true}
	v.searchOn()
	v.reportFind()
	v.Refresh()
}

func (v *View) FindState() FindState {
	s := &v.search
	if s.query.Text == "" {
		return FindState{}
	}
	return FindState{
		Query: s.query, Current: s.current + 1, Total: s.total, Running: s.cancel != nil, More: s.total > len(s.matches), Err: s.err,
	}
}

// FindNext shows the next match, wrapping around.
func (v *View) FindNext() { v.step(1) }

// FindPrevious shows the previous match, wrapping around.
func (v *View) FindPrevious() { v.step(-1) }

func (v *View) step(by int) {
	s := &v.search
	n := len(s.matches)
	if n == 0 {
		return
	}
	if s.current < 0 {
		s.current = 0
	} else {
		s.current = (s.current + by + n) % n
	}
	v.showMatch()
}

func (v *View) showMatch() {
	m := v.search.matches[v.search.current]
	v.search.jump = false
	v.reveal(monogrid.TextPos{Row: m.Row, Col: m.From})
	v.reportFind()
}

func (v *View) reportFind() {
	if v.OnFind != nil {
		v.OnFind(v.FindState())
	}
}

// searchOn searches the lines that have not been searched yet.
func (v *View) searchOn() {
	s := &v.search
	if v.src == nil || s.query.Text == "" || s.cancel != nil || s.err != nil {
		return
	}
	end := v.src.Len()
	from := max(0, s.scanned-1) // the last line may have grown
	if s.scanned == end && end > 0 {
		return
	}
	for k := len(s.matches); k > 0 && s.matches[k-1].Row >= from; k-- {
		s.matches = s.matches[:k-1]
		s.total--
	}
	s.current = min(s.current, len(s.matches)-1)
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.id = new(int)
	go v.seek(ctx, s.id, v.src, s.query, from, end)
}

// seek runs a search and reports its progress.
func (v *View) seek(ctx context.Context, id *int, src Source, q find.Query, from, end int) {
	var batch []Match
	total := 0
	var last time.Time
	report := func(done bool, err error) {
		found, count := batch, total
		batch, total = nil, 0
		last = time.Now()
		fyne.Do(func() {
			if v.search.id == id {
				v.found(found, count, end, done, err)
			}
		})
	}
	kept := 0
	err := finder(src).Find(ctx, q, from, func(ms []Match) {
		total += len(ms)
		if room := keptMatches - kept; len(ms) > room {
			ms = ms[:room]
		}
		kept += len(ms)
		batch = append(batch, ms...)
		if time.Since(last) >= reportEvery {
			report(false, nil)
		}
	})
	report(true, err)
}

func (v *View) found(ms []Match, count, end int, done bool, err error) {
	s := &v.search
	s.total += count
	if room := keptMatches - len(s.matches); len(ms) > room {
		ms = ms[:room]
	}
	s.matches = append(s.matches, ms...)
	if done {
		s.stop()
		s.scanned = end
		if err != nil && !errors.Is(err, context.Canceled) {
			s.err = err
		}
	}
	if s.jump && len(s.matches) > 0 && (done || s.matches[len(s.matches)-1].Row >= s.anchor) {
		s.current = 0
		for i, m := range s.matches {
			if m.Row >= s.anchor {
				s.current = i
				break
			}
		}
		v.showMatch()
		return
	}
	v.reportFind()
	v.updated()
}

func finder(src Source) Finder {
	if f, ok := src.(Finder); ok {
		return f
	}
	return pageFinder{src}
}

// pageFinder searches a source that is not a Finder.
type pageFinder struct{ src Source }

func (p pageFinder) Find(ctx context.Context, q find.Query, from int, found func([]Match)) error {
	m, err := q.Compile()
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := p.src.Len()
		if from >= n {
			return nil
		}
		lines, err := p.src.Page(ctx, from, min(findPage, n-from))
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return nil
		}
		var batch []Match
		for i, l := range lines {
			m.Line(ansi.Strip(l.Text), func(a, b int) bool {
				batch = append(batch, Match{from + i, a, b})
				return true
			})
		}
		if len(batch) > 0 {
			found(batch)
		}
		from += len(lines)
	}
}
