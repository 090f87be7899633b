package octopusimport

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// Octopus's words for run conditions.
const (
	whenSuccess  = "Success"
	whenFailure  = "Failure"
	whenAlways   = "Always"
	whenVariable = "Variable"
)

// conditions fills in when the step runs. A limit to environments becomes part of an expression.
func (c *converter) conditions(step *model.Step, item *Item, a octopusjson.Action, parent *octopusjson.Step) {
	when, expression := whenSuccess, ""
	if parent != nil {
		when, expression = string(parent.Condition), variableExpression(parent.Properties)
		if parent.StartTrigger == "StartWithPrevious" && c.first(parent, a) {
			step.Options.Start = model.StartWithPrevious
		}
	}
	if own := string(a.Condition); own != "" && own != whenSuccess {
		when, expression = own, variableExpression(a.Properties)
	}
	switch when {
	case "", whenSuccess:
		when = whenSuccess
	case whenFailure:
		step.Options.Condition = model.ConditionFailure
	case whenAlways:
		step.Options.Condition = model.ConditionAlways
	case whenVariable:
		step.Options.Condition, step.Options.ConditionExpression = model.ConditionVariable, expression
		if expression == "" {
			item.missing("Enter one in the options of the step. Until then it can't be run.", "Its run condition is an expression, but it has none.")
		}
	default:
		item.missing("Choose a run condition in the options of the step.", "Its run condition, %s, is not known here; it runs after a success.",
			shown(when))
		when = whenSuccess
	}
	c.environments(step, item, a, when)
}

func variableExpression(p octopusjson.Texts) string {
	if text := p.Text("Octopus.Step.ConditionVariableExpression"); text != "" {
		return text
	}
	return p.Text("Octopus.Action.ConditionVariableExpression")
}

// first reports whether an action is the one that its step begins with.
func (c *converter) first(parent *octopusjson.Step, a octopusjson.Action) bool {
	return len(parent.Actions) == 0 || parent.Actions[0].Name == a.Name
}

// environments limits the step to environments, or to all but some.
func (c *converter) environments(step *model.Step, item *Item, a octopusjson.Action, when string) {
	only, except := c.environmentNames(a.Environments), c.environmentNames(a.ExcludedEnvironments)
	if len(only)+len(except) == 0 {
		return
	}
	limit := inEnvironments(only, except)
	if strings.ContainsAny(strings.Join(append(only, except...), ""), "\"{}#\\") {
		item.missing("Give it a run condition.", "It is limited to environments whose names can't stand in an expression; it runs in all.")
		return
	}
	inner := limit("True")
	switch when {
	case whenSuccess:
		inner = "#{unless Octopus.Deployment.Error}" + inner + "#{/unless}"
	case whenFailure:
		inner = "#{if Octopus.Deployment.Error}" + inner + "#{/if}"
	case whenVariable:
		if step.Options.ConditionExpression == "" {
			return
		}
		inner = limit(step.Options.ConditionExpression)
	}
	step.Options.Condition, step.Options.ConditionExpression = model.ConditionVariable, inner
	if len(only) > 0 {
		item.changed("", "It runs in %s only, by its run condition.", strings.Join(only, ", "))
	} else {
		item.changed("", "It runs in all environments but %s, by its run condition.", strings.Join(except, ", "))
	}
}

// inEnvironments returns a function that makes an expression which has a value in the environments only.
func inEnvironments(only, except []string) func(value string) string {
	return func(value string) string {
		var text strings.Builder
		for _, e := range only {
			text.WriteString(`#{if Octopus.Environment.Name == "` + e + `"}` + value + `#{/if}`)
		}
		if len(only) > 0 {
			return text.String()
		}
		text.WriteString(value)
		inner := text.String()
		for _, e := range except {
			inner = `#{if Octopus.Environment.Name != "` + e + `"}` + inner + `#{/if}`
		}
		return inner
	}
}
