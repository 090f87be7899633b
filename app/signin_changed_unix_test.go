//go:build unix

package app

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// Whoever signs in is told that it was another identity before, and where another AWS account is expected.
func TestASignInOfAnotherIdentityIsSaid(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{}})
	s := c.process()
	a := c.console(s)
	signIn := func() string {
		t.Helper()
		signed, err := s.SignIns().SignIn(t.Context(), a, model.SignInHere, ann(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		return signed.Notice
	}
	for range 2 {
		if notice := signIn(); notice != "" {
			t.Errorf("the same identity again is told of: %q", notice)
		}
	}
	before, found, err := s.SignIns().SignInOf(t.Context(), a)
	if err != nil || !found || before.Notice != "" {
		t.Fatalf("%+v, %v", before, err)
	}
	before.Who = "arn:aws:iam::111111111111:user/bob"
	change := func(c *store.Change) error { return c.SaveSignIn(t.Context(), &before) }
	if err := s.store.Change(t.Context(), "sign in", change); err != nil {
		t.Fatal(err)
	}
	p := model.Project{Name: "Website", Variables: []model.Variable{
		{Name: "aws.account", Type: model.TypeAWSAccount, Value: a.Name, Expect: "111111111111"},
	}}
	if _, err := s.store.SaveProject(t.Context(), &p); err != nil {
		t.Fatal(err)
	}
	notice := signIn()
	for _, part := range []string{
		"Signed in as arn:aws:iam::" + sandbox.AccountID + ":user/ann; before it was arn:aws:iam::111111111111:user/bob.",
		`The variable "aws.account" of project "Website" expects the AWS account 111111111111`,
	} {
		if !strings.Contains(notice, part) {
			t.Errorf("%q is missing in %q", part, notice)
		}
	}
}
