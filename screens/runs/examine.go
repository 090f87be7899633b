package runs

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// Wanted describes a run to start, before its questions are answered.
type Wanted struct {
	Project string
	model.RunOptions
	Shown   bool  // the user has just seen the scripts
	Exactly int64 // the run whose recorded inputs are used; 0: the steps run as they are now
}

// with returns the options with the answers, of which the known values were the first.
func (w Wanted) with(a answers) model.RunOptions {
	options := w.RunOptions
	options.Given, options.Confirm = a.given, a.confirm
	if a.rehearsal != nil {
		options.Rehearsal = a.rehearsal
	}
	return options
}

// answers collects what the user has answered so far.
type answers struct {
	given    []model.Given
	confirm  []string        // ids of protected AWS accounts
	accepted map[string]bool // keys of the questions that were accepted without a value

	rehearsal *model.Rehearsal // what a rehearsal may do; nil: not answered
}

// inquiry is the result of examining a run before it starts.
type inquiry struct {
	runner.Preflight
	wanted    Wanted
	project   model.Project
	rehearsed bool // what a rehearsal may do is answered
}

func (q inquiry) needsAnswer() bool { return len(q.Questions)+len(q.Refusals) > 0 || q.asksRehearsal() }

// refused reports whether the run can't start, whatever the answers.
func (q inquiry) refused() bool { return len(q.Refusals) > 0 }

// questions returns the questions of one kind.
func questions[Q runner.Question](q inquiry) []Q {
	var list []Q
	for _, question := range q.Questions {
		if q, ok := question.(Q); ok {
			list = append(list, q)
		}
	}
	return list
}

// request returns the request for the engine.
func (q inquiry) request(a answers) engine.Request {
	req := engine.Request{Project: q.wanted.Project, RunOptions: q.wanted.with(a), Exactly: q.wanted.Exactly}
	req.Environment = q.Plan.Environment
	return req
}

// examine finds the questions and refusals of a run. It asks AWS for the identities of the steps.
func (s *starter) examine(ctx context.Context, w Wanted, a answers) (inquiry, error) {
	q := inquiry{wanted: w, rehearsed: a.rehearsal != nil}
	var err error
	if w.Exactly != 0 {
		var recorded runner.Request
		recorded, err = s.deps.Again(ctx, w.Exactly, true)
		q.project = recorded.Project
	} else {
		q.project, err = s.deps.Store.Project(ctx, w.Project)
	}
	if err != nil {
		return q, err
	}
	req := runner.Request{Project: q.project, RunOptions: w.with(a), Who: s.deps.Who}
	q.Preflight, err = s.deps.Planner.Preflight(ctx, req, runner.PreflightOptions{
		Verify: true, Accepted: a.accepted, Seen: func(hash string) bool { return w.Shown || s.deps.Scripts.Seen(hash) },
	})
	return q, err
}
