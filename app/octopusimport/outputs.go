package octopusimport

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

// outputsOf says which expressions in the script and the fields of a step read an output that no step before sets. What the script
// reads by a helper is one of its other lacks.
func (c *converter) outputsOf(item *Item, index int) {
	step := c.project.Steps[index]
	earlier := c.project.Steps[:index]
	for _, u := range c.usesOf(step).Variables {
		if u.Expression {
			c.output(item, fmt.Sprintf("its script in line %d", u.Line), u, earlier)
		}
	}
	for _, f := range fieldsOf(step) {
		c.outputsIn(item, f, earlier)
	}
}

// outputsInVariables does that for the values of the project's variables, which every step can read. Those that a template found in
// the project are not of the import.
func (c *converter) outputsInVariables() {
	for _, v := range c.project.Variables {
		if v.Type == model.TypeText && c.report.has(KindVariable, v.Name) {
			c.outputsIn(c.report.find(KindVariable, v.Name), field{"its value", v.Value}, c.project.Steps)
		}
	}
}

func (c *converter) outputsIn(item *Item, f field, earlier []model.Step) {
	if !model.HasExpression(f.text) {
		return
	}
	for _, u := range octopus.Find("", f.text).Variables {
		c.output(item, f.title, u, earlier)
	}
}

// output says that a name is an output that none of the steps sets, if it is one.
func (c *converter) output(item *Item, where string, u octopus.Use, earlier []model.Step) {
	const of, output = "octopus.action[", "].output."
	key := model.NameKey(u.Name)
	if !strings.HasPrefix(key, of) || !strings.Contains(key, output) || hasValue(c.project.Variables, u.Name) ||
		slices.ContainsFunc(earlier, func(s model.Step) bool { return strings.HasPrefix(key, of+model.NameKey(s.Name)+output) }) {
		return
	}
	if u.Test {
		item.changed("", "%s asks for %s, which no step sets before, so it has no value.", where, shown(u.Name))
		return
	}
	item.missing("Let an earlier step set it, or change the expression.", "%s reads %s, which no step sets before.", where, shown(u.Name))
}
