package octopusimport

import (
	"slices"

	"github.com/stepdeck/stepdeck/model"
)

// stepName is a value of a step that is the name of another step.
type stepName struct {
	item       *Item
	step, name string
}

// nameSteps makes lists of the values that are names of steps: of those that the project has, now that all of them are made.
func (c *converter) nameSteps() {
	for _, n := range c.stepNames {
		_, i := c.project.Step(n.step)
		values := c.project.Steps[i].Values
		j := slices.IndexFunc(values, func(v model.Variable) bool { return same(v.Name, n.name) })
		c.nameStep(n.item, &values[j], c.otherSteps(n.step))
	}
}

// otherSteps returns the names of the steps but for one.
func (c *converter) otherSteps(but string) []string {
	var names []string
	for _, s := range c.project.Steps {
		if !same(s.Name, but) {
			names = append(names, s.Name)
		}
	}
	return names
}

// nameStep makes a list of one value, if it is asked for, and gives it the name that the step has here.
func (c *converter) nameStep(item *Item, v *model.Variable, steps []string) {
	if here := c.actions[v.Value]; here != "" && here != v.Value {
		item.changed("", "The step %s is called %q here.", shown(v.Value), here)
		v.Value = here
	}
	isOther := v.Value != "" && !model.HasExpression(v.Value) && !slices.Contains(steps, v.Value)
	if isOther {
		item.missing("Enter the name of a step that the project has.", "It is the step %s, which the project does not have.", shown(v.Value))
	}
	switch {
	case v.Prompt == nil:
		return
	case model.HasExpression(v.Value):
		item.changed("", "Octopus offers the steps of the process; its default is an expression, so here the name is text.")
		return
	case len(steps) == 0:
		item.changed("Enter the name of a step when a run asks for it. Once the project has the steps, make it a list in the step's form.",
			"Octopus offers the steps of the process; the project has no other step yet, so the name is text.")
		return
	}
	item.changed("Add to the list if the project gets another step that it can be.",
		"Octopus offers the steps of the process; here it is a list of %s that the project has now.",
		model.Count(len(steps), "other step", "other steps"))
	if isOther {
		steps = append([]string{v.Value}, steps...)
	}
	v.Prompt.Control, v.Prompt.Options = model.ControlSelect, steps
}
