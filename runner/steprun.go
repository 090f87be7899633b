package runner

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/joblog"
	"github.com/stepdeck/stepdeck/runner/process"
	"github.com/stepdeck/stepdeck/runner/script"
)

// stepRun is a running step.
type stepRun struct {
	*activeRun
	plan   *openPlan
	who    *sessions
	index  int
	row    *row
	log    *joblog.Log
	writer *logWriter

	rehearsing *rehearsing // nil: it is no rehearsal
	keeper     *keeper     // nil: the script was not started

	ignored    int      // outputs that could not be set
	warnings   []string // a step that has any ends with a warning
	lines      int64    // in the log so far
	highlights highlights

	mu       sync.Mutex // guards the fields below: messages may come from both streams at once
	outputs  outputs
	caughtUp time.Time
}

// catchUpEvery is the minimum interval between flushes for a service message, by which the lines before it are emitted first.
const catchUpEvery = 20 * time.Millisecond

// runStep makes one attempt at a step, and returns its step run and whether another attempt follows. An error means that something
// could not be recorded.
func (a *activeRun) runStep(ctx context.Context, plan *openPlan, who *sessions, index int) (ended model.StepRun, again bool, err error) {
	row := &row{recorder: a.recorder, now: a.runner.deps.Now, step: a.run.Steps[index]}
	started, err := row.update(atOnce, func(s *model.StepRun) { s.Status, s.Started, s.Message = model.Running, a.runner.deps.Now(), "" })
	if err != nil {
		return a.run.Steps[index], false, err
	}
	a.watch.StepStarted(started)
	s := a.newStepRun(plan, who, index, row) //nolint:contextcheck // messages come without one: see keeper
	if started.Attempt > 1 {
		s.log.Say(model.LevelInfo, fmt.Sprintf("This is attempt %d of %d.", started.Attempt, started.Attempts))
	}
	stopTicking := s.tick()
	end := s.perform(ctx)
	stopTicking()
	return s.finish(ctx, end)
}

func (a *activeRun) newStepRun(plan *openPlan, who *sessions, index int, row *row) *stepRun {
	s := &stepRun{activeRun: a, plan: plan, who: who, index: index, row: row, writer: newLogWriter(a.recorder, row.step.ID)}
	if a.planner.req.Rehearsal != nil {
		s.rehearsing = &rehearsing{}
	}
	s.log = joblog.New(joblog.Options{
		Masker: a.masking.masker, Now: a.runner.deps.Now, StderrLevel: stderrLevel(s.step().Options.Stderr),
		Emit: s.emit, OnMessage: func(_ model.Stream, m joblog.Message) { s.message(m) },
	})
	return s
}

// step returns the step as written.
func (s *stepRun) step() model.Step { return s.planner.chosen[s.index].step }

func (s *stepRun) warn(sentence string) { s.warnings = append(s.warnings, sentence) }

// tick writes late changes of the row until stop is called: see row.tick.
func (s *stepRun) tick() (stop func()) {
	return repeat(rowEvery, func() { s.warnStale(s.row.tick()) })
}

func (s *stepRun) warnStale(err error) {
	if err != nil {
		s.runner.deps.Log.Warn("keep the step's row current", "error", err)
	}
}

// finish closes the log and records how the step ended. If nothing follows, the end of the run records it.
func (s *stepRun) finish(ctx context.Context, end outcome) (finished model.StepRun, again bool, err error) {
	s.log.Close() // after which nothing of the script is missing
	refused := s.reportRefused()
	f := findings{summary: s.log.Summary(), stderr: s.step().Options.Stderr}
	again = s.again(ctx, end.applied(s.row.get(), f, s.runner.deps.Now()), end)
	f.summary.Lines = s.log.Summary().Lines
	if f.summary.Withheld {
		s.warn(joblog.WithheldSentence)
	}
	if s.outputs.truncated {
		s.warn(tooManyOutputs)
	}
	if s.ignored > 0 {
		s.warn(model.Count(s.ignored, "output variable", "output variables") + " of the script could not be set. The log says why.")
	}
	if err := s.writer.close(); err != nil {
		f.lost = "A part of the log could not be written and is missing. (" + s.masking.text(err.Error()) + ")"
		s.warn(f.lost)
	}
	f.warnings = s.warnings
	finished = s.row.last(func(row *model.StepRun) {
		row.Outputs = append([]model.Output(nil), s.outputs.list...)
		row.RefusedCalls = refused
		*row = end.applied(*row, f, s.runner.deps.Now())
	})
	last := s.index == len(s.run.Steps)-1 && !s.planner.together(s.index)
	if (again || !last) && ctx.Err() == nil {
		err = s.recorder.update(finished)
	}
	return finished, again, err
}

// perform runs the step within its time limit and returns how it ended.
func (s *stepRun) perform(ctx context.Context) outcome {
	ctx, done := s.runner.limitStep(ctx, s.step().Options.Timeout)
	defer done()
	end, err := s.work(ctx)
	if err != nil {
		return s.failed(ctx, err)
	}
	return end
}

// failed returns the outcome of a step that ended with err, which may be due to an interruption.
func (s *stepRun) failed(ctx context.Context, err error) outcome {
	if o, ok := s.interrupted(ctx); ok {
		s.log.Say(model.LevelWarning, o.message)
		return o
	}
	s.reportUnanswered(err)
	o := outcome{status: model.Failed, message: s.masking.text(err.Error()), hopeless: isHopeless(err)}
	s.log.Say(model.LevelError, o.message)
	return o
}

// work runs the step to the end of its process. An error means that the process was not started.
func (s *stepRun) work(ctx context.Context) (outcome, error) {
	step, err := s.plan.finalStep(ctx, s.index)
	if err != nil {
		return outcome{}, err
	}
	session, err := s.authenticate(ctx, step)
	if err != nil {
		return outcome{}, err
	}
	plan := step.real()
	s.logNotices(plan, session)
	s.announce(plan)
	space, err := newWorkspace(ctx, s.runner.deps.Recorder.WorkFolder(s.run.ID, plan.Number))
	if err != nil {
		return outcome{}, err
	}
	defer s.clear(ctx, space)
	path, folderHash, err := s.placeScript(ctx, plan, space)
	if err != nil {
		return outcome{}, err
	}
	if err := s.placePackages(ctx, plan, space); err != nil {
		return outcome{}, err
	}
	command, err := s.prepare(ctx, plan, path, space)
	if err != nil {
		return outcome{}, err
	}
	defer command.Remove()
	if err := s.recordInputs(plan, folderHash); err != nil {
		return outcome{}, err
	}
	served, end, err := s.serve(ctx, step, session)
	if err != nil {
		return outcome{}, err
	}
	defer end()
	env, err := s.environ(ctx, plan, served, command, space)
	if err != nil {
		return outcome{}, err
	}
	return s.process(ctx, command, env)
}

// authenticate checks the resolved step and returns its session.
func (s *stepRun) authenticate(ctx context.Context, step openStep) (resolvedSession, error) {
	plan := step.real()
	if len(plan.Problems) > 0 {
		for _, p := range plan.Problems {
			s.reportUnanswered(p.Err)
		}
		return resolvedSession{}, model.Problems(fmt.Sprintf("The step %q", plan.Step.Name), plan.Problems)
	}
	if s.rehearsing != nil && !isLimited(plan.Role) { // can't happen: it would have a problem
		return resolvedSession{}, model.NewError("rehearse.unlimited", "The step %q was not limited for the rehearsal. It did not run.",
			plan.Step.Name)
	}
	for _, v := range plan.Variables {
		if v.Sensitive {
			s.protect(v.Name, v.Value)
		}
	}
	s.protectEnvVars(plan.EnvVars)
	return s.identity(ctx, step)
}

// protect masks a sensitive value in this run's logs, and logs a message if it is too short for that.
func (s *stepRun) protect(name, value string) {
	if value == "" {
		return
	}
	switch s.masking.masker.Add(value) {
	case joblog.Unprotected:
		s.log.Say(model.LevelWarning,
			fmt.Sprintf("The sensitive variable %q has fewer than 4 characters, so it can't be hidden in the log.", name))
	case joblog.WholeWords:
		s.log.Say(model.LevelVerbose,
			fmt.Sprintf("The sensitive variable %q has fewer than 8 characters, so it is hidden in the log only as a whole word.", name))
	case joblog.Everywhere:
	}
}

// identity returns the session of a step that is about to run, and records and reports who it acts as.
func (s *stepRun) identity(ctx context.Context, step openStep) (resolvedSession, error) {
	var session resolvedSession
	err := s.withPerson(ctx, s.waitPlace(), step.real().Account, func(ctx context.Context) (err error) {
		session, err = s.who.resolve(ctx, step)
		return err
	})
	if err == nil {
		err = checkConfirmed(step, session, s.planner.req.Confirm)
	}
	if err != nil && session.Identity == (model.Identity{}) {
		return session, err
	}
	before := s.row.get()
	changed := before.Identity != session.Identity || before.Region != session.Region
	row, saveErr := s.row.update(changed, func(row *model.StepRun) { row.Identity, row.Region = session.Identity, session.Region })
	if err == nil && changed {
		s.watch.Identified(row)
	}
	return session, errors.Join(err, saveErr)
}

// logNotices logs notices and warnings before the script starts.
func (s *stepRun) logNotices(plan *StepPlan, session resolvedSession) {
	for _, n := range session.Notices {
		s.log.Say(model.LevelWarning, n.Error())
	}
	if n := awsenv.AliasNotice(s.runner.deps.Home); n != nil && !plan.NoAccount && plan.Step.Options.IsolateAWSConfig {
		s.log.Say(model.LevelWarning, n.Error())
	}
	for _, n := range plan.Notices {
		s.log.Say(model.LevelVerbose, n)
	}
	for _, w := range plan.Warnings {
		s.warn(w)
		s.log.Say(model.LevelWarning, w)
	}
}

// clear removes the work folder. If the run ends before that is done, the next start of Stepdeck removes the rest.
func (s *stepRun) clear(ctx context.Context, space *workspace) {
	ctx, done := untilKilled(ctx, s.stopper.killed)
	defer done()
	if err := space.remove(ctx); err != nil {
		s.runner.deps.Log.Warn("remove the work folder", "error", err)
	}
}

// recordInputs records the inputs if they are other than in the plan.
func (s *stepRun) recordInputs(plan *StepPlan, folderHash string) error {
	known := *plan
	known.FolderHash = folderHash
	in := inputs(&known)
	if reflect.DeepEqual(in, s.row.get().Inputs) {
		return nil // recorded when the run began
	}
	step, err := s.row.update(soon, func(row *model.StepRun) { row.Inputs = in })
	if err != nil {
		return err
	}
	return s.recorder.saveInputs(step.ID, in)
}

// process runs the command and returns how the step ended. An error means that it was not started.
func (s *stepRun) process(ctx context.Context, command script.Command, env []string) (outcome, error) {
	s.keeper = s.newKeeper(ctx, command.Dir)
	res, err := process.Run(ctx, process.Spec{
		Supervisor: s.runner.deps.Supervisor, Path: command.Path, Args: command.Args, Env: env, Dir: command.Dir,
		Stdout:          func(p []byte, at time.Time) { s.log.Write(model.StreamStdout, p, at) },
		Stderr:          func(p []byte, at time.Time) { s.log.Write(model.StreamStderr, p, at) },
		OnStop:          func(ev model.StopEvent) { s.watch.Stopping(s.row.get(), ev) },
		LeaveBackground: s.step().Options.LeaveBackground, Spared: s.spared.list,
	}, s.stopper.killed)
	if res.Exited.IsZero() && err != nil {
		return outcome{}, err
	}
	s.keeper.finish(ctx)
	end := s.ended(ctx, res, err)
	if reason, failed := command.Failure(); failed {
		end = end.failedByScript(s.masking.text(reason))
	}
	return end, nil
}

// ended returns the outcome that follows from the end of the process.
func (s *stepRun) ended(ctx context.Context, res process.Result, err error) outcome {
	s.logLeftovers(res)
	o := outcomeOf(res)
	if err != nil {
		if ctx.Err() != nil { // failed reports only the interruption
			s.log.Say(model.LevelError, s.masking.text(err.Error()))
		}
		failed := s.failed(ctx, err)
		failed.signal = o.signal
		if failed.status == model.Failed {
			failed.exit = o.exit
		}
		return failed
	}
	if stopped, ok := s.interrupted(ctx); ok && res.Stopped {
		stopped.signal = o.signal
		stopped.message += fmt.Sprintf(" %s ended, %d left.", model.Count(res.Ended, "process", "processes"), len(res.Survivors))
		s.log.Say(model.LevelWarning, stopped.message)
		return stopped
	}
	return o
}
