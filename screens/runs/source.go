package runs

import (
	"context"
	"sync/atomic"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/logview"
)

// source reads the log of a step run from the store, a page at a time.
type source struct {
	store Store
	step  int64
	lines atomic.Int64 // in the store
}

var _ logview.Source = (*source)(nil)

func (s *source) Len() int { return int(s.lines.Load()) }

func (s *source) Page(ctx context.Context, from, count int) ([]logview.Line, error) {
	read, err := s.store.ReadLog(ctx, s.step, int64(from)+1, count)
	if err != nil && model.ErrorCode(err) != model.CodeLogDamaged {
		return nil, err
	}
	lines := make([]logview.Line, 0, count)
	for _, l := range read {
		for from+len(lines)+1 < int(l.N) { // missing lines are damaged: they keep their numbers
			damaged := logview.Line{N: from + len(lines) + 1, Time: l.Time, Stream: logview.Note, Level: logview.Error, Text: "…"}
			lines = append(lines, damaged)
		}
		lines = append(lines, logview.Line{
			N: int(l.N), Time: l.Time, Stream: logview.Stream(l.Stream), Level: logview.Level(l.Level), Text: runs.Shown(l.Text),
			Continued: l.Continued,
		})
	}
	return lines, nil
}
