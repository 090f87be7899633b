package accounts

import (
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// fullAccount has a value in every field of an account with an access key.
func fullAccount() model.Account {
	return model.Account{
		Name: "Full", Kind: model.KindAccessKey, Description: "For the nightly runs", AccessKeyID: "ASIAIOSFODNN7EXAMPLE",
		Region: "us-east-2", Endpoint: "https://sts.example.com", SecretSet: true, TokenSet: true,
		Verified: model.Verification{
			At: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), AWSID: "123456789012",
			ARN: "arn:aws:iam::123456789012:user/ana", UserID: "AIDAEXAMPLE",
		},
	}
}

// TestSavingAnOpenedAccountKeepsEveryField fails when the form drops a field that it was opened with.
func TestSavingAnOpenedAccountKeepsEveryField(t *testing.T) {
	r := newRig(t, small, fullAccount())
	if err := r.store.SetVerified(t.Context(), r.account("Full").ID, fullAccount().Verified); err != nil {
		t.Fatal(err)
	}
	want := r.account("Full")
	if lost := uitest.ChangedFields(fullAccount(), want); !slices.Equal(lost, []string{"ID"}) {
		t.Fatalf("before the form is opened, %q differ", lost)
	}
	f := Edit(r.place.deps, want, nil)
	f.name.SetText("Renamed")
	var saved bool
	f.Save(func(model.Account) { saved = true })
	r.Until("the save", func() bool { return saved })
	got := r.account("Renamed")
	want.Name = "Renamed"
	if changed := uitest.ChangedFields(want, got); len(changed) > 0 {
		t.Errorf("the form changes %q: stored %+v\nwant %+v", changed, got, want)
	}
}

// TestFullAccountFillsEveryField fails on a field of an account that fullAccount leaves empty.
func TestFullAccountFillsEveryField(t *testing.T) {
	filled := uitest.ChangedFields(model.Account{}, fullAccount())
	for _, field := range uitest.Fields[model.Account]() {
		// The store gives the id; a profile is of a kind of account that no form makes.
		if field != "ID" && field != "Profile" && !slices.Contains(filled, field) {
			t.Errorf("%s: fill it in in fullAccount", field)
		}
	}
}

func fullAWSAccount() model.AWSAccount {
	return model.AWSAccount{ID: "123456789012", Label: "Website-prod", Colour: model.Colours()[0], Protected: true}
}

// TestSavingAnOpenedAWSAccountKeepsEveryField does the same for the form of an AWS account.
func TestSavingAnOpenedAWSAccountKeepsEveryField(t *testing.T) {
	r := newRig(t, small)
	if err := r.store.SaveAWSAccount(t.Context(), fullAWSAccount()); err != nil {
		t.Fatal(err)
	}
	r.place.aws.open(fullAWSAccount())
	r.place.aws.form.label.SetText("Renamed")
	r.place.aws.form.form.Keys.Enter()
	var got model.AWSAccount
	r.Until("the save", func() bool {
		var err error
		got, err = r.store.AWSAccount(t.Context(), fullAWSAccount().ID)
		return err == nil && got.Label == "Renamed"
	})
	want := fullAWSAccount()
	want.Label = "Renamed"
	if changed := uitest.ChangedFields(want, got); len(changed) > 0 {
		t.Errorf("the form changes %q: stored %+v\nwant %+v", changed, got, want)
	}
}

// TestFullAWSAccountFillsEveryField fails on a field of an AWS account that fullAWSAccount leaves empty.
func TestFullAWSAccountFillsEveryField(t *testing.T) {
	filled := uitest.ChangedFields(model.AWSAccount{}, fullAWSAccount())
	if want := uitest.Fields[model.AWSAccount](); !slices.Equal(filled, want) {
		t.Errorf("fullAWSAccount fills in %q, want %q", filled, want)
	}
}
