package command

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// The end of a run counts the highlights that it does not repeat, and does not take those that are recorded for all of them.
func TestRecapCountsHighlights(t *testing.T) {
	for n, want := range map[int]string{
		maxRecap: "", maxRecap + 1: "★ 1 more in the log", model.MaxHighlights - 1: "★ 79 more in the log",
		model.MaxHighlights: "★ at least 80 more in the log",
	} {
		lines := recap(model.Run{ID: 1, Steps: []model.StepRun{{Highlights: make([]model.Highlight, n)}}})
		last := lines[len(lines)-1]
		if len(lines) > maxRecap != (want != "") || !strings.HasPrefix(last, want) {
			t.Errorf("%d highlights: %d lines, the last is %q, want %q", n, len(lines), last, want)
		}
	}
}
