package awslist

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func shown(l List) string {
	var texts []string
	for _, c := range l.Choices {
		texts = append(texts, strings.TrimSpace(c.Value+" "+c.Label))
	}
	return strings.Join(texts, ", ")
}

func TestDecode(t *testing.T) {
	own := model.Choices{Of: model.ChooseCommand, Command: []string{"a", "b"}}
	for name, tt := range map[string]struct {
		text    string
		choices model.Choices
		want    string
		leftOut int
		wrong   bool
	}{
		"sorted":                     {text: `["b","C","a","b"]`, choices: model.Choices{Of: model.ChooseBucket}, want: "a, b, C"},
		"in the order of a query":    {text: `["b","C","a"]`, choices: own, want: "b, C, a"},
		"pairs":                      {text: `[["a","one"],["b",null],["c"],["d","d"],["e",""]]`, choices: own, want: "a one, b, c, d, e"},
		"numbers and truth":          {text: `[1, 2.50, true, 12345678901234567890]`, choices: own, want: "1, 2.50, true, 12345678901234567890"},
		"null":                       {text: "null", choices: own},
		"nothing":                    {choices: own},
		"empty and invisible values": {text: `["", null, "a\u001b[2J", "b\nc", "d\u202ee", "ok"]`, choices: own, want: "ok", leftOut: 5},
		"invisible labels":           {text: `[["a","x\u001b[2J\ny"]]`, choices: own, want: "a x\uFFFD[2J y"},
		"a text":                     {text: `"a"`, choices: own, wrong: true},
		"objects":                    {text: `[{"a":"b"}]`, choices: own, wrong: true},
		"three of them":              {text: `[["a","b","c"]]`, choices: own, wrong: true},
		"lists of none":              {text: `[[]]`, choices: own, wrong: true},
		"a label that is a list":     {text: `[["a",["b"]]]`, choices: own, wrong: true},
		"not JSON":                   {text: "<html>", choices: own, wrong: true},
		"deep":                       {text: strings.Repeat("[", 100_000), choices: own, wrong: true},
		"two answers":                {text: `["a"]["b"]`, choices: own, wrong: true},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := Decode([]byte(tt.text), tt.choices)
			if shown(list) != tt.want || list.LeftOut != tt.leftOut || list.Cut || (model.ErrorCode(err) == "choices.form") != tt.wrong {
				t.Errorf("%q, %d left out, %v", shown(list), list.LeftOut, err)
			}
		})
	}
}

func TestDecodeManyAndLong(t *testing.T) {
	rows := make([]string, MaxChoices+1)
	for i := range rows {
		rows[i] = fmt.Sprintf(`["v%d","%s"]`, i, strings.Repeat("é", longestLabel))
	}
	list, err := Decode([]byte("["+strings.Join(rows, ",")+"]"), model.Choices{Of: model.ChooseBucket})
	if err != nil || len(list.Choices) != MaxChoices || !list.Cut || len(list.Choices[0].Label) > longestLabel {
		t.Errorf("%d, cut %v, %v", len(list.Choices), list.Cut, err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`["a"]`, `[["a","b"]]`, "[1,null]", "[[[", `["\ud800"]`, "{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Decode([]byte(text), model.Choices{Of: model.ChooseSecret})
		for _, c := range list.Choices {
			if c.Value == "" || model.SafeLine(c.Value) != c.Value || model.SafeLine(c.Label) != c.Label {
				t.Errorf("%q gives %+v", text, c)
			}
		}
		if err != nil && len(list.Choices) > 0 {
			t.Error("both a list and an error")
		}
	})
}
