package runs

import (
	"fmt"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// Shown returns the text of a stored log line for display: without what a terminal would have overwritten, with colours.
func Shown(text string) string { return joblog.Clean(text) }

// Plain returns the text of a stored log line without colours.
func Plain(text string) string { return joblog.StripSGR(joblog.Clean(text)) }

// exportTime is RFC 3339 in UTC, to the millisecond.
const exportTime = "2006-01-02T15:04:05.000Z"

// ExportLine returns a line of an exported log: when it was printed, its level, the mark of its step, and text, which is
// the line's text as the export shows it.
func ExportLine(step string, l model.LogLine, text string) string {
	return fmt.Sprintf("%s  %-9s %s | %s\n", l.Time.UTC().Format(exportTime), l.Level, step, text)
}
