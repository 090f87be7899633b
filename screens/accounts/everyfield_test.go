package accounts

import (
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// fullAccounts has, for each kind, an account with a value in every field that the kind has.
func fullAccounts() map[model.AccountKind]model.Account {
	accounts := map[model.AccountKind]model.Account{
		model.KindAccessKey: {
			AccessKeyID: "ASIAIOSFODNN7EXAMPLE", MFADevice: "arn:aws:iam::123456789012:mfa/ana", SecretSet: true, TokenSet: true,
		},
		model.KindProfile: {Profile: "prod"},
		model.KindIdentityCenter: {
			StartURL: startURL, SignInRegion: "eu-central-1", AWSID: "123456789012", RoleName: "AdministratorAccess",
		},
		model.KindConsole: {SignInRegion: "eu-central-1"},
		model.KindProcess: {Process: `helper --certificate "/keys/my cert.pem"`},
	}
	for kind, a := range accounts {
		a.Name, a.Kind, a.Description = "Full", kind, "For the nightly runs"
		a.Region, a.Endpoint = "us-east-2", "https://sts.example.com"
		a.Verified = model.Verification{
			At: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), AWSID: "123456789012",
			ARN: "arn:aws:iam::123456789012:user/ana", UserID: "AIDAEXAMPLE",
		}
		accounts[kind] = a
	}
	return accounts
}

// TestSavingAnOpenedAccountKeepsEveryField fails when the form drops a field that it was opened with.
func TestSavingAnOpenedAccountKeepsEveryField(t *testing.T) {
	for _, kind := range model.AccountKinds() {
		t.Run(string(kind), func(t *testing.T) {
			full := fullAccounts()[kind]
			r := newSignRig(t, full)
			if err := r.store.SetVerified(t.Context(), r.account("Full").ID, full.Verified); err != nil {
				t.Fatal(err)
			}
			want := r.account("Full")
			if lost := uitest.ChangedFields(full, want); !slices.Equal(lost, []string{"ID"}) {
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
		})
	}
}

// TestFullAccountFillsEveryField fails on a field of an account that fullAccounts leaves empty, and on a kind that it leaves out.
func TestFullAccountFillsEveryField(t *testing.T) {
	filled := []string{"ID"} // the store gives it
	for _, kind := range model.AccountKinds() {
		a, has := fullAccounts()[kind]
		if !has {
			t.Errorf("fullAccounts has no account of kind %s", kind)
		}
		filled = append(filled, uitest.ChangedFields(model.Account{}, a)...)
	}
	for _, field := range uitest.Fields[model.Account]() {
		if !slices.Contains(filled, field) {
			t.Errorf("%s: fill it in in fullAccounts", field)
		}
	}
}

func fullAWSAccount() model.AWSAccount {
	return model.AWSAccount{
		ID: "123456789012", Label: "Website-prod", Colour: model.Colours()[0], Protected: true, Alias: "acme-prod", AliasAsked: true,
	}
}

// TestSavingAnOpenedAWSAccountKeepsEveryField does the same for the form of an AWS account.
func TestSavingAnOpenedAWSAccountKeepsEveryField(t *testing.T) {
	r := newRig(t, small)
	if err := r.store.SaveAWSAccount(t.Context(), fullAWSAccount()); err != nil {
		t.Fatal(err)
	}
	if err := r.store.KeepAlias(t.Context(), fullAWSAccount().ID, fullAWSAccount().Alias); err != nil {
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
