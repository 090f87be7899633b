package engine

import "github.com/stepdeck/stepdeck/model"

// Event is one thing that an engine tells of its run: an object on a line of its own, whose "type" is Kind. This is the
// only declaration of them: the command encodes these types, whoever started it decodes them, and `stepdeck schema` is made
// from them (the about tags are its descriptions).
//
// An event says that something changed; what it is now is in the store too. Only the stages of a stop are told nowhere else.
type Event interface{ Kind() string }

// Events gives one of each kind that Run's hearer is told, in the order in which a run sends them.
func Events() []Event {
	return []Event{
		RunStarted{}, Identified{}, StepStarted{}, Lines{}, Progress{}, Output{}, Stopping{}, StepFinished{}, RunFinished{}, Refused{},
	}
}

// EventsWithText gives one of each kind that `run --json` prints: each line is one of its own there.
func EventsWithText() []Event {
	return []Event{RunStarted{}, Identified{}, StepStarted{}, Line{}, Progress{}, Output{}, Stopping{}, StepFinished{}, RunFinished{}}
}

// RunStarted is the first event: the run is in the store.
type RunStarted struct {
	ID          int64  `json:"id" about:"number of the run"`
	Project     string `json:"project"`
	Environment string `json:"environment" about:"empty: the project has none"`
	Who         string `json:"who" about:"user@host that started it"`
	Started     Time   `json:"started"`
	Plan        Plan   `json:"plan"`
}

// Kind implements Event.
func (RunStarted) Kind() string { return "run" }

// Identified tells who a step acts as: before the first script, and again at its turn where that was renewed.
type Identified struct {
	Step     int       `json:"step" about:"number of the step in the process, from 1"`
	Name     string    `json:"name"`
	Identity *Identity `json:"identity"`
}

// Kind implements Event.
func (Identified) Kind() string { return "identity" }

// Identity is who a step acts as, as AWS said it.
type Identity struct {
	AWSAccount  string            `json:"awsAccount" about:"id of the AWS account that the step acts in"`
	ARN         string            `json:"arn"`
	UserID      string            `json:"userId"`
	Account     string            `json:"account" about:"name of the Stepdeck account"`
	Kind        model.AccountKind `json:"kind"`
	AccessKeyID string            `json:"accessKeyId" about:"of the account's own key"`
	Role        string            `json:"role" about:"ARN of the assumed role; empty: none"`
	Region      string            `json:"region"`
	Endpoint    string            `json:"endpoint" about:"empty: AWS itself"`
	Sandbox     bool              `json:"sandbox" about:"served by the run itself"`
	Expires     Time              `json:"expires" about:"of the credentials; null: never"`
}

// StepStarted tells that a step's turn has come.
type StepStarted struct {
	Step     int       `json:"step"`
	Name     string    `json:"name"`
	Attempt  int       `json:"attempt" about:"from 1"`
	Started  Time      `json:"started"`
	Identity *Identity `json:"identity"`
}

// Kind implements Event.
func (StepStarted) Kind() string { return "step" }

// Lines tells that a step's log has grown.
type Lines struct {
	Step int   `json:"step"`
	UpTo int64 `json:"upTo" about:"number of the last line that is in the store or on its way there"`
}

// Kind implements Event.
func (Lines) Kind() string { return "lines" }

// Line is one line of a step's log.
type Line struct {
	Step      int    `json:"step"`
	N         int64  `json:"n" about:"number of the line, from 1"`
	Time      Stamp  `json:"time"`
	Stream    string `json:"stream" enum:"stdout,stderr,stepdeck"`
	Level     string `json:"level" enum:"verbose,info,highlight,wait,warning,error"`
	Text      string `json:"text" about:"without its line end, secrets hidden"`
	Continued bool   `json:"continued,omitempty" about:"it goes on in the next line of the same stream"`
}

// Kind implements Event.
func (Line) Kind() string { return "line" }

// Progress is what a script says of how far it is.
type Progress struct {
	Step    int    `json:"step"`
	Percent int    `json:"percent" about:"0 to 100; -1: never said"`
	Message string `json:"message"`
}

// Kind implements Event.
func (Progress) Kind() string { return "progress" }

// Output tells of an output variable that a step set.
type Output struct {
	Step int `json:"step"`
	Value
}

// Kind implements Event.
func (Output) Kind() string { return "output" }

// Value is a variable by name. A sensitive one has no value here.
type Value struct {
	Name      string  `json:"name"`
	Sensitive bool    `json:"sensitive"`
	Value     *string `json:"value,omitempty"`
}

// NewValue gives a variable as records have it.
func NewValue(name, value string, sensitive bool) Value {
	if sensitive {
		return Value{Name: name, Sensitive: true}
	}
	return Value{Name: name, Value: &value}
}

// Stopping tells how far a stop has come.
type Stopping struct {
	Step      int             `json:"step"`
	Stage     model.StopStage `json:"stage"`
	Processes int             `json:"processes" about:"how many were running"`
	ForceInMs int64           `json:"forceInMs" about:"until they are killed; 0 at the last stage"`
	Leftover  bool            `json:"leftover" about:"the script had ended by itself: this is what it left behind"`
}

// Kind implements Event.
func (Stopping) Kind() string { return "stopping" }

// StepFinished tells how a step ended. One that never ran has no StepEnd.
type StepFinished struct {
	Step     int          `json:"step"`
	Name     string       `json:"name"`
	Attempt  int          `json:"attempt"`
	Status   model.Status `json:"status"`
	ExitCode *int         `json:"exitCode" about:"null: the script has none, as it never started or was killed"`
	Message  string       `json:"message" about:"why it failed"`
	*StepEnd
}

// Kind implements Event.
func (StepFinished) Kind() string { return "stepresult" }

// StepEnd is what only a step that ran has.
type StepEnd struct {
	Signal        string `json:"signal" about:"that ended the script, such as SIGKILL"`
	ResultMessage string `json:"resultMessage" about:"what the script itself said of its result"`
	Lines         int64  `json:"lines" about:"of its log"`
	Warnings      int    `json:"warnings" about:"of Stepdeck itself, such as an undefined variable"`
	Masked        int64  `json:"masked" about:"places where a secret was hidden in the log"`
	Started       Time   `json:"started"`
	Finished      Time   `json:"finished"`
}

// RunFinished is the last event: the run is over, and its record is whole.
type RunFinished struct {
	ID       int64        `json:"id"`
	Status   model.Status `json:"status"`
	ExitCode int          `json:"exitCode" about:"of the command"`
	Message  string       `json:"message" about:"why it was refused or stopped"`
	Started  Time         `json:"started"`
	Finished Time         `json:"finished"`
}

// Kind implements Event.
func (RunFinished) Kind() string { return "result" }

// Refused answers a command on standard input that is none.
type Refused struct {
	Message string `json:"message"`
}

// Kind implements Event.
func (Refused) Kind() string { return "error" }
