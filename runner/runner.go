// Package runner does one run, from plan to result.
//
// The way of a run: a planner reads what the steps are made of, once (sources.go), and makes the Plan with hidden values
// (planner.go, resolve.go, values.go); Run records the run (run.go, recorder.go), resolves the same parts with real values
// (openplan.go) and asks AWS who each step would be before the first script starts (sessions.go); then each step gets a
// private folder (workspace.go, prepare.go), its AWS environment, its script and a supervised process (steprun.go), whose
// output goes through the job log to the store (messages.go); the result (outcome.go) is written before the run is called
// finished. A Stopper ends it (stopper.go), watchers hear of all of it (events.go), with its secrets masked (masked.go).
package runner

import (
	"context"
	"log/slog"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/process"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Secrets gives secrets from where they are kept.
type Secrets interface {
	// Get returns the secret, or an error with code secret.missing when there is none of that name.
	Get(ctx context.Context, ref model.SecretRef) (string, error)
}

// Packages is the library of imported packages.
type Packages interface {
	// FindPackage resolves a package id and a version, or a rule such as model.LatestVersion, to one package.
	FindPackage(ctx context.Context, id, version string) (model.Package, error)
	// PackagePath is where the bytes of the package lie.
	PackagePath(p model.Package) string
	// List tells what is in a package, ReadFile gives the beginning of a file whose name List told.
	List(ctx context.Context, p model.Package) (archive.Listing, error)
	ReadFile(ctx context.Context, p model.Package, name string, most int64) ([]byte, error)
}

// Tools finds the programs that scripts need.
type Tools interface {
	Interpreter(ctx context.Context, language model.Language, edition model.Edition) (script.Tool, error)
	AWS(ctx context.Context) (script.Tool, error)
}

// Recorder keeps the history.
type Recorder interface {
	// CreateRun writes the run and its step runs, and fills in their ids.
	CreateRun(ctx context.Context, run *model.Run) error
	UpdateStepRun(ctx context.Context, step model.StepRun) error
	SaveInputs(ctx context.Context, stepRunID int64, in model.Inputs) error
	// FinishRun writes the final state of the run and of all its step runs at once.
	FinishRun(ctx context.Context, run model.Run) error
	AppendLog(ctx context.Context, stepRunID int64, batches []model.LogBatch) error
	// TakeCommands gives what others asked of the run since the last call.
	TakeCommands(ctx context.Context, runID int64) ([]model.RunCommand, error)
	// WorkFolder is the path of a private folder for a step, which is not made.
	WorkFolder(runID int64, number int) string
}

// Configuration is what a person has configured beside the project.
type Configuration interface {
	Accounts(ctx context.Context) ([]model.Account, error)
	Environments(ctx context.Context) ([]model.Environment, error)
	// AWSAccount gives what is known of an AWS account, and enters it where it is new.
	AWSAccount(ctx context.Context, id string) (model.AWSAccount, error)
}

// Deps is what a Runner works with.
type Deps struct {
	Secrets       Secrets
	Packages      Packages
	Tools         Tools
	Recorder      Recorder
	Configuration Configuration
	History       History // of Preflight
	Bootstraps    script.Bootstraps
	Supervisor    process.Supervisor // the zero value: the running program, which begins as process.Supervise tells
	Limits        archive.Limits
	Environ       []string         // the environment that scripts' environments start from
	Home          string           // the person's home folder, where aws looks for its aliases
	Now           func() time.Time // nil: time.Now
	Log           *slog.Logger
}

// Runner plans and carries out runs.
type Runner struct {
	deps  Deps
	after func(time.Duration, func()) *time.Timer // time.AfterFunc
}

// New makes a Runner.
func New(deps Deps) *Runner {
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	return &Runner{deps: deps, after: time.AfterFunc}
}

// Plan says what req would do. It makes no network call and opens no vault; an error means that req makes no sense (an
// unknown step, an environment of another project), while what keeps the run from starting stands in the Plan.
func (r *Runner) Plan(ctx context.Context, req Request) (Plan, error) {
	p, err := r.newPlanner(ctx, req)
	if err != nil {
		return Plan{}, err
	}
	return p.plan, nil
}
