package runs

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// Wanted describes a run to start.
type Wanted struct {
	Project     string
	Environment string
	Steps       []string       // none: every enabled step
	Given       []runner.Given // known values
	Shown       bool           // the user has just seen the scripts
	Exactly     int64          // the run whose recorded inputs are used; 0: the steps run as they are now
}

// answers collects what the user has answered so far.
type answers struct {
	given    []runner.Given
	confirm  []string        // ids of protected AWS accounts
	accepted map[string]bool // keys of the questions that were accepted without a value
}

// inquiry is the result of examining a run before it starts.
type inquiry struct {
	runner.Preflight
	wanted  Wanted
	project model.Project
}

func (q inquiry) needsAnswer() bool { return len(q.Questions)+len(q.Refusals) > 0 }

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
	req := engine.Request{
		Project: q.wanted.Project, Environment: q.Plan.Environment, Steps: q.wanted.Steps, Confirm: a.confirm, Exactly: q.wanted.Exactly,
	}
	for _, g := range a.given {
		req.Given = append(req.Given, engine.Given{Name: g.Name, Value: []byte(g.Value)})
	}
	return req
}

// examine finds the questions and refusals of a run. It asks AWS for the identities of the steps.
func (s *starter) examine(ctx context.Context, w Wanted, a answers) (inquiry, error) {
	q := inquiry{wanted: w}
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
	req := runner.Request{
		Project: q.project, Environment: w.Environment, Steps: w.Steps, Given: a.given, Confirm: a.confirm, Who: s.deps.Who,
	}
	q.Preflight, err = s.deps.Planner.Preflight(ctx, req, runner.PreflightOptions{
		Verify: true, Accepted: a.accepted, Seen: func(hash string) bool { return w.Shown || s.deps.Scripts.Seen(hash) },
	})
	return q, err
}
