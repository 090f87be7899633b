//go:build pictures

package accounts

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// TestPictures writes pictures of the screen to the folder of STEPDECK_PICTURES.
func TestPictures(t *testing.T) {
	dir := os.Getenv("STEPDECK_PICTURES")
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, small, model.Account{Name: "Sandbox", Kind: model.KindAccessKey, Endpoint: "sandbox"},
				key("Website deployer", exampleID),
				model.Account{Name: "Audit", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7AUDIT0"})
			r.Settings().SetTheme(theme.New(mode))
			prod := model.AWSAccount{ID: "123456789012", Label: "Website-prod", Colour: "red", Protected: true}
			if err := r.store.SaveAWSAccount(t.Context(), prod); err != nil {
				t.Fatal(err)
			}
			r.place.runTests([]model.Account{r.account("Website deployer")})
			r.Until("the end", func() bool { return r.place.status.Text() != "" && !r.place.load.Busy() })
			r.place.table.Select(func(a model.Account) bool { return a.Name == "Audit" })
			r.picture(filepath.Join(dir, "accounts-list-"+name+".png"))
			r.place.tabs.SelectIndex(1)
			r.picture(filepath.Join(dir, "accounts-aws-"+name+".png"))
			r.place.aws.open(prod)
			r.picture(filepath.Join(dir, "accounts-awsform-"+name+".png"))
			r.place.aws.form.form.Keys.Escape()
			r.place.tabs.SelectIndex(0)
			r.place.Add()
			f := r.place.editing
			f.accessKey.SetText("not a key!")
			f.form.Left("accessKeyId")
			f.form.Left("name")
			f.region.SetText("eu-west-1")
			r.picture(filepath.Join(dir, "accounts-form-"+name+".png"))
			f.more.SetOpen(true)
			f.result.Show(Answer(model.Verified{Verification: verification(), RoundTrip: time.Second}), display.Good)
			r.picture(filepath.Join(dir, "accounts-form-more-"+name+".png"))
			r.place.deps.Store = broken{r.store}
			f.form.Saved()
			f.form.Keys.Escape()
			r.place.reload()
			r.Until("the error", func() bool { return r.place.stage.State() == feedback.StateError })
			r.picture(filepath.Join(dir, "accounts-error-"+name+".png"))
		})
	}
}

func (r *rig) picture(path string) {
	uitest.Settle(r.window)
	r.Picture(r.window, path)
}
