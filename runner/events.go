package runner

import (
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Watcher is notified of a run's progress. Calls come one at a time, from the run's goroutines; their arguments may be kept.
// The run blocks until a call returns.
type Watcher interface {
	RunStarted(run model.Run, plan Plan)
	// Identified reports who a step acts as: before the first script, and again before the step's own if it was renewed.
	Identified(step model.StepRun)
	StepStarted(step model.StepRun)
	Lines(step model.StepRun, first int64, batch model.LogBatch)
	Progress(step model.StepRun)
	Output(step model.StepRun, o model.Output)
	// Artifact reports a file that is kept with the run, again if it has changed, or at the end of its step that it could not be kept.
	Artifact(step model.StepRun, a model.Artifact)
	// ResultMessage reports a script's own message about its result, while the step runs.
	ResultMessage(step model.StepRun)
	Stopping(step model.StepRun, ev model.StopEvent)
	StepFinished(step model.StepRun)
	// StepSkipped reports a step that doesn't run: its message says why.
	StepSkipped(step model.StepRun)
	// Waiting reports that the run waits for somebody, and Waited that it doesn't any more: answered says whether somebody
	// signed in or entered the code. A run can wait for several steps at once.
	Waiting(step model.StepRun, w Wait)
	Waited(step model.StepRun, w Wait, answered bool)
	// Unanswered reports a question that the run needed an answer to.
	Unanswered(q Question)
	RunFinished(run model.Run)
}

// Exit codes of a run that are not a script's own.
const (
	ExitFailed   = 1   // a step without an exit code of its own failed
	ExitRefused  = 3   // something was refused before the first script started
	ExitTimedOut = 124 // the time limit passed
	ExitStopped  = 130 // the run was stopped
)

// How often a step's row in the store is updated while lines come, and how often commands to the run are looked for.
const (
	rowEvery      = time.Second
	commandsEvery = 250 * time.Millisecond
)
