package runner

import (
	"slices"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Request describes what to run. Unlike the request to an engine, it has the project itself, as it was read from the store.
type Request struct {
	Project model.Project
	model.RunOptions
	Who string // user@host that starts it

	// SignInWait is how long the run waits for somebody to sign in or to enter a code; 0: there is nobody to ask, so it fails.
	SignInWait time.Duration
}

// Plan is what a run would do, as far as that is known without starting anything or asking AWS. Sensitive values are hidden.
type Plan struct {
	Project     string
	Environment string
	Timeout     time.Duration
	Rehearsal   *model.Rehearsal // nil: it is none
	Steps       []StepPlan
	Problems    []Problem // of the run as a whole, such as a value that is missing
}

// Problem is a reason why a run can't start.
type Problem struct {
	Step  string // empty: of the run
	Field string
	Err   error
}

// Refused returns every reason why the run can't start.
func (p Plan) Refused() []Problem {
	all := slices.Clone(p.Problems)
	for _, s := range p.Steps {
		all = append(all, stepProblems(s.Step.Name, s.Problems)...)
	}
	return all
}

// StepNames returns the names of the steps that would run.
func (p Plan) StepNames() []string {
	names := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		names[i] = s.Step.Name
	}
	return names
}

// Scripts returns the hashes of the scripts that would run: see [model.ScriptHash].
func (p Plan) Scripts() []string {
	var hashes []string
	for _, s := range p.Steps {
		if s.Written != "" {
			hashes = append(hashes, model.ScriptHash(s.Written))
		}
	}
	return hashes
}

func stepProblems(step string, list []model.Problem) []Problem {
	problems := make([]Problem, len(list))
	for i, p := range list {
		problems[i] = Problem{step, p.Field, p.Err}
	}
	return problems
}

// StepPlan is one step of a plan. If fields depend on the output of an earlier step they are empty and Late is set.
type StepPlan struct {
	Number   int        // in the process, from 1
	Step     model.Step // as written
	Together bool       // others of the steps start with it
	Late     bool       // account, role or region are known only when the step runs

	NoAccount       bool
	Account         model.Account
	AccountVariable string // that names the account; empty: the field names it directly
	Expect          []Expectation
	Role            *model.AssumeRole
	Region          string

	Language   model.Language
	Package    *model.Package
	Packages   []PackagePlan      // further ones, beside the script
	Folder     string             // resolved; of a script in a plain folder
	FolderHash string             // of what was copied, known only when the step runs
	Entry      string             // the script file inside the package or folder, spelt as it is there
	Script     string             // resolved
	Written    string             // as written, before substitution; of a package or folder: the file's text
	Parameters string             // resolved
	Arguments  []model.Argument   // resolved; instead of Parameters
	Variables  []model.InputValue // of the project, the step and the run
	Octopus    []model.InputValue // Octopus's own, which nobody defines otherwise
	Tool       script.Tool        // runs the script
	AWSTool    script.Tool        // empty Path: not found
	Environ    []string           // names of the AWS variables that the script will have
	EnvVars    []model.InputValue // the project's and the step's environment variables, resolved, sorted by name

	Warnings []string // sentences, with a line number where there is one; a step that has any ends with a warning
	Notices  []string // sentences that are worth knowing but not worth a warning
	Problems []model.Problem

	packageKey packageKey // of Package

	own   layer   // the step's own values
	env   []entry // the environment variables, as written
	noAWS error   // why there is no aws, if the script calls it
	later bool    // a text uses a name that has no value yet and that an earlier step may set
}

// Expectation is an AWS account that a step must act in, and where this is required.
type Expectation struct {
	AWSID string
	From  string // "the step" or "the variable aws.account"
}

func (s *StepPlan) problem(field string, err error) {
	if err != nil {
		s.Problems = append(s.Problems, model.Problem{Field: field, Err: err})
	}
}
