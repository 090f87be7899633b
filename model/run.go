package model

import "time"

// Status is what became of a run or a step run.
type Status string

// The statuses. Skipped is of step runs alone.
const (
	Queued      Status = "queued"
	Running     Status = "running"
	Succeeded   Status = "succeeded"
	Warning     Status = "warning" // succeeded, with warnings
	Failed      Status = "failed"
	Stopped     Status = "stopped"
	TimedOut    Status = "timedout"
	Interrupted Status = "interrupted" // its engine died
	Skipped     Status = "skipped"
)

// Statuses lists those that a run can have.
func Statuses() []Status {
	return []Status{Queued, Running, Succeeded, Warning, Failed, Stopped, TimedOut, Interrupted}
}

// Over reports whether nothing more comes.
func (s Status) Over() bool { return s != Queued && s != Running }

// Good reports whether what was asked for was done.
func (s Status) Good() bool { return s == Succeeded || s == Warning }

// Run is one execution of a project's process, or of some of its steps, in an environment. Names stand beside the ids
// (empty once the thing is deleted), so that history outlives what it tells of.
type Run struct {
	ID            int64
	ProjectID     ID
	Project       string
	EnvironmentID ID
	Environment   string
	Who           string // user@host that started it
	Status        Status
	ExitCode      int // of the command; meaningful once the run is over
	Started       time.Time
	Finished      time.Time // zero while it runs
	Message       string    // why it was refused, stopped or interrupted
	Kept          bool
	Steps         []StepRun
}

// StepRun is one attempt at one step of a run.
type StepRun struct {
	ID            int64
	RunID         int64
	Number        int // of the step in the process, from 1
	Attempt       int // from 1
	StepID        ID
	Step          string
	Status        Status
	Identity      Identity
	Region        string
	ExitCode      *int   // nil: the script has none (never started, killed)
	Signal        string // that ended the script, such as SIGKILL
	Message       string // why it failed, in one sentence; a script's own result message wins
	ResultMessage string // what the script itself said by resultMessage
	Started       time.Time
	Finished      time.Time
	LastOutput    time.Time
	Progress      Progress
	Lines         int64 // log lines so far
	Warnings      int   // of Stepdeck itself, such as an undefined variable
	Masked        int64 // places where a secret was hidden in the log
	Outputs       []Output
	Inputs        Inputs
}

// Progress is what a script says of how far it is.
type Progress struct {
	Percent int // 0 to 100; -1: never said
	Message string
}

// Output is an output variable that a step set. Of a sensitive one only the name is kept.
type Output struct {
	Name      string
	Value     string
	Sensitive bool
}

// Identity is who a step acts as, as AWS said it.
type Identity struct {
	AWSID       string // the AWS account that the step acts in
	ARN         string // of the identity in it
	UserID      string // AWS's unique id
	Account     string // name of the Stepdeck account; NoAccount: none
	AccountID   ID     // of it
	Kind        AccountKind
	AccessKeyID string    // of the account's own key
	Role        string    // ARN of the assumed role, empty for none
	Endpoint    string    // empty: AWS itself
	Sandbox     bool      // served by the run
	Expires     time.Time // of the credentials; zero: never
}

// Inputs is what a step run ran: enough to tell, and to run exactly again. Sensitive values are not among it.
type Inputs struct {
	Source         Source
	Language       Language
	Script         string // text as written, before substitution
	ScriptSHA256   string
	Parameters     string // as written
	Package        string
	PackageVersion string
	PackageSHA256  string
	Folder         string // full path, resolved
	FolderSHA256   string // over names and contents of what was copied
	File           string // in the package or folder
	AccountField   string // the step's account field as written
	RoleARN        string
	Values         []InputValue
	Tools          []UsedTool
}

// InputValue is a variable as the step saw it; a sensitive one has no value.
type InputValue struct {
	Name      string
	Value     string
	Sensitive bool
}

// UsedTool is a program that the step could use: the interpreter, aws.
type UsedTool struct {
	Name    string
	Path    string
	Version string
}

// RunCommand is what somebody else asks of a running engine.
type RunCommand string

// The commands to a run.
const (
	StopRun RunCommand = "stop"
	KillRun RunCommand = "kill"
)

// StopStage is how firmly what a run has started is being ended.
type StopStage string

// The stages of a stop, in their order.
const (
	StopAsked  StopStage = "asked"  // to end by itself: SIGINT, as Ctrl-C sends it; Windows: Ctrl-Break
	StopTold   StopStage = "told"   // to end now: SIGTERM; Windows has no such stage
	StopForced StopStage = "forced" // ended: SIGKILL; Windows: TerminateProcess
)

// StopStages lists the stages.
func StopStages() []StopStage { return []StopStage{StopAsked, StopTold, StopForced} }

// StopEvent reports that a stop has come to a stage.
type StopEvent struct {
	Stage     StopStage
	Processes int           // how many were running
	ForceIn   time.Duration // until they are killed; 0 at StopForced
	Leftover  bool          // the script had ended by itself: this is what it left behind
}
