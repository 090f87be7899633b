package engine

import "github.com/stepdeck/stepdeck/model"

// Event is a report of an engine about its run: a JSON object on its own line, whose "type" is Kind. These types are the
// only declaration of the format: the command encodes them, the process that started it decodes them, and `stepdeck schema`
// is generated from them (the about tags are its descriptions).
//
// What events report is in the store too, except for the stages of a stop.
type Event interface{ Kind() string }

// Events returns one of each kind that a [Run] receives, in the order in which a run sends them.
func Events() []Event {
	return []Event{
		Ready{}, RunStarted{}, Identified{}, StepStarted{}, Lines{}, Progress{}, Output{}, Artifact{}, ResultMessage{}, Waiting{}, Waited{},
		Stopping{}, StepFinished{}, RunFinished{}, Refused{},
	}
}

// EventsWithText returns one of each kind that `run --json` prints: there each line of the log is an event.
func EventsWithText() []Event {
	return []Event{RunStarted{}, Identified{}, StepStarted{}, Line{}, Progress{}, Output{}, Artifact{}, ResultMessage{}, Waiting{}, Waited{},
		Stopping{}, StepFinished{}, RunFinished{}}
}

// Ready is what a run with --secrets-stdin says first: it waits for its secrets now. Whoever has them looks at the build before
// they are sent. A [Run] takes it for itself and does not pass it on.
type Ready struct{ Build }

// Kind implements Event.
func (Ready) Kind() string { return "ready" }

// RunStarted is the first event of the run itself. The run is in the store now.
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

// Identified reports who a step acts as: before the first script, and again before the step's own if it was renewed.
type Identified struct {
	Step     int       `json:"step" about:"number of the step in the process, from 1"`
	Name     string    `json:"name"`
	Identity *Identity `json:"identity"`
}

// Kind implements Event.
func (Identified) Kind() string { return "identity" }

// Identity is who a step acts as, according to AWS.
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
	Sandbox     bool              `json:"sandbox" about:"the run serves it itself"`
	Expires     Time              `json:"expires" about:"of the credentials; null: never"`
}

// StepStarted reports that a step starts.
type StepStarted struct {
	Step     int       `json:"step"`
	Name     string    `json:"name"`
	Attempt  int       `json:"attempt" about:"from 1"`
	Attempts int       `json:"attempts" about:"that there may be at most"`
	Started  Time      `json:"started"`
	Identity *Identity `json:"identity"`
}

// Kind implements Event.
func (StepStarted) Kind() string { return "step" }

// Lines reports that a step's log has grown.
type Lines struct {
	Step    int   `json:"step"`
	UpTo    int64 `json:"upTo" about:"number of the last line that is in the store or on its way there"`
	Attempt int   `json:"attempt,omitempty" about:"absent: the first"`
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
	Attempt   int    `json:"attempt,omitempty" about:"absent: the first"`
}

// Kind implements Event.
func (Line) Kind() string { return "line" }

// Progress is the progress that a script reports.
type Progress struct {
	Step    int    `json:"step"`
	Percent int    `json:"percent" about:"0 to 100; -1: not reported"`
	Message string `json:"message"`
	Attempt int    `json:"attempt,omitempty" about:"absent: the first"`
}

// Kind implements Event.
func (Progress) Kind() string { return "progress" }

// Output reports an output variable that a step set.
type Output struct {
	Step int `json:"step"`
	Value
	Attempt int `json:"attempt,omitempty" about:"absent: the first"`
}

// Kind implements Event.
func (Output) Kind() string { return "output" }

// Value is a variable and its value, which is left out if the variable is sensitive.
type Value struct {
	Name      string  `json:"name"`
	Sensitive bool    `json:"sensitive"`
	Value     *string `json:"value,omitempty"`
}

// NewValue returns the Value of a variable, without value if it is sensitive.
func NewValue(name, value string, sensitive bool) Value {
	if sensitive {
		return Value{Name: name, Sensitive: true}
	}
	return Value{Name: name, Value: &value}
}

// Artifact reports a file that a script asked to keep with the run: it is kept, or kept again after a change, or at the end of the
// step can't be kept.
type Artifact struct {
	Step int `json:"step"`
	File
	Attempt int `json:"attempt,omitempty" about:"absent: the first"`
}

// Kind implements Event.
func (Artifact) Kind() string { return "artifact" }

// File is a file that a script asked to keep.
type File struct {
	Number      int    `json:"number" about:"in its step, from 1"`
	Name        string `json:"name" about:"no other file of the step has it"`
	Size        int64  `json:"size" about:"in bytes"`
	SHA256      string `json:"sha256"`
	At          Time   `json:"at" about:"when it was copied"`
	HoldsSecret bool   `json:"holdsSecret,omitempty" about:"a secret of the run stands in it"`
	Missing     string `json:"missing,omitempty" about:"why it is not kept; absent: it is"`
}

// NewFile returns the File of an artifact.
func NewFile(a model.Artifact) File {
	return File{
		Number: a.Number, Name: a.Name, Size: a.Size, SHA256: a.SHA256, At: Time{a.At}, HoldsSecret: a.HoldsSecret, Missing: a.Missing,
	}
}

// ResultMessage reports the script's own message about its result, while its step runs.
type ResultMessage struct {
	Step    int    `json:"step"`
	Message string `json:"message"`
	Attempt int    `json:"attempt,omitempty" about:"absent: the first"`
}

// Kind implements Event.
func (ResultMessage) Kind() string { return "resultmessage" }

// Waiting reports that the run waits for somebody to sign in or to enter a code, and goes on once that is done: here, in the
// window, by `stepdeck account login`, or for a profile with the aws command as Message says.
type Waiting struct {
	Step    int    `json:"step"`
	Name    string `json:"name"`
	Account string `json:"account" about:"name of the Stepdeck account"`
	Code    bool   `json:"code" about:"a code of its MFA device is needed; false: somebody has to sign in"`
	Until   Time   `json:"until" about:"when the run gives up"`
	Message string `json:"message"`
}

// Kind implements Event.
func (Waiting) Kind() string { return "waiting" }

// Waited reports that the run doesn't wait any more.
type Waited struct {
	Step     int    `json:"step"`
	Name     string `json:"name"`
	Account  string `json:"account"`
	Answered bool   `json:"answered" about:"somebody signed in or entered the code; false: the time was over, or the run or step ended"`
}

// Kind implements Event.
func (Waited) Kind() string { return "waited" }

// Stopping reports that a stage of a stop has begun.
type Stopping struct {
	Step      int             `json:"step"`
	Stage     model.StopStage `json:"stage"`
	Processes int             `json:"processes" about:"number of processes that were running"`
	ForceInMs int64           `json:"forceInMs" about:"until they are killed; 0 at the last stage"`
	Leftover  bool            `json:"leftover" about:"the script had ended by itself: this is what it left behind"`
	Attempt   int             `json:"attempt,omitempty" about:"absent: the first"`
}

// Kind implements Event.
func (Stopping) Kind() string { return "stopping" }

// StepFinished reports how a step ended, or that it was skipped. A step that never ran has no StepEnd.
type StepFinished struct {
	Step     int          `json:"step"`
	Name     string       `json:"name"`
	Attempt  int          `json:"attempt"`
	Attempts int          `json:"attempts"`
	Status   model.Status `json:"status"`
	ExitCode *int         `json:"exitCode" about:"null: the script never started or was killed"`
	Message  string       `json:"message" about:"why it failed or was skipped"`

	Skip model.SkipReason `json:"skipReason,omitempty" about:"why it was skipped; absent: it wasn't"`

	*StepEnd
}

// Kind implements Event.
func (StepFinished) Kind() string { return "stepresult" }

// StepEnd is the part of StepFinished that only a step that ran has.
type StepEnd struct {
	Signal        string `json:"signal" about:"that ended the script, such as SIGKILL"`
	ResultMessage string `json:"resultMessage" about:"the script's own message about its result"`
	Lines         int64  `json:"lines" about:"number of lines in its log"`
	Warnings      int    `json:"warnings" about:"number of Stepdeck's own warnings, such as an undefined variable"`
	Masked        int64  `json:"masked" about:"places where a secret was hidden in the log"`
	Started       Time   `json:"started"`
	Finished      Time   `json:"finished"`

	RefusedCalls []model.RefusedCall `json:"refusedCalls,omitempty" about:"calls to AWS that were refused; of a rehearsal only"`

	Artifacts  []File            `json:"artifacts,omitempty" about:"files that it asked to keep"`
	Highlights []model.Highlight `json:"highlights,omitempty" about:"the first 100 lines that it printed to be seen"`
}

// RunFinished is the last event: the run is over and its record is complete.
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

// Refused is the answer to an invalid command on standard input.
type Refused struct {
	Message string `json:"message"`
}

// Kind implements Event.
func (Refused) Kind() string { return "error" }
