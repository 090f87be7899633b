package octopusimport

import (
	"context"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

// ask makes variables of what scripts and values use and only an Octopus server, or whoever wrote the export, knows a value of.
// Those without a given value are asked for by each run.
func (c *converter) ask() {
	for i := range c.project.Steps {
		step := c.project.Steps[i]
		if !c.made[model.NameKey(step.Name)] {
			continue // of the project that a template joins
		}
		for _, u := range c.usesOf(step).Own() {
			if isServers(u) && !model.IsPackageVariable(step.Script.Packages, u.Name) {
				c.askFor(u.Name, "the script of step "+shown(step.Name), step.Name)
			}
		}
		for _, f := range fieldsOf(step) {
			c.askForNames(f.text, step.Name)
		}
	}
	for _, v := range slices.Clone(c.project.Variables) {
		if v.Type == model.TypeText {
			c.askForNames(v.Value, "")
		}
	}
}

// isServers reports whether a script reads something that only an Octopus server knows, and not merely asks whether it is there.
func isServers(u octopus.Use) bool {
	switch model.NameKey(u.Name) {
	case "octopus.action", "octopus.step", "octopus.action.package": // what a loop goes through; a run has its parts
		return false
	}
	v, found := octopus.Lookup(u.Name)
	switch {
	case u.Test && !u.Expression, strings.HasPrefix(model.NameKey(u.Name), "octopus.action["),
		strings.HasPrefix(model.NameKey(u.Name), "octopus.step["):
		return false
	case !found:
		return !strings.ContainsAny(u.Name, "[]") || strings.HasPrefix(model.NameKey(u.Name), "octopus.action.package[")
	case v.Source == octopus.Given:
		return true
	}
	name := model.NameKey(v.Name)
	return v.Source == octopus.Sometimes && (strings.HasPrefix(name, "octopus.release.") || strings.HasPrefix(name,
		"octopus.deployment.tenant."))
}

// field is a text of a step that can have expressions, and what sentences call it.
type field struct{ title, text string }

// fieldsOf returns the texts of a step, but for its script.
func fieldsOf(s model.Step) []field {
	fields := []field{
		{"its region", s.AWS.Region}, {"the parameters of its script", s.Script.Parameters}, {"the name of its package", s.Script.Package},
		{"its script file", s.Script.File}, {"its run condition", s.Options.ConditionExpression},
	}
	if r := s.AWS.AssumeRole; r != nil {
		fields = append(fields, field{"the ARN of its role", r.ARN}, field{"the name of its session", r.SessionName},
			field{"its external ID", r.ExternalID})
	}
	for _, v := range s.Values {
		if v.Type == model.TypeText {
			fields = append(fields, field{"its value " + shown(v.Name), v.Value})
		}
	}
	for _, p := range s.Script.Packages {
		fields = append(fields, field{"its package " + shown(p.Name), p.Package})
	}
	return fields
}

// askForNames asks for the names in expressions that nothing defines.
func (c *converter) askForNames(text, step string) {
	if !model.HasExpression(text) {
		return
	}
	what := "a variable"
	if step != "" {
		what = "step " + shown(step)
	}
	for _, u := range octopus.Find("", text).Variables {
		switch {
		case octopus.IsOwn(u.Name):
			if isServers(octopus.Use{Name: u.Name, Expression: true}) {
				c.askFor(u.Name, what, step)
			}
		case plainName().MatchString(u.Name) && !strings.Contains(u.Name, "[") && !c.defines(step, u.Name):
			c.askFor(u.Name, what, step)
		}
	}
}

// defines reports whether a name, or one that it is a property of, has a value in the step or the project.
func (c *converter) defines(step, name string) bool {
	key := model.NameKey(name)
	s, _ := c.project.Step(step)
	for _, v := range s.Values {
		if own := model.NameKey(v.Name); key == own || strings.HasPrefix(key, own+".") {
			return true
		}
	}
	for i, r := range key + "." {
		if r == '.' && len(c.byName[key[:i]]) > 0 {
			return true
		}
	}
	return strings.HasPrefix(key, "env:") || c.outputs(name)
}

// outputs reports whether a step sets the name, as far as its text shows.
func (c *converter) outputs(name string) bool {
	if c.setters == nil {
		c.setters = []string{}
		for _, s := range c.project.Steps {
			if strings.Contains(strings.ToLower(s.Script.Body), "octopusvariable") {
				c.setters = append(c.setters, s.Script.Body)
			}
		}
	}
	return slices.ContainsFunc(c.setters, func(body string) bool { return strings.Contains(body, name) })
}

// usesOf returns what a step's script uses.
func (c *converter) usesOf(s model.Step) octopus.Uses {
	key := text{s.Script.Language, s.Script.Body}
	uses, known := c.uses[key]
	if !known {
		uses = octopus.Find(s.Script.Language, s.Script.Body)
		c.uses[key] = uses
	}
	return uses
}

// askFor makes a variable of the project.
func (c *converter) askFor(name, what, step string) {
	name = fitVariable(name)
	s, _ := c.project.Step(step)
	switch {
	case name == "", c.hasVariable(name), hasValue(s.Values, name), c.defines(step, name) && !octopus.IsOwn(name),
		runner.TellsOfFailure(name):
		return
	}
	help := ""
	if v, found := octopus.Lookup(name); found && v.Example != "" && v.Example != "[…]" {
		help = "For example " + v.Example
	}
	v := model.Variable{Name: name, Type: model.TypeText}
	item := c.report.find(KindVariable, name)
	who := "Nothing in the export defines it"
	if octopus.IsOwn(name) {
		who = "Only an Octopus server knows it"
	}
	v.Prompt = &model.Prompt{Label: name, Help: help, Control: model.ControlText}
	item.missing("Give it a value: in the import, in the project, or when a run asks for it.", "%s, and %s uses it.", who, what)
	c.asked = append(c.asked, Asked{Name: name, Help: help, OfServer: octopus.IsOwn(name)})
	c.putVariable(v)
}

// lacks says of values and of each step what its script uses that it will not have, and what else keeps it from being run.
func (c *converter) lacks(ctx context.Context) {
	c.outputsInVariables()
	lacking := runner.NewLacking(c.project, c.options.Bootstraps, c.options.Accounts)
	for i, step := range c.project.Steps {
		if !c.made[model.NameKey(step.Name)] {
			continue
		}
		item := c.report.find(KindStep, step.Name)
		for _, l := range lacking.Of(ctx, step) {
			c.lack(item, l)
		}
		c.undefined(item, step)
		c.outputsOf(item, i)
		for _, problem := range c.project.Steps[i].Check() {
			if !problem.Incomplete() {
				item.missing("Correct it in the step. Until then it can't be run.", "%s", problem.Located(problem.Err.Error()))
			}
		}
	}
}

// undefined says which expressions in a step's script have a name that nothing defines: they stay as they are written.
func (c *converter) undefined(item *Item, step model.Step) {
	for _, u := range c.usesOf(step).Variables {
		if !u.Expression || u.Test || octopus.IsOwn(u.Name) || !plainName().MatchString(u.Name) || c.defines(step.Name, u.Name) {
			continue
		}
		item.missing("Add a variable of this name to the project, or change the script.",
			"its script in line %d has the expression #{%s}, whose name nothing defines, so it stays as it is.", u.Line, model.SafeLine(u.Name))
	}
}

func (c *converter) lack(item *Item, l runner.Lack) {
	do := map[runner.LackKind]string{
		runner.LackVariable:     "Add a variable of this name to the project.",
		runner.LackUnknown:      "Add a variable of this name to the project.",
		runner.LackOutput:       "Let an earlier step set it, or change the script.",
		runner.LackStaticKeys:   "Call aws in the script: it has the step's keys.",
		runner.LackHelper:       "Take the call out of the script, or define the function in it.",
		runner.LackServerHelper: "Take the call out of the script if it matters.",
	}[l.Kind]
	if !l.Grave() {
		item.changed("", "%s", l.Sentence("its script"))
		return
	}
	item.missing(do, "%s", l.Sentence("its script"))
}
