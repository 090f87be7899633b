package octopusimport

import (
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// variableSets returns the sets of a process: its project's and those of libraries. A set of an unknown owner goes with the only
// process.
func (c *converter) variableSets(p octopusjson.Process, only bool) []octopusjson.VariableSet {
	included := c.includedSets(string(p.ProjectID))
	var sets []octopusjson.VariableSet
	for _, set := range c.export.VariableSets {
		switch {
		case set.OwnerID != "" && set.OwnerID == p.ProjectID,
			isLibrary(set) && (included == nil || slices.Contains(included, string(set.OwnerID))),
			only && !isLibrary(set) && (set.OwnerID == "" || p.ProjectID == ""):
			sets = append(sets, set)
		}
	}
	return sets
}

// includedSets returns the ids of the library sets of a project; nil if they are not known.
func (c *converter) includedSets(project string) []string {
	for _, p := range c.export.Projects {
		if string(p.ID) == project {
			ids := []string{}
			for _, id := range p.IncludedLibraryVariableSetIDs {
				ids = append(ids, string(id))
			}
			return ids
		}
	}
	return nil
}

func isLibrary(set octopusjson.VariableSet) bool {
	return strings.HasPrefix(string(set.OwnerID), "LibraryVariableSets-")
}

// variablesAlone makes a project of variables without a process.
func (c *converter) variablesAlone(set octopusjson.VariableSet) {
	written := c.export.Names[string(set.OwnerID)]
	c.nameProject(written, written, set.File)
	c.report.find(KindProject, c.project.Name).missing("Export the process as JSON too, and import both together.",
		"The export has no process for it.")
	c.projectEnvironments([]octopusjson.VariableSet{set})
	c.variables(octopusjson.Process{ProjectID: set.OwnerID}, []octopusjson.VariableSet{set})
}

// scoped is a value with what its scope comes to here.
type scoped struct {
	octopusjson.Variable
	name         string
	environments []string
	steps        []string
	foreign      []string // kinds of scopes that Stepdeck does not have
}

// variables takes the values of the sets over: those with a scope that Stepdeck has too first, so that another can't take the place
// of one of them.
func (c *converter) variables(p octopusjson.Process, sets []octopusjson.VariableSet) {
	var own, foreign []scoped
	for _, set := range sets {
		for _, v := range set.Variables {
			item := c.report.find(KindVariable, model.SafeLine(string(v.Name)))
			s, applies := c.scope(item, p, set, v)
			switch {
			case !applies:
			case len(s.foreign) > 0:
				foreign = append(foreign, s)
			default:
				own = append(own, s)
			}
		}
	}
	for _, s := range append(own, foreign...) {
		c.variable(c.report.find(KindVariable, model.SafeLine(string(s.Variable.Name))), s)
	}
}

// scope says where a value applies here. Values of another process of the project don't.
func (c *converter) scope(item *Item, p octopusjson.Process, set octopusjson.VariableSet, v octopusjson.Variable) (s scoped, applies bool) {
	s = scoped{Variable: v, name: fitVariable(string(v.Name))}
	if s.name == "" {
		item.missing("Rename it in Octopus and export it again.", "It has a name that no variable can have here.")
		return s, false
	}
	if s.name != string(v.Name) && s.name != strings.TrimSpace(string(v.Name)) {
		item.changed("Change the name in the scripts too.", "Its name is %q here, since #{…} can't contain the other one.", s.name)
	}
	for kind, ids := range v.Scope {
		switch {
		case len(ids) == 0:
		case kind == "Environment":
			s.environments = c.environmentNames(ids)
		case kind == "Action":
			if s.steps = c.stepsOf(set, ids); len(s.steps) == 0 {
				item.changed("", "A value is left out, since it is for steps that are not in the export.")
				leftValue(item, v)
				return s, false
			}
		case kind == "ProcessOwner":
			if !slices.Contains(ids, p.ProjectID) && !slices.Contains(ids, p.RunbookID) {
				item.changed("", "A value is left out, since it is for other processes than this one.")
				leftValue(item, v)
				return s, false
			}
		default:
			s.foreign = append(s.foreign, scopeTitle(kind))
		}
	}
	slices.Sort(s.foreign)
	return s, true
}

// leftValue shows a value that is left out, if it is no secret.
func leftValue(item *Item, v octopusjson.Variable) {
	if bool(v.IsSensitive) || v.Type == "Sensitive" || strings.TrimSpace(v.Value.Value) == "" && !v.Value.Hidden {
		return
	}
	item.changed("", "The value that is left out is %s.", shownProperty(string(v.Name), v.Value))
}

func scopeTitle(kind string) string {
	switch kind {
	case "Machine":
		return "deployment targets"
	case "Role":
		return "target roles"
	case "Channel":
		return "channels"
	case "TenantTag":
		return "tenant tags"
	case "Tenant":
		return "tenants"
	}
	return model.SafeLine(kind)
}

// stepsOf returns the names of the steps that were made of actions.
func (c *converter) stepsOf(set octopusjson.VariableSet, ids []octopusjson.String) []string {
	var steps []string
	for _, id := range ids {
		name := c.actions[string(id)]
		for _, a := range set.ScopeValues.Actions {
			if name == "" && a.ID == id {
				name = c.actions[string(a.Name)]
			}
		}
		if name != "" && !slices.Contains(steps, name) {
			steps = append(steps, name)
		}
	}
	return steps
}

// variable takes one value over.
func (c *converter) variable(item *Item, s scoped) {
	if len(s.foreign) > 0 && c.foreign(item, s) {
		return
	}
	v := c.valueOf(item, s)
	if len(s.steps) > 0 {
		c.stepVariable(item, s, v)
		return
	}
	v.Scope = slices.DeleteFunc(slices.Clone(s.environments), func(e string) bool { return c.overlaps(v.Name, e) })
	if len(s.environments) > 0 && len(v.Scope) == 0 || len(s.environments) == 0 && c.overlaps(v.Name, "") {
		item.changed("Choose which value you want.", "It has several values for the same place; the first one is taken.")
		leftValue(item, s.Variable)
		return
	}
	if len(v.Scope) < len(s.environments) {
		item.changed("Choose which value you want.", "It has several values for one environment; the first one is taken there.")
	}
	c.putVariable(v)
}

// foreign says what becomes of a value with a scope that Stepdeck does not have. It reports whether the value is left out.
func (c *converter) foreign(item *Item, s scoped) (out bool) {
	const instead = "Use an environment for it, or give the value to a run."
	limits := strings.Join(s.foreign, " and ")
	if c.hasVariable(s.name) {
		item.missing(instead, "A value for %s, which Stepdeck does not have, is left out.", limits)
		leftValue(item, s.Variable)
		return true
	}
	where := "for all runs"
	if len(s.environments) > 0 {
		where = "for all runs in " + strings.Join(s.environments, ", ")
	}
	item.missing(instead, "Its value is for %s, which Stepdeck does not have; here it is %s.", limits, where)
	return false
}

// valueOf returns a value without its scope.
func (c *converter) valueOf(item *Item, s scoped) model.Variable {
	settings := octopusjson.Texts{}
	if s.Prompt != nil && s.Prompt.DisplaySettings != nil {
		settings = s.Prompt.DisplaySettings
	}
	in := inputOf(typeSettings(item, s, settings), s.Value)
	stored := c.storedAccount(s.name, s.environments, s.steps)
	v := model.Variable{Name: s.name, Type: in.kind, Value: in.value}
	switch {
	case in.kind == model.TypeAWSAccount && model.HasExpression(s.Value.Value):
		v.Value = keptAccount(item, strings.TrimSpace(s.Value.Value), stored)
	case in.kind == model.TypeAWSAccount:
		if s.Type == typeOIDC {
			item.changed("", "Octopus signs in to its account with OpenID Connect; here the account that you choose signs in as it is set up.")
		}
		v.Value = c.account(item, s.Value.Value, stored)
	case in.isStep:
		item.changed("Enter the name of a step of the project.", "Octopus offers the steps of the process; here the name is text.")
	default:
		item.Findings = append(item.Findings, in.found...)
	}
	if s.Prompt != nil && in.kind != model.TypeAWSAccount {
		label := string(s.Prompt.Label)
		if label == "" {
			label = s.name
		}
		v.Prompt = in.prompt(label, string(s.Prompt.Description), bool(s.Prompt.Required))
	}
	if about := strings.TrimSpace(string(s.Description)); about != "" {
		item.changed("", "Its description is left out: %s.", told(about))
	}
	return v
}

// typeSettings returns the settings of an input for the type of a variable.
func typeSettings(item *Item, s scoped, settings octopusjson.Texts) octopusjson.Texts {
	kind := string(s.Type)
	switch {
	case bool(s.IsSensitive) || kind == "Sensitive":
		kind = "Sensitive"
	case kind == "" || kind == "String":
		if s.Prompt == nil && settings.Text(settingControl) == "Select" {
			item.changed("", "Its options are left out, since it is not asked for.")
			return octopusjson.Texts{}
		}
		return settings
	}
	return octopusjson.Texts{settingControl: {Value: kind}}
}

// stepVariable makes a value of one or several steps.
func (c *converter) stepVariable(item *Item, s scoped, v model.Variable) {
	if len(s.environments) > 0 {
		item.missing("Give the project a variable for each environment.",
			"A value is limited to steps and environments at once. A value of a step is for all environments here, so it is left out.")
		leftValue(item, s.Variable)
		return
	}
	for _, name := range s.steps {
		_, i := c.project.Step(name)
		if i < 0 || hasValue(c.project.Steps[i].Values, v.Name) {
			item.changed("Choose which value you want.", "The step %q has several values of it; the first one is taken.", name)
			leftValue(item, s.Variable)
			continue
		}
		c.project.Steps[i].Values = append(c.project.Steps[i].Values, v)
	}
}

// overlaps reports whether a value of a name applies in an environment already; an empty one is for all.
func (c *converter) overlaps(name, environment string) bool {
	return slices.ContainsFunc(c.byName[model.NameKey(name)], func(v model.Variable) bool {
		return environment == "" && len(v.Scope) == 0 || environment != "" && len(v.Scope) > 0 && v.AppliesTo(environment)
	})
}
