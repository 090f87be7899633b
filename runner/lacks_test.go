package runner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// What a script uses of Octopus and nobody defines, in each language.
func TestLacks(t *testing.T) {
	project := model.Project{
		Name: "P", Environments: []string{"Staging"},
		Variables: []model.Variable{
			{Name: "Octopus.Space.Name", Type: model.TypeText, Value: "Default", Scope: []string{"Staging"}},
			{Name: "web", Type: model.TypeAWSAccount, Value: "Web"},
		},
		Steps: []model.Step{{Name: "Before", Script: model.Script{Source: model.SourceInline, Body: "set_octopusvariable Octopus.Release.Id 1"}}},
	}
	for language, c := range map[model.Language]struct{ body, want string }{
		model.Bash: {"get_octopusvariable Octopus.Release.Number\nget_octopusvariable Octopus.Space.Name\n" +
			"get_octopusvariable Octopus.Step.Name\nget_octopusvariable Octopus.Environment.Name\n" +
			"get_octopusvariable Octopus.Release.Id\nset_environmentstate a b\n",
			"Octopus.Release.Number:1 variable, set_environmentstate:6 helper of server"},
		model.PowerShell: {"$OctopusReleaseNotes\nif ($OctopusParameters.ContainsKey('Octopus.Web.BaseUrl')) { }\nGet-OctopusThing\n",
			"Octopus.Release.Notes:1 optional, Octopus.Web.BaseUrl:2 variable, Get-OctopusThing:3 helper"},
		model.Python: {"get_octopusvariable('Octopus.Nothing')\nprinthighlight('x')\nnew_octopustarget('x')\nget_octopusthing()\n",
			"Octopus.Nothing:1 unknown, new_octopustarget:3 helper of server, get_octopusthing:4 helper"},
	} {
		t.Run(string(language), func(t *testing.T) {
			step := model.Step{Name: "S", Script: model.Script{Source: model.SourceInline, Language: language, Body: c.body}}
			project.Steps = append(project.Steps[:1:1], step)
			var got []string
			for _, l := range NewLacking(project, testBootstraps(t), nil).Of(t.Context(), step) {
				got = append(got, fmt.Sprintf("%s:%d %s", l.Name, l.Line, l.Kind))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s; want %s", strings.Join(got, ", "), c.want)
			}
		})
	}
	body := "get_octopusvariable 'Octopus.Action.Package[Tools].ExtractedPath'\n" +
		"get_octopusvariable 'Octopus.Action.Package[Other].PackageId'\n"
	further := model.Step{Name: "S", Script: model.Script{
		Source: model.SourceInline, Language: model.Bash, Body: body, Packages: []model.ScriptPackage{{Name: "tools"}},
	}}
	if got := NewLacking(project, testBootstraps(t), nil).Of(t.Context(), further); len(got) != 1 || got[0].Line != 2 {
		t.Errorf("of a step with the package tools: %v; want that of the package Other alone", got)
	}
	step := model.Step{Name: "S", Script: model.Script{Source: model.SourcePackage, File: "run.sh"}}
	if got := NewLacking(project, testBootstraps(t), nil).Of(t.Context(), step); len(got) > 0 {
		t.Errorf("of a package: %v", got)
	}
}

// What a script gets of a variable without a value depends on its language.
func TestLackSentences(t *testing.T) {
	for name, c := range map[string]struct {
		language model.Language
		body     string
		want     []string
	}{
		"bash": {model.Bash, "get_octopusvariable 'Octopus.Action[A].Output.X'", []string{
			"no step of this run sets before, so it is empty."}},
		"powershell": {model.PowerShell, "$OctopusParameters['Octopus.Release.Number']", []string{"until then it is empty."}},
		"python": {model.Python, "get_octopusvariable('Octopus.Action[A].Output.X')", []string{
			"so the script fails there with a KeyError."}},
		"python index": {model.Python, "octopusvariables['Octopus.Nothing']", []string{
			"until then the script fails there with a KeyError."}},
		"python get": {model.Python, "octopusvariables.get('Octopus.Release.Notes')", []string{
			"nothing here sets, so it is None, or"}},
		"python keys": {model.Python, "octopusvariables['web.SecretKey']", []string{"Call aws instead", "fails there with a KeyError."}},
		"python asks": {model.Python, "if 'Octopus.Nothing' in octopusvariables:\n  print(octopusvariables['Octopus.Nothing'])",
			[]string{"until then it is None"}},
	} {
		t.Run(name, func(t *testing.T) {
			step := model.Step{Name: "S", Script: model.Script{Source: model.SourceInline, Language: c.language, Body: c.body}}
			p := model.Project{Name: "P", Steps: []model.Step{step}}
			p.Variables = []model.Variable{{Name: "web", Type: model.TypeAWSAccount, Value: "Web"}}
			list := NewLacking(p, testBootstraps(t), []model.Account{{Name: "Web", Kind: model.KindProfile}}).Of(t.Context(), step)
			if len(list) != 1 {
				t.Fatalf("%d lacks", len(list))
			}
			for _, want := range c.want {
				if got := list[0].Sentence("its script"); !strings.Contains(got, want) {
					t.Errorf("%q does not say %q", got, want)
				}
			}
		})
	}
}
