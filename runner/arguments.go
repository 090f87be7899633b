package runner

import (
	"fmt"
	"slices"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// argumentField is the path of the argument at index i of a step's script.
func argumentField(i int) string { return fmt.Sprintf("script.arguments[%d].value", i) }

// arguments resolves the values of the script's parameters. A name without a value is an error in them, as in every field.
// A parameter whose value is empty is left out.
func (r resolver) arguments(p *StepPlan) []model.Argument {
	if p.Language != model.PowerShell {
		p.Notices = append(p.Notices, script.HeaderFaults(p.Written)...)
	}
	if len(p.Step.Script.Arguments) == 0 {
		return nil
	}
	declared := r.declared(p)
	var list []model.Argument
	empty := map[string]int{} // their indexes, by name key
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
		if a.Value = x.text; a.IsEmpty() {
			empty[model.NameKey(a.Name)] = i
			continue
		}
		list = append(list, a)
		if !x.sensitive || !r.vars.hides() { // a hidden value can't be checked
			p.problem(field, checkArgument(declared, a))
		}
	}
	mandatory(p, declared, empty)
	return list
}

// checkArgument checks a resolved argument by what the script says of its parameters, as far as that is known.
func checkArgument(declared []model.Parameter, a model.Argument) error {
	if err := model.CheckArgument(a); err != nil {
		return err
	}
	if parameter, found := model.FindParameter(declared, a.Name); found {
		return parameter.CheckValue(a.Value)
	}
	return nil
}

// mandatory adds a problem for each parameter that the script can't do without and that the step does not give. empty are the indexes
// of those that have no value.
func mandatory(p *StepPlan, declared []model.Parameter, empty map[string]int) {
	for _, parameter := range declared {
		field := "script.arguments"
		i, isEmpty := empty[model.NameKey(parameter.Name)]
		if isEmpty {
			field = argumentField(i)
		}
		if parameter.Mandatory && (isEmpty || !gives(p.Step.Script, parameter.Name)) {
			p.problem(field, model.NewError("script.arguments.missing",
				"The script can't run without its parameter %s. Give it a value.", parameter.Name))
		}
	}
}

// gives reports whether a script has an argument of that name.
func gives(s model.Script, name string) bool {
	return slices.ContainsFunc(s.Arguments, func(a model.Argument) bool { return model.NameKey(a.Name) == model.NameKey(name) })
}

// declared returns the parameters that the step's script declares, as far as that is known without starting a program.
func (r resolver) declared(p *StepPlan) []model.Parameter {
	if p.Language != model.PowerShell {
		return script.HeaderParameters(p.Written)
	}
	if r.parameters == nil {
		return nil
	}
	list, _ := r.parameters.Known(p.Language, p.Written)
	return list
}
