package octopusimport

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// What becomes of each kind of input.
func TestControls(t *testing.T) {
	options := func(lines string) object {
		p := parameter("P", "Select", "b")
		p["DisplaySettings"] = texts{"Octopus.ControlType": "Select", "Octopus.SelectOptions": lines}
		return p
	}
	secretSet := parameter("P", "Sensitive", "")
	secretSet["DefaultValue"] = object{"HasValue": true}
	bare := parameter("P", "", "x")
	delete(bare, "DisplaySettings")
	for _, row := range []struct {
		name      string
		parameter object
		variable  string // type, control, value, options
		says      []string
	}{
		{"single line", parameter("P", "SingleLineText", " a "), "text text ' a '", []string{"taken"}},
		{"none", bare, "text text 'x'", []string{"taken"}},
		{"multiple lines", parameter("P", "MultiLineText", "a\nb"), "text multiline 'a\nb'", []string{"taken"}},
		{"checkbox", parameter("P", "Checkbox", "True"), "text checkbox 'True'", []string{"taken"}},
		{"checkbox in lower case", parameter("P", "Checkbox", "true"), "text checkbox 'True'", []string{"changed",
			`Its default "true" is written True.`}},
		{"blank checkbox", parameter("P", "Checkbox", ""), "text checkbox 'False'", []string{"taken"}},
		{"checkbox with 1", parameter("P", "Checkbox", "1"), "text checkbox 'True'", []string{"changed", `Its default "1" is written True.`}},
		{"checkbox with yes", parameter("P", "Checkbox", " Yes "), "text checkbox 'True'", []string{"changed", "is written True."}},
		{"checkbox with any word", parameter("P", "Checkbox", "on"), "text checkbox 'True'", []string{"changed", "is written True."}},
		{"checkbox with 0", parameter("P", "Checkbox", "0"), "text checkbox 'False'", []string{"changed", `Its default "0" is written False.`}},
		{"checkbox with no", parameter("P", "Checkbox", "no"), "text checkbox 'False'", []string{"changed", "is written False."}},
		{"checkbox with an expression", parameter("P", "Checkbox", "#{Octopus.Step.Name}"), "text text '#{Octopus.Step.Name}'",
			[]string{"changed", "expression"}},
		{"select", options("a\nb"), "text select 'b' a,b", []string{"taken"}},
		{"select with labels", options("a|A\r\nb|The B\n\n"), "text select 'b' a,b A,The B", []string{"taken"}},
		{"select with labels that are the values", options("a|a\nb|b"), "text select 'b' a,b", []string{"taken"}},
		{"select without its default", options("a\nc\na"), "text select 'b' a,c,b", []string{"changed", "none of its options"}},
		{"select without options", options(" \n"), "text text 'b'", []string{"changed", "without options"}},
		{"sensitive", parameter("P", "Sensitive", ""), "sensitive text ''", []string{"missing", "no export contains it", "Enter it in its form"}},
		{"sensitive with a value", secretSet, "sensitive text ''", []string{"missing"}},
		{"sensitive in plain text", parameter("P", "Sensitive", "hunter2"), "sensitive text ''", []string{"missing", "plain text"}},
		{"name of a step", parameter("P", "StepName", ""), "text text ''", []string{"changed", "no other step yet, so the name is text",
			"Enter the name of a step"}},
		{"package of nothing", parameter("P", "Package", ""), "text text ''", []string{"missing", "Add the package to the step"}},
		{"Azure account", parameter("P", "AzureAccount", "Accounts-1"), "text text ''", []string{"missing", "an account for Azure"}},
		{"Google account", parameter("P", "GoogleCloudAccount", ""), "text text ''", []string{"missing", "Google Cloud"}},
		{"OpenID Connect", parameter("P", "GenericOidcAccount", ""), "text text ''", []string{"missing", "OpenID Connect"}},
		{"user name and password", parameter("P", "UsernamePasswordAccount", ""), "text text ''", []string{"missing",
			"a user name and a password"}},
		{"certificate", parameter("P", "Certificate", ""), "text text ''", []string{"missing", "a certificate"}},
		{"worker pool", parameter("P", "WorkerPool", ""), "text text ''", []string{"missing", "a worker pool"}},
		{"environments", parameter("P", "Environments", ""), "text text ''", []string{"missing", "environments"}},
		{"target", parameter("P", "Target", ""), "text text ''", []string{"missing", "a deployment target"}},
		{"SSH key", parameter("P", "SshKeyPair", ""), "text text ''", []string{"missing", "an SSH key"}},
		{"token account", parameter("P", "TokenAccount", ""), "text text ''", []string{"missing", "a token account"}},
		{"channel", parameter("P", "Channel", ""), "text text ''", []string{"missing", "a channel"}},
		{"environment", parameter("P", "Environment", "Environments-1"), "text text ''", []string{"missing", "an environment"}},
		{"feed", parameter("P", "Feed", ""), "text text ''", []string{"missing", "a feed"}},
		{"Git credential", parameter("P", "GitCredential", ""), "text text ''", []string{"missing", "a Git credential"}},
		{"lifecycle", parameter("P", "Lifecycle", ""), "text text ''", []string{"missing", "a lifecycle"}},
		{"project", parameter("P", "Project", ""), "text text ''", []string{"missing", "a project"}},
		{"target tags", parameter("P", "TargetTags", ""), "text text ''", []string{"missing", "target tags"}},
		{"team", parameter("P", "Team", ""), "text text ''", []string{"missing", "a team"}},
		{"tenants", parameter("P", "Tenants", ""), "text text ''", []string{"missing", "tenants"}},
		{"tenant tags", parameter("P", "TenantTags", ""), "text text ''", []string{"missing", "tenant tags"}},
		{"unknown", parameter("P", "Hologram", "x"), "text text ''", []string{"changed", `"Hologram"`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := convert(t, Options{}, template("T", row.parameter))
			v := only(t, r).Values[0]
			got := strings.TrimSpace(fmt.Sprintf("%s %s '%s' %s %s", v.Type, v.Prompt.Control, v.Value, strings.Join(v.Prompt.Options, ","),
				strings.Join(v.Prompt.Labels, ",")))
			if got != row.variable || v.Name != "P" || v.Prompt.Required {
				t.Errorf("it is %s, want %s", got, row.variable)
			}
			says(t, r, KindParameter, "P", row.says...)
			if strings.Contains(fmt.Sprint(r), "hunter2") {
				t.Error("the report shows a secret")
			}
		})
	}
}

// The account of a template is a variable of the project, by which the step names it.
func TestAccountParameter(t *testing.T) {
	aws := template("T", parameter("AWS.Account", "AmazonWebServicesAccount", ""))
	aws["ActionType"] = "Octopus.AwsRunScript"
	aws["Properties"] = texts{
		"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.Script.ScriptBody": "aws s3 ls\n", "Octopus.Action.Aws.Region": "eu-west-1",
		"Octopus.Action.AwsAccount.Variable": "#{AWS.Account}",
	}
	r := convert(t, Options{}, aws)
	v := r.File.Project.Variables
	if len(v) != 1 || v[0].Type != model.TypeAWSAccount || v[0].Value != "" || only(t, r).AWS.Account != "#{AWS.Account}" {
		t.Errorf("variables %+v, account %q", v, only(t, r).AWS.Account)
	}
	says(t, r, KindParameter, "AWS.Account", "missing", "Choose an account of this computer")
	r = convert(t, Options{Account: "Web"}, aws)
	if v := r.File.Project.Variables; v[0].Value != "Web" {
		t.Errorf("%+v does not have the account that was named", v)
	}
	says(t, r, KindParameter, "AWS.Account", "taken", `account "Web"`)
}

// A package that is chosen in the step is one of its further packages.
func TestPackageParameter(t *testing.T) {
	with := template("T", parameter("Tools.Package", "Package", ""))
	with["Packages"] = []object{{"Name": "Tools", "PackageId": nil, "AcquisitionLocation": "Server",
		"Properties": texts{"Extract": "False", "SelectionMode": "deferred", "PackageParameterName": "Tools.Package"}}}
	with["Properties"].(texts)["Octopus.Action.Script.ScriptBody"] = "get_octopusvariable 'Octopus.Action.Package[Tools].PackageFilePath'\n"
	r := convert(t, Options{}, with)
	s := only(t, r)
	if len(s.Script.Packages) != 1 || s.Script.Packages[0] != (model.ScriptPackage{Name: "Tools"}) || len(s.Values) != 0 {
		t.Errorf("packages %+v, values %+v", s.Script.Packages, s.Values)
	}
	says(t, r, KindParameter, "Tools.Package", "changed", `"Tools"`)
	says(t, r, KindStep, "T", "missing", "Choose the package in the step")
	if len(r.Asked) > 0 {
		t.Errorf("it asks for %v, which a run sets", r.Asked)
	}
	problems := s.Check()
	if len(problems) != 1 || !problems[0].Incomplete() {
		t.Errorf("the step has the problems %v, want that no package is chosen", problems)
	}

	image := template("T", parameter("Image", "Package", ""))
	image["Packages"] = []object{{"Name": "Image", "AcquisitionLocation": "NotAcquired", "Properties": texts{"PackageParameterName": "Image"}}}
	image["Properties"].(texts)["Octopus.Action.Script.ScriptBody"] = "get_octopusvariable 'Octopus.Action.Package[Image].Image'\n"
	r = convert(t, Options{}, image)
	if len(r.Asked) != 1 || r.Asked[0].Name != "Octopus.Action.Package[Image].Image" {
		t.Errorf("it asks for %v, want the image", r.Asked)
	}
}

// A value that is the name of a step is a list of the project's other steps.
func TestStepNameParameter(t *testing.T) {
	withDefault := func(value string) object { return template("Smoke test", parameter("Where", "StepName", value)) }
	of := func(steps ...string) Options {
		p := model.Project{Name: "Website"}
		for _, name := range steps {
			p.Steps = append(p.Steps, model.NewStep(name))
		}
		return Options{Project: "Website", Into: func(string) (model.Project, bool) { return p, true }}
	}
	for _, row := range []struct {
		name  string
		o     Options
		value string
		want  string // control, value, options
		says  []string
	}{
		{"steps of the project that it joins", of("Deploy", "Migrate"), "", "select '' Deploy,Migrate", []string{"changed",
			"a list of 2 other steps"}},
		{"joined again", of("Deploy", "Smoke test"), "", "select '' Deploy", []string{"changed", "a list of 1 other step "}},
		{"its default", of("Deploy", "Migrate"), "Migrate", "select 'Migrate' Deploy,Migrate", []string{"changed"}},
		{"a default that is none of them", of("Deploy"), "Copy", "select 'Copy' Copy,Deploy", []string{"missing",
			"which the project does not have"}},
		{"a default that is an expression", of("Deploy"), "#{Which}", "text '#{Which}' ", []string{"changed", "an expression"}},
		{"no other step", of(), "", "text '' ", []string{"changed", "no other step yet"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := convert(t, row.o, withDefault(row.value))
			s, _ := r.File.Project.Step("Smoke test")
			v := s.Values[0]
			got := fmt.Sprintf("%s '%s' %s", v.Prompt.Control, v.Value, strings.Join(v.Prompt.Options, ","))
			if got != row.want || len(v.Check()) > 0 {
				t.Errorf("it is %s, want %s; %v", got, row.want, v.Check())
			}
			says(t, r, KindParameter, "Where", row.says...)
		})
	}
}

// Templates that are imported together are steps of each other's lists, and a step of a process has the name that it has here.
func TestStepNamesTogether(t *testing.T) {
	deploy := template("Deploy")
	r := convert(t, Options{Project: "Website"}, template("Smoke test", parameter("Where", "StepName", "")), deploy)
	s, _ := r.File.Project.Step("Smoke test")
	if got := s.Values[0].Prompt.Options; len(got) != 1 || got[0] != "Deploy" {
		t.Errorf("the options are %q", got)
	}

	made := template("Smoke test", parameter("Where", "StepName", ""))
	used := action("Smoke test", texts{"Octopus.Action.Template.Id": "ActionTemplates-1", "Where": "De\u200bploy"}, nil)
	r = convertAll(t, Options{}, process(step("De\u200bploy", nil, action("De\u200bploy", nil, nil)), step("Smoke test", nil, used)), made)[0]
	s, _ = r.File.Project.Step("Smoke test")
	if s.Values[0].Value != "De ploy" {
		t.Errorf("the value is %q", s.Values[0].Value)
	}
	says(t, r, KindParameter, "Where", "changed", `is called "De ploy" here`)
}
