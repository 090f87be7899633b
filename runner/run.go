package runner

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

// Run executes req until its end, or until the stopper (may be nil) or the end of ctx stops it, and records it in any case.
// How the run ended is in the Run. An error means that it was not recorded, or not completely.
func (r *Runner) Run(ctx context.Context, req Request, watch Watcher, stopper *Stopper) (model.Run, error) {
	if stopper == nil {
		stopper = NewStopper()
	}
	ctx, done := stopper.attach(ctx)
	defer done()
	unlimit := r.limitRun(stopper, req.Timeout)
	defer unlimit()
	p, err := r.plannerForRun(ctx, req)
	if err != nil {
		return model.Run{}, err
	}
	a, err := r.begin(ctx, p, watch, stopper)
	if err != nil {
		return model.Run{}, err
	}
	release := a.followCommands()
	defer release()
	sleep := r.stayAwake(ctx)
	defer sleep()
	end, failed := a.execute(ctx)
	run, err := a.finish(end)
	return run, a.masking.err(errors.Join(failed, err))
}

// stayAwake keeps the system awake until it may sleep again, also while a run that was stopped ends its processes.
func (r *Runner) stayAwake(ctx context.Context) (sleep func()) {
	if r.deps.Awake == nil {
		return func() {}
	}
	return r.deps.Awake(context.WithoutCancel(ctx))
}

// activeRun is a run that has not ended.
type activeRun struct {
	runner   *Runner
	planner  *planner
	masking  *masking
	recorder *recorder
	watch    Watcher // masked
	stopper  *Stopper
	run      model.Run          // its current state, with the current attempt at each step
	recorded int                // steps before this index that were skipped stand in the record
	earlier  [][]model.StepRun  // attempts of each step before its current one
	history  func() []model.Run // the project's recent runs, read when they are first needed
	spared   *spared
	room     *room // for the files that the scripts ask to keep
}

// begin records the run with all its steps before anything happens.
func (r *Runner) begin(ctx context.Context, p *planner, watch Watcher, stopper *Stopper) (*activeRun, error) {
	m := r.newMasking(p.req.Project, p.given())
	run := model.Run{
		ProjectID: p.req.Project.ID, Project: p.req.Project.Name, Environment: p.plan.Environment,
		Who: p.req.Who, Status: model.Running, Started: r.deps.Now(), Rehearsal: p.req.Rehearsal,
	}
	var err error
	if run.EnvironmentID, err = r.environmentID(context.WithoutCancel(ctx), p.plan.Environment); err != nil {
		return nil, err
	}
	for _, s := range p.plan.Steps {
		run.Steps = append(run.Steps, model.StepRun{
			Number: s.Number, Attempt: 1, Attempts: 1 + s.Step.Options.Retries, StepID: s.Step.ID, Step: s.Step.Name, Status: model.Queued,
			Identity: planned(s), Region: s.Region, Progress: model.Progress{Percent: -1}, Inputs: inputs(&s),
		})
	}
	detached := context.WithoutCancel(ctx)
	history := sync.OnceValue(func() []model.Run { return r.recentHistory(detached, run.Project) })
	a := &activeRun{
		runner: r, planner: p, masking: m, recorder: newRecorder(ctx, r.deps.Recorder, m), watch: maskedWatcher{watch, m, &sync.Mutex{}},
		stopper: stopper, run: run, earlier: make([][]model.StepRun, len(run.Steps)), history: history, spared: &spared{},
		room: &room{limits: r.deps.Artifacts},
	}
	if err := a.recorder.create(&a.run); err != nil {
		return nil, err
	}
	if err := p.begun(ctx, a.run); err != nil && ctx.Err() == nil {
		return nil, err
	}
	a.watch.RunStarted(a.run, p.plan)
	return a, nil
}

func (r *Runner) environmentID(ctx context.Context, name string) (model.ID, error) {
	environments, err := r.deps.Configuration.Environments(ctx)
	if err != nil {
		return "", err
	}
	for _, e := range environments {
		if name != "" && model.NameKey(e.Name) == model.NameKey(name) {
			return e.ID, nil
		}
	}
	return "", nil
}

// planned returns who a step acts as, as far as that is known before AWS was asked.
func planned(s StepPlan) model.Identity {
	if s.NoAccount {
		return model.Identity{Account: model.NoAccount}
	}
	return model.Identity{}
}

// followCommands follows the commands to the run in the store until release is called.
func (a *activeRun) followCommands() (release func()) { return repeat(commandsEvery, a.takeCommands) }

func (a *activeRun) takeCommands() {
	commands, err := a.recorder.takeCommands(a.run.ID)
	if err != nil {
		a.runner.deps.Log.Warn("look for commands to the run", "run", a.run.ID, "error", err)
	}
	for _, c := range commands {
		if c == model.KillRun {
			a.stopper.Kill()
		} else {
			a.stopper.Stop()
		}
	}
}

// runOutcome is how a run ended.
type runOutcome struct {
	status  model.Status
	exit    int
	message string
}

// execute asks AWS who each step would be and then runs the steps. An error means that something could not be recorded.
func (a *activeRun) execute(ctx context.Context) (runOutcome, error) {
	if problems := a.planner.plan.Refused(); len(problems) > 0 || ctx.Err() != nil {
		return a.refuse(ctx, problems), nil
	}
	a.planner.runID = a.run.ID
	open := a.runner.revealer(a.masking.masker)
	plan, err := a.planner.open(ctx, open, a.masking.part)
	if err != nil {
		return a.refuse(ctx, []Problem{{Field: "variables", Err: err}}), nil
	}
	who, err := a.runner.newSessions(ctx, sessionOptions{
		steps: plan.steps, accounts: a.planner.sources.accounts, runID: a.run.ID, masker: a.masking.masker, open: open,
	})
	if err != nil {
		return a.refuse(ctx, []Problem{{Field: "aws", Err: err}}), nil
	}
	defer who.close()
	if refused := a.identify(ctx, plan, who); len(refused) > 0 || ctx.Err() != nil {
		return a.refuse(ctx, refused), nil
	}
	failed := a.runSteps(ctx, plan, who)
	return a.outcome(ctx), failed
}

// identify asks AWS who the steps would be, except for those whose account, role or region depends on an earlier step's
// output. A refusal thus comes before anything has run.
func (a *activeRun) identify(ctx context.Context, plan *openPlan, who *sessions) []Problem {
	if refused := plan.refused(); len(refused) > 0 {
		return refused
	}
	var refused []Problem
	for i, s := range plan.steps {
		if s.real().Late {
			continue
		}
		var session resolvedSession
		err := a.withPerson(ctx, a.waitPlace(i), s.real().Account, func(ctx context.Context) (err error) {
			session, err = who.resolve(ctx, s)
			return err
		})
		if err == nil {
			err = checkConfirmed(s, session, a.planner.req.Confirm)
		}
		if err != nil && ctx.Err() != nil {
			return nil
		}
		step := &a.run.Steps[i]
		step.Identity, step.Region = session.Identity, session.Region
		if err == nil {
			err = a.identified(i)
		} else {
			step.Message = a.masking.text(err.Error())
		}
		if err != nil {
			refused = append(refused, Problem{a.run.Steps[i].Step, "aws", err})
		}
	}
	return refused
}

// identified records and reports who a step acts as. It writes no row for a step without an account, which has it already,
// and for the first step, whose row is written when it starts.
func (a *activeRun) identified(index int) error {
	step := a.run.Steps[index]
	if index > 0 && step.Identity.Account != model.NoAccount {
		if err := a.recorder.update(step); err != nil {
			return err
		}
	}
	a.watch.Identified(step)
	return nil
}

// refuse returns the outcome of a run that ends before any script has started: refused because of the problems, or
// interrupted.
func (a *activeRun) refuse(ctx context.Context, problems []Problem) runOutcome {
	if status, exit, interrupted := interruption(ctx); interrupted {
		return runOutcome{status, exit, notStarted(status)}
	}
	sentences := make([]string, 0, len(problems))
	for _, p := range problems {
		a.reportUnanswered(p.Err)
		sentence := a.masking.text(p.Err.Error())
		if p.Step != "" {
			a.refuseStep(p.Step, sentence)
			sentence = p.Step + ": " + sentence
		}
		if !slices.Contains(sentences, sentence) {
			sentences = append(sentences, sentence)
		}
	}
	return runOutcome{model.Failed, ExitRefused, strings.Join(sentences, "\n")}
}

// reportUnanswered reports the question whose answer would have avoided err, if there is one.
func (a *activeRun) reportUnanswered(err error) {
	if q := QuestionOf(err); q != nil {
		a.watch.Unanswered(q)
	}
}

func (a *activeRun) refuseStep(name, sentence string) {
	for i := range a.run.Steps {
		if s := &a.run.Steps[i]; s.Step == name {
			s.Status = model.Failed
			if s.Message == "" {
				s.Message = sentence
			}
		}
	}
}

// notStarted returns the message of a run that was interrupted before its first script.
func notStarted(status model.Status) string {
	if status == model.TimedOut {
		return "The time limit passed before the first script started."
	}
	return "Stopped before the first script started."
}

// outcome derives the run's status and exit code from those of its steps.
func (a *activeRun) outcome(ctx context.Context) runOutcome {
	status, exit, interrupted := interruption(ctx)
	if interrupted && slices.ContainsFunc(a.run.Steps, func(s model.StepRun) bool { return cutShort(s, status) }) {
		return runOutcome{status: status, exit: exit}
	}
	status = model.Succeeded
	for _, s := range a.run.Steps {
		switch s.Status {
		case model.Warning:
			status = model.Warning
		case model.TimedOut:
			return runOutcome{status: model.TimedOut, exit: ExitTimedOut}
		case model.Stopped:
			return runOutcome{status: model.Stopped, exit: ExitStopped}
		case model.Failed, model.Interrupted:
			if s.ExitCode != nil && *s.ExitCode != 0 {
				return runOutcome{status: model.Failed, exit: *s.ExitCode}
			}
			return runOutcome{status: model.Failed, exit: ExitFailed}
		}
	}
	return runOutcome{status: status}
}

// cutShort reports whether the end of the run with that status kept a step from its own end, or from running at all.
func cutShort(s model.StepRun, status model.Status) bool {
	return s.Status == status || s.Skip == model.SkipStopped || s.Skip == model.SkipTimedOut
}

// finish records the end of the run and of all its steps in one transaction, and reports it.
func (a *activeRun) finish(end runOutcome) (model.Run, error) {
	skipped := a.skipRest(end)
	run := a.run
	run.Status, run.ExitCode, run.Message, run.Finished = end.status, end.exit, end.message, a.runner.deps.Now()
	run.Steps = a.attempts()
	err := errors.Join(skipped, a.recorder.finish(run))
	a.watch.RunFinished(run)
	return a.masking.run(run), err
}
