package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
	"github.com/stepdeck/stepdeck/runner/script"
)

// running is one run while it goes on.
type running struct {
	*planner
	watch   Watcher
	kill    <-chan struct{}
	run     model.Run
	plan    Plan
	masker  *joblog.Masker
	who     *identities
	started time.Time
}

// Run carries out req. Cancelling ctx stops the run; it is recorded all the same. The error is for what kept the run
// from being recorded at all, or from being recorded fully; how the run went stands in the Run.
func (r *Runner) Run(ctx context.Context, req Request, watch Watcher, control Control) (model.Run, error) {
	ctx, stop := r.within(ctx, req.Timeout, errTimedOut)
	defer stop(nil)
	plan, err := r.planOf(ctx, req)
	if err != nil {
		return model.Run{}, err
	}
	masker := r.newMasker()
	maskGiven(masker, req)
	masked := newMasking(masker)
	own := *r
	own.deps.Recorder = maskedRecorder{r.deps.Recorder, masked}
	r, watch = &own, maskedWatcher{watch, masked}
	run := &running{watch: watch, masker: masker, plan: plan, started: r.deps.Now()}
	// From here on the record is written whatever happens to ctx.
	record := context.WithoutCancel(ctx)
	if err := run.create(record, r, req); err != nil {
		return model.Run{}, err
	}
	watch.RunStarted(run.run, plan)
	release := run.heed(record, r, control, stop)
	defer release()
	err = run.carryOut(ctx, record, r, req)
	err = errors.Join(err, run.finish(ctx, record, r))
	watch.RunFinished(run.run)
	return masked.run(run.run), masked.err(err)
}

// create writes the run with all its steps before anything happens.
func (u *running) create(ctx context.Context, r *Runner, req Request) error {
	u.run = model.Run{
		ProjectID: req.Project.ID, Project: req.Project.Name, Environment: u.plan.Environment,
		Who: req.Who, Status: model.Running, Started: u.started,
	}
	environments, err := r.deps.Configuration.Environments(ctx)
	if err != nil {
		return err
	}
	for _, e := range environments {
		if u.plan.Environment != "" && model.NameKey(e.Name) == model.NameKey(u.plan.Environment) {
			u.run.EnvironmentID = e.ID
		}
	}
	for _, s := range u.plan.Steps {
		u.run.Steps = append(u.run.Steps, model.StepRun{
			Number: s.Number, Attempt: 1, StepID: s.Step.ID, Step: s.Step.Name, Status: model.Queued,
			Identity: planned(s), Region: s.Region, Progress: model.Progress{Percent: -1}, Inputs: inputs(s),
		})
	}
	return r.deps.Recorder.CreateRun(ctx, &u.run)
}

// planned is who a step acts as, as far as that is known before anyone was asked.
func planned(s StepPlan) model.Identity {
	if s.NoAccount {
		return model.Identity{Account: model.NoAccount}
	}
	return model.Identity{}
}

// inputs is what a step run keeps of what it ran. A script that holds the plain text of a secret was written so by the
// person; the values of sensitive variables are not among the inputs.
func inputs(s StepPlan) model.Inputs {
	in := model.Inputs{
		Source: s.Step.Script.Source, Language: s.Language, Script: s.Written, Parameters: s.Step.Script.Parameters,
		File: s.Entry, AccountField: s.Step.AWS.Account,
	}
	sum := sha256.Sum256([]byte(s.Written))
	in.ScriptSHA256 = hex.EncodeToString(sum[:])
	if s.Package != nil {
		in.Package, in.PackageVersion, in.PackageSHA256 = s.Package.Name, s.Package.Version, s.Package.SHA256
	}
	in.Folder, in.FolderSHA256 = s.Folder, s.FolderHash
	if s.Role != nil {
		in.RoleARN = s.Role.ARN
	}
	for _, v := range s.Variables {
		if v.Sensitive {
			v.Value = ""
		}
		in.Values = append(in.Values, v)
	}
	if s.Tool.Path != "" {
		in.Tools = append(in.Tools, usedTool(s.Tool))
	}
	if s.AWSTool.Path != "" {
		in.Tools = append(in.Tools, usedTool(s.AWSTool))
	}
	return in
}

// heed stops the run when somebody asks for it through the store, and gathers the ways by which it is killed.
func (u *running) heed(record context.Context, r *Runner, control Control, stop context.CancelCauseFunc) (release func()) {
	kill := make(chan struct{})
	u.kill = kill
	done := make(chan struct{})
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		ticker := time.NewTicker(commandsEvery)
		defer ticker.Stop()
		killed := false
		end := func() {
			if !killed {
				killed = true
				close(kill)
			}
			stop(errStopped)
		}
		controlKill := control.Kill
		for {
			select {
			case <-done:
				return
			case <-controlKill:
				controlKill = nil
				end()
			case <-ticker.C:
				commands, err := r.deps.Recorder.TakeCommands(record, u.run.ID)
				if err != nil {
					r.deps.Log.Warn("look for commands to the run", "run", u.run.ID, "error", err)
				}
				for _, c := range commands {
					if c == model.KillRun {
						end()
					} else {
						stop(errStopped)
					}
				}
			}
		}
	}()
	return func() {
		close(done)
		<-finished
	}
}

// carryOut runs the steps in order, after it has asked who each of them would be.
func (u *running) carryOut(ctx, record context.Context, r *Runner, req Request) error {
	if problems := u.plan.Refused(); len(problems) > 0 || ctx.Err() != nil {
		u.refuse(ctx, problems)
		return nil
	}
	open := r.revealer(func(secret string) { u.masker.Add(secret) })
	var err error
	if u.planner, err = r.newPlanner(ctx, req, open); err != nil {
		u.refuse(ctx, []Problem{{Field: "variables", Err: err}})
		return nil
	}
	u.vars.part = maskParts(u.masker)
	if u.who, err = r.newIdentities(ctx, u.plan, u.run.ID, u.masker, open); err != nil {
		u.refuse(ctx, []Problem{{Field: "aws", Err: err}})
		return nil
	}
	defer u.who.close()
	if refused := u.identify(ctx, record); len(refused) > 0 || ctx.Err() != nil {
		u.refuse(ctx, refused)
		return nil
	}
	var failed error
	for i := range u.run.Steps {
		step := &u.run.Steps[i]
		if ctx.Err() != nil || slices.ContainsFunc(u.run.Steps[:i], func(s model.StepRun) bool { return !s.Status.Good() }) {
			step.Status = model.Skipped
			continue
		}
		if err := u.step(ctx, record, i); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// identify asks who each step would be, for all whose account, role and region need no earlier step's output: a refusal
// then means that nothing ran.
func (u *running) identify(ctx, record context.Context) []Problem {
	var refused []Problem
	resolved, err := u.planner.plan(ctx)
	if err != nil {
		return []Problem{{Err: err}}
	}
	refused = resolved.Refused()
	if len(refused) > 0 {
		return refused
	}
	for i, s := range resolved.Steps {
		if s.Late {
			continue
		}
		session, err := u.who.resolve(ctx, s)
		if err == nil {
			err = confirmed(s, session, u.req.Confirm)
		}
		step := &u.run.Steps[i]
		step.Identity, step.Region = session.Identity, session.Region
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			refused = append(refused, Problem{s.Step.Name, "aws", err})
			step.Message = u.masker.String(err.Error())
			continue
		}
		if s.NoAccount {
			u.watch.Identified(*step) // the row says so already
			continue
		}
		if err := u.deps.Recorder.UpdateStepRun(record, *step); err != nil {
			return []Problem{{s.Step.Name, "aws", err}}
		}
		u.watch.Identified(*step)
	}
	return refused
}

// refuse ends the run before any script has started. What kept an interrupted run from going on is no refusal.
func (u *running) refuse(ctx context.Context, problems []Problem) {
	if status, exit, interrupted := interruption(ctx); interrupted {
		u.run.Status, u.run.ExitCode, u.run.Message = status, exit, beforeAll(status)
		return
	}
	u.run.Status, u.run.ExitCode = model.Failed, ExitRefused
	sentences := make([]string, 0, len(problems))
	for _, p := range problems {
		sentence := u.masker.String(p.Err.Error())
		if p.Step != "" {
			for i := range u.run.Steps {
				if s := &u.run.Steps[i]; s.Step == p.Step {
					s.Status = model.Failed
					if s.Message == "" {
						s.Message = sentence
					}
				}
			}
			sentence = p.Step + ": " + sentence
		}
		if !slices.Contains(sentences, sentence) {
			sentences = append(sentences, sentence)
		}
	}
	for i := range u.run.Steps {
		if s := &u.run.Steps[i]; s.Status == model.Queued {
			s.Status = model.Skipped
		}
	}
	u.run.Message = strings.Join(sentences, "\n")
}

// finish decides what became of the run and writes it, with all its steps, in one transaction.
func (u *running) finish(ctx, record context.Context, r *Runner) error {
	u.run.Finished = r.deps.Now()
	if u.run.Status == model.Running {
		u.run.Status, u.run.ExitCode = u.outcome(ctx)
	}
	for i := range u.run.Steps {
		if !u.run.Steps[i].Status.Over() {
			u.run.Steps[i].Status = model.Skipped
		}
	}
	if err := r.deps.Recorder.FinishRun(record, u.run); err != nil {
		return fmt.Errorf("record the end of run %d: %w", u.run.ID, err)
	}
	return nil
}

// outcome is the run's status and exit code from those of its steps.
func (u *running) outcome(ctx context.Context) (model.Status, int) {
	status := model.Succeeded
	for _, s := range u.run.Steps {
		switch s.Status {
		case model.Warning:
			status = model.Warning
		case model.TimedOut:
			return model.TimedOut, ExitTimedOut
		case model.Stopped:
			return model.Stopped, ExitStopped
		case model.Failed, model.Interrupted:
			if s.ExitCode != nil && *s.ExitCode != 0 {
				return model.Failed, *s.ExitCode
			}
			return model.Failed, ExitFailed
		}
	}
	// Stopped between two steps: no step was, but not all of them ran.
	if slices.ContainsFunc(u.run.Steps, func(s model.StepRun) bool { return !s.Status.Good() }) {
		if status, exit, interrupted := interruption(ctx); interrupted {
			return status, exit
		}
	}
	return status, 0
}

// below joins a clean path of a package's entry to a folder.
func below(folder, entry string) string { return filepath.Join(folder, filepath.FromSlash(entry)) }

func usedTool(t script.Tool) model.UsedTool {
	return model.UsedTool{Name: string(t.Kind), Path: t.Path, Version: t.Version}
}
