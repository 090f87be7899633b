package runner

import (
	"slices"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Request says what to run.
type Request struct {
	Project     model.Project
	Environment string        // one of the project's, or empty when it has none
	Steps       []string      // names; none: every enabled step
	Given       []Given       // values given for this run
	Confirm     []string      // ids or labels of AWS accounts, typed by the person
	Timeout     time.Duration // for the whole run; 0: none
	Who         string        // who starts it, user@host
}

// Plan is what a run would do, as far as that is known without starting or asking anyone. Sensitive values are hidden.
type Plan struct {
	Project     string
	Environment string
	Timeout     time.Duration
	Steps       []StepPlan
	Problems    []Problem // of the run as a whole, such as a value that is missing
}

// Problem is one reason why a run can't start: which step (empty: the run), which field, what to do.
type Problem struct {
	Step  string
	Field string
	Err   error
}

// Refused lists every reason why the run can't start.
func (p Plan) Refused() []Problem {
	all := slices.Clone(p.Problems)
	for _, s := range p.Steps {
		all = append(all, stepProblems(s.Step.Name, s.Problems)...)
	}
	return all
}

// StepNames lists what is to run.
func (p Plan) StepNames() []string {
	names := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		names[i] = s.Step.Name
	}
	return names
}

// Scripts lists the hashes of the scripts that are to run: see ScriptHash.
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

// StepPlan is one step of a plan. Fields that hang on the output of an earlier step are empty, and Late says so.
type StepPlan struct {
	Number int        // in the process, from 1
	Step   model.Step // as written
	Late   bool       // account, role or region are known at its turn only

	NoAccount       bool
	Account         model.Account
	AccountVariable string // that led to the account; empty: an expression named the account itself
	Expect          []Expectation
	Role            *model.AssumeRole
	Region          string

	Language   model.Language
	Package    *model.Package
	Folder     string // resolved; of a script in a plain folder
	FolderHash string // of what was copied, known at the step's turn
	Entry      string // the script file inside the package or folder, as it is spelt there
	Script     string // resolved
	Written    string // as written, before substitution; of a package or folder: the file's text
	Parameters string // resolved
	Variables  []model.InputValue
	Tool       script.Tool // that runs the script
	AWSTool    script.Tool // empty Path: not found
	Environ    []string    // names of the AWS variables that the script will have

	Warnings []string // sentences, each with its line where there is one; a step that has some ends with a warning
	Notices  []string // what is worth knowing and no reason to warn each time
	Problems []model.Problem

	own   layer // the step's own values
	later bool  // a name in a text has no value yet, and an earlier step may set it
}

// Expectation is an AWS account id that a step must act in, and who says so.
type Expectation struct {
	AWSID string
	From  string // "the step" or "the variable aws.account"
}

func (s *StepPlan) problem(field string, err error) {
	if err != nil {
		s.Problems = append(s.Problems, model.Problem{Field: field, Err: err})
	}
}
