package model_test

import (
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestValuesNamed(t *testing.T) {
	variables := func(names ...string) (list []model.Variable) {
		for _, n := range names {
			list = append(list, model.Variable{Name: n})
		}
		return list
	}
	p := model.Project{
		Variables: variables("Bucket", "Empty/Whole"), EnvVars: []model.EnvVar{{Name: "TIER"}},
		Steps: []model.Step{
			{Name: "Back up", Values: variables("Bucket", "Depth"), EnvVars: []model.EnvVar{{Name: "LEVEL"}}},
			{Name: "Empty", Values: variables("bucket", "Whole", "b/Odd")}, {Name: "Empty/b", Values: variables("Odd")},
		},
	}
	for text, want := range map[string][]string{
		"Bucket": {"Bucket", "Back up/Bucket", "Empty/Bucket"}, " depth": {"Back up/ depth"}, "Nothing": nil, "/": nil, "": nil,
		"empty/BUCKET": {"Empty/BUCKET"}, "Empty / Bucket": {"Empty/Bucket"}, "Empty/Whole": {"Empty/Whole"}, "Empty/Depth": nil,
		"Nobody/Bucket": nil, "Empty/b/Odd": {"Empty/b/Odd"}, "env:tier": {"env:tier"}, "env:LEVEL": {"Back up/env:LEVEL"},
		"back up/env:level": {"Back up/env:level"},
	} {
		var got []string
		named := p.ValuesNamed(text)
		for _, n := range named {
			got = append(got, n.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q means %q, want %q", text, got, want)
		}
		if text == "Empty/Whole" && named[0].Step != "" || text == "Empty/b/Odd" && named[0].Step != "Empty/b" {
			t.Errorf("%q means %+v", text, named)
		}
		if _, known := p.DeclaredNamed(text); known != (want != nil) {
			t.Errorf("%q is declared: %v", text, known)
		}
	}
	short := p.ShortNames()
	for n, want := range map[model.ValueName]string{
		{Name: "Bucket"}: "Bucket", {Step: "Back up", Name: "Bucket"}: "Back up/Bucket", {Step: "Back up", Name: "Depth"}: "Depth",
		{Step: "Back up", Name: "env:LEVEL"}: "env:LEVEL",
	} {
		if got := short(n); got != want {
			t.Errorf("the short name of %s is %q, want %q", n, got, want)
		}
	}
}
