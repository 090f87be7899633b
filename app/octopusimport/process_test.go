package octopusimport

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// Everything that a step of Run an AWS CLI Script has.
func TestAWSStep(t *testing.T) {
	r := convert(t, Options{}, process(step("Deploy", nil, action("Deploy", texts{
		"Octopus.Action.Script.ScriptSource": "Inline", "Octopus.Action.Script.ScriptParameters": "--name x",
		"Octopus.Action.AwsAccount.Variable": "Web.Account", "Octopus.Action.AwsAccount.UseInstanceRole": "False",
		"Octopus.Action.Aws.Region": "eu-west-1", "Octopus.Action.Aws.AssumeRole": "True",
		"Octopus.Action.Aws.AssumedRoleArn":                   "arn:aws:iam::123456789012:role/deployer",
		"Octopus.Action.Aws.AssumedRoleSession":               "deploy",
		"Octopus.Action.Aws.AssumeRoleExternalId":             "x-1",
		"Octopus.Action.Aws.AssumeRoleSessionDurationSeconds": "1800",
		"Octopus.Action.AutoRetry.MaximumCount":               "3", "Octopus.Action.AutoRetry.MinimumBackoff": "15",
		"Octopus.Action.ExecutionTimeout.Minutes": "10", "Octopus.Action.FailScriptOnErrorOutput": "True",
		"OctopusUseBundledTooling": "False", "Octopus.Action.RunOnServer": "true",
	}, object{"ActionType": "Octopus.AwsRunScript", "IsRequired": true, "IsDisabled": true}))))
	want := model.NewStep("Deploy")
	want.Enabled = false
	want.AWS = model.StepAWS{Account: "Web.Account", Region: "eu-west-1", AssumeRole: &model.AssumeRole{
		ARN: "arn:aws:iam::123456789012:role/deployer", SessionName: "deploy", ExternalID: "x-1", Duration: 1800,
	}}
	want.Script.Body, want.Script.Parameters = "echo hello\n", "--name x"
	want.Options.Retries, want.Options.RetryPause, want.Options.Timeout = 3, 15*time.Second, 10*time.Minute
	want.Options.Stderr, want.Options.Required = model.ErrorOutputFail, true
	got := only(t, r)
	role := *got.AWS.AssumeRole
	if got.AWS.AssumeRole, want.AWS.AssumeRole = nil, nil; fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if role.ARN != "arn:aws:iam::123456789012:role/deployer" || role.SessionName != "deploy" || role.ExternalID != "x-1" ||
		role.Duration != 1800 {
		t.Errorf("the role is %+v", role)
	}
	says(t, r, KindStep, "Deploy", "taken", "Bash script, 1 line")
	says(t, r, KindVariable, "Web.Account", "missing", `The step "Deploy" uses it`)
}

// The ways to name an account, a region and a role that are not simply there.
func TestAWSOdd(t *testing.T) {
	for _, row := range []struct {
		name       string
		properties texts
		account    string
		says       []string
	}{
		{"instance role", texts{"Octopus.Action.AwsAccount.UseInstanceRole": "true", "Octopus.Action.Aws.Region": "eu-west-1"},
			model.InstanceRole,
			[]string{"changed", "that of this computer"}},
		{"an expression for it", texts{"Octopus.Action.AwsAccount.UseInstanceRole": "#{Use}", "Octopus.Action.Aws.Region": "eu-west-1"}, "",
			[]string{"missing", "Choose an account in the step"}},
		{"nothing", texts{}, "", []string{"missing", "It names no account.", "It names no region."}},
		{"an expression for the role", texts{"Octopus.Action.AwsAccount.Variable": "A", "Octopus.Action.Aws.AssumeRole": "#{Assume}"}, "A",
			[]string{"missing", "Whether it assumes a role is an expression"}},
		{"odd duration", texts{"Octopus.Action.AwsAccount.Variable": "A", "Octopus.Action.Aws.AssumeRole": "True",
			"Octopus.Action.Aws.AssumedRoleArn":                   "x",
			"Octopus.Action.Aws.AssumeRoleSessionDurationSeconds": "#{Long}"}, "A", []string{"missing", "no number of seconds",
			"is not a role ARN"}},
		{"odd limits", texts{"Octopus.Action.AwsAccount.Variable": "A", "Octopus.Action.AutoRetry.MaximumCount": "99",
			"Octopus.Action.ExecutionTimeout.Minutes": "long"}, "A", []string{"missing", "at most 10", `is "long", which is no number`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := convert(t, Options{}, process(step("S", nil, action("S", row.properties, object{"ActionType": "Octopus.AwsRunScript"}))))
			if got := only(t, r).AWS.Account; got != row.account {
				t.Errorf("the account is %q, want %q", got, row.account)
			}
			says(t, r, KindStep, "S", row.says...)
		})
	}
}

// Where a script comes from, and in which language.
func TestScripts(t *testing.T) {
	const body, syntax = "Octopus.Action.Script.ScriptBody", "Octopus.Action.Script.Syntax"
	file := texts{
		"Octopus.Action.Script.ScriptSource": "Package", "Octopus.Action.Script.ScriptFileName": `tools\go.ps1`,
		"Octopus.Action.Package.PackageId": "Acme.Tools", body: "", syntax: "",
	}
	git := maps.Clone(file)
	git["Octopus.Action.Script.ScriptSource"] = "GitRepository"
	for _, row := range []struct {
		name       string
		properties texts
		want       string // source, language, package, file, size of the body
		says       []string
	}{
		{"PowerShell without a syntax", texts{syntax: "", body: "Write-Host 1"}, "inline powershell '' '' 12", []string{"taken",
			"PowerShell script, 1 line"}},
		{"Python", texts{syntax: "Python", body: "print(1)\nprint(2)\n"}, "inline python '' '' 18", []string{"taken", "Python script, 2 lines"}},
		{"C#", texts{syntax: "CSharp", body: "int x;"}, "inline bash '' '' 0", []string{"missing", "in C#", "Rewrite it"}},
		{"F#", texts{syntax: "FSharp", body: "let x = 1"}, "inline bash '' '' 0", []string{"missing", "in F#"}},
		{"one text for each language", texts{syntax: "Bash", body: "", body + "[PowerShell]": "exit 1", body + "[Bash]": "true"},
			"inline bash '' '' 4", []string{"taken"}},
		{"no text", texts{body: " "}, "inline bash '' '' 0", []string{"missing", "It has no script. Write the script."}},
		{"in a package", file, "package  'Acme.Tools' 'tools/go.ps1' 0", []string{"changed", `package "Acme.Tools"`, "Import the package"}},
		{"in Git", git, "folder  '' 'tools/go.ps1' 0", []string{"missing", "Clone the repository"}},
		{"from elsewhere", texts{"Octopus.Action.Script.ScriptSource": "Moon", body: ""}, "inline bash '' '' 0", []string{"missing", `"Moon"`}},
		{"Windows PowerShell", texts{syntax: "PowerShell", "Octopus.Action.PowerShell.Edition": "Desktop"}, "inline powershell '' '' 11", nil},
		{"NUL", texts{body: "a\x00b"}, "inline bash '' '' 3", []string{"missing", "NUL"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := convert(t, Options{}, process(step("S", nil, action("S", row.properties, nil))))
			s := only(t, r)
			got := fmt.Sprintf("%s %s '%s' '%s' %d", s.Script.Source, s.Script.Language, s.Script.Package, s.Script.File, len(s.Script.Body))
			if got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
			if row.says != nil {
				says(t, r, KindStep, "S", row.says...)
			}
		})
	}
}

// A script that is no text is no script, whatever stands there.
func TestScriptOfAnotherType(t *testing.T) {
	for written, body := range map[string]any{"object": object{"a": "b"}, "list": []string{"echo"}, "number": 7, "boolean": true} {
		for _, key := range []string{"Octopus.Action.Script.ScriptBody", "Octopus.Action.Script.ScriptBody[Bash]"} {
			a := action("S", nil, object{"Properties": object{"Octopus.Action.Script.Syntax": "Bash", key: body}})
			r := convert(t, Options{}, process(step("S", nil, a)))
			if s := only(t, r); s.Script.Body != "" {
				t.Errorf("%s: the script is %q", written, s.Script.Body)
			}
			says(t, r, KindStep, "S", "missing", "no text where its script should be", "Until then the step can't be run")
		}
	}
}

// Kinds of actions that run no script of their own keep their place, without one: they can be saved and not run.
func TestOtherKinds(t *testing.T) {
	kinds := slices.Collect(maps.Keys(otherKinds()))
	for _, kind := range append(kinds, "Octopus.Unheard", "") {
		r := convert(t, Options{}, process(step("S", nil, action("S", texts{"Octopus.Action.CustomScripts.Deploy.ps1": "rm x"},
			object{"ActionType": kind}))))
		s := only(t, r)
		if s.Script.Body != "" || !s.Enabled {
			t.Errorf("%s has become the step %+v", kind, s)
		}
		if problems := s.Check(); !slices.ContainsFunc(problems, model.Problem.Incomplete) {
			t.Errorf("%s could be run: %v", kind, problems)
		}
		says(t, r, KindStep, "S", "missing", kind, "Until then the step can't be run", "custom script Deploy.ps1")
	}
	for kind, cloud := range otherClouds() {
		r := convert(t, Options{}, process(step("S", nil, action("S", nil, object{"ActionType": kind}))))
		if s := only(t, r); s.Script.Body == "" || s.AWS.Account != model.NoAccount || len(s.Check()) > 0 {
			t.Errorf("%s has become %+v", kind, s)
		}
		says(t, r, KindStep, "S", "missing", "logs its script in to "+cloud)
	}
}

// What has no counterpart is named.
func TestFeaturesWithoutCounterpart(t *testing.T) {
	r := convert(t, Options{}, process(step("S", object{"Properties": texts{"Octopus.Action.TargetRoles": "web-server"}}, action("S", texts{
		"Octopus.Action.EnabledFeatures": "Octopus.Features.SubstituteInFiles,Octopus.Features.JsonConfigurationVariables," +
			"Octopus.Features.Odd,,Octopus.Features.SelectPowerShellEditionForWindows",
		"Octopus.Action.SubstituteInFiles.TargetFiles": "*.tf", "Octopus.Action.Package.JsonConfigurationVariablesTargets": "app.json",
		"Octopus.Action.Odd.Thing": "yes",
	}, object{
		"WorkerPoolId": "WorkerPools-1", "Container": object{"Image": "octopus/tools:1"}, "Channels": []string{"Channels-1"},
		"TenantTags":      []string{"a/b"},
		"GitDependencies": []object{{"Name": "x"}}, "Notes": "Be careful",
		"Packages": []object{{"Name": "", "PackageId": "Own"}, {"Name": "Tools", "PackageId": "Acme.Tools",
			"Properties": texts{"Extract": "True"}},
			{"Name": "CON", "PackageId": "X"}},
	}))))
	says(t, r, KindStep, "S", "missing", `each target of the role "web-server"`, "worker pool", "octopus/tools:1", "channels", "tenants",
		"Git repositories",
		"Be careful", "replaces #{…} in files", "configuration files", `"Octopus.Features.Odd"`, `"Octopus.Action.Odd.Thing"`, `package "Own"`,
		`package "Acme.Tools"`, `package "CON" is left out`)
	if p := only(t, r).Script.Packages; len(p) != 1 || p[0] != (model.ScriptPackage{Name: "Tools", Package: "Acme.Tools", Extract: true}) {
		t.Errorf("packages %+v", p)
	}
}

// What has no counterpart is shown with what a person needs to build it anew, and never with a secret.
func TestPropertiesOfWhatIsLeftOut(t *testing.T) {
	long := strings.Repeat("Long. ", 1000)
	for name, row := range map[string]struct {
		kind       string
		properties object
		more       object
		says       []string
	}{
		"manual intervention": {"Octopus.Manual", object{"Octopus.Action.Manual.Instructions": "Look at it.\nThen go on.",
			"Octopus.Action.Manual.ResponsibleTeamIds": "Teams-1"}, nil,
			[]string{`Manual.Instructions is "Look at it. Then go on."`, `Manual.ResponsibleTeamIds is "Teams-1"`}},
		"email": {"Octopus.Email", object{"Octopus.Action.Email.To": "a@example.com", "Octopus.Action.Email.Subject": "Done",
			"Octopus.Action.Email.Body": long}, nil,
			[]string{`Email.To is "a@example.com"`, `Email.Subject is "Done"`, `Email.Body is "Long. Long.`, "…"}},
		"stack": {"Octopus.AwsRunCloudFormation", object{"Octopus.Action.Aws.CloudFormationStackName": "web"}, nil,
			[]string{`Aws.CloudFormationStackName is "web"`}},
		"unknown": {"Octopus.Unheard", object{"Octopus.Action.Unheard.Of": "x", "Octopus.Action.Unheard.Switch": "False"}, nil,
			[]string{`Unheard.Of is "x"`, `Unheard.Switch is "False"`}},
		"secrets": {"Octopus.Unheard", object{"Octopus.Action.Unheard.A": object{"HasValue": true}, "Octopus.Action.Unheard.Password": "hunter2",
			"Octopus.Action.Unheard.Api-Key": "hunter2", "Octopus.Action.Unheard.Url": "https://me:hunter2@example.com/x",
			"Octopus.Action.Unheard.Token": "#{Team.Token}", "Octopus.Action.Unheard.Key": "-----BEGIN PRIVATE KEY-----hunter2"}, nil,
			[]string{"Unheard.A is a sensitive value", "Unheard.Password is a value that may be a secret", "Unheard.Api-Key is a value that",
				`Unheard.Url is "https://…@example.com/x"`, `Unheard.Token is "#{Team.Token}"`, "Unheard.Key is a value that"}},
		"substitution": {kindScript, object{"Octopus.Action.EnabledFeatures": "Octopus.Features.SubstituteInFiles",
			"Octopus.Action.SubstituteInFiles.TargetFiles": "*.tf\n*.json"}, nil, []string{`SubstituteInFiles.TargetFiles is "*.tf *.json"`}},
		"configuration": {kindScript, object{"Octopus.Action.EnabledFeatures": "Octopus.Features.JsonConfigurationVariables",
			"Octopus.Action.Package.JsonConfigurationVariablesTargets": "app.json"}, nil,
			[]string{`Package.JsonConfigurationVariablesTargets is "app.json"`}},
		"custom directory": {kindScript, object{"Octopus.Action.EnabledFeatures": "Octopus.Features.CustomDirectory",
			"Octopus.Action.Package.CustomInstallationDirectory": "/srv/web"}, nil, []string{`Package.CustomInstallationDirectory is "/srv/web"`}},
		"custom scripts": {kindScript, object{"Octopus.Action.EnabledFeatures": "Octopus.Features.CustomScripts",
			"Octopus.Action.CustomScripts.Deploy.ps1": "Copy-Item x"}, nil, []string{`CustomScripts.Deploy.ps1 is "Copy-Item x"`}},
		"Git": {kindScript, object{propertySource: "GitRepository", propertyFile: "tools/go.sh",
			"Octopus.Action.GitRepository.Source": "External"},
			object{"GitDependencies": []object{{"Name": "", "RepositoryUri": "https://me:hunter2@example.com/a.git", "DefaultBranch": "main",
				"FilePathFilters": []string{"a", "b"}}}},
			[]string{`the URL of its Git repository is "https://…@example.com/a.git"`, `the reference of its Git repository is "main"`,
				`the path of its Git repository is "a, b"`, `Script.ScriptFileName is "tools/go.sh"`, `GitRepository.Source is "External"`}},
		"C#": {kindScript, object{propertySyntax: "CSharp", propertyBody: "int x;"}, nil, []string{`it is left out: "int x;"`}},
		"another cloud": {"Octopus.AzurePowerShell", object{propertyBody: "1", "Octopus.Action.Azure.AccountId": "Accounts-1"}, nil,
			[]string{`Azure.AccountId is "Accounts-1"`}},
	} {
		t.Run(name, func(t *testing.T) {
			a := object{"Id": "a", "Name": "S", "ActionType": row.kind, "Properties": row.properties}
			maps.Copy(a, row.more)
			r := convert(t, Options{}, process(step("S", nil, a)))
			says(t, r, KindStep, "S", append([]string{"missing"}, row.says...)...)
			if got := of(r, KindStep, "S"); strings.Contains(got, "hunter2") || strings.Contains(got, long) {
				t.Errorf("it says %q", got)
			}
		})
	}
	many := object{}
	for i := range 2 * mostProperties {
		many[fmt.Sprintf("Octopus.Action.Many.P%d", i)] = "x"
	}
	r := convert(t, Options{}, process(step("S", nil, object{"Name": "S", "ActionType": "Octopus.Unheard", "Properties": many})))
	says(t, r, KindStep, "S", "missing", "60 more properties")
}

// A feature that is on and names no files does nothing.
func TestFeaturesWithoutFiles(t *testing.T) {
	r := convert(t, Options{}, process(step("S", nil, action("S", texts{
		"Octopus.Action.EnabledFeatures":           "Octopus.Features.SubstituteInFiles,Octopus.Features.JsonConfigurationVariables",
		"Octopus.Action.SubstituteInFiles.Enabled": "True",
	}, nil))))
	if got := of(r, KindStep, "S"); strings.Contains(got, "files") {
		t.Errorf("it says %q", got)
	}
}

// A step with several actions, and steps that begin together.
func TestSeveralActions(t *testing.T) {
	r := convert(t, Options{}, process(
		step("Rolling", object{"Condition": "Always", "StartTrigger": "StartWithPrevious"}, action("One", nil, nil), action("Two", nil, nil)),
		step("Two", nil, action("Inner", nil, nil)), step("Empty", nil)))
	var got []string
	for _, s := range r.File.Project.Steps {
		got = append(got, fmt.Sprintf("%s %s %s", s.Name, s.Options.Condition, s.Options.Start))
	}
	want := "One always with-previous, Two always after-previous, Two 2 success after-previous"
	if strings.Join(got, ", ") != want {
		t.Errorf("%s; want %s", strings.Join(got, ", "), want)
	}
	says(t, r, KindStep, "Two", "changed", `part of the step "Rolling"`)
	says(t, r, KindStep, "Two 2", "changed", `in the export it is "Two"`)
	says(t, r, KindStep, "Empty", "missing", "no action")
}

// Run conditions, and those that limits to environments become: whether the step runs in an environment, after a failure or not.
func TestConditions(t *testing.T) {
	environments := []object{{"Id": "Environments-1", "Name": "Test"}, {"Id": "Environments-2", "Name": "Production"}}
	list := func(ids ...string) []string { return ids }
	for _, row := range []struct {
		name, when, expression string
		only, except           []string
		want                   model.Condition
		runs                   string // environment and state in which an expression is true
	}{
		{name: "success", when: "Success", want: model.ConditionSuccess},
		{name: "failure", when: "Failure", want: model.ConditionFailure},
		{name: "always", when: "Always", want: model.ConditionAlways},
		{name: "none", when: "", want: model.ConditionSuccess},
		{name: "unknown", when: "Sometimes", want: model.ConditionSuccess},
		{name: "expression", when: "Variable", expression: "#{Go}", want: model.ConditionVariable, runs: "Test Test! Production Production!"},
		{name: "in one", when: "Success", only: list("Environments-2"), want: model.ConditionVariable, runs: "Production"},
		{name: "in both", when: "Success", only: list("Environments-1", "Environments-2"), want: model.ConditionVariable,
			runs: "Test Production"},
		{name: "not in one", when: "Failure", except: list("Environments-2"), want: model.ConditionVariable, runs: "Test!"},
		{name: "always in one", when: "Always", only: list("Environments-1"), want: model.ConditionVariable, runs: "Test Test!"},
		{name: "expression in one", when: "Variable", expression: "#{unless Off}yes#{/unless}", only: list("Environments-1"),
			want: model.ConditionVariable, runs: "Test Test!"},
		{name: "false expression in one", when: "Variable", expression: "#{if Off}yes#{/if}", except: list("Environments-1"),
			want: model.ConditionVariable},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := convert(t, Options{}, object{"process": process(step("S", object{
				"Condition": row.when, "Properties": texts{"Octopus.Step.ConditionVariableExpression": row.expression},
			}, action("S", nil, object{"Environments": row.only, "ExcludedEnvironments": row.except}))), "environments": environments})
			o := only(t, r).Options
			if o.Condition != row.want {
				t.Fatalf("the condition is %s, want %s", o.Condition, row.want)
			}
			if got := trueIn(t, o.ConditionExpression); got != row.runs && row.want == model.ConditionVariable {
				t.Errorf("%s is true in %q, want %q", o.ConditionExpression, got, row.runs)
			}
			if len(r.Asked) > 0 && row.expression != "#{Go}" && !strings.Contains(row.expression, "Off") {
				t.Errorf("it asks for %v", r.Asked)
			}
		})
	}
}

// trueIn returns the environments in which an expression is true; with an exclamation mark after a failure.
func trueIn(t *testing.T, expression string) string {
	t.Helper()
	var in []string
	for _, environment := range []string{"Test", "Production"} {
		for _, failure := range []string{"", "!"} {
			values := []model.Variable{
				{Name: "Octopus.Environment.Name", Type: model.TypeText, Value: environment},
				{Name: "Octopus.Deployment.Error", Type: model.TypeText, Value: failure}, {Name: "Go", Type: model.TypeText, Value: "x"},
			}
			x, err := runner.NewKnown(values, nil, "").Expand(expression)
			if err != nil {
				t.Fatal(err)
			}
			if model.IsTrue(x.Text) {
				in = append(in, environment+failure)
			}
		}
	}
	return strings.Join(in, " ")
}

// The names of a project, and of environments of which only the id is known.
func TestProcessNames(t *testing.T) {
	runbook := process(step("S", nil, action("S", nil, object{"Environments": []string{"Environments-9"}})))
	runbook["RunbookId"] = "Runbooks-1"
	r := convert(t, Options{}, runbook, object{"Id": "Projects-1", "Name": "Web"}, object{"Id": "Runbooks-1", "Name": "Rotate"})
	if r.File.Project.Name != "Web - Rotate" || !slices.Equal(r.File.Project.Environments, []string{"Environments-9"}) {
		t.Errorf("%q in %v", r.File.Project.Name, r.File.Project.Environments)
	}
	says(t, r, KindEnvironment, "Environments-9", "missing", "Only its id is in the export")
	says(t, r, KindProject, "Web - Rotate", "missing", "Export the variables")
	if r := convert(t, Options{}, runbook); r.File.Project.Name != "file0" {
		t.Errorf("without a name it is called %q", r.File.Project.Name)
	}
	if r := convert(t, Options{Project: "Mine"}, runbook); r.File.Project.Name != "Mine" {
		t.Errorf("it is called %q", r.File.Project.Name)
	}
	_, err := Convert(t.Context(), read(t, runbook, process()), Options{Project: "Mine"})
	if model.ErrorCode(err) != "import.octopus.several" {
		t.Errorf("two processes with one name: %v", err)
	}
}

// The inputs of a step package are in the report, also where a script is taken over.
func TestInputsOfStepPackages(t *testing.T) {
	inputs := object{"region": "eu-west-1", "name": "web", "apiToken": "hunter2", "cluster": object{"name": "c"},
		"login": object{"password": "hunter3"}}
	other := action("Deploy", nil, object{"ActionType": "aws-ecs", "StepPackageVersion": "1.0.0", "Inputs": inputs})
	r := convert(t, Options{}, process(step("Deploy", nil, other), step("Run", nil, action("Run", nil, object{"Inputs": inputs})),
		step("Plain", nil, action("Plain", nil, object{"Inputs": object{}}))))
	for _, name := range []string{"Deploy", "Run"} {
		says(t, r, KindStep, name, "missing", `In Octopus, region is "eu-west-1".`, `cluster is "{"name":"c"}"`,
			"apiToken is a value that may be")
	}
	says(t, r, KindStep, "Plain", "taken")
	if strings.Contains(fmt.Sprint(r.Items), "hunter") {
		t.Error("the report shows a secret")
	}
}
