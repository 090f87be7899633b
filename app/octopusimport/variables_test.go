package octopusimport

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func variable(name, value string, scope object, more object) object {
	v := object{"Name": name, "Value": value, "Type": "String", "Scope": scope, "IsSensitive": false}
	for k, x := range more {
		v[k] = x
	}
	return v
}

func variableSet(list ...object) object {
	return object{
		"Id": "variableset-Projects-1", "OwnerId": "Projects-1", "Variables": list,
		"ScopeValues": object{"Environments": []object{{"Id": "Environments-1", "Name": "Test"}, {"Id": "Environments-2", "Name": "Production"}},
			"Actions": []object{{"Id": "elsewhere", "Name": "Deploy"}}},
	}
}

// written returns variables in short: type, name, value and scope.
func written(list []model.Variable) string {
	var lines []string
	for _, v := range list {
		line := fmt.Sprintf("%s %s=%s", v.Type, v.Name, v.Value)
		if len(v.Scope) > 0 {
			line += " " + strings.Join(v.Scope, "+")
		}
		if v.Prompt != nil {
			line += fmt.Sprintf(" ?%s %s %v", v.Prompt.Label, v.Prompt.Control, v.Prompt.Required)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Types, scopes and prompts of variables.
func TestVariables(t *testing.T) {
	scope := func(kind string, ids ...string) object { return object{kind: ids} }
	test, production := scope("Environment", "Environments-1"), scope("Environment", "Environments-2")
	select3 := object{"Prompt": object{"Label": "Which", "Required": "True", "DisplaySettings": texts{
		"Octopus.ControlType": "Select", "Octopus.SelectOptions": "a\nb"}}}
	for _, row := range []struct {
		name      string
		variables []object
		want      string
		says      []string
	}{
		{"text", []object{variable("X", "1", nil, nil)}, "text X=1", []string{"taken"}},
		{"by environment", []object{variable("X", "1", nil, nil), variable("X", "2", production, nil)}, "text X=1\ntext X=2 Production",
			[]string{"taken"}},
		{"sensitive", []object{variable("X", "", nil, object{"IsSensitive": true, "Value": nil})}, "sensitive X=", []string{"missing",
			"sensitive"}},
		{"by type", []object{variable("X", "", nil, object{"Type": "Sensitive"})}, "sensitive X=", []string{"missing"}},
		{"certificate", []object{variable("X", "Certificates-1", nil, object{"Type": "Certificate"})}, "text X=", []string{"missing",
			"a certificate"}},
		{"asked for", []object{variable("X", "a", nil, select3)}, "text X=a ?Which select true", []string{"taken"}},
		{"described", []object{variable("X", "1", nil, object{"Description": "For Ana"})}, "text X=1", []string{"changed", "For Ana"}},
		{"twice", []object{variable("X", "1", nil, nil), variable("x", "2", nil, nil)}, "text X=1", []string{"taken"}},
		{"twice in one environment", []object{variable("X", "1", test, nil), variable("X", "2", scope("Environment", "Environments-1",
			"Environments-2"), nil)},
			"text X=1 Test\ntext X=2 Production", []string{"changed", "for one environment"}},
		{"by tenant, with another", []object{variable("X", "2", scope("TenantTag", "a/b"), nil), variable("X", "1", nil, nil)}, "text X=1",
			[]string{"missing", "A value for tenant tags, which Stepdeck does not have, is left out",
				`The value that is left out is "2"`}},
		{"by channel and target, alone", []object{variable("X", "2", object{"Channel": []string{"c"}, "Machine": "m", "Odd": nil}, nil)},
			"text X=2",
			[]string{"missing", "for channels and deployment targets", "for all runs"}},
		{"of another runbook", []object{variable("X", "2", scope("ProcessOwner", "Runbooks-7"), nil)}, "", []string{"changed",
			"other processes", `The value that is left out is "2"`}},
		{"of this process", []object{variable("X", "2", scope("ProcessOwner", "Projects-1"), nil)}, "text X=2", []string{"taken"}},
		{"of a step", []object{variable("X", "2", scope("Action", "id-Deploy"), nil)}, "in the step: text X=2", []string{"taken"}},
		{"of a step by its name", []object{variable("X", "2", scope("Action", "elsewhere"), nil)}, "in the step: text X=2", []string{"taken"}},
		{"of a step that is not there", []object{variable("X", "2", scope("Action", "gone"), nil)}, "", []string{"changed",
			"steps that are not in the export", `The value that is left out is "2"`}},
		{"of a step in an environment", []object{variable("X", "2", object{"Action": "id-Deploy", "Environment": "Environments-1"}, nil)}, "",
			[]string{"missing", "steps and environments at once", `The value that is left out is "2"`}},
		{"a secret of another runbook", []object{variable("Password", "hunter2", scope("ProcessOwner", "Runbooks-7"), nil),
			variable("X", "1", nil, nil)}, "text X=1", []string{"taken"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := convert(t, Options{}, process(step("Deploy", nil, action("Deploy", nil, nil))), variableSet(row.variables...))
			got := written(r.File.Project.Variables)
			if values := written(only(t, r).Values); values != "" {
				got += "in the step: " + values
			}
			if got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
			says(t, r, KindVariable, "X", row.says...)
			if strings.Contains(fmt.Sprint(r.Items), "hunter2") {
				t.Errorf("the report shows a secret: %v", r.Items)
			}
			if !slices.Equal(r.File.Project.Environments, []string{"Test", "Production"}) {
				t.Errorf("environments %v", r.File.Project.Environments)
			}
		})
	}
}

// An account variable leads to the account in the export, to one of this computer, or to none yet.
func TestAccountVariables(t *testing.T) {
	account := func(value string) object {
		return variable("A", value, nil, object{"Type": "AmazonWebServicesAccount"})
	}
	key := object{"Id": "Accounts-1", "Name": "Web", "AccountType": "AmazonWebServicesAccount", "AccessKey": "AKIAIOSFODNN7EXAMPLE",
		"Region": "eu-west-1"}
	oidc := object{"Id": "Accounts-2", "Name": "Web OIDC", "AccountType": "AmazonWebServicesOidcAccount"}
	for _, row := range []struct {
		name, value string
		options     Options
		want        string
		accounts    int
	}{
		{"in the export", "Accounts-1", Options{}, "Web", 1},
		{"in the export and here", "Accounts-1", Options{Accounts: []model.Account{{Name: "web"}}}, "web", 0},
		{"here by its id", "amazonwebservicesaccount-my-web", Options{Accounts: []model.Account{{Name: "My web"}}}, "My web", 0},
		{"of another kind", "Accounts-2", Options{}, "", 0},
		{"named", "Accounts-9", Options{Account: "Mine"}, "Mine", 0},
		{"unknown", "Accounts-9", Options{}, "", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := convert(t, row.options, object{"a": key, "b": oidc, "c": process(step("S", nil, action("S", nil, nil))),
				"d": variableSet(account(row.value))})
			if got := r.File.Project.Variables[0].Value; got != row.want || len(r.File.Accounts) != row.accounts {
				t.Errorf("the account is %q, want %q; %d are added, want %d", got, row.want, len(r.File.Accounts), row.accounts)
			}
			if row.want == "" {
				says(t, r, KindVariable, "A", "missing", "is not in the export", "Choose an account of this computer")
			}
			if row.accounts > 0 {
				says(t, r, KindAccount, "Web", "missing", "Enter its secret key")
			}
		})
	}
}

// Variables of libraries go to the projects that include them; those of other projects make projects of their own.
func TestVariableSets(t *testing.T) {
	library := func(id, name string) object {
		return object{"Id": "v" + id, "OwnerId": "LibraryVariableSets-" + id, "Variables": []object{variable(name, "1", nil, nil)}}
	}
	other := object{"Id": "v", "OwnerId": "Projects-2", "Variables": []object{variable("Other", "1", nil, nil)}}
	web := object{"Id": "Projects-1", "Name": "Web", "IncludedLibraryVariableSetIds": []string{"LibraryVariableSets-1"}}
	p := process(step("S", nil, action("S", nil, nil)))
	list := convertAll(t, Options{}, p, web, library("1", "Included"), library("2", "Left"), other, object{"Id": "Projects-2",
		"Name": "Other"})
	if len(list) != 2 || written(list[0].File.Project.Variables) != "text Included=1" ||
		written(list[1].File.Project.Variables) != "text Other=1" {
		t.Errorf("%+v", list)
	}
	says(t, list[1], KindProject, "Other", "missing", "no process for it")
	if r := convert(t, Options{}, p, library("1", "One"), library("2", "Two")); written(r.File.Project.Variables) != "text One=1\ntext Two=1" {
		t.Errorf("of a project that is not in the export: %s", written(r.File.Project.Variables))
	}
}

// Values of a step template's parameters in a process are values of its step.
func TestTemplateInProcess(t *testing.T) {
	made := process(step("S", nil, action("S", texts{
		"Octopus.Action.Template.Id": "ActionTemplates-1", "Octopus.Action.Template.Version": "7", "Count": "3", "Fast": "true",
		"Where":  "Accounts-1",
		"Linked": "#{Web.Account}", "Odd{}": "x", "{}": "x",
	}, nil)))
	set := variableSet(variable("Web.Account", "Accounts-1", nil, object{"Type": "AmazonWebServicesAccount"}))
	own := template("T", parameter("Count", "SingleLineText", ""), parameter("Fast", "Checkbox", ""), parameter("Where",
		"AmazonWebServicesAccount", ""),
		parameter("Linked", "AmazonWebServicesAccount", ""))
	list := convertAll(t, Options{Account: "Web"}, made, set, own)
	p := list[0].File.Project
	if got := written(p.Steps[0].Values); got != "text Count=3\ntext Fast=True\ntext Odd=x" {
		t.Errorf("values\n%s", got)
	}
	if got := written(p.Variables); got != "aws-account Where=Web\naws-account Web.Account=Web" {
		t.Errorf("variables\n%s", got)
	}
	says(t, list[0], KindParameter, "Linked", "changed", `the variable "Web.Account"`)
	says(t, list[0], KindParameter, "{}", "missing")
}

// Each account of Octopus can have an account of this computer in its place, whatever environments its variables are for.
func TestAccountsInstead(t *testing.T) {
	set := object{"Id": "v", "OwnerId": "Projects-1", "Variables": []object{
		{"Name": "AWS", "Value": "Accounts-1", "Type": "AmazonWebServicesAccount", "Scope": object{"Environment": []string{"Test"}}},
		{"Name": "AWS", "Value": "Accounts-2", "Type": "AmazonWebServicesAccount", "Scope": object{"Environment": []string{"Production"}}},
		{"Name": "Other", "Value": nil, "Type": "AmazonWebServicesAccount"},
	}}
	known := object{"Id": "Accounts-2", "Name": "Web", "AccountType": "AmazonWebServicesAccount", "AccessKey": "AKIAIOSFODNN7EXAMPLE"}
	for _, row := range []struct {
		name    string
		o       Options
		want    string // the values in order
		here    string // of the accounts
		exports int    // accounts that are made
	}{
		{"none", Options{}, ", Web, ", ", Web", 1},
		{"by id and name", Options{Instead: map[string]string{AccountKey("ACCOUNTS-1"): "Mine", AccountKey("web"): "Prod"}}, "Mine, Prod, ",
			"Mine, Prod", 0},
		{"the rest", Options{Account: "Rest", Instead: map[string]string{AccountKey("Accounts-2"): "Prod"}}, "Rest, Prod, Rest", "Rest, Prod", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := convert(t, row.o, process(), set, []object{known})
			var values, here []string
			for _, v := range r.File.Project.Variables {
				values = append(values, v.Value)
			}
			for _, a := range r.Accounts {
				here = append(here, a.Here)
			}
			if strings.Join(values, ", ") != row.want || strings.Join(here, ", ") != row.here || len(r.File.Accounts) != row.exports {
				t.Errorf("values %q, accounts %q, %d made", values, here, len(r.File.Accounts))
			}
			if r.Accounts[1].Name != "Web" || !r.Nameless {
				t.Errorf("%+v, nameless %v", r.Accounts, r.Nameless)
			}
		})
	}
}

// An account that was chosen after the last import stays, whatever the export has for it now, unless another is wished for.
func TestAccountsThatWereChosenAreKept(t *testing.T) {
	const kind = "AmazonWebServicesAccount"
	set := variableSet(variable("AWS", "Accounts-1", object{"Environment": []string{"Test"}}, object{"Type": kind}),
		variable("AWS", "Accounts-1", object{"Environment": []string{"Production"}}, object{"Type": kind}),
		variable("Linked", "#{AWS}", nil, object{"Type": kind}),
		variable("Own", "Accounts-1", object{"Action": []string{"id-S"}}, object{"Type": kind}))
	web := object{"Id": "Accounts-1", "Name": "Web", "AccountType": kind, "AccessKey": "AKIAIOSFODNN7EXAMPLE"}
	account := func(name, value string, scope ...string) model.Variable {
		return model.Variable{Name: name, Type: model.TypeAWSAccount, Value: value, Scope: scope}
	}
	before := model.Project{
		Name: "Imported", Steps: []model.Step{{Name: "S", Values: []model.Variable{account("Own", "Mine")}}},
		Variables: []model.Variable{account("AWS", "Sand", "test"), account("AWS", "", "Production"), account("Linked", "Sand")},
	}
	for _, row := range []struct {
		name    string
		o       Options
		stored  model.Project
		want    string
		exports int
	}{
		{"the first time", Options{}, model.Project{}, "Web, Web, #{AWS}, Web", 1},
		{"chosen", Options{}, before, "Sand, Web, Sand, Mine", 1},
		{"wished for", Options{Instead: map[string]string{AccountKey("Accounts-1"): "Prod"}}, before, "Prod, Prod, Sand, Prod", 0},
		{"an expression", Options{}, model.Project{Variables: []model.Variable{account("AWS", "#{X}", "Test")}}, "Web, Web, #{AWS}, Web", 1},
		{"all chosen", Options{Accounts: []model.Account{{Name: "web"}}}, model.Project{Variables: []model.Variable{
			account("AWS", "Sand", "Test"), account("AWS", "WEB", "Production"),
		}}, "Sand, web, #{AWS}, web", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.o.Into = func(string) (model.Project, bool) { return row.stored, row.stored.Variables != nil }
			r := convert(t, row.o, process(step("S", nil, action("S", nil, nil))), set, []object{web})
			var values []string
			for _, v := range append(r.File.Project.Variables, r.File.Project.Steps[0].Values...) {
				values = append(values, v.Value)
			}
			if got := strings.Join(values, ", "); got != row.want || len(r.File.Accounts) != row.exports {
				t.Errorf("values %q, want %q; %d accounts made, want %d", got, row.want, len(r.File.Accounts), row.exports)
			}
			if strings.HasPrefix(row.want, "Sand") {
				says(t, r, KindVariable, "AWS", "changed", `keeps the account "Sand" of the project`, `in the export it is "Web"`)
			}
		})
	}
}

// An account variable can lead to another one; a value for targets keeps its environments, and what is said twice is said once.
func TestVariablesInDetail(t *testing.T) {
	set := object{"Id": "v", "OwnerId": "Projects-1", "Variables": []object{
		variable("AWS", "#{Other}", nil, object{"Type": "AmazonWebServicesAccount"}),
		variable("Machine", "m", object{"Machine": []string{"Machines-1"}, "Environment": []string{"Test"}}, nil),
		variable("Secret", "", object{"Environment": []string{"Test"}}, object{"IsSensitive": true}),
		variable("Secret", "", object{"Environment": []string{"Production"}}, object{"IsSensitive": true}),
	}}
	r := convert(t, Options{}, process(), set)
	if v, _ := r.File.Project.Declared("AWS"); v.Value != "#{Other}" || len(r.Accounts) > 0 {
		t.Errorf("the account is %q, of Octopus %v", v.Value, r.Accounts)
	}
	says(t, r, KindVariable, "AWS", "taken")
	says(t, r, KindVariable, "Machine", "missing", "here it is for all runs in Test.")
	if got := strings.Count(of(r, KindVariable, "Secret"), "Its value is sensitive"); got != 1 {
		t.Errorf("it says %d times that the value is not there", got)
	}
}

// An AWS account with OpenID Connect is an account variable, too, so that the steps that use it can be run.
func TestOIDCAccount(t *testing.T) {
	set := object{"Id": "v", "OwnerId": "Projects-1", "Variables": []object{
		variable("AWS", "amazonwebservicesoidcaccount-web", nil, object{"Type": "AmazonWebServicesOidcAccount"}),
	}}
	for _, row := range []struct {
		accounts []model.Account
		want     string
		outcome  string
	}{
		{nil, "", "missing"},
		{[]model.Account{{Name: "Web", Kind: model.KindProfile}}, "Web", "changed"},
	} {
		r := convert(t, Options{Accounts: row.accounts}, process(), set)
		if v, _ := r.File.Project.Declared("AWS"); v.Type != model.TypeAWSAccount || v.Value != row.want {
			t.Errorf("it is %+v", v)
		}
		says(t, r, KindVariable, "AWS", row.outcome, "signs in to its account with OpenID Connect")
	}
	r := convert(t, Options{}, template("T", parameter("AWS", "AmazonWebServicesOidcAccount", "")))
	if v, _ := r.File.Project.Declared("AWS"); v.Type != model.TypeAWSAccount {
		t.Errorf("the parameter is %+v", v)
	}
}

// A role without an ARN is told of: a run would be refused.
func TestRoleWithoutARN(t *testing.T) {
	r := convert(t, Options{}, process(step("S", nil, action("S", texts{
		"Octopus.Action.Aws.AssumeRole": "True", "Octopus.Action.Aws.Region": "eu-west-1", "Octopus.Action.AwsAccount.Variable": "AWS",
	}, object{"ActionType": "Octopus.AwsRunScript"}))))
	says(t, r, KindStep, "S", "missing", "It assumes a role, but names none. Enter its ARN")
}
