package command

import (
	"bufio"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// jsonWatcher prints a run as JSON, one object per line. Without texts it is the event stream for the window, which reads
// log lines from the store.
type jsonWatcher struct {
	texts bool
	mu    sync.Mutex
	out   *bufio.Writer
	enc   *engine.Encoder
	c     *cli

	writeFailed bool // reported already
}

func newJSONWatcher(c *cli, texts bool) *jsonWatcher {
	w := &jsonWatcher{c: c, texts: texts, out: bufio.NewWriterSize(c.Out, 64<<10)}
	w.enc = engine.NewEncoder(w.out)
	return w
}

// print prints events. Errors are ignored: the reader may be gone, but the run goes on.
func (w *jsonWatcher) print(events ...engine.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ev := range events {
		_ = w.enc.Encode(ev)
	}
	w.flush()
}

// flush writes buffered output, and reports the first failure other than a closed pipe. The run goes on in any case.
func (w *jsonWatcher) flush() {
	if err := w.out.Flush(); err != nil && !w.writeFailed && !isBrokenPipe(err) {
		w.writeFailed = true
		w.c.say("stepdeck: standard output can't be written. (%v)", err)
	}
}

func (w *jsonWatcher) RunStarted(run model.Run, plan runner.Plan) {
	w.print(engine.RunStarted{
		ID: run.ID, Project: run.Project, Environment: run.Environment, Who: run.Who, Started: jsonTime(run.Started),
		Plan: planRecord(plan),
	})
}

func (w *jsonWatcher) Identified(step model.StepRun) {
	w.print(engine.Identified{Step: step.Number, Name: step.Step, Identity: identityRecord(step)})
}

func (w *jsonWatcher) StepStarted(step model.StepRun) {
	w.print(engine.StepStarted{
		Step: step.Number, Name: step.Step, Attempt: step.Attempt, Attempts: step.Attempts,
		Started: jsonTime(step.Started), Identity: identityRecord(step),
	})
}

func (w *jsonWatcher) Lines(step model.StepRun, first int64, batch model.LogBatch) {
	if !w.texts {
		w.print(engine.Lines{Step: step.Number, Attempt: retried(step), UpTo: first + int64(len(batch.Lines)) - 1})
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	from := 0
	for i, meta := range batch.Lines {
		end := from + int(meta.Len)
		_ = w.enc.Encode(engine.Line{
			Step: step.Number, Attempt: retried(step), N: first + int64(i), Time: engine.StampOf(time.UnixMicro(meta.Time)),
			Stream: meta.Stream.String(), Level: meta.Level.String(),
			Text: strings.TrimRight(string(batch.Bytes[from:end]), "\r\n"), Continued: meta.Continued,
		})
		from = end
	}
	w.flush()
}

func (w *jsonWatcher) Progress(step model.StepRun) {
	w.print(engine.Progress{Step: step.Number, Attempt: retried(step), Percent: step.Progress.Percent, Message: step.Progress.Message})
}

func (w *jsonWatcher) Output(step model.StepRun, o model.Output) {
	w.print(engine.Output{Step: step.Number, Attempt: retried(step), Value: engine.NewValue(o.Name, o.Value, o.Sensitive)})
}

func (w *jsonWatcher) Artifact(step model.StepRun, a model.Artifact) {
	w.print(engine.Artifact{Step: step.Number, Attempt: retried(step), File: engine.NewFile(a)})
}

func (w *jsonWatcher) ResultMessage(step model.StepRun) {
	w.print(engine.ResultMessage{Step: step.Number, Attempt: retried(step), Message: step.ResultMessage})
}

func (w *jsonWatcher) Stopping(step model.StepRun, ev model.StopEvent) {
	w.print(engine.Stopping{
		Step: step.Number, Attempt: retried(step), Stage: ev.Stage, Processes: ev.Processes, ForceInMs: ev.ForceIn.Milliseconds(),
		Leftover: ev.Leftover,
	})
}

func (w *jsonWatcher) StepFinished(step model.StepRun) {
	ev := stepNotRun(step)
	ev.ExitCode = step.ExitCode
	ev.StepEnd = &engine.StepEnd{
		Signal: step.Signal, ResultMessage: step.ResultMessage, Lines: step.Lines, Warnings: step.Warnings, Masked: step.Masked,
		Started: jsonTime(step.Started), Finished: jsonTime(step.Finished), RefusedCalls: step.RefusedCalls,
		Artifacts: convert(step.Artifacts, engine.NewFile), Highlights: step.Highlights,
	}
	w.print(ev)
}

func (w *jsonWatcher) StepSkipped(step model.StepRun) { w.print(stepNotRun(step)) }

// retried returns the number of an attempt that follows another, else 0: that is left out.
func retried(step model.StepRun) int {
	if step.Attempt > 1 {
		return step.Attempt
	}
	return 0
}

// stepNotRun returns the event for the end of a step that never started.
func stepNotRun(step model.StepRun) engine.StepFinished {
	return engine.StepFinished{
		Step: step.Number, Name: step.Step, Attempt: step.Attempt, Attempts: step.Attempts, Status: step.Status, Skip: step.Skip,
		Message: step.Message,
	}
}

func (w *jsonWatcher) Waiting(step model.StepRun, wait runner.Wait) {
	_, code := wait.Question.(runner.MFACode)
	w.print(engine.Waiting{
		Step: step.Number, Name: step.Step, Account: wait.Account.Name, Code: code, Until: jsonTime(wait.Until), Message: wait.Message,
	})
}

func (w *jsonWatcher) Waited(step model.StepRun, wait runner.Wait, answered bool) {
	w.print(engine.Waited{Step: step.Number, Name: step.Step, Account: wait.Account.Name, Answered: answered})
}

// Unanswered implements runner.Watcher. It prints nothing, since the result's message says it.
func (w *jsonWatcher) Unanswered(runner.Question) {}

func (w *jsonWatcher) RunFinished(run model.Run) {
	var events []engine.Event
	for _, s := range run.Steps {
		if s.Status != model.Skipped && s.Started.IsZero() {
			events = append(events, stepNotRun(s))
		}
	}
	w.print(append(events, engine.RunFinished{
		ID: run.ID, Status: run.Status, ExitCode: run.ExitCode, Message: run.Message,
		Started: jsonTime(run.Started), Finished: jsonTime(run.Finished),
	})...)
}

// readCommands carries out the commands on standard input. The end of standard input doesn't stop the run.
func (c *cli) readCommands(stopper *runner.Stopper, w *jsonWatcher) {
	in := c.commands()
	for {
		command, err := in.Next()
		switch command.(type) {
		case engine.Stop:
			stopper.Interrupt()
			continue
		case engine.Kill:
			stopper.Kill()
			continue
		case engine.Secrets:
			err = model.NewError(model.CodeEngineCommand, "Secrets must be the first command, and only with --secrets-stdin.")
		}
		if model.ErrorCode(err) != model.CodeEngineCommand {
			return
		}
		w.print(engine.Refused{Message: err.Error()})
	}
}
