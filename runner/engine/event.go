package engine

import (
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Kind tells what an event is about.
type Kind string

// The kinds of events, in the order in which a run sends them.
const (
	RunStarted   Kind = "run"
	Identified   Kind = "identity"
	StepStarted  Kind = "step"
	Lines        Kind = "lines"
	Progress     Kind = "progress"
	Output       Kind = "output"
	Stopping     Kind = "stopping"
	StepFinished Kind = "stepresult"
	RunFinished  Kind = "result"
	Refused      Kind = "error" // of a command on standard input
)

// Event is one thing that an engine tells. It says that something changed; what it is now stands in the store. Only the
// stages of a stop are told nowhere else.
type Event struct {
	Kind    Kind         `json:"type"`
	RunID   int64        `json:"id"`     // RunStarted, RunFinished
	Step    int          `json:"step"`   // number of the step, from 1
	UpTo    int64        `json:"upTo"`   // Lines: the last line that is in the store or on its way there
	Status  model.Status `json:"status"` // StepFinished, RunFinished
	Message string       `json:"message"`

	Stage     model.StopStage `json:"stage"` // Stopping, and the three below
	Processes int             `json:"processes"`
	ForceInMs int64           `json:"forceInMs"`
	Leftover  bool            `json:"leftover"` // the script had ended by itself: this is what it left behind
}

// ForceIn is how long a script has before it is ended by force.
func (e Event) ForceIn() time.Duration { return time.Duration(e.ForceInMs) * time.Millisecond }
