package runner

import (
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Watcher hears of a run while it goes on. Calls come one at a time, from the run's goroutines; what they are given may
// be kept. A watcher that does not return holds up the run, as a full pipe would.
type Watcher interface {
	RunStarted(run model.Run, plan Plan)
	// Identified tells who a step acts as: before the first script, and again at its turn where that was renewed.
	Identified(step model.StepRun)
	StepStarted(step model.StepRun)
	Lines(step model.StepRun, first int64, batch model.LogBatch)
	Progress(step model.StepRun)
	Output(step model.StepRun, o model.Output)
	Stopping(step model.StepRun, ev model.StopEvent)
	StepFinished(step model.StepRun)
	// Unanswered tells of a question whose answer the run would have needed.
	Unanswered(q Question)
	RunFinished(run model.Run)
}

// Exit codes of a run that are not a script's own.
const (
	ExitFailed   = 1   // a step without an exit code of its own failed
	ExitRefused  = 3   // something was refused before the first script started
	ExitTimedOut = 124 // the time limit passed
	ExitStopped  = 130 // somebody stopped it
)

// How often the log's progress is written to the step's row while lines come, and how often commands are looked for.
const (
	rowEvery      = time.Second
	commandsEvery = 250 * time.Millisecond
)
