package octopusimport

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// asked returns the names that an import asks for.
func asked(r Result) string {
	var names []string
	for _, a := range r.Asked {
		names = append(names, a.Name)
	}
	return strings.Join(names, ", ")
}

// What only an Octopus server knows becomes a variable that is asked for, where a script or a value uses it.
func TestAsked(t *testing.T) {
	for _, row := range []struct {
		name, body, value, want string
	}{
		{"of the server", "get_octopusvariable Octopus.Release.Number\nget_octopusvariable Octopus.Web.ServerUri\n" +
			"get_octopusvariable Octopus.Space.Id\n" +
			"get_octopusvariable Octopus.Deployment.Tenant.Name\n", "",
			"Octopus.Release.Number, Octopus.Web.ServerUri, Octopus.Space.Id, Octopus.Deployment.Tenant.Name"},
		{"of the run", "get_octopusvariable Octopus.Environment.Name\nget_octopusvariable Octopus.Deployment.Error\n" +
			"get_octopusvariable 'Octopus.Action[First].Output.X'\necho '#{Octopus.Step[First].Status.Code}'\n", "", ""},
		{"in a comment", "# get_octopusvariable Octopus.Release.Number\n", "", ""},
		{"in an expression", "echo '#{if Octopus.Web.ServerUri}#{Octopus.Web.ServerUri}#{else}#{Octopus.Web.BaseUrl}#{/if}'\n", "",
			"Octopus.Web.ServerUri, Octopus.Web.BaseUrl"},
		{"in a value", "", "#{Octopus.Release.Number} #{Team.Name | ToUpper} #{Team[1]} #{X}", "Octopus.Release.Number, Team.Name"},
		{"not in text of the script", "echo '#{Team.Name}'\n", "", ""},
		{"an output", "set_octopusvariable Team.Name x\n", "#{Team.Name}", ""},
		{"unknown", "get_octopusvariable Octopus.Nothing.Known\n", "", "Octopus.Nothing.Known"},
	} {
		t.Run(row.name, func(t *testing.T) {
			made := template("T", parameter("X", "SingleLineText", row.value))
			made["Properties"].(texts)["Octopus.Action.Script.ScriptBody"] = "true\n" + row.body
			r := convert(t, Options{}, made)
			if got := asked(r); got != row.want {
				t.Errorf("asks for %s; want %s", got, row.want)
			}
			for _, a := range r.Asked {
				v, known := r.File.Project.Declared(a.Name)
				if !known || v.Type != model.TypeText || v.Prompt == nil || v.Prompt.Required {
					t.Errorf("%s is %+v", a.Name, v)
				}
				says(t, r, KindVariable, a.Name, "missing", "uses it", "Give it a value")
			}
		})
	}
}

// What a script will not have all the same is said of its step.
func TestLacks(t *testing.T) {
	made := template("T")
	made["Properties"].(texts)["Octopus.Action.Script.ScriptBody"] = "new_octopustarget x\nget_octopusthing\nset_environmentstate a b\n" +
		"get_octopusvariable 'Octopus.Action[Deploy].Output.Package.InstallationDirectoryPath'\n"
	r := convert(t, Options{}, made)
	says(t, r, KindStep, "T", "missing", "line 1: it calls new_octopustarget", "It would do nothing here. Take the call out",
		"line 2: it calls get_octopusthing", "Take the call out of the script, or define the function in it.", "line 4: it reads",
		"Let an earlier step set it")
}

// An output that no step before sets is said wherever an expression reads it, and one that a step can set is not.
func TestOutputsThatNoStepSets(t *testing.T) {
	const ghost = "#{Octopus.Action[Ghost].Output.Y}"
	for name, row := range map[string]struct {
		properties texts
		says       string
	}{
		"script":     {texts{"Octopus.Action.Script.ScriptBody": "true\necho " + ghost + "\n"}, "its script in line 2 reads"},
		"region":     {texts{"Octopus.Action.Aws.Region": ghost}, "its region reads"},
		"parameters": {texts{"Octopus.Action.Script.ScriptParameters": "-a " + ghost}, "the parameters of its script reads"},
		"value":      {texts{"Where": ghost}, `its value "Where" reads`},
		"with a filter": {texts{"Octopus.Action.Script.ScriptBody": "echo #{Octopus.Action[Ghost].Output.Y | ToUpper}"},
			"its script in line 1 reads"},
		"later step":    {texts{"Where": "#{Octopus.Action[Last].Output.Y}"}, `"Octopus.Action[Last].Output.Y", which no step sets before`},
		"own":           {texts{"Where": "#{Octopus.Action[Middle].Output.Y}"}, "which no step sets before"},
		"before":        {texts{"Where": "#{Octopus.Action[FIRST].Output.Y}"}, ""},
		"not an output": {texts{"Where": "#{Octopus.Action[Ghost].Name}"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			aws := object{"ActionType": "Octopus.AwsRunScript"}
			own := texts{"Octopus.Action.AwsAccount.UseInstanceRole": "True", "Octopus.Action.Aws.Region": "eu-west-1"}
			for k, v := range row.properties {
				own[k] = v
			}
			r := convert(t, Options{}, process(step("First", nil, action("First", nil, nil)), step("Middle", nil, action("Middle", own, aws)),
				step("Last", nil, action("Last", nil, nil))))
			switch got := of(r, KindStep, "Middle"); {
			case row.says != "":
				says(t, r, KindStep, "Middle", "missing", row.says, "which no step sets before")
			case strings.Contains(got, "which no step"):
				t.Errorf("it says %q", got)
			}
		})
	}
	p := process(step("First", nil, action("First", nil, nil)))
	r := convert(t, Options{}, p, variableSet(variable("V", ghost, nil, nil), variable("W", "#{Octopus.Action[First].Output.Y}", nil, nil),
		variable("T", "#{if Octopus.Action[Ghost].Output.Y}x#{/if}", nil, nil)))
	says(t, r, KindVariable, "V", "missing", "its value reads", "Let an earlier step set it")
	says(t, r, KindVariable, "W", "taken")
	says(t, r, KindVariable, "T", "changed", "its value asks for")
}

// Several templates become steps of one project: a new one, or one that exists.
func TestTemplatesInto(t *testing.T) {
	first, second := template("One", parameter("A", "AmazonWebServicesAccount", "")), template("One", parameter("A",
		"AmazonWebServicesAccount", ""))
	r := convert(t, Options{Project: "Team"}, first, second)
	p := r.File.Project
	if p.Name != "Team" || len(p.Steps) != 2 || p.Steps[1].Name != "One 2" || len(p.Variables) != 1 {
		t.Errorf("%+v", p)
	}
	before := model.Project{
		ID: "1", Name: "Team", Description: "Ours", Steps: []model.Step{{ID: "2", Name: "Mine"}, {ID: "3", Name: "one", Pinned: true}},
		Variables: []model.Variable{{Name: "A", Type: model.TypeAWSAccount, Value: "Web"}},
	}
	r = convert(t, Options{Project: "team", Into: func(string) (model.Project, bool) { return before, true }}, first)
	p = r.File.Project
	if p.ID != "1" || p.Description != "Ours" || len(p.Steps) != 2 || p.Steps[1].ID != "3" || !p.Steps[1].Pinned ||
		p.Steps[1].Script.Body == "" ||
		p.Variables[0].Value != "Web" || len(p.Variables) != 1 {
		t.Errorf("%+v", p)
	}
	before.Name = "One"
	r = convert(t, Options{Into: func(name string) (model.Project, bool) { return before, name == "One" }}, first)
	p = r.File.Project
	if p.ID != "1" || len(p.Steps) != 2 || p.Steps[0].Name != "Mine" || p.Steps[1].Script.Body == "" || p.Variables[0].Value != "Web" {
		t.Errorf("a template whose name is that of a project: %+v", p)
	}
	says(t, r, KindProject, "One", "changed", "becomes a step of it", "Give the import another name")
	if list := convertAll(t, Options{}, first, second); len(list) != 2 || list[1].File.Project.Name != "One 2" {
		t.Errorf("alone they are %d projects", len(list))
	}
}

// The steps of a run, which a loop goes through, are no value that anybody could give.
func TestLoopsThroughSteps(t *testing.T) {
	body := "#{each action in Octopus.Action}#{each p in action.Package}#{p.PackageId}#{/each}#{/each}\n" +
		"#{each p in Octopus.Action.Package}#{/each}\n" +
		"#{each s in Octopus.Step}#{s.Name}#{/each}\n"
	r := convert(t, Options{}, process(step("S", nil, action("S", texts{"Octopus.Action.Script.ScriptBody": body}, nil))))
	if len(r.Asked) > 0 {
		t.Errorf("it asks for %v", r.Asked)
	}
}

// An expression in a script whose name nothing defines stays as it is, which the report says; a loop's names are defined.
func TestUndefinedInScripts(t *testing.T) {
	body := "echo #{Known} #{Known.Part} #{Unknown}\n#{if Maybe}x#{/if} #{each x in Known}#{x.Name}#{/each} #{env:HOME}\n"
	set := object{"Id": "v", "OwnerId": "Projects-1", "Variables": []object{variable("known", "1", nil, nil)}}
	r := convert(t, Options{}, process(step("S", nil, action("S", texts{"Octopus.Action.Script.ScriptBody": body}, nil))), set)
	says(t, r, KindStep, "S", "missing", "its script in line 1 has the expression #{Unknown}, whose name nothing defines",
		"Add a variable of this name")
	if got := strings.Count(of(r, KindStep, "S"), "nothing defines"); got != 1 {
		t.Errorf("%d names are said to be undefined", got)
	}
}
