package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Status is the state or outcome of a run or a step run.
type Status string

// The statuses. Only step runs can be Skipped.
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

// Statuses lists the statuses that a run can have.
func Statuses() []Status {
	return []Status{Queued, Running, Succeeded, Warning, Failed, Stopped, TimedOut, Interrupted}
}

// SkipReason is why a step of a run was skipped.
type SkipReason string

// The reasons.
const (
	SkipFailed      SkipReason = "failed"      // a step before it failed
	SkipNotFailed   SkipReason = "notfailed"   // it runs only after a failure, and no step before it failed
	SkipCondition   SkipReason = "condition"   // its expression is not true
	SkipRefused     SkipReason = "refused"     // the run was refused before its first script
	SkipStopped     SkipReason = "stopped"     // the run was stopped
	SkipTimedOut    SkipReason = "timedout"    // the time limit of the run passed
	SkipInterrupted SkipReason = "interrupted" // the engine of the run died
)

// SkipReasons lists them.
func SkipReasons() []SkipReason {
	return []SkipReason{SkipFailed, SkipNotFailed, SkipCondition, SkipRefused, SkipStopped, SkipTimedOut, SkipInterrupted}
}

// Over reports whether the run or step run has ended.
func (s Status) Over() bool { return s != Queued && s != Running }

// Good reports whether it succeeded, with or without warnings.
func (s Status) Good() bool { return s == Succeeded || s == Warning }

// Run is one execution of a project's process, or of some of its steps, in an environment. Names are kept beside the
// ids (empty once the thing is deleted), so that the history survives the things.
type Run struct {
	ID            int64
	ProjectID     ID
	Project       string
	EnvironmentID ID
	Environment   string
	Who           string // user@host that started it
	Status        Status
	ExitCode      int // of the command; valid once the run is over
	Started       time.Time
	Finished      time.Time // zero while it is running
	Message       string    // why it was refused, stopped or interrupted
	Kept          bool
	Rehearsal     *Rehearsal // nil: it is none
	Steps         []StepRun
}

// StepNames lists the steps that ran, each once.
func (r Run) StepNames() []string {
	var names []string
	for _, s := range r.Steps {
		if s.Attempt <= 1 && s.Status != Skipped {
			names = append(names, s.Step)
		}
	}
	return names
}

// PlannedSteps lists the steps that were to run, each once, including those that were skipped.
func (r Run) PlannedSteps() []string {
	var names []string
	for _, s := range r.Steps {
		if s.Attempt <= 1 {
			names = append(names, s.Step)
		}
	}
	return names
}

// AWSAccounts lists the ids of the AWS accounts that the run's steps act in, each once.
func (r Run) AWSAccounts() []string {
	var ids []string
	for _, s := range r.Steps {
		if id := s.Identity.AWSID; id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// StepRun is one attempt at one step of a run.
type StepRun struct {
	ID            int64
	RunID         int64
	Number        int // of the step in the process, from 1
	Attempt       int // from 1
	Attempts      int // that there may be at most
	StepID        ID
	Step          string
	Status        Status
	Skip          SkipReason // why it was skipped; empty: it wasn't
	Identity      Identity
	Region        string
	ExitCode      *int   // nil if the script has none (never started, killed)
	Signal        string // the signal that ended the script, such as SIGKILL
	Message       string // why it failed or was skipped, in one sentence, a script's own before; before its end: what it waits for
	ResultMessage string // set by the script with resultMessage
	Started       time.Time
	Finished      time.Time
	LastOutput    time.Time
	Progress      Progress
	Lines         int64 // log lines so far
	Warnings      int   // Stepdeck's own, such as an undefined variable
	Masked        int64 // number of places where the log was masked
	Outputs       []Output
	Artifacts     []Artifact
	Highlights    []Highlight // the first ones, at most MaxHighlights
	Inputs        Inputs
	RefusedCalls  []RefusedCall // of a rehearsal
}

// Mark is the number of the step, for the lines of its log: 2; 2.3 for its third attempt.
func (s StepRun) Mark() string {
	if s.Attempt > 1 {
		return fmt.Sprintf("%d.%d", s.Number, s.Attempt)
	}
	return strconv.Itoa(s.Number)
}

// Progress is a script's last progress message.
type Progress struct {
	Percent int // 0 to 100; -1 if never reported
	Message string
}

// Output is an output variable that a step set. For a sensitive one only the name is kept.
type Output struct {
	Name      string
	Value     string
	Sensitive bool
}

// Identity is who a step acts as, according to AWS.
type Identity struct {
	AWSID       string // the AWS account that the step acts in
	ARN         string // of the identity in it
	UserID      string // AWS's unique id
	Account     string // name of the Stepdeck account, or NoAccount
	AccountID   ID     // of Account
	Kind        AccountKind
	AccessKeyID string    // of the account's own key
	Role        string    // ARN of the role that was assumed last, or empty
	Endpoint    string    // empty for AWS itself
	Sandbox     bool      // served by the run
	Expires     time.Time // of the credentials; zero if they don't expire
}

// Inputs is what a step run executed: enough to show it and to run exactly the same again. It holds no sensitive
// values.
type Inputs struct {
	Source         Source
	Language       Language
	Script         string // text as written, before substitution
	ScriptSHA256   string
	Parameters     string // as written
	Package        string
	PackageVersion string
	PackageSHA256  string
	Packages       []UsedPackage // further ones
	Arguments      []Argument    // as written
	Folder         string        // full path, resolved
	FolderSHA256   string        // over names and contents of the copied files
	File           string        // in the package or folder
	AccountField   string        // the step's account field as written
	RoleARNs       []string      // in the order in which they are assumed
	Values         []InputValue
	Tools          []UsedTool
}

// InputValue is a variable as the step saw it; a sensitive one has no value.
type InputValue struct {
	Name      string
	Value     string
	Sensitive bool
	Own       bool // it was the step's own, not the project's; false in runs from before that was recorded
}

// UsedPackage is a further package that a step used, by the name that it has in the step.
type UsedPackage struct {
	Name    string `json:"name"`
	Package string `json:"id"`
	Version string `json:"version" about:"empty: it has none"`
	SHA256  string `json:"sha256"`
}

// UsedTool is a program available to the step: the interpreter, aws.
type UsedTool struct {
	Name    string
	Path    string
	Version string
}

// ScriptHash is the SHA-256 of a script's text, by which a run says what it ran and a person what they have read.
func ScriptHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// RunCommand is a request to a running engine.
type RunCommand string

// The commands.
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
