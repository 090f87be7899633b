package octopusjson

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stepdeck/stepdeck/model"
)

const (
	aTemplate = `{"Id":"ActionTemplates-1","Name":"Say","ActionType":"Octopus.Script","Version":3,"Properties":{"A":"x"},"Parameters":[]}`
	aProcess  = `{"Id":"p","ProjectId":"Projects-1","Steps":[{"Name":"S",` +
		`"Actions":[{"Name":"A","ActionType":"Octopus.Script","Properties":{}}]}]}`
	aSet = `{"Id":"v","OwnerId":"Projects-1","Variables":[{"Name":"N","Value":"1"}]}`
)

func summary(e Export) string {
	return fmt.Sprintf("%d templates, %d processes, %d sets, %d projects, %d accounts, %d environments, %d names", len(e.Templates),
		len(e.Processes), len(e.VariableSets), len(e.Projects), len(e.Accounts), len(e.Environments), len(e.Names))
}

// What a file can contain.
func TestRead(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"a step template", aTemplate, "1 templates, 0 processes, 0 sets, 0 projects, 0 accounts, 0 environments, 0 names"},
		{"a process", aProcess, "0 templates, 1 processes, 0 sets, 0 projects, 0 accounts, 0 environments, 0 names"},
		{"a variable set", aSet, "0 templates, 0 processes, 1 sets, 0 projects, 0 accounts, 0 environments, 0 names"},
		{"a list", "[" + aTemplate + "," + aTemplate + "]", "2 templates, 0 processes, 0 sets, 0 projects, 0 accounts, 0 environments, 0 names"},
		{"a page of a list", `{"ItemType":"ActionTemplate","TotalResults":1,"Items":[` + aTemplate + `]}`,
			"1 templates, 0 processes, 0 sets, 0 projects, 0 accounts, 0 environments, 0 names"},
		{"a bundle", `{"process":` + aProcess + `,"variables":` + aSet + `}`,
			"0 templates, 1 processes, 1 sets, 0 projects, 0 accounts, 0 environments, 0 names"},
		{"names in camel case", `[{"id":"p","steps":{"name":"S","actions":[]}},{"variables":{"name":"N","value":"1"}},
			{"id":"t","name":"T","actionType":"Octopus.Script","properties":{}}]`,
			"1 templates, 1 processes, 1 sets, 0 projects, 0 accounts, 0 environments, 0 names"},
		{"what names ids", `[{"Id":"Projects-1","Name":"Web"},{"Id":"Environments-1","Name":"Test"},{"Id":"Runbooks-1","Name":"Rotate"},
			{"Id":"Accounts-1","Name":"Web","AccountType":"AmazonWebServicesAccount"}]`,
			"0 templates, 0 processes, 0 sets, 1 projects, 1 accounts, 1 environments, 3 names"},
		{"null where lists are", `{"Steps":null,"ProjectId":null}`,
			"0 templates, 1 processes, 0 sets, 0 projects, 0 accounts, 0 environments, 0 names"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, err := Read("x.json", []byte(row.text))
			if err != nil || summary(e) != row.want {
				t.Errorf("%s, %v; want %s", summary(e), err, row.want)
			}
		})
	}
}

// Encodings that Windows programs write.
func TestReadEncodings(t *testing.T) {
	little, big := []byte("\xff\xfe"), []byte("\xfe\xff")
	for _, unit := range utf16.Encode([]rune(aTemplate)) {
		little, big = append(little, byte(unit), byte(unit>>8)), append(big, byte(unit>>8), byte(unit))
	}
	for name, data := range map[string][]byte{
		"UTF-8 with a mark": []byte(model.ByteOrderMark + aTemplate), "UTF-16 little-endian": little, "UTF-16 big-endian": big,
		"UTF-16 without a mark": little[2:],
	} {
		if e, err := Read("x.json", data); err != nil || len(e.Templates) != 1 {
			t.Errorf("%s: %s, %v", name, summary(e), err)
		}
	}
}

// Values of other types than usual are read as text.
func TestReadTypes(t *testing.T) {
	e, err := Read("x.json",
		[]byte(`{"Name":5,"ActionType":"Octopus.Script","Unknown":[{}],"Properties":{"text":"a","null":null,"yes":true,"number":1.50,
		"hidden":{"HasValue":true,"NewValue":null},"unset":{"HasValue":false},"object":{"a": [1]}},
		"Parameters":{"Name":"P","DefaultValue":{"HasValue":true},"DisplaySettings":"none"},
		"Packages":[{"Name":null,"PackageId":"X","Properties":null}],"IsDisabled":"True","Container":"none","Environments":"Environments-1"}`))
	if err != nil {
		t.Fatal(err)
	}
	p := e.Templates[0].Properties
	for name, want := range map[string]Text{
		"text": {Value: "a"}, "null": {}, "yes": {Value: "True", Other: true}, "number": {Value: "1.50", Other: true},
		"hidden": {Hidden: true}, "unset": {},
		"object": {Value: `{"a":[1]}`, Other: true},
	} {
		if p[name] != want {
			t.Errorf("%s is %+v, want %+v", name, p[name], want)
		}
	}
	a := e.Templates[0]
	if a.Name != "5" || !bool(a.IsDisabled) || len(a.Environments) != 1 || len(a.Parameters) != 1 || !a.Parameters[0].DefaultValue.Hidden ||
		a.Packages[0].Name != "" {
		t.Errorf("%+v", a)
	}
}

// Bad files, with the sentence that names the place and the way out.
func TestReadErrors(t *testing.T) {
	deep := strings.Repeat("[", 200_000)
	for _, row := range []struct{ name, text, code, want string }{
		{"empty", " \n", "octopus.empty", "x.json is empty. Export it again from Octopus."},
		{"cut off", `{"Steps": [`, "octopus.json", "x.json ends in the middle of its JSON"},
		{"no JSON", "{\n  \"Steps\": no}", "octopus.json", "x.json:2:13: this is not JSON"},
		{"deep", deep, "octopus.json", "x.json"},
		{"deep in a value", `{"ActionType":"a","Properties":{"a":` + strings.Repeat(`{"a":`, 20_000) + `1` + strings.Repeat("}", 20_002),
			"octopus.json", "x.json"},
		{"something else", `{"name":"package.json"}`, CodeUnknown, "nothing that Stepdeck knows of Octopus"},
		{"a number", `5`, CodeUnknown, "nothing that Stepdeck knows of Octopus"},
		{"a step that is a text", `{"ProjectId":"Projects-1","Steps":["S"]}`, "octopus.type",
			"x.json: Steps is a JSON string where Octopus has another kind of value"},
		{"steps of something else", `{"Steps":[{"Name":"build","Run":"make"}]}`, CodeUnknown, "nothing that Stepdeck knows of Octopus"},
		{"steps that are none", `{"Steps":["S", 1]}`, CodeUnknown, "nothing that Stepdeck knows of Octopus"},
		{"variables of something else", `{"variables":{"region":"eu-west-1"},"builders":[]}`, CodeUnknown,
			"nothing that Stepdeck knows of Octopus"},
		{"bytes", "{\"Steps\":\"\xff\"}", "octopus.encoding", "not text in UTF-8 or UTF-16"},
		{"too large", strings.Repeat(" ", MaxFile+1), "octopus.large", "more than 33554432 bytes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Read("x.json", []byte(row.text))
			if model.ErrorCode(err) != row.code || !strings.Contains(err.Error(), row.want) || len(err.Error()) > 500 {
				t.Errorf("%v (%s); want %s with %q", err, model.ErrorCode(err), row.code, row.want)
			}
		})
	}
}

// A script of many megabytes comes through byte for byte.
func TestReadHugeScript(t *testing.T) {
	body := strings.Repeat("echo \"ä\t#{X}\"\r\n", 1<<20)
	text, err := json.Marshal(map[string]any{"ActionType": "Octopus.Script", "Properties": map[string]string{"B": body}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := Read("x.json", text)
	if err != nil || e.Templates[0].Properties["B"].Value != body {
		t.Errorf("%d bytes came through as %d, %v", len(body), len(e.Templates[0].Properties["B"].Value), err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{aTemplate, aProcess, aSet, `{"Items":[]}`, `[{"Id":"Projects-1","Name":"x"}]`,
		`{"a":{"b":{"Steps":[{}]}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Read("x.json", data)
		if err != nil && model.ErrorCode(err) == "" {
			t.Errorf("an error without a code: %v", err)
		}
		if err == nil && Merge(e, e).Importable() != e.Importable() {
			t.Error("what is merged with itself is another thing")
		}
	})
}
