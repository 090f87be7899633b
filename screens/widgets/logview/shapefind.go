package logview

import (
	"context"
	"sort"

	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
)

// Find searches whole lines, so that wrapping hides no match. A match that crosses the end of a row is marked up to there.
func (s *Shaped) Find(ctx context.Context, q find.Query, from int, found func([]Match)) error {
	m, err := q.Compile()
	if err != nil {
		return err
	}
	v := s.view()
	k := max(0, sort.Search(len(v.marks), func(k int) bool { return v.marks[k].row > from })-1)
	var batch []Match
	n := 0
	err = v.each(ctx, k, findPage, func(l Line, _, row int) bool {
		if row >= v.shown {
			return false
		}
		m.Line(ansi.Strip(l.Text), func(a, b int) bool {
			hit := Match{row, a, b}
			if v.shape.Wrap > 0 {
				hit = inRow(hit, pieces(wrap(l.Text, v.shape.Wrap)))
			}
			if hit.Row >= from {
				batch = append(batch, hit)
			}
			return true
		})
		if n++; n%findPage == 0 && len(batch) > 0 {
			found(batch)
			batch = nil
		}
		return ctx.Err() == nil
	})
	if len(batch) > 0 {
		found(batch)
	}
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// inRow converts a match in a line to one in the row where it begins.
func inRow(m Match, ends []int) Match {
	start := 0
	for i, end := range ends {
		if m.From < end || i == len(ends)-1 {
			return Match{m.Row + i, m.From - start, min(m.To, end) - start}
		}
		start = end
	}
	return m
}
