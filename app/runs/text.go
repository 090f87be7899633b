package runs

import "github.com/stepdeck/stepdeck/runner/joblog"

// Shown is the text of a stored log line as it is shown: without what a terminal would have drawn over, and with colours.
func Shown(text string) string { return joblog.Clean(text) }

// Plain is the text of a stored log line without colours.
func Plain(text string) string { return joblog.StripSGR(joblog.Clean(text)) }
