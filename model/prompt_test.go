package model

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPromptAccepts(t *testing.T) {
	file, err := filepath.Abs("some.txt")
	if err != nil {
		t.Fatal(err)
	}
	options := []string{"small", "large", "3"}
	labelled := Prompt{Control: ControlSelect, Options: []string{"l"}, Labels: []string{"Large"}}
	for name, tt := range map[string]struct {
		prompt       Prompt
		answer, want string
		code         string
	}{
		"any text":                     {Prompt{Control: ControlText}, " a ", " a ", ""},
		"several lines":                {Prompt{Control: ControlMultiline}, "a\nb", "a\nb", ""},
		"an option":                    {Prompt{Control: ControlSelect, Options: options}, "large", "large", ""},
		"no option":                    {Prompt{Control: ControlSelect, Options: options}, "huge", "", "run.value.option"},
		"an option in another case":    {Prompt{Control: ControlSelect, Options: options}, "Large", "", "run.value.option"},
		"a label is no value":          {labelled, "Large", "", "run.value.option"},
		"no choice of a select":        {Prompt{Control: ControlSelect, Options: options}, "", "", "run.value.option"},
		"several in the options'order": {Prompt{Control: ControlMultiSelect, Options: options}, "3, small,3,", "small,3", ""},
		"none of several":              {Prompt{Control: ControlMultiSelect, Options: options}, "", "", ""},
		"one of several is unknown":    {Prompt{Control: ControlMultiSelect, Options: options}, "small,huge", "", "run.value.option"},
		"true":                         {Prompt{Control: ControlCheckbox}, " tRue ", "True", ""},
		"false":                        {Prompt{Control: ControlCheckbox}, "FALSE", "False", ""},
		"an empty checkbox":            {Prompt{Control: ControlCheckbox}, "", "False", ""},
		"yes":                          {Prompt{Control: ControlCheckbox}, "yes", "", "run.value.checkbox"},
		"1":                            {Prompt{Control: ControlCheckbox}, "1", "", "run.value.checkbox"},
		"a number":                     {Prompt{Control: ControlNumber}, " -12.50 ", "-12.50", ""},
		"no number":                    {Prompt{Control: ControlNumber}, "", "", ""},
		"a word":                       {Prompt{Control: ControlNumber}, "twelve", "", "run.value.form"},
		"an exponent":                  {Prompt{Control: ControlNumber}, "1e3", "", "run.value.form"},
		"a fraction":                   {Prompt{Control: ControlNumber}, "1/2", "", "run.value.form"},
		"not a number":                 {Prompt{Control: ControlNumber}, "NaN", "", "run.value.form"},
		"a point without digits":       {Prompt{Control: ControlNumber}, ".5", "", "run.value.form"},
		"the lowest":                   {Prompt{Control: ControlNumber, Min: "1", Max: "9"}, "1.0", "1.0", ""},
		"the highest":                  {Prompt{Control: ControlNumber, Min: "1", Max: "9"}, "9", "9", ""},
		"too low":                      {Prompt{Control: ControlNumber, Min: "-1", Max: "9"}, "-1.01", "", "run.value.range"},
		"too high":                     {Prompt{Control: ControlNumber, Max: "9"}, "10", "", "run.value.range"},
		"more than floats tell apart":  {Prompt{Control: ControlNumber, Max: "9007199254740992"}, "9007199254740993", "", "run.value.range"},
		"a date":                       {Prompt{Control: ControlDate}, "2024-02-29", "2024-02-29", ""},
		"a day that does not exist":    {Prompt{Control: ControlDate}, "2023-02-29", "", "run.value.form"},
		"a date of another order":      {Prompt{Control: ControlDate}, "29.02.2024", "", "run.value.form"},
		"before the first day":         {Prompt{Control: ControlDate, Min: "2026-01-01"}, "2025-12-31", "", "run.value.range"},
		"after the last day":           {Prompt{Control: ControlDate, Max: "2026-01-01"}, "2026-01-02", "", "run.value.range"},
		"a full path":                  {Prompt{Control: ControlFile}, " " + file, file, ""},
		"a path from somewhere":        {Prompt{Control: ControlFile}, "some.txt", "", "run.value.path"},
		"no file":                      {Prompt{Control: ControlFile}, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tt.prompt.Accept(tt.answer)
			if ErrorCode(err) != tt.code || err == nil && got != tt.want {
				t.Errorf("%q is accepted as %q, %v, want %q, %q", tt.answer, got, err, tt.want, tt.code)
			}
			if again, err := tt.prompt.Accept(got); tt.code == "" && (err != nil || again != got) {
				t.Errorf("what it accepted, %q, it takes for %q, %v", got, again, err)
			}
		})
	}
}

func TestPromptsAreChecked(t *testing.T) {
	for name, tt := range map[string]struct {
		prompt Prompt
		want   string // field and code; empty: nothing is wrong
	}{
		"text":                      {Prompt{Control: ControlText}, ""},
		"a control of another time": {Prompt{Control: "slider"}, "control prompt.control"},
		"labels":                    {Prompt{Control: ControlSelect, Options: []string{"a", "b"}, Labels: []string{"A", ""}}, ""},
		"too few labels": {Prompt{Control: ControlSelect, Options: []string{"a", "b"}, Labels: []string{"A"}},
			"labels prompt.labels.count"},
		"labels of nothing":         {Prompt{Control: ControlText, Labels: []string{"A"}}, "labels prompt.labels.count"},
		"no options":                {Prompt{Control: ControlMultiSelect}, "options prompt.options.empty"},
		"a comma":                   {Prompt{Control: ControlMultiSelect, Options: []string{"a,b"}}, "options prompt.options.comma"},
		"a comma in the only one":   {Prompt{Control: ControlSelect, Options: []string{"a,b"}}, ""},
		"options of a date":         {Prompt{Control: ControlDate, Options: []string{"a"}}, "options prompt.options.unused"},
		"a range":                   {Prompt{Control: ControlNumber, Min: "-1", Max: "0.5"}, ""},
		"a range that is empty":     {Prompt{Control: ControlNumber, Min: "10", Max: "9"}, "max prompt.limit.order"},
		"a limit that is no number": {Prompt{Control: ControlNumber, Max: "many"}, "max prompt.limit"},
		"a limit that is no date":   {Prompt{Control: ControlDate, Min: "1"}, "min prompt.limit"},
		"a limit of a text":         {Prompt{Control: ControlText, Min: "1"}, "min prompt.limit.unused"},
	} {
		t.Run(name, func(t *testing.T) {
			v := Variable{Name: "V", Type: TypeText, Prompt: &tt.prompt}
			var got []string
			for _, p := range v.Check() {
				got = append(got, strings.TrimPrefix(p.Field, "prompt.")+" "+ErrorCode(p.Err))
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOptionLabels(t *testing.T) {
	p := Prompt{Options: []string{"a", "b", "c"}, Labels: []string{"First", " "}}
	for i, want := range []string{"First", "b", "c"} {
		if got := p.OptionLabel(i); got != want {
			t.Errorf("option %d is shown as %q, want %q", i, got, want)
		}
	}
}

func TestExamplesAreWithinTheLimits(t *testing.T) {
	today := time.Date(2026, 3, 4, 23, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct{ low, high, day, example string }{
		"no limits":      {"", "", "2026-03-04", "2026-01-31"},
		"today is in it": {"2026-01-01", "2026-12-31", "2026-03-04", "2026-01-01"},
		"the last day":   {"", "2026-03-04", "2026-03-04", "2026-03-04"},
		"later":          {"2027-01-01", "", "2027-01-01", "2027-01-01"},
		"earlier":        {"", "2025-05-06", "2025-05-06", "2025-05-06"},
		"not a date":     {"soon", "late", "2026-03-04", "2026-01-31"},
	} {
		p := Prompt{Control: ControlDate, Min: tt.low, Max: tt.high}
		if got := p.NearestDay(today).Format(time.DateOnly); got != tt.day {
			t.Errorf("%s: the nearest day is %s, want %s", name, got, tt.day)
		}
		if _, err := p.Accept("x"); err == nil || !strings.Contains(err.Error(), "such as "+tt.example) {
			t.Errorf("%s: %v, want the example %s", name, err, tt.example)
		}
	}
}
