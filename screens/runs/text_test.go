package runs

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
)

// Nobody knows when a run was interrupted: it lasted at least until its last sign of life.
func TestHowLongItLasted(t *testing.T) {
	test.NewTempApp(t)
	from := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	to, now := from.Add(12*time.Second), from.Add(time.Hour)
	for _, c := range []struct {
		status       model.Status
		to           time.Time
		text, column string
	}{
		{model.Failed, to, "0:12", "0:12"},
		{model.Running, time.Time{}, "1:00:00", "1:00:00"},
		{model.Interrupted, to, "at least 0:12", "≥ 0:12"},
	} {
		if got := lasted(c.status, from, c.to, now); got != c.text {
			t.Errorf("%s: %q", c.status, got)
		}
		if got := lastedBriefly(model.Run{Status: c.status, Started: from, Finished: c.to}, now); got != c.column {
			t.Errorf("%s in the list: %q", c.status, got)
		}
		head := failureHead(model.StepRun{Status: c.status, Started: from, Finished: c.to}, 0, now)
		if !strings.HasSuffix(head, "after "+c.text) {
			t.Errorf("the head says %q", head)
		}
	}
	if got := lasted(model.Interrupted, time.Time{}, time.Time{}, now); got != "" {
		t.Errorf("a step that was not started took %q", got)
	}
}
