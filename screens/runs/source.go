package runs

import (
	"context"
	"sync/atomic"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
	"github.com/stepdeck/stepdeck/screens/widgets/logview"
)

// source is the log of one step run, read from the store a page at a time.
type source struct {
	store Store
	step  int64
	lines atomic.Int64 // that the store has
}

var _ logview.Source = (*source)(nil)

// Len implements logview.Source.
func (s *source) Len() int { return int(s.lines.Load()) }

// Page implements logview.Source.
func (s *source) Page(ctx context.Context, from, count int) ([]logview.Line, error) {
	read, err := s.store.ReadLog(ctx, s.step, int64(from)+1, count)
	if err != nil && model.ErrorCode(err) != model.CodeLogDamaged {
		return nil, err
	}
	lines := make([]logview.Line, 0, count)
	for _, l := range read {
		for from+len(lines)+1 < int(l.N) { // these are damaged: they keep their place
			lines = append(lines, logview.Line{N: from + len(lines) + 1, Time: l.Time, Stream: logview.Note, Level: logview.Error, Text: "…"})
		}
		lines = append(lines, logview.Line{
			N: int(l.N), Time: l.Time, Stream: streamOf(l.Stream), Level: levelOf(l.Level), Text: joblog.Clean(l.Text), Continued: l.Continued,
		})
	}
	return lines, nil
}

func streamOf(s model.Stream) logview.Stream {
	switch s {
	case model.StreamStderr:
		return logview.Stderr
	case model.StreamStepdeck:
		return logview.Note
	}
	return logview.Stdout
}

func levelOf(l model.Level) logview.Level {
	switch l {
	case model.LevelVerbose:
		return logview.Verbose
	case model.LevelHighlight:
		return logview.Highlight
	case model.LevelWait:
		return logview.Wait
	case model.LevelWarning:
		return logview.Warning
	case model.LevelError:
		return logview.Error
	}
	return logview.Info
}
