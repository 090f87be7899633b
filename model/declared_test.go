package model

import (
	"strings"
	"testing"
)

func TestValuesOfParameters(t *testing.T) {
	number, text := Parameter{Name: "P", Control: ControlNumber}, Parameter{Name: "P", Control: ControlText}
	whole, rounds := number, number
	whole.Whole, rounds.Rounds, rounds.Min, rounds.Max = true, true, "1", "30"
	date, long, list := text, text, text
	date.DateTime, long.Length = true, Span{2, 3}
	list.As, list.Count, list.Length = ArgumentList, Span{2, 3}, Span{1, 2}
	code := Parameter{Name: "P", Type: "hashtable", Control: ControlText, CodeOnly: true}
	for _, tt := range []struct {
		p           Parameter
		value, want string
	}{
		{number, "1.5", ""},
		{number, "x", `"x" is not a number`},
		{whole, "15", ""},
		{whole, "1.5", "not a whole number"},
		// What PowerShell makes of them is within the limits, or not.
		{rounds, "30.4", ""},
		{rounds, "30.6", "31 is outside of the range"},
		{rounds, "0.6", ""},
		{rounds, "0.5", "0 is outside of the range"},
		{rounds, "one", "not a number"},
		{date, "2026-02-30", "not a date"},
		{date, "2026-13-01", "not a date"},
		{date, "soon", "not a date"},
		{date, "20260131", "not a date"},
		{date, "2026-1-5", ""},
		{date, "2026-01-31 10:00", ""},
		{date, "Jan 5", ""},
		{date, "10:00", ""},
		{date, "1/2/2026", ""},
		{long, "a", "It has 1 character. Use from 2 to 3."},
		{long, "äöü", ""},
		{long, "😀ab", "4 characters"}, // .NET counts UTF-16 units
		{list, "a\nb", ""},
		{list, "a", "has 1 value"},
		{list, "a\nb\nc\nd", "has 4 values"},
		{list, "a\nbbb", "3 characters"},
		{code, "@{}", "only code"},
	} {
		err := tt.p.CheckValue(tt.value)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q of %+v: %v, want %q", tt.value, tt.p, err, tt.want)
		}
	}
}

func TestRoundedParameters(t *testing.T) {
	p := Parameter{Control: ControlNumber, Rounds: true}
	for value, want := range map[string]string{
		"1.5": "2", "2.5": "2", "3.5": "4", "-1.5": "-2", "-0.5": "0", "30.4": "30", " 1.2 ": "1", "5": "", "x.5": "", "1e3": "",
	} {
		if got, ok := p.Rounded(value); got != want || ok != (want != "") {
			t.Errorf("%q becomes %q, %v; want %q", value, got, ok, want)
		}
	}
	if got, ok := (Parameter{Control: ControlNumber}).Rounded("1.5"); ok {
		t.Errorf("a number with a fraction becomes %q", got)
	}
}

func TestParametersByTheirAliases(t *testing.T) {
	list := []Parameter{{Name: "Days", Aliases: []string{"d", "Count"}}, {Name: "Tier"}}
	for name, want := range map[string]string{"days": "Days", "D": "Days", "count": "Days", "tier": "Tier", "t": ""} {
		if p, found := FindParameter(list, name); p.Name != want || found != (want != "") {
			t.Errorf("%q is %q, %v; want %q", name, p.Name, found, want)
		}
	}
}
