package octopusimport

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// newStep returns an empty step and its item. A step of a project that a template joins keeps its name, so that it is replaced.
func (c *converter) newStep(name, otherwise string) (model.Step, *Item) {
	fitted := c.fitName("step", name, otherwise, func(n string) bool { return c.made[model.NameKey(n)] })
	c.made[model.NameKey(fitted)] = true
	item := c.report.item(KindStep, fitted, "")
	if fitted != strings.TrimSpace(name) {
		item.changed("Change the name where scripts read its outputs.", "It is called %q here; in the export it is %s.", fitted, shown(name))
	}
	return model.NewStep(fitted), item
}

// putStep puts a step in its place: that of the step of the same name in the project that a template joins, or the end.
func (c *converter) putStep(step model.Step) {
	if before, i := c.project.Step(step.Name); i >= 0 {
		step.ID, step.Pinned = before.ID, before.Pinned
		c.project.Steps[i] = step
		return
	}
	c.project.Steps = append(c.project.Steps, step)
}

// action fills in a step from an action; parent is its step in a process, nil for a template.
func (c *converter) action(step *model.Step, item *Item, a octopusjson.Action, parent *octopusjson.Step) {
	kind := string(a.ActionType)
	step.Enabled = !bool(a.IsDisabled)
	step.Options.Required = bool(a.IsRequired)
	if runsScript(kind) {
		c.script(step, item, a)
		c.features(item, a)
		if len(a.Inputs) > 0 {
			item.missing("Look at the step in Octopus.", "It has inputs of a step package, which are left out.")
			c.properties(item, a.Inputs, "")
		}
	} else {
		step.AWS.Account = model.NoAccount
		c.otherKind(item, a)
	}
	if kind == kindAWSScript || strings.HasPrefix(kind, "Octopus.Aws") || strings.HasPrefix(kind, "aws-") {
		c.aws(step, item, a.Properties)
	} else {
		step.AWS.Account = model.NoAccount
	}
	if cloud := otherClouds()[kind]; cloud != "" {
		item.missing("Log in at the beginning of the script, or in a program that is logged in already.",
			"Octopus logs its script in to %s before it runs; here the script has to.", cloud)
		c.properties(item, a.Properties, "Octopus.Action.Azure", "Octopus.Action.GoogleCloud", "Octopus.Action.Kubernetes",
			"Octopus.Action.EKS.", "Octopus.Action.Aws")
	}
	c.packages(step, item, a)
	c.limits(step, item, a.Properties)
	c.where(item, a, parent)
	c.conditions(step, item, a, parent)
	c.values(step, a)
	if note := strings.TrimSpace(string(a.Notes)); note != "" {
		item.changed("", "Its notes are left out: %s.", told(note))
	}
}

// limits fills in the time limit and the retries.
func (c *converter) limits(step *model.Step, item *Item, p octopusjson.Texts) {
	number := func(key string, most int) int {
		text := p.Text(key)
		n, ok := whole(text)
		switch {
		case text == "" || ok && n == 0:
			return 0
		case !ok:
			item.missing("Set it in the options of the step.", "%s is %s, which is no number.", key, shown(text))
			return 0
		case n > most:
			item.changed("", "%s is %d; Stepdeck has at most %d.", key, n, most)
		}
		return min(n, most)
	}
	const mostMinutes, mostSeconds = 100 * 24 * 60, 24 * 60 * 60
	step.Options.Timeout = time.Duration(number("Octopus.Action.ExecutionTimeout.Minutes", mostMinutes)) * time.Minute
	step.Options.Retries = number("Octopus.Action.AutoRetry.MaximumCount", model.MaxRetries)
	if pause := number("Octopus.Action.AutoRetry.MinimumBackoff", mostSeconds); step.Options.Retries > 0 {
		step.Options.RetryPause = time.Duration(pause) * time.Second
	}
}

// where says what of the place where Octopus runs an action has no counterpart.
func (c *converter) where(item *Item, a octopusjson.Action, parent *octopusjson.Step) {
	if parent != nil {
		if roles := parent.Properties.Text("Octopus.Action.TargetRoles"); roles != "" {
			item.changed("", "Octopus runs it on each target of the role %s; here it runs once, on this computer.", shown(roles))
		}
	}
	if a.WorkerPoolID != "" || a.WorkerPoolVariable != "" {
		item.changed("", "Octopus runs it on a worker pool; here it runs on this computer.")
	}
	if image := string(a.Container.Image); image != "" {
		item.changed("Install what the script calls.",
			"Octopus runs it in a container of the image %s; here it uses the programs of this computer.",
			shown(image))
	}
	if len(a.Channels) > 0 {
		item.missing("Give it a run condition if that matters.",
			"It is limited to channels of releases, which Stepdeck does not have; it always runs.")
	}
	if len(a.TenantTags) > 0 {
		item.missing("Make a project or an environment for each tenant if that matters.",
			"It is limited to tenants, which Stepdeck does not have; it always runs.")
	}
	if len(a.GitDependencies) > 0 {
		item.missing("Import a package with their files and add it to the step, or clone them in the script.",
			"It uses files of Git repositories, which Stepdeck does not fetch.")
		c.gitFiles(item, a.GitDependencies)
	}
}

// values are the properties of an action that are no properties of Octopus: those of its step template.
func (c *converter) values(step *model.Step, a octopusjson.Action) {
	template := c.templateOf(a.Properties)
	for _, written := range slices.Sorted(maps.Keys(a.Properties)) {
		value := a.Properties[written]
		if isOctopusProperty(written) {
			continue
		}
		item := c.report.item(KindParameter, model.SafeLine(written), step.Name)
		name := fitVariable(written)
		if name == "" || hasValue(step.Values, name) {
			item.missing("Add the value to the step by hand.", "Its name can't be that of a value here.")
			continue
		}
		kind := octopusjson.Texts{}
		if template != nil {
			kind = settingsOf(*template, written)
		}
		in := inputOf(kind, value)
		if in.kind == model.TypeAWSAccount {
			c.accountValue(item, name, value.Value)
			continue
		}
		if kind.Text(settingControl) == "Package" {
			item.changed("Choose the package in the step.", "It is a package of the step here.")
			continue
		}
		item.Findings = append(item.Findings, in.found...)
		step.Values = append(step.Values, model.Variable{Name: name, Type: in.kind, Value: in.value})
		if in.isStep {
			c.stepNames = append(c.stepNames, stepName{item, step.Name, name})
		}
	}
}

func isOctopusProperty(name string) bool {
	return strings.HasPrefix(name, "Octopus.") || strings.HasPrefix(name, "OctopusUse") || strings.HasPrefix(name, "OctopusSuppress") ||
		strings.HasPrefix(name, "OctopusShould")
}

// templateOf returns the step template that an action was made of, if it is in the export too.
func (c *converter) templateOf(p octopusjson.Texts) *octopusjson.Template {
	id := p.Text("Octopus.Action.Template.Id")
	i := slices.IndexFunc(c.export.Templates, func(t octopusjson.Template) bool { return id != "" && string(t.ID) == id })
	if i < 0 {
		return nil
	}
	return &c.export.Templates[i]
}

func settingsOf(t octopusjson.Template, parameter string) octopusjson.Texts {
	for _, p := range t.Parameters {
		if string(p.Name) == parameter {
			return p.DisplaySettings
		}
	}
	return octopusjson.Texts{}
}

// shown returns a text of the export for a sentence.
func shown(text string) string { return model.SafeQuote(strings.TrimSpace(text), 120) }

// whole reads a whole number that is not negative.
func whole(text string) (n int, ok bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}
