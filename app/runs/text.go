package runs

import "github.com/stepdeck/stepdeck/runner/joblog"

// Shown returns the text of a stored log line for display: without what a terminal would have overwritten, with colours.
func Shown(text string) string { return joblog.Clean(text) }

// Plain returns the text of a stored log line without colours.
func Plain(text string) string { return joblog.StripSGR(joblog.Clean(text)) }
