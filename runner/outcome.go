package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
	"github.com/stepdeck/stepdeck/runner/process"
)

// outcome is how a step ended, before its log is taken into account.
type outcome struct {
	status  model.Status
	exit    *int
	signal  string
	message string

	hopeless bool // another attempt would end in the same way
}

// outcomeOf returns the outcome of a script that was not stopped.
func outcomeOf(res process.Result) outcome {
	o := outcome{status: model.Failed, signal: res.Signal}
	if res.Signal == "" && res.ExitCode >= 0 {
		code := res.ExitCode
		o.exit = &code
	}
	switch {
	case res.Signal != "":
		o.message = fmt.Sprintf("The script was ended by the signal %s.", res.Signal)
	case res.ExitCode != 0:
		o.message = fmt.Sprintf("The script ended with exit code %d.", res.ExitCode)
	default:
		o.status = model.Succeeded
	}
	return o
}

// failedByScript returns the outcome of a script that declared its step failed. Its exit code may still be 0, because a trap
// in the script can change it.
func (o outcome) failedByScript(reason string) outcome {
	if o.status != model.Succeeded && o.status != model.Failed {
		return o
	}
	o.status = model.Failed
	if o.exit != nil && *o.exit == 0 {
		code := ExitFailed
		o.exit = &code
	}
	if reason != "" {
		o.message = reason
	}
	return o
}

// interrupted returns the outcome of a step that was stopped or timed out; otherwise ok is false.
func (s *stepRun) interrupted(ctx context.Context) (o outcome, ok bool) {
	status, _, ok := interruption(ctx)
	if !ok {
		return outcome{}, false
	}
	o = outcome{status: status, message: "Stopped."}
	switch {
	case errors.Is(context.Cause(ctx), errStepTimedOut):
		o.message = fmt.Sprintf("The time limit passed (step: %s).", model.FormatDuration(s.step().Options.Timeout))
	case status == model.TimedOut:
		o.message = fmt.Sprintf("The time limit passed (run: %s).", model.FormatDuration(s.planner.req.Timeout))
	}
	return o, true
}

// findings is what is known about a step apart from how it ended.
type findings struct {
	summary  joblog.Summary
	warnings []string
	lost     string // added to any other message; empty: the log is complete
	stderr   model.ErrorOutput
}

// applied returns the step run with the outcome and the findings.
func (o outcome) applied(s model.StepRun, f findings, now time.Time) model.StepRun {
	s.Status, s.ExitCode, s.Signal, s.Message = o.status, o.exit, o.signal, o.message
	s.Finished, s.Lines, s.Masked = now, f.summary.Lines, f.summary.Masked
	s.Warnings = len(f.warnings)
	complained := f.summary.Stderr.Errors > 0
	switch {
	case s.Status != model.Succeeded:
	case complained && f.stderr == model.ErrorOutputFail:
		s.Status = model.Failed
		s.Message = "The script wrote to its error stream, which fails this step (error output: fail)."
	case complained && f.stderr == model.ErrorOutputWarning:
		s.Status = model.Warning
		s.Message = "The script wrote to its error stream."
	case len(f.warnings) > 0:
		s.Status = model.Warning
		s.Message = f.warnings[0]
	}
	if s.Status == model.Failed && s.ResultMessage != "" {
		s.Message = s.ResultMessage
	}
	if f.lost != "" && s.Message != f.lost {
		s.Message = strings.TrimSpace(s.Message + " " + f.lost)
	}
	return s
}

func stderrLevel(meaning model.ErrorOutput) model.Level {
	if meaning == model.ErrorOutputInfo {
		return model.LevelInfo
	}
	return model.LevelError
}

func names(list []process.Process) string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = fmt.Sprintf("%s (%d)", p.Name, p.PID)
	}
	return strings.Join(texts, ", ")
}
