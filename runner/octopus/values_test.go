package octopus_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

// run and step have everything that a variable can tell.
func run() octopus.Run {
	return octopus.Run{
		Number: 17, Began: time.Date(2026, 11, 28, 9, 30, 0, 0, time.FixedZone("", 3600)), Who: "ana@desk",
		Project: model.Project{ID: "1f2e", Name: "Website"}, Environment: model.Environment{ID: "3a4b", Name: "Staging"}, Place: 1,
	}
}

func step() octopus.Step {
	return octopus.Step{Number: 2, Step: model.Step{
		ID: "5c6d", Name: "Rotate keys", Script: model.Script{Source: model.SourcePackage, File: "deploy.sh"},
		AWS: model.StepAWS{
			Account: "aws.account", Region: "eu-west-1", AssumeRole: &model.AssumeRole{ARN: "arn:aws:iam::123456789012:role/Deploy"},
		},
	}}
}

// The table of variables and their values know the same names, and the examples in it are what a run like that one has.
func TestTableAndValuesAgree(t *testing.T) {
	values := map[string]string{}
	for _, v := range append(run().Values(), step().Values()...) {
		values[v.Name] = v.Value
	}
	for _, v := range octopus.Variables() {
		value, set := values[v.Name]
		delete(values, v.Name)
		ours := v.Source == octopus.FromRun || v.Source == octopus.FromStep
		example, _, _ := strings.Cut(v.Example, "…") // of an id
		switch {
		case set != ours:
			t.Errorf("%s has the value %q, source %d", v.Name, value, v.Source)
		case ours && !strings.HasPrefix(value, strings.TrimPrefix(example, "1f2e")):
			t.Errorf("%s has the value %q, not %q", v.Name, value, v.Example)
		}
	}
	for name := range values {
		t.Errorf("%s is not in the table", name)
	}
}

// Without an environment, a role or an account there is nothing to tell.
func TestValuesOfLittle(t *testing.T) {
	for _, v := range (octopus.Run{Project: model.Project{Name: "P"}}).Values() {
		if strings.HasPrefix(v.Name, "Octopus.Environment.") || strings.Contains(v.Name, "CreatedBy") || v.Value == "" {
			t.Errorf("%s = %q", v.Name, v.Value)
		}
	}
	got := map[string]string{}
	for _, v := range (octopus.Step{Step: model.Step{AWS: model.StepAWS{Account: "Instance-Role"}}}).Values() {
		got[v.Name] = v.Value
	}
	if got["Octopus.Action.AwsAccount.UseInstanceRole"] != "True" || got["Octopus.Action.AwsAccount.Variable"] != "" ||
		got["Octopus.Action.Aws.AssumeRole"] != "False" {
		t.Errorf("%v", got)
	}
}

// row is how docs/scripts.md has a variable.
func row(v octopus.Variable) string {
	return strings.TrimSpace(fmt.Sprintf("| `%s` | `%s` | %s", v.Name, v.Example, v.About)) + " |"
}

// The documentation has every variable, and none that is unknown.
func TestVariablesAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "scripts.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range octopus.Variables() {
		documented := strings.Contains(string(text), "`"+v.Name+"`")
		if v.Source == octopus.FromRun || v.Source == octopus.FromStep {
			documented = strings.Contains(string(text), row(v)+"\n")
		}
		if !documented {
			t.Errorf("docs/scripts.md lacks %s", row(v))
		}
	}
	for line := range strings.Lines(string(text)) {
		if name, _, found := strings.Cut(strings.TrimPrefix(line, "| `"), "`"); found && strings.HasPrefix(line, "| `Octopus.") {
			ofOthers := strings.HasPrefix(name, "Octopus.Action[") || strings.HasPrefix(name, "Octopus.Action.Package[") // steps, packages
			if _, known := octopus.Lookup(name); !known && !ofOthers {
				t.Errorf("docs/scripts.md has %s, which is not known", name)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	for name, want := range map[string]string{
		"octopus.release.number": "Octopus.Release.Number", "Octopus.Release.CustomFields[Ticket]": "Octopus.Release.CustomFields[x]",
		"Octopus.Release.Nothing": "", "Release.Number": "",
	} {
		if v, _ := octopus.Lookup(name); v.Name != want {
			t.Errorf("%s is %q, want %q", name, v.Name, want)
		}
	}
	if v, _ := octopus.ByOwnName("octopusreleasenumber"); v.Name != "Octopus.Release.Number" {
		t.Errorf("$OctopusReleaseNumber is %q", v.Name)
	}
	if _, found := octopus.ByOwnName("OctopusApiKey"); found {
		t.Error("$OctopusApiKey is known")
	}
}
