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

// outcome is how a step ended, before it is known whether its log changes that.
type outcome struct {
	status  model.Status
	exit    *int
	signal  string
	message string
}

// outcomeOf is what the end of the script's process means, where nobody ended it.
func outcomeOf(res process.Result) outcome {
	o := outcome{status: model.Failed, signal: res.Signal}
	if res.Signal == "" && res.ExitCode >= 0 {
		code := res.ExitCode
		o.exit = &code
	}
	switch {
	case res.Signal != "":
		o.message = fmt.Sprintf("The script was ended by %s.", res.Signal)
	case res.ExitCode != 0:
		o.message = fmt.Sprintf("The script ended with exit code %d.", res.ExitCode)
	default:
		o.status = model.Succeeded
	}
	return o
}

// failedBySelf is the outcome of a script that ended its step as failed, whatever its own traps made of the exit code.
func (o outcome) failedBySelf(reason string) outcome {
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

// interrupted is the outcome of a step that was stopped or ran out of time; ok is false where it was neither.
func (s *stepRun) interrupted(ctx context.Context) (o outcome, ok bool) {
	status, _, ok := interruption(ctx)
	if !ok {
		return outcome{}, false
	}
	o = outcome{status: status, message: "Stopped."}
	switch {
	case errors.Is(context.Cause(ctx), errStepTimedOut):
		o.message = fmt.Sprintf("The time limit passed (step: %v).", s.step().Options.Timeout)
	case status == model.TimedOut:
		o.message = fmt.Sprintf("The time limit passed (run: %v).", s.planner.req.Timeout)
	}
	return o, true
}

// findings is what else there is to say of a step beside how it ended.
type findings struct {
	summary  joblog.Summary
	warnings []string
	lost     string // said beside whatever else there is to say
	stderr   model.ErrorOutput
}

// applied is the step run as the outcome and the findings make it.
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
