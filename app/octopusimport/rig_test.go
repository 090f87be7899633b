package octopusimport

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/octopusjson"
	"github.com/stepdeck/stepdeck/runner/script"
)

// object is a JSON object, in Octopus's format.
type object map[string]any

type texts map[string]string

func bootstraps(t *testing.T) script.Bootstraps {
	t.Helper()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", "assets", "bootstrap", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return script.Bootstraps{Bash: read("bootstrap.sh"), BashHelpers: read("helpers.sh"), BashBeside: read("beside.sh"),
		BashSource: read("source.sh"), BashStart: read("start.sh"), PowerShell: read("bootstrap.ps1")}
}

// read reads values as if each were a file.
func read(t *testing.T, values ...any) octopusjson.Export {
	t.Helper()
	var list []octopusjson.Export
	for i, v := range values {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		e, err := octopusjson.Read(fmt.Sprintf("file%d.json", i), data)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return octopusjson.Merge(list...)
}

// convert makes the only project of files. Whatever they contain, it can be saved.
func convert(t *testing.T, o Options, values ...any) Result {
	t.Helper()
	list := convertAll(t, o, values...)
	if len(list) != 1 {
		t.Fatalf("%d projects", len(list))
	}
	return list[0]
}

func convertAll(t *testing.T, o Options, values ...any) []Result {
	t.Helper()
	o.Bootstraps = bootstraps(t)
	list, err := Convert(t.Context(), read(t, values...), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if p := unsavable(r.File.Project); p != nil {
			t.Errorf("the project can't be saved: %v", p)
		}
	}
	return list
}

func unsavable(p model.Project) error {
	for _, problem := range p.Check() {
		if problem.Unsavable() {
			return problem
		}
	}
	return nil
}

// of returns what the report says of a thing: its outcome and the sentences.
func of(r Result, kind Kind, name string) string {
	for _, i := range r.Items {
		if i.Kind != kind || i.Name != name {
			continue
		}
		said := []string{string(i.Outcome())}
		for _, f := range i.Findings {
			said = append(said, strings.TrimSpace(f.Text+" "+f.Do))
		}
		return strings.Join(said, "\n")
	}
	return "nothing is said of " + name
}

// says fails unless all texts are in what the report says of a thing, the first at its beginning.
func says(t *testing.T, r Result, kind Kind, name string, want ...string) {
	t.Helper()
	got := of(r, kind, name)
	for i, w := range want {
		if !strings.Contains(got, w) || i == 0 && !strings.HasPrefix(got, w) {
			t.Errorf("of the %s %q it says %q, want %q in it", kind, name, got, w)
		}
	}
}

// template is a step template with a Bash script.
func template(name string, parameters ...object) object {
	return object{
		"Id": "ActionTemplates-1", "Name": name, "Description": "Says something", "ActionType": "Octopus.Script", "Version": 7,
		"Properties": texts{"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.Script.ScriptBody": "echo hello\n"},
		"Parameters": parameters,
	}
}

func parameter(name, control, value string) object {
	return object{
		"Id": "1", "Name": name, "Label": "The " + name, "HelpText": "Help of " + name, "DefaultValue": value,
		"DisplaySettings": texts{"Octopus.ControlType": control},
	}
}

// action is an action of a process with a Bash script; more has further keys.
func action(name string, properties texts, more object) object {
	all := texts{"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.Script.ScriptBody": "echo hello\n"}
	for k, v := range properties {
		all[k] = v
	}
	a := object{"Id": "id-" + name, "Name": name, "ActionType": "Octopus.Script", "Properties": all}
	for k, v := range more {
		a[k] = v
	}
	return a
}

// step is a step of a process, with one or several actions.
func step(name string, more object, actions ...object) object {
	s := object{"Name": name, "Condition": "Success", "StartTrigger": "StartAfterPrevious", "Properties": texts{}, "Actions": actions}
	for k, v := range more {
		s[k] = v
	}
	return s
}

func process(steps ...object) object {
	return object{"Id": "deploymentprocess-Projects-1", "ProjectId": "Projects-1", "Steps": steps}
}

func only(t *testing.T, r Result) model.Step {
	t.Helper()
	if len(r.File.Project.Steps) != 1 {
		t.Fatalf("%d steps", len(r.File.Project.Steps))
	}
	return r.File.Project.Steps[0]
}
