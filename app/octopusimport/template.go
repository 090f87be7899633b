package octopusimport

import (
	"fmt"
	"slices"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// join makes an existing project the one that templates become steps of, or a new one of that name.
func (c *converter) join(name string) {
	if c.options.Into != nil {
		if p, found := c.options.Into(name); found {
			c.project, c.joined = p, true
			c.project.Variables = nil
			for _, v := range p.Variables {
				c.putVariable(v)
			}
			return
		}
	}
	c.nameProject(name, name, "")
}

// projectOf names the project of a template. It never takes the place of an existing one: the template joins that.
func (c *converter) projectOf(t octopusjson.Template) {
	name := c.fitName("project", string(t.Name), fileTitle(t.File), c.taken)
	if c.options.Into != nil {
		if _, exists := c.options.Into(name); exists {
			c.join(name)
			c.report.item(KindProject, c.project.Name, "").changed("Give the import another name if you want a project of its own.",
				"There is a project of this name, so the template becomes a step of it.")
			return
		}
	}
	c.nameProject(string(t.Name), string(t.Name), t.File)
}

// template makes a step of a template. Its parameters become values of the step, which runs ask for.
func (c *converter) template(t octopusjson.Template) {
	c.from(t.File)
	if !c.joined && c.project.Description == "" {
		c.project.Description = model.SafeBlock(string(t.Description))
	}
	step, item := c.newStep(string(t.Name), fmt.Sprintf("Step %d", len(c.project.Steps)+1))
	c.action(&step, item, t.Action, nil)
	for _, p := range t.Parameters {
		c.parameter(&step, p, t.Packages)
	}
	c.putStep(step)
}

// parameter makes a value of the step. An account becomes a variable of the project, which further steps can use.
func (c *converter) parameter(step *model.Step, p octopusjson.Parameter, packages []octopusjson.Package) {
	written := string(p.Name)
	item := c.report.item(KindParameter, model.SafeLine(written), step.Name)
	name := fitVariable(written)
	switch {
	case name == "":
		item.missing("Rename it in Octopus and export the template again.", "It has a name that no variable can have here.")
		return
	case hasValue(step.Values, name):
		item.changed("", "The template has two parameters of this name; the first one is taken.")
		return
	case name != written:
		item.changed("Change the name in the script too.", "Its name is %q here, since #{…} can't contain the other one.", name)
	}
	in := inputOf(p.DisplaySettings, p.DefaultValue)
	if in.kind == model.TypeAWSAccount {
		c.accountParameter(item, name, p.DefaultValue.Value)
		return
	}
	item.Findings = append(item.Findings, in.found...)
	if p.DisplaySettings.Text(settingControl) == "Package" && c.packageParameter(item, name, packages) {
		return
	}
	label := string(p.Label)
	if label == "" {
		label = name
	}
	step.Values = append(step.Values, model.Variable{
		Name: name, Type: in.kind, Value: in.value, Prompt: in.prompt(label, string(p.HelpText), false),
	})
	if in.isStep {
		c.stepNames = append(c.stepNames, stepName{item, step.Name, name})
	}
}

// packageParameter says that a step's further package is the parameter's value. It reports whether there is such a package.
func (c *converter) packageParameter(item *Item, name string, packages []octopusjson.Package) bool {
	for _, p := range packages {
		if same(p.Properties.Text("PackageParameterName"), name) || same(string(p.Name), name) {
			if p.AcquisitionLocation == notAcquired {
				return false // the step says so
			}
			item.changed("Choose the package in the step.", "It is a package of the step here: %q.", packageName(p))
			return true
		}
	}
	item.missing("Add the package to the step.", "It is a package, but the template uses none of this name.")
	return false
}

// accountParameter makes a variable of the project, unless another template did.
func (c *converter) accountParameter(item *Item, name, value string) {
	if v, known := c.project.Declared(name); known && v.Type == model.TypeAWSAccount {
		item.taken("the variable %q of the project", v.Name)
		return
	}
	c.accountValue(item, name, value)
}

func hasValue(list []model.Variable, name string) bool {
	return slices.ContainsFunc(list, func(v model.Variable) bool { return same(v.Name, name) })
}
