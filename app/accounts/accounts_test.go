package accounts_test

import (
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/app/accounts"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

func TestUsersNamesEachUseOfAnAccount(t *testing.T) {
	ctx := t.Context()
	st, err := store.Open(ctx, store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	if err := st.SaveAccount(ctx, &model.Account{Name: "Audit", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE"}); err != nil {
		t.Fatal(err)
	}
	uses := func(name string) []model.Variable {
		return []model.Variable{{Name: name, Type: model.TypeAWSAccount, Value: "Audit"}}
	}
	step := model.NewStep("Check")
	step.Values = uses("Own")
	for _, p := range []model.Project{{Name: "Other"}, {Name: "Website", Variables: uses("aws.account"), Steps: []model.Step{step}}} {
		if _, err := st.SaveProject(ctx, &p); err != nil {
			t.Fatal(err)
		}
	}
	got, err := accounts.New(accounts.Deps{Store: st}).Users(ctx, "AUDIT")
	want := []string{`variable "aws.account" of project "Website"`, `variable "Own" of step "Check" in project "Website"`}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}
