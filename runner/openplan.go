package runner

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// openStep is a step with its real values. A StepPlan, which others see, is always made with hidden ones; the type keeps
// them apart, and its real values are behind a function, into which nothing that prints, logs or marshals looks.
type openStep struct{ real func() *StepPlan }

func newOpenStep(s *StepPlan) openStep { return openStep{func() *StepPlan { return s }} }

// openPlan is a plan with real values, while its run goes on.
type openPlan struct {
	planner *planner
	values  func() *values
	steps   []openStep
	changed bool // an output was set after the steps were resolved
}

// open resolves the plan with real values. It opens the vault only where the plan has hidden ones. part hears of what
// expressions take out of sensitive values.
func (p *planner) open(ctx context.Context, open reveal, part func(key, text string)) (*openPlan, error) {
	vars, plans := p.values, addresses(p.plan.Steps)
	var err error
	if p.hidesValues() {
		if vars, err = newValues(ctx, p.req.Project, p.req.Environment, p.given(), open); err != nil {
			return nil, err
		}
		vars.part = part
		plans, err = p.resolve(ctx, vars, open)
	} else {
		vars.part = part // outputs can be sensitive
	}
	if err != nil {
		return nil, err
	}
	opened := &openPlan{planner: p, values: func() *values { return vars }}
	for _, s := range plans {
		opened.steps = append(opened.steps, newOpenStep(s))
	}
	return opened, nil
}

func addresses(plans []StepPlan) []*StepPlan {
	list := make([]*StepPlan, len(plans))
	for i := range plans {
		list[i] = &plans[i]
	}
	return list
}

// hidesValues reports whether there is anything to hide in the plan.
func (p *planner) hidesValues() bool {
	if p.values.hides() {
		return true
	}
	for _, s := range p.plan.Steps {
		if s.own.hides() {
			return true
		}
	}
	return false
}

// refused lists every reason why the run can't start.
func (p *openPlan) refused() []Problem {
	var all []Problem
	for _, s := range p.steps {
		all = append(all, stepProblems(s.real().Step.Name, s.real().Problems)...)
	}
	return all
}

// atItsTurn returns a step with nothing left open. It is resolved again, from what was read before, where something was
// left for later or an earlier step set outputs; the script of a folder is read again once a step has run.
func (p *openPlan) atItsTurn(ctx context.Context, index int) (openStep, error) {
	s := p.steps[index].real()
	folder := s.Step.Script.Source == model.SourceFolder && index > 0
	if !s.Late && !s.later && !p.changed && !folder {
		return p.steps[index], nil
	}
	if folder {
		p.planner.sources.forgetFolders()
	}
	final, err := p.planner.step(ctx, index, p.values().with(ctx, s.own, substitute.NewBudget()), true)
	return newOpenStep(final), err
}

// setOutput lets later steps find what a step set; plain is false where they find it under its full name alone.
func (p *openPlan) setOutput(index int, o model.Output) (plain bool) {
	p.changed = true
	return p.values().setOutput(p.planner.chosen[index].step.Name, o)
}
