package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// variables returns the variables that the script can read, with the expressions in them resolved, sorted by name. Octopus's own
// are apart. Those that the script does read come first in what the budget is spent on, and only they can refuse the step.
func (r resolver) variables(p *StepPlan) (variables, own []model.InputValue) {
	entries := append(r.vars.effective(), r.properties()...)
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(model.NameKey(a.name), model.NameKey(b.name)) })
	found := make([]*model.InputValue, len(entries))
	var unread []int
	exhausted := false
	for i, e := range entries {
		switch expands := e.isExpanded(); {
		case expands && !r.reads(e.name):
			unread = append(unread, i)
		case expands && exhausted: // it would fail in the same way
		default:
			var err error
			found[i], err = r.variable(p, e)
			exhausted = exhausted || err != nil && substitute.Exhausted(err)
		}
	}
	r.unread(p, entries, unread, found)
	variables = make([]model.InputValue, 0, len(entries))
	for i, v := range found {
		switch {
		case v == nil:
		case entries[i].octopus:
			own = append(own, *v)
		default:
			variables = append(variables, *v)
		}
	}
	return variables, own
}

// isExpanded reports whether expressions in the value are replaced.
func (e entry) isExpanded() bool { return e.of == nil && !e.missing && strings.Contains(e.text, "#{") }

// variable returns one variable; nil if the script doesn't get it.
func (r resolver) variable(p *StepPlan, e entry) (*model.InputValue, error) {
	if e.sealed != (model.SecretRef{}) && !e.missing {
		e = r.vars.unseal(e)
		if err := r.vars.used.failed; err != nil {
			p.problem("variables", err)
			return nil, err
		}
	}
	if e.missing {
		if r.reads(e.name) {
			p.problem("variables", missingValue(e))
		}
		return nil, nil
	}
	v := &model.InputValue{Name: e.name, Value: e.text, Sensitive: e.sensitive, Own: e.step != ""}
	if e.isExpanded() {
		res, err := r.vars.valueOf(e, r.vars.budget)
		if err != nil {
			p.problem("variables", model.NewError("variable.expression", "The value of the variable %q can't be resolved.", e.name).Because(err))
			return nil, err
		}
		r.inValue(p, e, res)
		v.Value, v.Sensitive = res.Text, e.sensitive || res.Sensitive
	}
	return r.checked(p, v), nil
}

// checked returns a variable if a script in the step's language can have its value. Otherwise it is a problem if the script reads it.
func (r resolver) checked(p *StepPlan, v *model.InputValue) *model.InputValue {
	err := script.CheckValue(p.Language, *v)
	switch {
	case err == nil:
		return v
	case r.reads(v.Name):
		p.problem("variables", err)
	default:
		p.Warnings = append(p.Warnings, fmt.Sprintf("The script does not get the variable %q: %s", v.Name, err))
	}
	return nil
}

// unread expands the values that the script does not read, as far as their budget goes: it gets them nevertheless, since what it reads
// is known from its text alone.
func (r resolver) unread(p *StepPlan, entries []entry, unread []int, found []*model.InputValue) {
	var left []string
	var why error
	for _, i := range unread {
		e := entries[i]
		res, err := r.vars.valueOf(e, r.vars.spare)
		switch {
		case err == nil:
			v := model.InputValue{Name: e.name, Value: res.Text, Sensitive: e.sensitive || res.Sensitive, Own: e.step != ""}
			found[i] = r.checked(p, &v)
		case substitute.Exhausted(err):
			left, why = append(left, e.name), err
		default:
			p.Notices = append(p.Notices, fmt.Sprintf(
				"The value of the variable %q can't be resolved, and the script does not get it: %s", e.name, err))
		}
	}
	if len(left) > 0 {
		p.Notices = append(p.Notices, fmt.Sprintf("The script does not get %s, whose values can't be resolved: %s", firstNames(left), why))
	}
}

// firstNames lists the first names in quotes, and says how many others there are.
func firstNames(all []string) string {
	const most = 5
	var quoted []string
	for _, n := range all[:min(len(all), most)] {
		quoted = append(quoted, fmt.Sprintf("%q", n))
	}
	text := strings.Join(quoted, ", ")
	if more := len(all) - most; more > 0 {
		text += fmt.Sprintf(" and %s", model.Count(more, "other variable", "other variables"))
	}
	return text
}

// reads reports whether the step's script may read a variable.
func (r resolver) reads(name string) bool { return r.uses().Reads(name) }
