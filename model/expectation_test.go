package model_test

import (
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestExpectationsOf(t *testing.T) {
	const one, two = "111111111111", "222222222222"
	step := func(name string, aws model.StepAWS) model.Step { return model.Step{Name: name, AWS: aws} }
	role := &model.AssumeRole{ARN: "arn:aws:iam::222222222222:role/r"}
	p := model.Project{
		Variables: []model.Variable{
			{Name: "web", Type: model.TypeAWSAccount, Value: "ann", Expect: one},
			{Name: "other", Type: model.TypeAWSAccount, Value: "Bob", Expect: one},
			{Name: "roles", Type: model.TypeAWSAccount, Value: "Ann", Expect: two},
			{Name: "free", Type: model.TypeAWSAccount, Value: "Ann"},
			{Name: "text", Type: model.TypeText, Value: "Ann"},
		},
		Steps: []model.Step{
			step("A", model.StepAWS{Account: "Free", Expect: two}),
			step("B", model.StepAWS{Account: "other", Expect: two}),
			step("C", model.StepAWS{Account: "roles", Expect: two, AssumeRole: role}),
			step("D", model.StepAWS{Account: "free"}),
		},
	}
	want := []model.Expectation{{From: `The variable "web"`, AWSID: one}, {From: `The step "A"`, AWSID: two}}
	if got := p.ExpectationsOf("Ann"); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
