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
		"long values":                {text: `["` + strings.Repeat("x", MaxValue+1) + `", "ok"]`, choices: own, want: "ok", leftOut: 1},
		"no Unicode":                 {text: `["a\ud800", "\udc00b", "c` + "\xff" + `d", "\ud83d\ude00"]`, choices: own, want: "😀", leftOut: 3},
		"a byte order mark":          {text: "\ufeff[\"a\"]", choices: own, want: "a"},
		"UTF-16":                     {text: "\xff\xfe[\x00\"\x00\xe4\x00\"\x00]\x00", choices: own, want: "ä"},
		"UTF-16, big end first":      {text: "\xfe\xff\x00[\x00\"\x00\xe4\x00\"\x00]", choices: own, want: "ä"},
		"UTF-16 with half a pair":    {text: "\xff\xfe[\x00\"\x00\x00\xd8\"\x00]\x00", choices: own, leftOut: 1},
		"half of a UTF-16 character": {text: "\xff\xfe[\x00]\x00\x00", choices: own, wrong: true},
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

// TestDecodeMuch keeps the values that MaxText has room for.
func TestDecodeMuch(t *testing.T) {
	rows := make([]string, MaxText/MaxValue+1)
	for i := range rows {
		rows[i] = fmt.Sprintf(`"%0*d"`, MaxValue, i)
	}
	list, err := Decode([]byte("["+strings.Join(rows, ",")+"]"), model.Choices{Of: model.ChooseBucket})
	if err != nil || len(list.Choices) != MaxText/MaxValue || !list.Cut || list.LeftOut != 0 {
		t.Errorf("%d, cut %v, %d left out, %v", len(list.Choices), list.Cut, list.LeftOut, err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`["a"]`, `[["a","b"]]`, "[1,null]", "[[[", `["\ud800"]`, "{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Decode([]byte(text), model.Choices{Of: model.ChooseSecret})
		for _, c := range list.Choices {
			if c.Value == "" || strings.ContainsRune(c.Value, '\uFFFD') || model.SafeLine(c.Value) != c.Value || model.SafeLine(c.Label) != c.Label {
				t.Errorf("%q gives %+v", text, c)
			}
		}
		if err != nil && len(list.Choices) > 0 {
			t.Error("both a list and an error")
		}
	})
}
