// Package runner executes a run, from plan to result.
//
// The stages of a run: a planner reads what the steps need, once (sources.go), and resolves it into the Plan, with hidden
// values (planner.go, resolve.go, values.go). Run records the run (run.go, recorder.go), resolves the plan with real values
// (openplan.go) and asks AWS who each step would be before the first script starts (sessions.go). Then each step gets a
// private folder (workspace.go, prepare.go), its AWS environment, its script and a supervised process (steprun.go), whose
// output goes through the job log to the store (messages.go). The result (outcome.go) is recorded before the run is reported
// as finished. A Stopper stops it (stopper.go), watchers are notified of everything (events.go), with secrets masked
// (masked.go).
package runner

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/artifact"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
	"github.com/stepdeck/stepdeck/runner/process"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Secrets is the store of secrets.
type Secrets interface {
	// Get returns a secret, or an error with [model.CodeSecretMissing] if there is none.
	Get(ctx context.Context, ref model.SecretRef) (string, error)
}

// Packages is the library of imported packages.
type Packages interface {
	// FindPackage resolves a package id and a version, or a rule such as model.LatestVersion, to one package.
	FindPackage(ctx context.Context, id, version string) (model.Package, error)
	// PackagePath returns the path of the package's file.
	PackagePath(p model.Package) string
	// List returns the entries of a package.
	List(ctx context.Context, p model.Package) (archive.Listing, error)
	// ReadFile returns up to most bytes of a file in a package, by its name in the listing.
	ReadFile(ctx context.Context, p model.Package, name string, most int64) ([]byte, error)
}

// Tools finds the programs that scripts need.
type Tools interface {
	Interpreter(ctx context.Context, language model.Language, edition model.Edition) (script.Tool, error)
	AWS(ctx context.Context) (script.Tool, error)
}

// Recorder stores the history of runs.
type Recorder interface {
	// CreateRun stores the run and its step runs, and sets their ids.
	CreateRun(ctx context.Context, run *model.Run) error
	// AddStepRun stores one more attempt at a step of the run, and sets its ids.
	AddStepRun(ctx context.Context, runID int64, step *model.StepRun) error
	UpdateStepRun(ctx context.Context, step model.StepRun) error
	SaveInputs(ctx context.Context, stepRunID int64, in model.Inputs) error
	// FinishRun stores the final state of the run and of all its step runs in one transaction.
	FinishRun(ctx context.Context, run model.Run) error
	AppendLog(ctx context.Context, stepRunID int64, batches []model.LogBatch) error
	// SaveArtifact stores what a step run keeps, or can't keep, whose file is at ArtifactPath.
	SaveArtifact(ctx context.Context, stepRunID int64, a model.Artifact) error
	ArtifactPath(runID, stepRunID int64, a model.Artifact) string
	// TakeCommands returns the commands to the run since the last call.
	TakeCommands(ctx context.Context, runID int64) ([]model.RunCommand, error)
	// WorkFolder returns the path of the private folder for a step, without creating it.
	WorkFolder(runID int64, number int) string
}

// SignIns hands out what people got by signing in, and keeps keys that cost a person something.
type SignIns interface {
	// Keys returns the keys of an account whose person signs in. An error with [model.CodeSignInNeeded] or
	// [model.CodeSignInEnded] means that the person has to sign in first.
	Keys(ctx context.Context, a model.Account) (awsenv.Kept, error)
	// LastSignIn returns a text that changes when somebody signs in for the account or enters a code, in whatever process, with the
	// aws command too if the account is a profile; empty if nobody has. After a change Keys and ProfileKeys return what the new
	// sign-in gives.
	LastSignIn(ctx context.Context, a model.Account) (string, error)
	// ProfileKeys does so for the source of a profile.
	ProfileKeys(ctx context.Context, s profile.Source) (awsenv.Kept, error)
	// KeptKeys returns what KeepKeys kept for an account; nil for nothing.
	KeptKeys(ctx context.Context, a model.Account) (*awsenv.Kept, error)
	KeepKeys(ctx context.Context, a model.Account, keys awsenv.Kept) error
	// LockKeptKeys keeps others, in other processes too, from locking what is kept for an account until unlock is called.
	LockKeptKeys(ctx context.Context, a model.Account) (unlock func() error, err error)
}

// Configuration is the configuration outside of projects.
type Configuration interface {
	Accounts(ctx context.Context) ([]model.Account, error)
	Environments(ctx context.Context) ([]model.Environment, error)
	// AWSAccount returns what is known of an AWS account, and adds it if it is new.
	AWSAccount(ctx context.Context, id string) (model.AWSAccount, error)
}

// Parameters knows what scripts declare, as far as a program that reads them has been asked.
type Parameters interface {
	Known(language model.Language, text string) ([]model.Parameter, bool)
}

// Certificates returns the certificates that scripts are to trust, as PEM.
type Certificates func(ctx context.Context) ([]byte, error)

// Deps are the dependencies of a Runner.
type Deps struct {
	Secrets       Secrets
	Packages      Packages
	Tools         Tools
	Recorder      Recorder
	Configuration Configuration
	Aliases       Aliases // nil: AWS is not asked for them
	SignIns       SignIns
	History       History
	Bootstraps    script.Bootstraps
	Parameters    Parameters         // nil: nobody knows what PowerShell scripts declare
	Supervisor    process.Supervisor // zero: the running program, which must call process.Supervise
	Limits        archive.Limits
	Artifacts     model.ArtifactLimits                   // zero: the defaults
	Awake         func(context.Context) (release func()) // keeps the system from sleeping while a run goes on; nil: it may sleep
	Certificates  Certificates                           // that scripts are to trust; nil: their programs decide
	Environ       []string                               // the base of scripts' environments
	Path          func(ctx context.Context) string       // the PATH that scripts get; nil: that in Environ
	Who           string                                 // user@host, where a request does not say who starts it
	Home          string                                 // the home folder, where aws looks for its aliases
	Now           func() time.Time                       // nil: time.Now
	Log           *slog.Logger

	Unanswered func(notice *model.Error) // is told that AWS has not answered for some seconds, on another goroutine; may be nil
}

// Runner plans and executes runs.
type Runner struct {
	deps      Deps
	after     func(time.Duration, func()) *time.Timer // time.AfterFunc
	choices   choicesCache
	artifacts *artifact.Reader
}

// New returns a Runner. Now and Log are optional.
func New(deps Deps) *Runner {
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.Artifacts == (model.ArtifactLimits{}) {
		deps.Artifacts = model.DefaultArtifactLimits()
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	return &Runner{deps: deps, after: time.AfterFunc, artifacts: artifact.NewReader()}
}

// environ returns the base of the environment of scripts and of programs that print keys.
func (r *Runner) environ(ctx context.Context) []string {
	if r.deps.Path == nil {
		return r.deps.Environ
	}
	path := r.deps.Path(ctx)
	if path == "" {
		return r.deps.Environ
	}
	return append(slices.Clone(r.deps.Environ), "PATH="+path) // of two, the last one counts
}

// Plan returns what req would do. It makes no network call and doesn't open the vault. An error means that req makes no
// sense (an unknown step, an environment of another project); what else prevents the run is in the Plan.
func (r *Runner) Plan(ctx context.Context, req Request) (Plan, error) {
	p, err := r.newPlanner(ctx, req)
	if err != nil {
		return Plan{}, err
	}
	return p.plan, nil
}
