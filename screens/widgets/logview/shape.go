package logview

import (
	"context"
	"sort"
	"sync"
	"time"
)

// Shape is which lines of a log are shown, and how.
type Shape struct {
	Hidden Levels // levels that are not shown
	Wrap   int    // cells in a row, into which lines are wrapped; 0: don't wrap

	Quiet time.Duration              // a pause this long between two lines gets a row, if no level is hidden; 0: never
	Pause func(time.Duration) string // returns the text of that row

	Remark func(Line) bool // chooses lines of which Facts keeps the last; nil: none
}

// Levels is a set of levels.
type Levels uint8

func (s Levels) Has(l Level) bool { return s&(1<<l) != 0 }

// With returns the set with a level added, or removed if in is false.
func (s Levels) With(l Level, in bool) Levels {
	if in {
		return s | 1<<l
	}
	return s &^ (1 << l)
}

// Facts are figures of the lines read so far. Line numbers count from 1; 0 is none.
type Facts struct {
	Lines                int
	Counts               [Error + 1]int // lines of each level
	FirstError, Remarked int            // numbers of the first error and of the last line that Remark chose
}

// Shaped is a view of another log: some lines left out, long ones wrapped, pauses inserted. It keeps the position of about every 64th
// line, not the lines, so a log of a million lines costs a quarter of a megabyte. New lines are shown after Grow.
type Shaped struct {
	base  Source
	shape Shape

	growing sync.Mutex
	mu      sync.RWMutex
	marks   []mark // in order; only ever appended to
	pauses  []pause
	shown   int       // rows that Len reports
	rows    int       // of the lines read
	last    time.Time // time of the last line read
	facts   Facts
}

// mark is a shown line and its first row, both counted from 0. The shown lines from a mark up to the next one are all among the
// markEvery lines that follow the mark.
type mark struct{ line, row int }

// pause is the time without output before a line.
type pause struct {
	line int
	took time.Duration
}

const (
	markEvery = 64
	growPage  = 4096                   // lines per read
	showEvery = 400 * time.Millisecond // interval between reports of a long Grow
)

var (
	_ Source = (*Shaped)(nil)
	_ Finder = (*Shaped)(nil)
)

// NewShaped returns base in a shape. The lines of base must not change once they are there.
func NewShaped(base Source, shape Shape) *Shaped { return &Shaped{base: base, shape: shape} }

func (s *Shaped) Shape() Shape { return s.shape }

func (s *Shaped) Facts() Facts {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.facts
}

// numbers returns the largest line number so far.
func (s *Shaped) numbers() int { return s.Facts().Lines }

func (s *Shaped) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.shown
}

// Grow reads the new lines of the base, and calls grown whenever more rows are shown. It is meant for a goroutine of its own.
func (s *Shaped) Grow(ctx context.Context, grown func()) error {
	s.growing.Lock()
	defer s.growing.Unlock()
	reported := time.Now()
	for {
		from, end := s.Facts().Lines, s.base.Len()
		if from >= end {
			return nil
		}
		lines, err := s.base.Page(ctx, from, min(growPage, end-from))
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return nil
		}
		s.mu.Lock()
		for _, l := range lines {
			s.take(l)
		}
		report := s.facts.Lines >= s.base.Len() || time.Since(reported) >= showEvery
		if report {
			s.shown = s.rows
		}
		s.mu.Unlock()
		if report {
			reported = time.Now()
			grown()
		}
	}
}

// take records the next line.
func (s *Shaped) take(l Line) {
	i := s.facts.Lines
	s.facts.Lines++
	if int(l.Level) < len(s.facts.Counts) {
		s.facts.Counts[l.Level]++
	}
	if l.Level == Error && s.facts.FirstError == 0 {
		s.facts.FirstError = i + 1
	}
	if s.shape.Remark != nil && s.shape.Remark(l) {
		s.facts.Remarked = i + 1
	}
	height := s.height(l)
	if i > 0 && s.isPause(s.last, l.Time) {
		s.pauses = append(s.pauses, pause{i, l.Time.Sub(s.last)})
		height++
	}
	s.last = l.Time
	if height == 0 {
		return
	}
	if n := len(s.marks); n == 0 || i-s.marks[n-1].line >= markEvery {
		s.marks = append(s.marks, mark{i, s.rows})
	}
	s.rows += height
}

// isPause reports whether the time between two lines gets a row of its own.
func (s *Shaped) isPause(last, next time.Time) bool {
	if s.shape.Quiet <= 0 || s.shape.Hidden != 0 || last.IsZero() || next.IsZero() {
		return false
	}
	return next.Sub(last) >= s.shape.Quiet
}

// height returns the number of rows that a line takes.
func (s *Shaped) height(l Line) int {
	if s.shape.Hidden.Has(l.Level) {
		return 0
	}
	return rowsOf(l.Text, s.shape.Wrap)
}

// pauseBefore returns the pause before a line, if it has a row.
func (s *Shaped) pauseBefore(line int) (time.Duration, bool) {
	k := sort.Search(len(s.pauses), func(k int) bool { return s.pauses[k].line >= line })
	if k < len(s.pauses) && s.pauses[k].line == line {
		return s.pauses[k].took, true
	}
	return 0, false
}

// view returns a snapshot for readers, which Grow does not change.
func (s *Shaped) view() *Shaped {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return &Shaped{base: s.base, shape: s.shape, marks: s.marks, pauses: s.pauses, shown: s.shown, facts: s.facts}
}

// each calls found with the shown lines from mark k on, and with an empty Line for each pause, until found returns false. line and row are
// the index and the first row of each. It reads about atOnce lines at a time.
func (s *Shaped) each(ctx context.Context, k int, atOnce int, found func(l Line, line, row int) bool) error {
	for k < len(s.marks) {
		m := s.marks[k]
		end := min(m.line+markEvery, s.facts.Lines)
		for k++; k < len(s.marks) && s.marks[k].line == end && end-m.line < atOnce; k++ {
			end = min(end+markEvery, s.facts.Lines)
		}
		if k < len(s.marks) {
			end = min(end, s.marks[k].line)
		}
		lines, err := s.base.Page(ctx, m.line, end-m.line)
		if err != nil {
			return err
		}
		row := m.row
		for i, l := range lines {
			line := m.line + i
			if _, ok := s.pauseBefore(line); ok {
				if !found(Line{}, line, row) {
					return nil
				}
				row++
			}
			if height := s.height(l); height > 0 {
				if !found(l, line, row) {
					return nil
				}
				row += height
			}
		}
	}
	return nil
}

func (s *Shaped) Page(ctx context.Context, from, count int) ([]Line, error) {
	v := s.view()
	count = min(count, v.shown-from)
	if count <= 0 {
		return nil, nil
	}
	out := make([]Line, 0, count)
	k := max(0, sort.Search(len(v.marks), func(k int) bool { return v.marks[k].row > from })-1)
	err := v.each(ctx, k, count+markEvery, func(l Line, line, row int) bool {
		if took, ok := v.pauseBefore(line); ok && l == (Line{}) {
			if row >= from {
				out = append(out, Line{Stream: Note, Level: Verbose, Text: v.shape.Pause(took)})
			}
			return len(out) < count
		}
		for i, part := range v.parts(l) {
			if row+i >= from && len(out) < count {
				out = append(out, part)
			}
		}
		return len(out) < count
	})
	return out, err
}

// parts wraps a line into its rows.
func (s *Shaped) parts(l Line) []Line {
	texts := wrap(l.Text, s.shape.Wrap)
	parts := make([]Line, len(texts))
	for i, text := range texts {
		parts[i] = l
		parts[i].Text = text
		parts[i].Continued = l.Continued || i < len(texts)-1
	}
	return parts
}

// RowOf returns the first row of a line, whose number counts from 1 as Line.N, or of the next line that is shown.
func (s *Shaped) RowOf(ctx context.Context, number int) (int, error) {
	v := s.view()
	at := max(0, v.shown-1)
	k := max(0, sort.Search(len(v.marks), func(k int) bool { return v.marks[k].line > number-1 })-1)
	err := v.each(ctx, k, markEvery, func(l Line, line, row int) bool {
		if line < number-1 || l == (Line{}) {
			return true
		}
		at = row
		return false
	})
	return at, err
}
