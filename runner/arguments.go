package runner

import (
	"fmt"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// argumentField is the path of the argument at index i of a step's script.
func argumentField(i int) string { return fmt.Sprintf("script.arguments[%d].value", i) }

// arguments resolves the values of the script's parameters. A name without a value is an error in them, as in every field.
func (r resolver) arguments(p *StepPlan) []model.Argument {
	var list []model.Argument
	for i, a := range p.Step.Script.Arguments {
		field := argumentField(i)
		x, err := r.vars.expand("the parameter "+a.Name, a.Value)
		if err != nil {
			p.problem(field, err)
			continue
		}
		if unknown := r.unknown(x); len(unknown) > 0 {
			r.undefined(p, field, a.Value, unknown)
			continue
		}
		a.Value = x.text
		list = append(list, a)
		if !x.sensitive || !r.vars.hides() { // a hidden value can't be checked
			p.problem(field, r.checkArgument(p, a))
		}
	}
	if len(p.Step.Script.Arguments) > 0 {
		r.mandatory(p)
	}
	return list
}

// checkArgument checks a resolved argument by what the script says of its parameters, as far as that is known without starting a program.
func (r resolver) checkArgument(p *StepPlan, a model.Argument) error {
	if err := model.CheckArgument(a); err != nil {
		return err
	}
	declared, known := r.declared(p)
	if !known {
		return nil
	}
	if parameter, found := model.FindParameter(declared, a.Name); found {
		return parameter.CheckValue(a.Value)
	}
	return nil
}

// mandatory adds a problem for each parameter that the script can't do without and that the step does not give.
func (r resolver) mandatory(p *StepPlan) {
	declared, _ := r.declared(p)
	for _, parameter := range declared {
		given := false
		for _, a := range p.Step.Script.Arguments {
			given = given || model.NameKey(a.Name) == model.NameKey(parameter.Name)
		}
		if parameter.Mandatory && !given {
			p.problem("script.arguments", model.NewError("script.arguments.missing",
				"The script can't run without its parameter %s. Give it a value.", parameter.Name))
		}
	}
}

// declared returns the parameters that the step's script declares. known is false if a program would have to be asked.
func (r resolver) declared(p *StepPlan) (list []model.Parameter, known bool) {
	if p.Language == model.PowerShell {
		if r.parameters == nil {
			return nil, false
		}
		return r.parameters.Known(p.Language, p.Written)
	}
	return script.HeaderParameters(p.Written), p.Written != ""
}
