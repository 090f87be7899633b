package command

import (
	"context"
	"io"
	"sync"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// attendant asks the person at the terminal for what a run waits for, while the run goes on.
type attendant struct {
	cli      cli // reads are cancelled when the run doesn't wait any more
	services *app.Services
	answers  pendingRead
	ctx      context.Context //nolint:containedctx // of the command, which the watcher's calls don't have

	mu     sync.Mutex
	cancel map[string]context.CancelFunc // of the questions that are asked, by their keys
	waits  map[string]int                // how many steps wait for the answer, by the same keys
	turn   sync.Mutex                    // held while one question is asked: there is one terminal
	asking sync.WaitGroup
}

// attend returns an attendant; nil if there is nobody to ask. It is closed after the run.
func (c *cli) attend(ctx context.Context, s *app.Services) *attendant {
	if !c.asks() {
		return nil
	}
	return &attendant{cli: *c, services: s, ctx: ctx, cancel: map[string]context.CancelFunc{}, waits: map[string]int{}}
}

// waiting begins to ask for what the run waits for.
func (a *attendant) waiting(w runner.Wait) {
	if _, elsewhere := w.Question.(runner.AWSSignIn); a == nil || elsewhere {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := w.Question.Key()
	if a.waits[key]++; a.waits[key] > 1 {
		return // it is asked already
	}
	ctx, cancel := context.WithCancel(a.ctx)
	a.cancel[key] = cancel
	a.asking.Go(func() {
		a.turn.Lock()
		defer a.turn.Unlock()
		a.ask(ctx, w)
	})
}

// waited ends the question.
func (a *attendant) waited(w runner.Wait) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := w.Question.Key()
	if a.waits[key]--; a.waits[key] > 0 {
		return
	}
	delete(a.waits, key)
	if cancel := a.cancel[key]; cancel != nil {
		cancel()
		delete(a.cancel, key)
	}
}

// close ends what is still asked, and gives the terminal back.
func (a *attendant) close() {
	if a == nil {
		return
	}
	a.mu.Lock()
	for _, cancel := range a.cancel {
		cancel()
	}
	a.mu.Unlock()
	a.asking.Wait()
	if a.answers.pending() && a.cli.RestoreTerminal != nil {
		a.cli.RestoreTerminal()
	}
}

// ask asks until the person has done it, the run doesn't wait any more, or nobody answers.
func (a *attendant) ask(ctx context.Context, w runner.Wait) {
	c := a.cli
	c.ReadSecret = func(prompt string) (string, error) {
		return a.answers.get(ctx, func() (string, error) { return a.cli.ReadSecret(prompt) })
	}
	for ctx.Err() == nil {
		ended := false
		err := c.askOnce(ctx, a.services, w.Question, w.Account, func(ctx context.Context) (err error) {
			ended, err = c.askWhileRunning(ctx, a, w)
			return err
		})
		if err != nil && ctx.Err() == nil {
			c.say("%s", c.paint(red, sentence(err)))
		}
		if err == nil || ended {
			return
		}
	}
}

// askWhileRunning asks once. ended reports that nobody answers.
func (c *cli) askWhileRunning(ctx context.Context, a *attendant, w runner.Wait) (ended bool, err error) {
	if _, code := w.Question.(runner.MFACode); code {
		err := c.enterCode(ctx, a.services, w.Account, &codes{cli: c})
		return errorIsOfReading(err), err
	}
	c.say("Press Enter to sign in for account %q.", w.Account.Name)
	_, unread := a.answers.get(ctx, func() (string, error) { return readLine(a.cli.In) })
	if unread != nil {
		c.say("Nobody answers here. The run goes on waiting: %s", loginHint(w.Account))
		return true, nil //nolint:nilerr // somebody may sign in elsewhere
	}
	return false, c.signIn(ctx, a.services, w.Account, c.wayToSignIn())
}

// errorIsOfReading reports whether a code was not refused but never entered.
func errorIsOfReading(err error) bool {
	return err != nil && (model.ErrorCode(err) == "" || model.ErrorCode(err) == codeNotEntered)
}

// pendingRead reads the terminal for whoever asks: a read that nobody waits for any more can't be ended, so the next one takes it.
type pendingRead struct {
	mu     sync.Mutex
	result chan answer // nil: nothing is read
}

type answer struct {
	text string
	err  error
}

func (p *pendingRead) pending() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.result != nil
}

func (p *pendingRead) get(ctx context.Context, read func() (string, error)) (string, error) {
	p.mu.Lock()
	if p.result == nil {
		p.result = make(chan answer, 1)
		result := p.result
		go func() {
			text, err := read()
			result <- answer{text, err}
		}()
	}
	result := p.result
	p.mu.Unlock()
	select {
	case got := <-result:
		p.mu.Lock()
		p.result = nil
		p.mu.Unlock()
		return got.text, got.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// lockedWriter is for several goroutines.
type lockedWriter struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(p)
}
