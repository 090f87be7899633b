package octopusimport

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// Names that can't be names here become others, and the report says so.
func TestHostileNames(t *testing.T) {
	for name, want := range map[string]string{
		"":                         "Step 1",
		"\x1b[31mred\u202e":        "[31mred",
		"a\nb\tc":                  "a b c",
		"none":                     "none 2",
		strings.Repeat("long", 99): strings.Repeat("long", 99)[:model.MaxName-10],
		"\u200b":                   "Step 1",
	} {
		r := convert(t, Options{}, process(step(name, nil, action(name, nil, nil))))
		if got := only(t, r).Name; got != want {
			t.Errorf("%q has become %q, want %q", name, got, want)
		}
		says(t, r, KindStep, want, "changed", "It is called")
	}
	made := template("T", parameter("A|B", "SingleLineText", ""), parameter("#{}", "SingleLineText", ""), parameter("AB", "SingleLineText",
		""),
		parameter("none", "SingleLineText", ""), parameter("Ask?", "SingleLineText", ""))
	r := convert(t, Options{}, made)
	if got := written(only(t, r).Values); got != "text AB= ?The A|B text false\ntext Ask?= ?The Ask? text false" {
		t.Errorf("values\n%s", got)
	}
	says(t, r, KindParameter, "A|B", "changed", `Its name is "AB" here`)
	says(t, r, KindParameter, "#{}", "missing", "a name that no variable can have")
	says(t, r, KindParameter, "AB", "changed", "two parameters of this name")
	says(t, r, KindParameter, "none", "missing")
}

// Whatever a file contains, what is made of it can be saved, and written as a project file.
func FuzzConvert(f *testing.F) {
	seeds := []any{
		template("T", parameter("A", "Select", "x"), parameter("B", "AmazonWebServicesAccount", "")),
		process(step("S", object{"Condition": "Variable"}, action("S", texts{"X": "#{Y}"}, object{"Environments": []string{"Environments-1"}}))),
		variableSet(variable("X", "#{Y}", object{"Environment": []string{"Environments-1", "e"}, "Action": []string{"a"}}, nil)),
		object{"a": process(step("S", nil, action("S", nil, object{"ActionType": "Octopus.AwsRunScript"}))), "b": variableSet(variable("a", "b",
			nil, nil))},
	}
	for _, s := range seeds {
		data, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "")
		f.Add(data, "Mine")
	}
	f.Fuzz(func(t *testing.T, data []byte, project string) {
		export, err := octopusjson.Read("x.json", data)
		if err != nil {
			return
		}
		results, err := Convert(t.Context(), export, Options{Project: project})
		if err != nil && model.ErrorCode(err) == "" {
			t.Fatal(err)
		}
		for _, r := range results {
			if err := unsavable(r.File.Project); err != nil {
				t.Errorf("it can't be saved: %v", err)
			}
			if _, err := document.Format(r.File); err != nil {
				t.Errorf("it can't be written: %v", err)
			}
			if len(r.File.Variables) != len(r.File.Project.Variables) || len(r.File.StepValues) != len(r.File.Project.Steps) {
				t.Error("the sources of secrets don't belong to the variables")
			}
		}
	})
}
