package runs

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// Wanted is a run that somebody wants.
type Wanted struct {
	Project     string
	Environment string
	Steps       []string       // none: every enabled step
	Given       []runner.Given // values that are known already
	Shown       bool           // the scripts are before the person's eyes
	Exactly     int64          // the run whose kept inputs are to run once more; 0: the steps run as they are now
}

// answers is what the person has said so far.
type answers struct {
	given    []runner.Given
	confirm  []string
	accepted map[string]bool // keys of the questions that were read and gone on from
}

// inquiry is what a run needs to know before it starts.
type inquiry struct {
	runner.Preflight
	wanted  Wanted
	project model.Project
}

// asks reports whether anything needs an answer.
func (q inquiry) asks() bool { return len(q.Questions)+len(q.Refusals) > 0 }

// hopeless reports whether no answer lets the run start.
func (q inquiry) hopeless() bool { return len(q.Refusals) > 0 }

// asked lists the questions of one kind.
func asked[Q runner.Question](q inquiry) []Q {
	var list []Q
	for _, question := range q.Questions {
		if of, ok := question.(Q); ok {
			list = append(list, of)
		}
	}
	return list
}

// request is the run as the engine is asked for it.
func (q inquiry) request(a answers) engine.Request {
	req := engine.Request{
		Project: q.wanted.Project, Environment: q.Plan.Environment, Steps: q.wanted.Steps, Confirm: a.confirm, Exactly: q.wanted.Exactly,
	}
	for _, g := range a.given {
		req.Given = append(req.Given, engine.Given{Name: g.Name, Value: []byte(g.Value)})
	}
	return req
}

// examine finds out what a run needs to know. It asks AWS who the steps would be.
func (p *Place) examine(ctx context.Context, w Wanted, a answers) (inquiry, error) {
	q := inquiry{wanted: w}
	var err error
	if w.Exactly != 0 {
		var was runner.Request
		was, err = p.deps.Again(ctx, w.Exactly, true)
		q.project = was.Project
	} else {
		q.project, err = p.deps.Store.Project(ctx, w.Project)
	}
	if err != nil {
		return q, err
	}
	req := runner.Request{
		Project: q.project, Environment: w.Environment, Steps: w.Steps, Given: a.given, Confirm: a.confirm, Who: p.deps.Who,
	}
	q.Preflight, err = p.deps.Planner.Preflight(ctx, req, runner.PreflightOptions{
		Verify: true, Accepted: a.accepted, Seen: func(hash string) bool { return w.Shown || p.deps.Scripts.Seen(hash) },
	})
	return q, err
}
