package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/credentialserver"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

// freshWindow is how long before their end the credentials of a running script are renewed. The SDKs begin to ask for new ones
// up to 15 minutes before, and must have them 5 minutes before (botocore, RefreshableCredentials).
const freshWindow = 5 * time.Minute

// freshEvery is how often it is looked whether they are to be renewed, so that a person who has to sign in again has time.
const freshEvery = 30 * time.Second

// freshSession is the session of a running step, and renews itself.
type freshSession struct {
	step   *stepRun
	open   openStep
	first  resolvedSession
	keeper *refresh.Refresher[resolvedSession]
	server *credentialserver.Server
	alive  context.Context //nolint:containedctx // ends with the script, as does the wait for a person
	cancel func()          // ends alive, and the renewal that is going on
	stop   func()          // of the renewals

	mu      sync.Mutex
	said    []string // warnings, which are logged once
	ended   bool     // the log and the row are closed, although a renewal may still go on: its result must be kept
	asking  *asking  // nil: nobody is asked
	refused bool     // somebody was asked in vain since the credentials were last renewed
	waits   sync.WaitGroup
}

// asking is that somebody is asked to sign in, so that the credentials can be renewed.
type asking struct {
	reason error
	done   chan struct{} // closed when the wait is over
}

// serve starts a server with the session's credentials, if they are to be renewed. It returns the session that the script gets,
// and a function that ends the server.
func (s *stepRun) serve(ctx context.Context, open openStep, session resolvedSession) (resolvedSession, func(), error) {
	if !delivery(open.real().Step.Options, session, s.usual, s.runner.deps.Now()).Fresh {
		return session, func() {}, nil
	}
	alive, cancel := context.WithCancel(ctx)
	f := &freshSession{step: s, open: open, first: session, alive: alive, cancel: cancel}
	for _, n := range session.Notices { // logged when the step started
		f.said = append(f.said, s.masking.text(n.Error()))
	}
	current := session
	f.keeper = refresh.New(refresh.Source[resolvedSession]{
		Load:   func(context.Context) (resolvedSession, error) { return current, nil },
		Save:   func(_ context.Context, next resolvedSession) error { current = next; f.tell(next); return nil },
		Stale:  func(r resolvedSession) bool { return r.nearEnd(s.runner.deps.Now()) },
		Usable: func(r resolvedSession) bool { return s.runner.deps.Now().Before(r.Identity.Expires) },
		Renew:  f.renew,
		Now:    s.runner.deps.Now,
	})
	var err error
	f.server, err = credentialserver.Start(context.WithoutCancel(ctx), f.current)
	if err != nil {
		cancel()
		return session, nil, err
	}
	f.stop = repeat(freshEvery, func() { f.look(alive) })
	session.Session = session.Served(f.server)
	s.masking.masker.Add(f.server.Token())
	return session, f.end, nil
}

// nearEnd reports whether the session is to be renewed.
func (r resolvedSession) nearEnd(now time.Time) bool {
	return r.Identity.Expires.Sub(now) < freshWindow
}

// current returns the credentials for a program of the script. Where they have ended and somebody is asked to sign in, it waits
// for that.
func (f *freshSession) current(ctx context.Context) (credentialserver.Credentials, error) {
	for {
		wait := f.asked()
		now, err := f.keeper.Get(ctx)
		if err == nil {
			return now.Credentials(), nil
		}
		if later := f.asked(); later != nil {
			wait = later
		}
		if wait == nil {
			return credentialserver.Credentials{}, err
		}
		select {
		case <-wait.done:
		case <-ctx.Done():
			return credentialserver.Credentials{}, context.Cause(ctx)
		}
	}
}

// asked returns the wait that goes on; nil for none.
func (f *freshSession) asked() *asking {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asking
}

// look renews the credentials if it is time. What is wrong is told to the program that asks for them.
func (f *freshSession) look(ctx context.Context) {
	if _, err := f.keeper.Get(ctx); err != nil && ctx.Err() == nil {
		f.step.runner.deps.Log.Warn("renew the credentials of a step", "error", f.step.masking.err(err))
	}
}

func (f *freshSession) end() {
	f.mu.Lock()
	f.ended = true
	f.mu.Unlock()
	f.cancel()
	f.stop()
	f.waits.Wait()
	if err := f.server.Close(); err != nil {
		f.step.runner.deps.Log.Warn("end the server of a step's credentials", "error", err)
	}
}

// renew requests another session for the same identity. If somebody has to sign in for it, they are asked, once.
func (f *freshSession) renew(ctx context.Context, before resolvedSession) (resolvedSession, error) {
	if wait := f.asked(); wait != nil {
		return before, wait.reason // AWS would say the same again
	}
	account := f.open.real().Account
	last := f.step.lastSignIn(ctx, account)
	next, err := f.step.who.renew(ctx, f.open)
	if err == nil && next.Unrenewed != nil && next.nearEnd(f.step.runner.deps.Now()) {
		err = askPerson(account, next.Unrenewed) // they are the credentials before
	}
	if err != nil {
		f.warn(fmt.Sprintf("The credentials, which end at %s, could not be renewed: %s", model.LocalTime(before.Identity.Expires), err))
		f.ask(last, err)
		return next, err
	}
	for _, n := range next.Notices {
		if n.Code == awsenv.CodeUnrenewed { // the others were logged when the step started
			f.warn(n.Error())
		}
	}
	if next.Identity.AWSID != f.first.Identity.AWSID || next.Identity.Role != f.first.Identity.Role {
		return next, model.NewError(wrongAccount,
			"The step %q began in AWS account %s; its account now leads to %s. It gets no credentials for that.",
			f.open.real().Step.Name, f.first.account, next.account)
	}
	return next, nil
}

// warn logs a warning, once.
func (f *freshSession) warn(text string) {
	text = f.step.masking.text(text)
	f.whileRunning(func() {
		if !slices.Contains(f.said, text) {
			f.said = append(f.said, text)
			f.step.log.Say(model.LevelWarning, text)
		}
	})
}

// ask waits, on another goroutine, for somebody to do what err says. last is what lastSignIn returned before.
func (f *freshSession) ask(last string, err error) {
	w, ok := waitOf(err)
	if !ok || f.step.planner.req.SignInWait <= 0 {
		return
	}
	f.whileRunning(func() {
		if f.asking != nil || f.refused {
			return
		}
		wait := &asking{err, make(chan struct{})}
		f.asking = wait
		f.waits.Go(func() {
			defer close(wait.done)
			failed := f.step.wait(f.alive, f.waitPlace(), &w, last, err)
			f.mu.Lock()
			f.asking, f.refused = nil, failed != nil
			f.mu.Unlock()
			switch {
			case f.alive.Err() != nil:
			case failed != nil:
				f.warn(failed.Error())
			default:
				f.keeper.Forget()
				f.look(f.alive)
			}
		})
	})
}

// waitPlace returns the place of the step, whose script runs.
func (f *freshSession) waitPlace() waitPlace {
	place := f.step.waitPlace()
	return waitPlace{
		name: place.name,
		say:  func(level model.Level, text string) { f.whileRunning(func() { place.say(level, text) }) },
		update: func(change func(*model.StepRun)) (row model.StepRun, ok bool) {
			f.whileRunning(func() { row, ok = place.update(change) })
			return row, ok
		},
	}
}

// tell records and logs that the credentials were renewed.
func (f *freshSession) tell(next resolvedSession) {
	f.whileRunning(func() {
		f.refused = false
		until := model.LocalTime(next.Identity.Expires)
		f.step.log.Say(model.LevelVerbose, "The credentials were renewed. They end at "+until+".")
		_, err := f.step.row.update(soon, func(row *model.StepRun) { row.Identity.Expires = next.Identity.Expires })
		f.step.warnStale(err) // the script gets its credentials all the same
	})
}

// whileRunning calls do unless the script has ended.
func (f *freshSession) whileRunning(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.ended {
		do()
	}
}

// usual returns how long the step usually takes, 0 if nobody knows.
func (s *stepRun) usual() time.Duration { return model.UsualStep(s.history(), s.step().Name).P90 }

// recentHistory returns the project's recent runs; none if they can't be read.
func (r *Runner) recentHistory(ctx context.Context, project string) []model.Run {
	const enough = 20
	history, err := r.deps.History.RecentRuns(ctx, project, enough)
	if err != nil {
		r.deps.Log.Warn("read how long steps usually take", "error", err)
		return nil
	}
	return history
}
