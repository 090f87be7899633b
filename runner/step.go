package runner

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/joblog"
	"github.com/stepdeck/stepdeck/runner/process"
	"github.com/stepdeck/stepdeck/runner/script"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// turn is one step while it runs.
type turn struct {
	*running
	index  int
	row    *row
	log    *joblog.Log
	record *recording
	lines  int64

	mu       sync.Mutex
	outputs  outputs
	caughtUp time.Time
}

// How often lines are hurried along for a message that comes behind them.
const catchUpEvery = 20 * time.Millisecond

// step runs one step from its plan to its record. The error is for what could not be recorded.
func (u *running) step(ctx, record context.Context, index int) error {
	t := &turn{running: u, index: index}
	t.row = &row{recorder: u.deps.Recorder, step: u.run.Steps[index]}
	now := u.deps.Now()
	started, err := t.row.update(record, now, true, func(s *model.StepRun) { s.Status, s.Started = model.Running, now })
	if err != nil {
		return err
	}
	u.watch.StepStarted(started)
	t.record = newRecording(record, u.deps.Recorder, started.ID)
	t.log = joblog.New(joblog.Options{
		Masker: u.masker, Now: u.deps.Now, StderrLevel: stderrLevel(u.plan.Steps[index].Step.Options.Stderr),
		Emit:      func(b model.LogBatch) { t.emit(record, b) },
		OnMessage: func(_ model.Stream, m joblog.Message) { t.message(record, m) },
	})
	stopTicking := t.tick(record)
	end := t.perform(ctx, record)
	stopTicking()
	summary := t.log.Close()
	if summary.Withheld {
		end.warn(joblog.WithheldSentence)
	}
	if t.outputs.over {
		end.warn(tooManyOutputs)
	}
	if err := t.record.close(); err != nil {
		end.lost = "A part of the log could not be written and is missing. (" + u.masker.String(err.Error()) + ")"
		end.warn(end.lost)
	}
	finished, err := t.row.update(record, u.deps.Now(), true, func(s *model.StepRun) {
		t.mu.Lock()
		s.Outputs = append([]model.Output(nil), t.outputs.list...)
		t.mu.Unlock()
		end.apply(s, summary, u.deps.Now())
	})
	u.run.Steps[index] = finished
	u.watch.StepFinished(finished)
	return err
}

// tick writes what the row has gathered once it is a second old, also when nothing more comes to write it along.
func (t *turn) tick(record context.Context) (stop func()) {
	done, finished := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(finished)
		ticker := time.NewTicker(rowEvery)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				if err := t.row.tick(record, t.deps.Now()); err != nil {
					t.deps.Log.Warn("keep the step's row current", "error", err)
				}
			}
		}
	}()
	return func() { close(done); <-finished }
}

func stderrLevel(meaning model.ErrorOutput) model.Level {
	if meaning == model.ErrorOutputInfo {
		return model.LevelInfo
	}
	return model.LevelError
}

// ending gathers how a step ended, until it is known whether its log changes that.
type ending struct {
	status   model.Status
	exit     *int
	signal   string
	message  string
	warnings []string
	lost     string // said beside whatever else there is to say
	stderr   model.ErrorOutput
}

func (e *ending) warn(sentence string) { e.warnings = append(e.warnings, sentence) }

func (e *ending) apply(s *model.StepRun, summary joblog.Summary, now time.Time) {
	s.Status, s.ExitCode, s.Signal, s.Message = e.status, e.exit, e.signal, e.message
	s.Finished, s.Lines, s.Masked = now, summary.Lines, summary.Masked
	s.Warnings = len(e.warnings)
	complained := summary.Stderr.Errors > 0
	switch {
	case s.Status != model.Succeeded:
	case complained && e.stderr == model.ErrorOutputFail:
		s.Status = model.Failed
		s.Message = "The script wrote to its error stream, which fails this step (error output: fail)."
	case complained && e.stderr == model.ErrorOutputWarning:
		s.Status = model.Warning
		s.Message = "The script wrote to its error stream."
	case len(e.warnings) > 0:
		s.Status = model.Warning
		s.Message = e.warnings[0]
	}
	if s.Status == model.Failed && s.ResultMessage != "" {
		s.Message = s.ResultMessage
	}
	if e.lost != "" && s.Message != e.lost {
		s.Message = strings.TrimSpace(s.Message + " " + e.lost)
	}
}

// perform does the step's work and says how it ended. The step's time limit holds for all of it.
func (t *turn) perform(ctx, record context.Context) *ending {
	options := t.plan.Steps[t.index].Step.Options
	ctx, end := t.within(ctx, options.Timeout, errStepTimedOut)
	defer end(nil)
	e := &ending{status: model.Failed, stderr: options.Stderr}
	if err := t.work(ctx, record, e); err != nil {
		t.failed(ctx, e, err)
	}
	return e
}

// failed ends the step with err, unless an interruption kept it from going on.
func (t *turn) failed(ctx context.Context, end *ending, err error) {
	if t.interrupted(ctx, end) {
		t.log.Say(model.LevelWarning, end.message)
		return
	}
	end.message = t.masker.String(err.Error())
	t.log.Say(model.LevelError, end.message)
}

// work is the step, up to the end of its process. An error is why it did not come to that.
func (t *turn) work(ctx, record context.Context, end *ending) error {
	plan, session, err := t.become(ctx, record)
	if err != nil {
		return err
	}
	for _, w := range plan.Warnings {
		end.warn(w)
	}
	t.tell(plan, session)
	space, err := newWorkspace(ctx, t.deps.Recorder.WorkFolder(t.run.ID, plan.Number))
	if err != nil {
		return err
	}
	defer t.clear(ctx, space)
	command, err := t.prepare(ctx, end, &plan, space)
	if err != nil {
		return err
	}
	defer command.Remove()
	if err := t.keepInputs(record, plan); err != nil {
		return err
	}
	return t.process(ctx, end, plan, session, command)
}

// become resolves the step at its turn, and becomes who it says.
func (t *turn) become(ctx, record context.Context) (StepPlan, resolvedSession, error) {
	var earlier []model.Step
	for _, c := range t.chosen[:t.index] {
		earlier = append(earlier, c.step)
	}
	plan, err := t.planner.step(ctx, t.chosen[t.index], earlier, true, substitute.NewBudget())
	if err != nil {
		return plan, resolvedSession{}, err
	}
	if len(plan.Problems) > 0 {
		return plan, resolvedSession{}, model.Problems(fmt.Sprintf("The step %q", plan.Step.Name), plan.Problems)
	}
	for _, v := range plan.Variables {
		if v.Sensitive {
			t.protect(v.Name, v.Value)
		}
	}
	session, err := t.identity(ctx, record, plan)
	return plan, session, err
}

// tell logs what is worth knowing before the script starts.
func (t *turn) tell(plan StepPlan, session resolvedSession) {
	for _, n := range session.Notices {
		t.log.Say(model.LevelWarning, n.Error())
	}
	if n := awsenv.AliasNotice(t.deps.Home); n != nil && !plan.NoAccount && plan.Step.Options.IsolateAWSConfig {
		t.log.Say(model.LevelWarning, n.Error())
	}
	for _, n := range plan.Notices {
		t.log.Say(model.LevelVerbose, n)
	}
	for _, w := range plan.Warnings {
		t.log.Say(model.LevelWarning, w)
	}
}

// clear removes the work folder. What an end of the run leaves of it goes at the next start.
func (t *turn) clear(ctx context.Context, space *workspace) {
	ctx, done := untilKilled(ctx, t.kill)
	defer done()
	if err := space.remove(ctx); err != nil {
		t.deps.Log.Warn("remove the work folder", "error", err)
	}
}

// protect makes a sensitive value a secret of this run's logs, and says so where it can't be hidden well.
func (t *turn) protect(name, value string) {
	if value == "" {
		return
	}
	switch t.masker.Add(value) {
	case joblog.Unprotected:
		sentence := fmt.Sprintf("The sensitive variable %q has fewer than 4 characters, so it can't be hidden in the log.", name)
		t.log.Say(model.LevelWarning, sentence)
	case joblog.WholeWords:
		t.log.Say(model.LevelVerbose, fmt.Sprintf("The sensitive variable %q has fewer than 8 characters: it is hidden in the log only where it stands alone.", name))
	case joblog.Everywhere:
	}
}

// identity becomes who the step says, at its turn.
func (t *turn) identity(ctx, record context.Context, plan StepPlan) (resolvedSession, error) {
	session, err := t.who.resolve(ctx, plan)
	if err == nil {
		err = confirmed(plan, session, t.req.Confirm)
	}
	if err != nil && session.Identity == (model.Identity{}) {
		return session, err
	}
	before := t.row.get()
	changed := before.Identity != session.Identity || before.Region != session.Region
	step, saveErr := t.row.update(record, t.deps.Now(), changed, func(s *model.StepRun) { s.Identity, s.Region = session.Identity, session.Region })
	if err == nil && changed {
		t.watch.Identified(step)
	}
	return session, errors.Join(err, saveErr)
}

// prepare puts the script and what it needs into the workspace.
func (t *turn) prepare(ctx context.Context, end *ending, plan *StepPlan, space *workspace) (script.Command, error) {
	path, err := t.place(ctx, plan, space)
	if err != nil {
		return script.Command{}, err
	}
	variables := make([]script.Variable, len(plan.Variables))
	for i, v := range plan.Variables {
		variables[i] = script.Variable(v)
	}
	command, err := script.Prepare(ctx, script.Input{
		Language: plan.Language, Tool: plan.Tool, Script: path, Parameters: plan.Parameters, Variables: variables,
		StopOnFirstFailure: plan.Step.Options.StopOnFirstFailure, Dir: space.private, Bootstraps: t.deps.Bootstraps,
	})
	if err != nil {
		return script.Command{}, err
	}
	for _, w := range command.Warnings {
		end.warn(w.Error())
		t.log.Say(model.LevelWarning, w.Error())
	}
	return command, nil
}

// place brings the script, and what lies beside it, into the workspace, and resolves the expressions in it.
func (t *turn) place(ctx context.Context, plan *StepPlan, space *workspace) (string, error) {
	switch plan.Step.Script.Source {
	case model.SourcePackage:
		res, err := archive.Extract(ctx, t.deps.Packages.PackagePath(*plan.Package), space.content, archive.Options{
			Format: archive.Format(plan.Package.Format), Limits: t.deps.Limits, SHA256: plan.Package.SHA256, Warn: t.leftOut,
		})
		if err != nil {
			return "", model.NewError("package.unpack", "Package %s %s can't be unpacked.", plan.Package.Name, plan.Package.Version).Because(err)
		}
		t.log.Say(model.LevelVerbose, fmt.Sprintf("Package %s %s: %d files, SHA-256 %s.", plan.Package.Name, plan.Package.Version, res.Files, res.SHA256))
	case model.SourceFolder:
		res, err := archive.CopyFolder(ctx, plan.Folder, space.content, archive.Options{Limits: t.deps.Limits, Warn: t.leftOut})
		if err != nil {
			return "", err
		}
		plan.FolderHash = res.SHA256
		t.log.Say(model.LevelVerbose, fmt.Sprintf("Folder %s: %d files, SHA-256 %s.", plan.Folder, res.Files, res.SHA256))
	default:
		return script.WriteInline(space.content, plan.Language, plan.Script)
	}
	path := below(space.content, plan.Entry)
	text, encoding, err := script.ReadText(path)
	if err != nil {
		return "", err
	}
	if text != plan.Written { // a folder may change between the look and the copy
		return "", model.NewError("script.changed", "The script file %q changed while it was copied. Run the step again.", plan.Entry)
	}
	if plan.Script == plan.Written {
		return path, nil
	}
	return path, script.WriteText(path, plan.Script, encoding)
}

func (t *turn) leftOut(w archive.Warning) { t.log.Say(model.LevelWarning, w.Sentence) }

// keepInputs records what the step runs as it is known now, at its turn.
func (t *turn) keepInputs(record context.Context, plan StepPlan) error {
	in := inputs(plan)
	if plan.Step.Script.Source == model.SourceInline {
		in.Script = plan.Step.Script.Body
	}
	if reflect.DeepEqual(in, t.row.get().Inputs) {
		return nil // the plan knew it all
	}
	step, err := t.row.update(record, t.deps.Now(), false, func(s *model.StepRun) { s.Inputs = in })
	if err != nil {
		return err
	}
	return t.deps.Recorder.SaveInputs(record, step.ID, in)
}

// process runs the command and says how it ended. An error is why it was not started.
func (t *turn) process(ctx context.Context, end *ending, plan StepPlan, session resolvedSession, command script.Command) error {
	var folders []string
	for _, tool := range []script.Tool{plan.AWSTool, plan.Tool} {
		if tool.Path != "" {
			folders = append(folders, filepath.Dir(tool.Path))
		}
	}
	env := awsenv.Environ(t.deps.Environ, session.Session, awsenv.Options{
		IsolateAWSConfig: plan.Step.Options.IsolateAWSConfig, Path: folders, Extra: extra(command.Env),
	})
	res, err := process.Run(ctx, process.Spec{
		Path: command.Path, Args: command.Args, Env: env, Dir: command.Dir,
		Stdout: func(p []byte, at time.Time) { t.log.Write(model.StreamStdout, p, at) },
		Stderr: func(p []byte, at time.Time) { t.log.Write(model.StreamStderr, p, at) },
		OnStop: func(ev model.StopEvent) { t.watch.Stopping(t.row.get(), ev) },
	}, t.kill)
	if res.Exited.IsZero() && err != nil {
		return err
	}
	t.ended(ctx, end, res, err)
	t.failedBySelf(end, command)
	return nil
}

// failedBySelf heeds a script that ended its step as failed, whatever its own traps made of the exit code.
func (t *turn) failedBySelf(end *ending, command script.Command) {
	reason, failed := command.Failure()
	if !failed || end.status != model.Succeeded && end.status != model.Failed {
		return
	}
	end.status = model.Failed
	if end.exit != nil && *end.exit == 0 {
		code := ExitFailed
		end.exit = &code
	}
	if reason != "" {
		end.message = t.masker.String(reason)
	}
}

// extra turns NAME=value into what awsenv sets last.
func extra(list []string) []awsenv.Variable {
	out := make([]awsenv.Variable, 0, len(list))
	for _, entry := range list {
		if name, value, found := strings.Cut(entry, "="); found {
			out = append(out, awsenv.Variable{Name: name, Value: value})
		}
	}
	return out
}

// ended tells what the end of the process means.
func (t *turn) ended(ctx context.Context, end *ending, res process.Result, err error) {
	end.signal = res.Signal
	if res.Signal == "" && res.ExitCode >= 0 {
		code := res.ExitCode
		end.exit = &code
	}
	if len(res.Leftover) > 0 {
		sentence := "The script left processes running, which were ended: " + names(res.Leftover) + "."
		end.warn(sentence)
		t.log.Say(model.LevelWarning, sentence)
	}
	if len(res.Survivors) > 0 {
		sentence := "These processes of the script could not be ended: " + names(res.Survivors) + "."
		end.warn(sentence)
		t.log.Say(model.LevelError, sentence)
	}
	switch {
	case err != nil:
		if ctx.Err() != nil { // both are worth knowing
			t.log.Say(model.LevelError, t.masker.String(err.Error()))
		}
		t.failed(ctx, end, err)
	case res.Stopped && t.interrupted(ctx, end):
		end.message += fmt.Sprintf(" %d processes ended, %d left.", res.Ended, len(res.Survivors))
		t.log.Say(model.LevelWarning, end.message)
	case res.Signal != "":
		end.message = fmt.Sprintf("The script was ended by %s.", res.Signal)
	case res.ExitCode != 0:
		end.message = fmt.Sprintf("The script ended with exit code %d.", res.ExitCode)
	default:
		end.status = model.Succeeded
	}
}

// interrupted ends the step as stopped or timed out, if it was.
func (t *turn) interrupted(ctx context.Context, end *ending) bool {
	status, _, interrupted := interruption(ctx)
	if !interrupted {
		return false
	}
	end.status, end.exit, end.message = status, nil, "Stopped."
	switch {
	case errors.Is(context.Cause(ctx), errStepTimedOut):
		end.message = fmt.Sprintf("The time limit passed (step: %v).", t.plan.Steps[t.index].Step.Options.Timeout)
	case status == model.TimedOut:
		end.message = fmt.Sprintf("The time limit passed (run: %v).", t.req.Timeout)
	}
	return true
}

func names(list []process.Process) string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = fmt.Sprintf("%s (%d)", p.Name, p.PID)
	}
	return strings.Join(texts, ", ")
}
