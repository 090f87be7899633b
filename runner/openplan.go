package runner

import (
	"context"
	"slices"
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

// openStep is a step with its real values, as opposed to a StepPlan that other packages see, whose values are hidden. The
// real values are behind a function, so that nothing can print, log or marshal them by mistake.
type openStep struct{ real func() *StepPlan }

func newOpenStep(s *StepPlan) openStep { return openStep{func() *StepPlan { return s }} }

// openPlan is a plan with real values, for the duration of its run. It is safe for concurrent use.
type openPlan struct {
	planner *planner
	steps   []openStep // as they were before the first script

	mu      sync.Mutex // guards the fields below, and the planner's sources
	values  func() *values
	outputs []map[string]model.Output // of steps that have not ended, by name key
	changed bool                      // scripts see other values than when the steps were resolved
}

// open resolves the plan with real values. It opens the vault only if the plan has hidden ones. part is called with each
// text that an expression takes out of a sensitive value.
func (p *planner) open(ctx context.Context, open reveal, part func(key, text string)) (*openPlan, error) {
	vars, plans := p.values, addresses(p.plan.Steps)
	var err error
	if p.hidesValues() {
		if vars, err = p.newValues(ctx, p.given(), open); err != nil {
			return nil, err
		}
		vars.part = part
		plans, err = p.resolve(ctx, vars, open)
	} else {
		vars.part, vars.open = part, open // outputs can be sensitive, and lead to other values
	}
	if err != nil {
		return nil, err
	}
	opened := &openPlan{planner: p, values: func() *values { return vars }, outputs: make([]map[string]model.Output, len(plans))}
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
		if s.own.hides() || slices.ContainsFunc(s.env, entry.hides) {
			return true
		}
	}
	return false
}

// refused returns every reason why the run can't start.
func (p *openPlan) refused() []Problem {
	var all []Problem
	for _, s := range p.steps {
		all = append(all, stepProblems(s.real().Step.Name, s.real().Problems)...)
	}
	return all
}

// finalStep returns a step that is about to run, fully resolved. It is resolved again, from what was read before, if
// something was left open or an earlier step set outputs. The script of a folder is read again after the first step.
func (p *openPlan) finalStep(ctx context.Context, index int) (openStep, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.steps[index].real()
	folder := s.Step.Script.Source == model.SourceFolder && index > 0
	paths := s.Package != nil || len(s.Packages) > 0 // are known only now
	if !s.Late && !s.later && !p.changed && !folder && !paths {
		return p.steps[index], nil
	}
	if folder {
		p.planner.sources.forgetFolders()
	}
	budget, spare := p.planner.budgets()
	final, err := p.planner.step(ctx, index, p.values().with(ctx, s.own, budget.Part(), spare), s.env, true)
	return newOpenStep(final), err
}

// setOutput keeps an output for later steps. plain is false if they find it under its full name only.
func (p *openPlan) setOutput(index int, o model.Output) (plain bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outputs[index] == nil {
		p.outputs[index] = map[string]model.Output{}
	}
	p.outputs[index][model.NameKey(o.Name)] = o
	return p.values().takesPlain(o)
}

// forgetOutputs drops the outputs of an attempt that didn't count.
func (p *openPlan) forgetOutputs(index int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outputs[index] = nil
}

// ended makes the outputs of a step available to later steps, and how it ended. Steps that ran at the same time don't see that.
func (p *openPlan) ended(index int, s model.StepRun, message string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	vars := p.values()
	p.changed = vars.ended(s, message) || p.changed || len(p.outputs[index]) > 0
	for _, o := range p.outputs[index] {
		vars.setOutput(p.planner.chosen[index].step.Name, o)
	}
	p.outputs[index] = nil
}
