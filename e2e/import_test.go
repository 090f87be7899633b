//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

const octopusExport = `[{"Id": "deploymentprocess-Projects-1", "ProjectId": "Projects-1", "Steps": [
	{"Name": "Greet", "Actions": [{"Id": "a", "Name": "Greet", "ActionType": "Octopus.Script", "Properties": {
		"Octopus.Action.Script.Syntax": "Bash",
		"Octopus.Action.Script.ScriptBody": "echo \"Hello from $(get_octopusvariable Octopus.Release.Number)\""}}]},
	{"Name": "List", "Actions": [{"Id": "b", "Name": "List", "ActionType": "Octopus.AwsRunScript", "Properties": {
		"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.Script.ScriptBody": "aws s3 ls",
		"Octopus.Action.Aws.Region": "eu-west-1", "Octopus.Action.AwsAccount.Variable": "Web.Account"}}]}]},
	{"Id": "Projects-1", "Name": "Website"}]`

const octopusVariables = `{"Id": "variableset-Projects-1", "OwnerId": "Projects-1", "Variables": [
	{"Name": "Web.Account", "Type": "AmazonWebServicesAccount", "Value": "Accounts-1", "Scope": {}}]}`

// TestImportFromOctopus drops the files of an export on the window, chooses the account, the value and the name that the sheet asks for,
// and runs a step of the project that comes of it.
func TestImportFromOctopus(t *testing.T) {
	s := newStage(t)
	s.importProject(`stepdeck: 1
project: Jobs
accounts:
  - {name: Company, kind: profile, profile: company}
`)
	w := s.open()
	w.drop(s.write("process.json", octopusExport), s.write("variables.json", octopusVariables))
	w.read("Import from Octopus")
	w.read(`project "Website" is added: 2 steps, 2 variables`)
	w.read(`Its account, "Accounts-1", is not in the export.`)
	w.click(field("Octopus account Accounts-1"))
	w.click(words("Company"))
	w.gone(`Its account, "Accounts-1", is not in the export.`)
	w.fill(field("Octopus.Release.Number"), "1.4.0")
	w.fill(field("Project"), "Shop")
	w.key("Tab")
	w.read(`project "Shop" is added: 2 steps, 2 variables`)
	w.still()
	w.picture("root", "import-octopus")
	w.click(words("Import"))
	w.read("Greet")
	text := s.command("export", "Shop")
	for _, want := range []string{"value: Company", `value: "1.4.0"`} {
		if !strings.Contains(text, want) {
			t.Errorf("what was chosen is not in the project: no %q in\n%s", want, text)
		}
	}
	if out := s.command("run", "Shop", "Greet"); !strings.Contains(out, "Hello from 1.4.0") {
		t.Errorf("the step prints\n%s", out)
	}
	w.close()
}
