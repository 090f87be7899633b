package command

import (
	"fmt"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
)

// maxRecap is how many highlights the end of a run repeats.
const maxRecap = 20

// recap repeats at the end of a run what its scripts printed to be seen, and says what they have kept.
func recap(run model.Run) []string {
	var lines []string
	more, least, several := 0, "", len(run.PlannedSteps()) > 1
	for _, step := range run.Steps {
		of := ""
		if several {
			of = step.Step + ": "
		}
		if len(step.Highlights) == model.MaxHighlights {
			least = "at least " // no more are recorded
		}
		for _, h := range step.Highlights {
			if len(lines) == maxRecap {
				more++
				continue
			}
			lines = append(lines, "★ "+of+clipLine(h.Text))
		}
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("★ %s%d more in the log: stepdeck runs log %d --level highlight", least, more, run.ID))
	}
	kept := 0
	for _, a := range runs.Artifacts(run) {
		if a.Kept() {
			kept++
		}
	}
	if kept > 0 {
		lines = append(lines, fmt.Sprintf("%s: stepdeck runs artifacts %d", model.Count(kept, "artifact", "artifacts"), run.ID))
	}
	return lines
}
