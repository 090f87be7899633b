package logview

import (
	"context"
	"sort"
	"sync"
	"time"
)

// Shape says which lines of a log show, and how.
type Shape struct {
	Hidden Levels // lines of these levels do not show
	Wrap   int    // cells that a row has room for; 0: a line is one row, however long

	Quiet time.Duration              // so long without a line is told between the two, where no level is hidden; 0: never
	Pause func(time.Duration) string // the words for it

	Remark func(Line) bool // finds lines whose number is to be kept; nil: none
}

// Levels is a set of levels.
type Levels uint8

// Has tells whether a level is in the set.
func (s Levels) Has(l Level) bool { return s&(1<<l) != 0 }

// With gives the set with a level in it, or without.
func (s Levels) With(l Level, in bool) Levels {
	if in {
		return s | 1<<l
	}
	return s &^ (1 << l)
}

// Facts is what is known of the lines that were looked at. Numbers count from 1; 0 stands for none.
type Facts struct {
	Lines                int
	Counts               [Error + 1]int // lines of each level
	FirstError, Remarked int            // the first line of the level Error, and the last one that Remark chose
}

// Shaped is another log in a shape: lines left out, cut into rows, pauses told. It keeps the place of every 64th line or so, not
// the lines, so that a log of a million lines costs a quarter of a megabyte. Grow looks at what has come; until then it does not
// show.
type Shaped struct {
	base  Source
	shape Shape

	growing sync.Mutex
	mu      sync.RWMutex
	marks   []mark // in order; only ever appended to
	pauses  []pause
	shown   int       // rows that show
	rows    int       // of the lines looked at
	last    time.Time // of the last line looked at
	facts   Facts
}

// mark is a line that shows, and its first row; both count from 0. All lines that show between a mark and the next one are among the first
// markEvery from the mark on.
type mark struct{ line, row int }

// pause is how long nothing came before a line.
type pause struct {
	line int
	took time.Duration
}

const (
	markEvery = 64
	growPage  = 4096                   // lines read in one go
	showEvery = 400 * time.Millisecond // how often a long look shows how far it is
)

var (
	_ Source = (*Shaped)(nil)
	_ Finder = (*Shaped)(nil)
)

// NewShaped gives a log in a shape. Its lines must not change any more.
func NewShaped(base Source, shape Shape) *Shaped { return &Shaped{base: base, shape: shape} }

// Shape is the shape that it has.
func (s *Shaped) Shape() Shape { return s.shape }

// Facts tells what is known so far.
func (s *Shaped) Facts() Facts {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.facts
}

// Numbers is the largest line number so far.
func (s *Shaped) Numbers() int { return s.Facts().Lines }

func (s *Shaped) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.shown
}

// Grow looks at the lines that have come and calls news when more of them show. It belongs on a goroutine of its own.
func (s *Shaped) Grow(ctx context.Context, news func()) error {
	s.growing.Lock()
	defer s.growing.Unlock()
	said := time.Now()
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
		tell := s.facts.Lines >= s.base.Len() || time.Since(said) >= showEvery
		if tell {
			s.shown = s.rows
		}
		s.mu.Unlock()
		if tell {
			said = time.Now()
			news()
		}
	}
}

// take enters the next line.
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
	if quiet := l.Time.Sub(s.last); s.shape.Quiet > 0 && s.shape.Hidden == 0 && i > 0 && !l.Time.IsZero() && !s.last.IsZero() && quiet >= s.shape.Quiet {
		s.pauses = append(s.pauses, pause{i, quiet})
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

// height is how many rows a line takes.
func (s *Shaped) height(l Line) int {
	if s.shape.Hidden.Has(l.Level) {
		return 0
	}
	return rowsOf(l.Text, s.shape.Wrap)
}

// pauseBefore is how long nothing came before a line, if that is told.
func (s *Shaped) pauseBefore(line int) (time.Duration, bool) {
	k := sort.Search(len(s.pauses), func(k int) bool { return s.pauses[k].line >= line })
	if k < len(s.pauses) && s.pauses[k].line == line {
		return s.pauses[k].took, true
	}
	return 0, false
}

// view is what a reader needs to find its way, unmoved by what is entered meanwhile.
func (s *Shaped) view() *Shaped {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return &Shaped{base: s.base, shape: s.shape, marks: s.marks, pauses: s.pauses, shown: s.shown, facts: s.facts}
}

// each calls found with the lines that show, from the mark before row or line on: where each begins, and its pause row with it. It reads no
// line that it need not, and ends when found says so.
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
			if _, told := s.pauseBefore(line); told {
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
		if took, told := v.pauseBefore(line); told && l == (Line{}) {
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

// parts cuts a line into its rows.
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

// RowOf gives the row of a line, counted from 1 as Line.N, or of the first one behind it that shows.
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
