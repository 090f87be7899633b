package runner

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// DefaultSignInWait is how long a run waits for somebody to sign in or to enter a code, where there is somebody to ask.
const DefaultSignInWait = 15 * time.Minute

// answersEvery is how often it is looked whether somebody has signed in, in whatever process.
const answersEvery = 250 * time.Millisecond

// codeNotAnswered is the code of the error that nobody signed in or entered a code in time.
const codeNotAnswered = "signin.waited"

// Wait is that a run waits for somebody to sign in or to enter a code, and goes on once that is done, in whatever process.
type Wait struct {
	Question Question // SignInNeeded, AWSSignIn or MFACode
	Account  model.Account
	Until    time.Time // when the run gives up
	Message  string    // one sentence for people
}

// waitOf returns the wait for what err says is missing; ok is false if nobody can help.
func waitOf(err error) (w Wait, ok bool) {
	switch q := QuestionOf(err).(type) {
	case SignInNeeded:
		return Wait{Question: q, Account: q.Account}, true
	case AWSSignIn:
		return Wait{Question: q, Account: q.Account}, true
	case MFACode:
		return Wait{Question: q, Account: q.Account}, true
	}
	return Wait{}, false
}

// enterCode begins what somebody has to do where it is to enter a code.
const enterCode = "enter a code of the MFA device"

// AsksForCode reports whether the message of a step that waits asks for a code: of another process's wait only the message is known.
func AsksForCode(message string) bool {
	return strings.Contains(message, " waits for somebody to "+enterCode+" ")
}

// action returns what somebody has to do, as part of a sentence.
func (w Wait) action() string {
	if _, code := w.Question.(MFACode); code {
		return fmt.Sprintf(enterCode+" of account %q", w.Account.Name)
	}
	return fmt.Sprintf("sign in for account %q", w.Account.Name)
}

// done returns what somebody has done, as part of a sentence.
func (w Wait) done() string {
	if _, code := w.Question.(MFACode); code {
		return fmt.Sprintf("entered a code of the MFA device of account %q", w.Account.Name)
	}
	return fmt.Sprintf("signed in for account %q", w.Account.Name)
}

// waitPlace is the step for which a run waits, before its script starts or while it runs.
type waitPlace struct {
	name   string
	say    func(level model.Level, text string)                                 // in the step's log
	update func(change func(step *model.StepRun)) (step model.StepRun, ok bool) // the step's row; ok is false if it has ended
}

// withPerson does request, and does it again each time somebody has signed in or entered the code that it needed. It returns
// the error of request if nobody can be asked.
func (a *activeRun) withPerson(ctx context.Context, at waitPlace, account model.Account, request func(context.Context) error) error {
	var until time.Time // of the first wait: one limit, however often what somebody did doesn't help
	for {
		before := a.lastSignIn(ctx, account)
		err := request(ctx)
		w, ok := waitOf(err)
		if !ok || a.planner.req.SignInWait <= 0 {
			return err
		}
		w.Until = until
		if err := a.wait(ctx, at, &w, before, err); err != nil {
			return err
		}
		until = w.Until
	}
}

// lastSignIn returns a text that changes when somebody signs in for the account or enters a code.
func (a *activeRun) lastSignIn(ctx context.Context, account model.Account) string {
	if a.runner.deps.SignIns == nil {
		return ""
	}
	last, err := a.runner.deps.SignIns.LastSignIn(ctx, account)
	if err != nil && ctx.Err() == nil {
		a.runner.deps.Log.Warn("look for a sign-in", "error", a.masking.err(err))
	}
	return last
}

// wait waits until somebody has signed in since before was read, or until w.Until, which it sets if it is not. It says so in the log, in
// the step's row and to the watcher.
func (a *activeRun) wait(ctx context.Context, at waitPlace, w *Wait, before string, because error) error {
	limit, started := a.planner.req.SignInWait, a.runner.deps.Now()
	if w.Until.IsZero() {
		w.Until = started.Add(limit)
	}
	until := fmt.Sprintf("until %s (%s)", model.LocalTime(w.Until), model.TimeWords(limit))
	w.Message = a.masking.text(fmt.Sprintf("The step %q waits for somebody to %s, %s. %s", at.name, w.action(), until, because))
	at.say(model.LevelWait, w.Message)
	step, running := at.update(func(s *model.StepRun) {
		s.Message = w.Message
		if s.Identity.Account == "" { // so that it can be seen what for
			s.Identity = model.Identity{Account: w.Account.Name, AccountID: w.Account.ID, Kind: w.Account.Kind}
		}
	})
	if running {
		a.watch.Waiting(step, *w)
	}
	answered := a.answered(ctx, *w, before)
	if step, running = at.update(func(s *model.StepRun) { s.Message = "" }); running {
		a.watch.Waited(step, *w, answered)
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !answered:
		return unanswered{model.NewError(codeNotAnswered, "Nobody %s within %s. Do it, and run again.", w.done(),
			model.TimeWords(limit)).Because(because), w.Question}
	}
	took := a.runner.deps.Now().Sub(started)
	at.say(model.LevelInfo, fmt.Sprintf("Somebody %s after %s. The step goes on.", w.done(), model.TimeWords(took)))
	return nil
}

// answered waits until somebody has signed in since before was read, and reports whether that was in time.
func (a *activeRun) answered(ctx context.Context, w Wait, before string) bool {
	ticker := time.NewTicker(answersEvery)
	defer ticker.Stop()
	for a.runner.deps.Now().Before(w.Until) {
		if last := a.lastSignIn(ctx, w.Account); last != "" && last != before {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
		}
	}
	return false
}

// waitPlace returns the place of a step that has no log yet.
func (a *activeRun) waitPlace(index int) waitPlace {
	step := &a.run.Steps[index]
	return waitPlace{
		name: step.Step, say: func(model.Level, string) {},
		update: func(change func(*model.StepRun)) (model.StepRun, bool) {
			change(step)
			if err := a.recorder.update(*step); err != nil {
				a.runner.deps.Log.Warn("record what a step waits for", "error", err)
			}
			return *step, true
		},
	}
}

// waitPlace returns the place of the step, whose script has not started.
func (s *stepRun) waitPlace() waitPlace {
	return waitPlace{
		name: s.step().Name, say: s.log.Say,
		update: func(change func(*model.StepRun)) (model.StepRun, bool) {
			row, err := s.row.update(atOnce, change)
			s.warnStale(err)
			return row, true
		},
	}
}
