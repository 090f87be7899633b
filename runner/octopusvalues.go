package runner

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

// octopusRun returns what Octopus's own variables tell of the run, as far as it is known before the run has begun.
func (p *planner) octopusRun(ctx context.Context) (octopus.Run, error) {
	o := octopus.Run{Began: p.runner.deps.Now(), Who: cmp.Or(p.req.Who, p.runner.deps.Who), Project: p.req.Project}
	if p.req.Environment == "" {
		return o, nil
	}
	o.Environment.Name = p.req.Environment
	all, err := p.runner.deps.Configuration.Environments(ctx)
	i := slices.IndexFunc(all, func(e model.Environment) bool { return model.NameKey(e.Name) == model.NameKey(p.req.Environment) })
	if i >= 0 {
		o.Environment, o.Place = all[i], i
	}
	return o, err
}

// newOctopusLayer returns the run's own variables. What another run would have otherwise is marked as late.
func newOctopusLayer(run octopus.Run) layer {
	other := run
	other.Number, other.Began = run.Number+1, run.Began.Add(time.Second)
	others := other.Values()
	l := layer{}
	for i, v := range run.Values() {
		e := octopusEntry(v)
		e.late = others[i].Value != v.Value
		l[model.NameKey(v.Name)] = e
	}
	return l
}

// newOctopusStepLayer returns a step's own variables.
func newOctopusStepLayer(number int, step model.Step) layer {
	l := layer{}
	for _, v := range (octopus.Step{Number: number, Step: step}).Values() {
		l[model.NameKey(v.Name)] = octopusEntry(v)
	}
	return l
}

func octopusEntry(v model.InputValue) entry {
	return entry{name: v.Name, text: v.Value, kind: model.TypeText, octopus: true}
}

// begun gives the plan the number of the run, which has begun. It resolves the steps again if they use what was not known before.
func (p *planner) begun(ctx context.Context, run model.Run) error {
	if p.values == nil {
		return nil // interrupted before
	}
	p.octopus.Number, p.octopus.Began = run.ID, run.Started
	p.values.layers[layerOctopusRun] = newOctopusLayer(p.octopus)
	if p.values.used.late {
		return p.resolvePlan(ctx)
	}
	for i := range p.plan.Steps {
		own := p.plan.Steps[i].Octopus
		for j, v := range own {
			if e, known := p.values.layers[layerOctopusRun][model.NameKey(v.Name)]; known {
				own[j].Value = e.text
			}
		}
	}
	return nil
}
