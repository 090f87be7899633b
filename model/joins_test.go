package model_test

import (
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestFreeName(t *testing.T) {
	for name, row := range map[string]struct {
		taken []string
		want  string
	}{
		"free":                    {nil, "Step"},
		"taken":                   {[]string{"step"}, "Step 2"},
		"taken with its numbers":  {[]string{"Step", "STEP 2", "step 4"}, "Step 3"},
		"a number alone is taken": {[]string{"Step 2"}, "Step"},
	} {
		t.Run(name, func(t *testing.T) {
			got := model.FreeName("Step", func(n string) bool {
				return slices.ContainsFunc(row.taken, func(t string) bool { return model.NameKey(t) == model.NameKey(n) })
			})
			if got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func TestAccountVariable(t *testing.T) {
	account := func(name, value string, scope ...string) model.Variable {
		return model.Variable{Name: name, Type: model.TypeAWSAccount, Value: value, Scope: scope}
	}
	for name, row := range map[string]struct {
		variables []model.Variable
		want      string
		found     bool
	}{
		"none":                     {nil, "aws.account", false},
		"one that leads to it":     {[]model.Variable{account("Key", "ops")}, "Key", true},
		"one that leads elsewhere": {[]model.Variable{account("AWS.Account", "Audit")}, "aws.account.2", false},
		"elsewhere in an environment": {[]model.Variable{account("aws.account", "Ops"), account("aws.account", "Audit", "Prod")},
			"aws.account.2", false},
		"in one environment alone":     {[]model.Variable{account("aws.account", "Ops", "Prod")}, "aws.account.2", false},
		"the second of two":            {[]model.Variable{account("a", "Audit"), account("b", "Ops")}, "b", true},
		"a text of the account's name": {[]model.Variable{{Name: "aws.account", Type: model.TypeText, Value: "Ops"}}, "aws.account.2", false},
		"names with numbers taken":     {[]model.Variable{account("aws.account", "x"), account("aws.account.2", "y")}, "aws.account.3", false},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := model.Project{Variables: row.variables}.AccountVariable("Ops")
			if got != row.want || found != row.found {
				t.Errorf("%q, %v, want %q, %v", got, found, row.want, row.found)
			}
		})
	}
}

func TestKeyEnd(t *testing.T) {
	for id, want := range map[string]string{"AKIAIOSFODNN7EXAMPLE": "…MPLE", "abcde": "…bcde", "abcd": "abcd", "": ""} {
		if got := model.KeyEnd(id); got != want {
			t.Errorf("%q ends in %q, want %q", id, got, want)
		}
	}
}

func TestAWSAccountsOfARun(t *testing.T) {
	var run model.Run
	for _, id := range []string{"222222222222", "", "111111111111", "222222222222"} {
		run.Steps = append(run.Steps, model.StepRun{Identity: model.Identity{AWSID: id}})
	}
	if got := run.AWSAccounts(); !slices.Equal(got, []string{"222222222222", "111111111111"}) {
		t.Errorf("%q", got)
	}
}
