package runner

import (
	"fmt"
	"strings"

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
	if len(p.Step.Script.Arguments) == 0 && strings.TrimSpace(p.Step.Script.Parameters) != "" {
		return nil
	}
	declared := r.declared(p)
	var list []model.Argument
	empty := map[int]bool{}
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
			empty[i] = true
			continue
		}
		list = append(list, a)
		if !x.sensitive || !r.vars.hides() { // a hidden value can't be checked
			r.checkArgument(p, declared, field, a)
		}
	}
	for _, parameter := range declared {
		checkPresence(p, parameter, empty)
	}
	return list
}

// checkArgument checks a resolved argument by what the script says of its parameters, as far as that is known.
func (r resolver) checkArgument(p *StepPlan, declared []model.Parameter, field string, a model.Argument) {
	parameter, found := model.FindParameter(declared, a.Name)
	err := model.CheckArgument(a)
	if err == nil && found {
		err = CheckParameter(parameter, a.Value)
		if model.ErrorCode(err) == codeNoFile && !r.final && len(r.earlier) > 0 {
			return // an earlier step may make it
		}
	}
	p.problem(field, err)
	for _, v := range parameter.Values(a.Value) {
		if whole, ok := parameter.Rounded(v); ok && err == nil {
			p.Notices = append(p.Notices, fmt.Sprintf("The parameter %s is a whole number: PowerShell rounds %s to %s.", a.Name, v, whole))
		}
	}
}

// checkPresence adds a problem for a parameter that the script can't do without and that the step does not give, and for one that it gives
// twice, by its name and an alias. empty are the indexes of arguments that have no value.
func checkPresence(p *StepPlan, parameter model.Parameter, empty map[int]bool) {
	given := -1
	for i, a := range p.Step.Script.Arguments {
		if !parameter.Is(a.Name) {
			continue
		}
		if given >= 0 && !empty[given] && !empty[i] {
			p.problem(argumentField(i), model.NewError("script.arguments.twice",
				"%q and %q are the same parameter of the script. Remove one.", p.Step.Script.Arguments[given].Name, a.Name))
		}
		if given < 0 || empty[given] {
			given = i
		}
	}
	if parameter.Mandatory && (given < 0 || empty[given]) {
		field := "script.arguments"
		if given >= 0 {
			field = argumentField(given)
		}
		p.problem(field, model.NewError("script.arguments.missing",
			"The script can't run without its parameter %s. Give it a value.", parameter.Name))
	}
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
