package welcome

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// Every kind of account leads from an empty data folder to a step.
func TestAnAccountOfAnotherKind(t *testing.T) {
	for way, want := range map[string]model.Account{
		wayProfile: {Name: "Base", Kind: model.KindProfile, Profile: "base", Region: "eu-west-1"},
		waySignIn: {Name: "Team", Kind: model.KindIdentityCenter, StartURL: "https://example.awsapps.com/start", SignInRegion: "eu-west-1",
			AWSID: "123456789012", RoleName: "Admin", Region: "eu-west-1"},
	} {
		t.Run(way, func(t *testing.T) {
			r := newRig(t, large)
			r.drop(file(t, "a.sh", "true"))
			g := r.place.page
			g.account.way.Choose(way)
			if !g.account.form.Visible() || g.account.keys.Visible() || g.account.nameField.Row().Visible() || g.account.test.Visible() {
				t.Error("the fields of a key are shown")
			}
			r.save(false)
			if err := g.form.Field("account.kind").Err(); err == nil || r.made.Step != "" {
				t.Fatalf("without an account it made %+v, %v", r.made, err)
			}
			g.account.add()
			if r.asked != want.Kind {
				t.Errorf("the form of kind %s opened", r.asked)
			}
			if err := r.all.Accounts().Save(t.Context(), &want, model.AccountSecrets{}); err != nil {
				t.Fatal(err)
			}
			r.added(want)
			if g.account.way.Value() != wayExisting || g.account.existing.Value() != want.Name || g.region.Text != "eu-west-1" {
				t.Errorf("chosen are %s, %s in %q", g.account.way.Value(), g.account.existing.Value(), g.region.Text)
			}
			r.save(false)
			if r.made.Account != want.Name || r.made.NewAccount {
				t.Errorf("made %+v; the page says %q", r.made, g.result.Text())
			}
		})
	}
}
