package octopusimport

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/octopusjson"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

// converter makes one project.
type converter struct {
	export  octopusjson.Export
	options Options
	report  report

	taken    func(project string) bool
	project  model.Project
	stored   model.Project               // the one of its name, from which choices are kept
	byName   map[string][]model.Variable // the project's variables, by the keys of their names
	joined   bool                        // the project exists, and templates join it
	accounts []document.Account
	files    []string
	made     map[string]bool   // keys of the names of steps that were made
	linked   map[string]string // by the key of an account variable's name: the variable that it is the same as
	actions  map[string]string // names of steps, by the ids and the names of the actions that they were made of
	asked    []Asked

	uses      map[text]octopus.Uses // of the scripts
	setters   []string              // scripts that set variables; nil: not looked for yet
	stepNames []stepName
	named     []Account // accounts of Octopus
	nameless  bool      // account variables name none
}

// text is a script.
type text struct {
	language model.Language
	body     string
}

func newConverter(export octopusjson.Export, o Options) *converter {
	return &converter{
		export: export, options: o, byName: map[string][]model.Variable{}, made: map[string]bool{}, linked: map[string]string{},
		actions: map[string]string{}, uses: map[text]octopus.Uses{},
	}
}

// from notes the file that something stands in.
func (c *converter) from(file string) {
	if file != "" && !slices.Contains(c.files, file) {
		c.files = append(c.files, file)
	}
}

// nameProject gives the project its name: the one that is wished, written in the export, or else that of the file.
func (c *converter) nameProject(name, written, file string) {
	if c.options.Project != "" {
		name = c.options.Project
	}
	c.project.Name = c.fitName("project", name, fileTitle(file), c.taken)
	c.from(file)
	if c.options.Into != nil {
		c.stored, _ = c.options.Into(c.project.Name)
	}
	item := c.report.item(KindProject, c.project.Name, "")
	if strings.TrimSpace(written) != c.project.Name && c.options.Project == "" && written != "" {
		item.changed("", "It is called %q here; in the export it is %s.", c.project.Name, shown(written))
	}
}

// process makes the project of a process and its variables.
func (c *converter) process(p octopusjson.Process, sets []octopusjson.VariableSet) {
	written := c.processName(p)
	c.nameProject(written, written, p.File)
	for _, set := range sets {
		c.from(set.File)
	}
	if len(sets) == 0 {
		c.report.find(KindProject, c.project.Name).missing("Export the variables of the project as JSON too, and import both together.",
			"The export has no variables.")
	}
	c.projectEnvironments(sets)
	for i := range p.Steps {
		c.processStep(p.Steps[i])
	}
	c.variables(p, sets)
}

// processStep makes a step of each action.
func (c *converter) processStep(s octopusjson.Step) {
	if len(s.Actions) == 0 {
		item := c.report.item(KindStep, model.SafeLine(string(s.Name)), "")
		item.missing("Look at it in Octopus.", "It has no action, so it is left out.")
		return
	}
	for _, a := range s.Actions {
		name := string(a.Name)
		if name == "" || len(s.Actions) == 1 && s.Name != "" {
			name = string(s.Name)
		}
		step, item := c.newStep(name, fmt.Sprintf("Step %d", len(c.project.Steps)+1))
		if len(s.Actions) > 1 {
			item.changed("", "In Octopus it is part of the step %s, whose parts run on one target after the other; here each is a step.",
				shown(string(s.Name)))
		}
		for _, key := range []string{string(a.ID), string(a.Name), string(s.Name)} {
			if key != "" && c.actions[key] == "" {
				c.actions[key] = step.Name
			}
		}
		c.action(&step, item, a, &s)
		c.putStep(step)
	}
}

func (c *converter) processName(p octopusjson.Process) string {
	project, runbook := c.export.Names[string(p.ProjectID)], c.export.Names[string(p.RunbookID)]
	switch {
	case p.ProjectID == "" || project == "":
		project = ""
	case p.RunbookID == "":
		return project
	}
	if runbook == "" {
		return project
	}
	return strings.TrimPrefix(project+" - "+runbook, " - ")
}

// environmentNames returns the names of environments, given their ids or names. Those without a name here keep their id.
func (c *converter) environmentNames(ids []octopusjson.String) []string {
	var names []string
	for _, id := range ids {
		name := c.environment(string(id))
		if name == "" {
			name = c.addEnvironment(string(id))
			c.report.find(KindEnvironment, name).missing("Give it its name in the settings, or import the environments together with the process.",
				"Only its id is in the export.")
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// environment returns the name that an environment of the project has here; empty if it is not known.
func (c *converter) environment(id string) string {
	name := id
	if known := c.export.Names[id]; known != "" {
		name = known
	}
	for _, e := range c.project.Environments {
		if same(e, c.fitName("environment", name, id, never)) {
			return e
		}
	}
	if name == id && strings.HasPrefix(id, "Environments-") {
		return ""
	}
	return c.addEnvironment(name)
}

func (c *converter) addEnvironment(name string) string {
	fitted := c.fitName("environment", name, "Environment", never)
	if !c.project.HasEnvironment(fitted) {
		c.project.Environments = append(c.project.Environments, fitted)
		c.report.item(KindEnvironment, fitted, "")
	}
	return fitted
}

// projectEnvironments are those that the variables can be scoped to, or else those of the export.
func (c *converter) projectEnvironments(sets []octopusjson.VariableSet) {
	names := map[string]string{}
	for id, name := range c.export.Names {
		names[id] = name
	}
	list := c.export.Environments
	for _, set := range sets {
		list = append(slices.Clone(list), set.ScopeValues.Environments...)
	}
	for _, e := range list {
		if e.Name == "" {
			continue
		}
		names[string(e.ID)] = string(e.Name)
		c.addEnvironment(string(e.Name))
	}
	c.export.Names = names
}

func (c *converter) putVariable(v model.Variable) {
	c.project.Variables = append(c.project.Variables, v)
	key := model.NameKey(v.Name)
	c.byName[key] = append(c.byName[key], v)
}

// hasVariable reports whether the project has a variable of a name.
func (c *converter) hasVariable(name string) bool { return len(c.byName[model.NameKey(name)]) > 0 }

// finish completes the project and says what it lacks.
func (c *converter) finish(ctx context.Context) Result {
	c.nameSteps()
	c.linkAccounts()
	c.ask()
	c.lacks(ctx)
	file := document.File{Project: c.project, Accounts: c.accounts}
	file.Variables = make([]document.Secret, len(c.project.Variables))
	file.EnvVars = make([]document.Secret, len(c.project.EnvVars))
	for _, s := range c.project.Steps {
		file.StepValues = append(file.StepValues, make([]document.Secret, len(s.Values)))
		file.StepEnvVars = append(file.StepEnvVars, make([]document.Secret, len(s.EnvVars)))
	}
	return Result{File: file, Items: c.report.sorted(), Asked: c.asked, From: c.files, Accounts: c.named, Nameless: c.nameless}
}
