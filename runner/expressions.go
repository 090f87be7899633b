package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// references adds a warning for each expression in a text that is left as it is; what says which text it is. It notes whether
// the text may be another one when the step runs.
func (r resolver) references(p *StepPlan, what string, res substitute.Result) {
	for _, u := range res.Undefined {
		switch e, known := r.vars.find(u.Name); {
		case known && e.missing: // whoever needs the text reports that
		case !r.final && r.mayComeLater(u.Name):
			p.later = true
		default:
			p.Warnings = append(p.Warnings, place(what, u)+undefinedName(u.In, u))
		}
	}
	for _, u := range res.Absent {
		switch e, known := r.vars.find(u.Name); {
		case known && e.missing:
			p.problem("script", missingValue(e))
		case r.unsettled(u.Name):
			p.later = true
		}
	}
	for _, u := range slices.Concat(res.Unapplied, res.Unparsed) {
		p.Warnings = append(p.Warnings, place(what, u)+leftAsItIs(u)+inVariable(u.In))
	}
	p.later = p.later || res.UsesClock && !r.final
}

// leftAsItIs says why an expression that names no undefined variable is left as it is.
func leftAsItIs(u substitute.Reference) string {
	switch {
	case u.Why == "":
		return fmt.Sprintf("%q is not an expression and is left as it is. Write ##{ if it is meant literally.", "#{"+clip(u.Name))
	case u.Expression == "":
		return fmt.Sprintf("%q is not an expression and is left as it is: %s", "#{"+clip(u.Name), ended(u.Why))
	}
	return fmt.Sprintf("#{%s} is left as it is: %s", u.Expression, ended(u.Why))
}

// ExpressionNotes says which expressions in a project's scripts and values will be left as they are, whatever the values.
func ExpressionNotes(p model.Project) []string {
	var notes []string
	check := func(what, text string) {
		for _, u := range substitute.Check(text) {
			notes = append(notes, place(what, u)+leftAsItIs(u))
		}
	}
	variables := func(list []model.Variable) {
		for _, v := range list {
			if v.Type != model.TypeSensitive {
				check(fmt.Sprintf("The value of the variable %q", v.Name), v.Value)
			}
		}
	}
	variables(p.Variables)
	for _, s := range p.Steps {
		variables(s.Values)
		check(fmt.Sprintf("The script of the step %q", s.Name), s.Script.Body)
		check(fmt.Sprintf("The parameters of the step %q", s.Name), s.Script.Parameters)
		for _, a := range s.Script.Arguments {
			check(fmt.Sprintf("The parameter %q of the step %q", a.Name, s.Name), a.Value)
		}
	}
	return notes
}

func place(what string, u substitute.Reference) string {
	return fmt.Sprintf("%s, line %d: ", what, u.Line)
}

// undefinedName says that a name is not defined, in the text itself or in the value of a variable.
func undefinedName(in string, u substitute.Reference) string {
	return fmt.Sprintf("the name %q is not defined, so #{%s} is left as it is.%s", u.Name, u.Written(), inVariable(in))
}

// ended returns a sentence with its end.
func ended(sentence string) string {
	if strings.HasSuffix(sentence, "?") {
		return sentence
	}
	return sentence + "."
}

func inVariable(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf(" It is in the value of the variable %q.", name)
}

// inValue reports what is left as it is in the value of a variable, if the step's script reads the variable.
func (r resolver) inValue(p *StepPlan, e entry, res substitute.Result) {
	if !r.reads(e.name) {
		return
	}
	// What the script's text takes from the variable is reported there.
	res.Undefined = slices.DeleteFunc(slices.Clone(res.Undefined), func(u substitute.Reference) bool {
		told := undefinedName(e.name, u)
		return slices.ContainsFunc(p.Warnings, func(w string) bool { return strings.HasSuffix(w, told) })
	})
	r.references(p, fmt.Sprintf("the value of the variable %q", e.name), res)
	for _, u := range res.Undefined {
		if missing, known := r.vars.find(u.Name); known && missing.missing {
			p.problem("variables", missingValue(missing))
		}
	}
}
