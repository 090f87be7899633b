package command

import (
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// runRecord is a line of `runs list --json`, and the output of `runs show --json`.
type runRecord struct {
	ID          int64            `json:"id" about:"number of the run"`
	Project     string           `json:"project"`
	Environment string           `json:"environment" about:"empty: the project has none"`
	Who         string           `json:"who" about:"user@host that started it"`
	Status      model.Status     `json:"status"`
	ExitCode    int              `json:"exitCode" about:"of the command; meaningful once the run is over"`
	Message     string           `json:"message" about:"why it was refused, stopped or interrupted"`
	Kept        bool             `json:"kept" about:"forever, whatever its age"`
	Started     engine.Time      `json:"started"`
	Finished    engine.Time      `json:"finished" about:"null while it runs; if it was interrupted, its last sign of life"`
	Rehearsal   *model.Rehearsal `json:"rehearsal,omitempty" about:"it only tried its steps out; absent: it was none"`
	Steps       []stepRunRecord  `json:"steps"`
}

// exportedRun is the first record of `runs export --format jsonl`.
type exportedRun struct{ runRecord }

// Kind is the record's type.
func (exportedRun) Kind() string { return "run" }

// stepRunRecord is one attempt at one step of a run.
type stepRunRecord struct {
	Number        int              `json:"step" about:"number of the step in the process, from 1"`
	Name          string           `json:"name"`
	Attempt       int              `json:"attempt" about:"from 1"`
	Status        model.Status     `json:"status"`
	Identity      *engine.Identity `json:"identity"`
	ExitCode      *int             `json:"exitCode" about:"null: the script never started or was killed"`
	Signal        string           `json:"signal" about:"that ended the script, such as SIGKILL"`
	Message       string           `json:"message" about:"why it failed or was skipped"`
	ResultMessage string           `json:"resultMessage" about:"the script's own message about its result"`
	Started       engine.Time      `json:"started"`
	Finished      engine.Time      `json:"finished"`
	Lines         int64            `json:"lines" about:"number of lines in its log so far"`
	Warnings      int              `json:"warnings" about:"number of Stepdeck's own warnings, such as an undefined variable"`
	Masked        int64            `json:"masked" about:"places where a secret was hidden in the log"`
	Outputs       []engine.Value   `json:"outputs" about:"output variables that it set; empty in runs list"`
	Inputs        *inputsRecord    `json:"inputs" about:"what it ran; null in runs list"`

	RefusedCalls []model.RefusedCall `json:"refusedCalls,omitempty" about:"calls that AWS refused in a rehearsal; not in runs list"`

	Artifacts  []engine.File     `json:"artifacts,omitempty" about:"files that it asked to keep; not in runs list"`
	Highlights []model.Highlight `json:"highlights,omitempty" about:"the first 100 lines that it printed to be seen; not in runs list"`
	Progress   *progressRecord   `json:"progress,omitempty" about:"the last that it reported; absent: none"`

	Attempts int              `json:"attempts" about:"that it may take at most"`
	Skip     model.SkipReason `json:"skipReason,omitempty" about:"why it was skipped; absent: it wasn't"`
}

// progressRecord is the progress that a script reported.
type progressRecord struct {
	Percent int    `json:"percent" about:"0 to 100"`
	Message string `json:"message"`
}

func newProgressRecord(p model.Progress) *progressRecord {
	if p.Percent < 0 {
		return nil
	}
	return &progressRecord{p.Percent, p.Message}
}

// inputsRecord is everything needed to run a step exactly again.
type inputsRecord struct {
	Source         model.Source        `json:"source"`
	Language       model.Language      `json:"language"`
	Script         string              `json:"script" about:"as written"`
	ScriptSHA256   string              `json:"scriptSha256"`
	Parameters     string              `json:"parameters" about:"as written"`
	Package        string              `json:"package"`
	PackageVersion string              `json:"packageVersion"`
	PackageSHA256  string              `json:"packageSha256"`
	Arguments      []model.Argument    `json:"arguments,omitempty" about:"as written, instead of parameters"`
	Packages       []model.UsedPackage `json:"packages,omitempty" about:"further ones, beside the script"`
	Folder         string              `json:"folder"`
	FolderSHA256   string              `json:"folderSha256" about:"over names and contents of what was copied"`
	File           string              `json:"file" about:"in the package or folder"`
	Account        string              `json:"account" about:"as written"`
	Role           string              `json:"role" about:"that was assumed last"`
	Roles          []string            `json:"roles,omitempty" about:"all that were assumed, in their order, if there is more than one"`
	Values         []inputValueRecord  `json:"values"`
	Tools          []toolRecord        `json:"tools"`
}

// inputValueRecord is a value that a step had.
type inputValueRecord struct {
	engine.Value
	Own bool `json:"own" about:"it was the step's own value, not the project's"`
}

// toolRecord is a program that a step could use.
type toolRecord struct {
	Name    string `json:"name"`
	Path    string `json:"path"`
	Version string `json:"version"`
}

func newRunRecord(r model.Run) runRecord {
	return runRecord{
		ID: r.ID, Project: r.Project, Environment: r.Environment, Who: r.Who, Status: r.Status, ExitCode: r.ExitCode, Message: r.Message,
		Kept: r.Kept, Rehearsal: r.Rehearsal, Started: jsonTime(r.Started),
		Finished: jsonTime(r.Finished), Steps: convert(r.Steps, newStepRunRecord),
	}
}

func newStepRunRecord(s model.StepRun) stepRunRecord {
	return stepRunRecord{
		Number: s.Number, Name: s.Step, Attempt: s.Attempt, Status: s.Status, Identity: identityRecord(s), ExitCode: s.ExitCode,
		Signal: s.Signal, Message: s.Message, ResultMessage: s.ResultMessage, Started: jsonTime(s.Started), Finished: jsonTime(s.Finished),
		Lines: s.Lines, Warnings: s.Warnings, Masked: s.Masked, Inputs: newInputsRecord(s.Inputs), RefusedCalls: s.RefusedCalls,
		Attempts: s.Attempts, Skip: s.Skip,
		Artifacts: convert(s.Artifacts, engine.NewFile), Highlights: s.Highlights, Progress: newProgressRecord(s.Progress),
		Outputs: convert(s.Outputs, func(o model.Output) engine.Value { return engine.NewValue(o.Name, o.Value, o.Sensitive) }),
	}
}

func newInputsRecord(in model.Inputs) *inputsRecord {
	if in.Source == "" {
		return nil
	}
	r := &inputsRecord{
		Source: in.Source, Language: in.Language, Script: in.Script, ScriptSHA256: in.ScriptSHA256, Parameters: in.Parameters,
		Package: in.Package, PackageVersion: in.PackageVersion, PackageSHA256: in.PackageSHA256, Arguments: in.Arguments,
		Packages: in.Packages, Folder: in.Folder,
		FolderSHA256: in.FolderSHA256, File: in.File, Account: in.AccountField,
		Values: convert(in.Values, func(v model.InputValue) inputValueRecord {
			return inputValueRecord{engine.NewValue(v.Name, v.Value, v.Sensitive), v.Own}
		}),
		Tools: convert(in.Tools, func(t model.UsedTool) toolRecord { return toolRecord(t) }),
	}
	if n := len(in.RoleARNs); n > 0 {
		r.Role = in.RoleARNs[n-1]
	}
	if len(in.RoleARNs) > 1 {
		r.Roles = in.RoleARNs
	}
	return r
}
