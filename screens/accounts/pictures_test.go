//go:build pictures

package accounts

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

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

// TestPicturesOfSignIns shows the kinds of account and of the sheet to sign in.
func TestPicturesOfSignIns(t *testing.T) {
	dir := os.Getenv("STEPDECK_PICTURES")
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			other := portalAccount("Other portal")
			other.StartURL = "https://other.awsapps.com/start"
			r := newSignRig(t, key("Website deployer", exampleID), portalAccount("Website-prod-Admin"), other,
				model.Account{Name: "Base", Kind: model.KindProfile, Profile: "base"},
				model.Account{Name: "Root of the sandbox", Kind: model.KindConsole, SignInRegion: "eu-west-1"},
				model.Account{Name: "Roles Anywhere", Kind: model.KindProcess, Process: "aws_signing_helper credential-process"})
			r.Settings().SetTheme(theme.New(mode))
			r.signIns.add(signedInFor(portalAccount("")))
			r.signIns.profiles = []model.Profile{{Name: "base", About: "access key", Region: "eu-west-1"}}
			shot := func(what string) { r.picture(filepath.Join(dir, "accounts-"+what+"-"+name+".png")) }
			r.place.reload()
			r.Until("the sign-ins", func() bool { return len(r.place.signIns) == 1 })
			r.place.testEach()
			r.Until("the end", func() bool { return r.place.status.Text() != "" && !r.place.load.Busy() })
			r.place.table.Select(func(a model.Account) bool { return a.Name == "Other portal" })
			shot("kinds-list")
			r.pictureForms(shot)
			r.pictureSheet(shot)
			r.pictureMany(shot)
		})
	}
}

// TestPicturesOfUse shows the dialog that opens a terminal and the AWS console.
func TestPicturesOfUse(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			r, e, s := newUse(t, true)
			r.Settings().SetTheme(theme.New(mode))
			shot := func(what string) {
				r.picture(filepath.Join(os.Getenv("STEPDECK_PICTURES"), "accounts-"+what+"-"+name+".png"))
			}
			shot("use")
			e.errors = []error{model.NewError(model.CodeMFANeeded, "Account \"Website\" needs a code of the MFA device phone. Enter it.")}
			s.confirm.SetText("Website-prod")
			s.console()
			r.Until("the answer", func() bool { return !s.work.Busy() })
			shot("use-code")
			s.dialog.Close()
			shot("list-use")
		})
	}
}

func (r *signRig) pictureForms(shot func(string)) {
	r.place.Add()
	f := r.place.editing
	r.Until("the sign-ins", func() bool { return f.signIn.read })
	f.name.SetText("Website-prod")
	for _, kind := range model.AccountKinds() {
		f.kinds.SetSelected(kindOption(kind))
		r.Until("the lists", func() bool { return !f.profiles.load.Busy() })
		f.result.Hide()
		shot("form-" + string(kind))
	}
	f.form.Saved()
	f.dialog.Close()
	f = Edit(r.place.deps, r.account("Website-prod-Admin"), nil)
	r.Until("the roles", func() bool { return f.portal.read })
	shot("form-signed-in")
	f.awsAccount.Open()
	shot("form-choose-account")
	r.window.Canvas().Overlays().Top().Hide()
	f.signIn.list[0].Ends = noon()
	f.signIn.update()
	shot("form-ended")
	f.dialog.Close()
}

func (r *signRig) pictureSheet(shot func(string)) {
	for what, step := range map[string]model.SignInStep{
		"preparing": {},
		"browser":   {URL: "https://oidc.eu-west-1.amazonaws.com/authorize?response_type=code&client_id=abcdefghijklmnopqrstuvwxyz"},
		"code":      {URL: "https://acme.awsapps.com/start/#/device", Code: "ABCD-EFGH"},
		"paste":     {URL: "https://eu-west-1.signin.aws.amazon.com/v1/authorize?response_type=code", Paste: true},
	} {
		way := model.SignInElsewhere
		if what == "browser" || what == "preparing" {
			way = model.SignInHere
		}
		r.signIns.act = func(ctx context.Context, _ attempt) (model.SignIn, error) {
			<-ctx.Done()
			return model.SignIn{}, ctx.Err()
		}
		s, _ := r.sheet(way)
		if step.URL != "" {
			step.Until = noon().Add(9*time.Minute + 41*time.Second)
			s.show(step)
		}
		shot("signin-" + what)
		s.dialog.Close()
	}
	r.signIns.act = func(context.Context, attempt) (model.SignIn, error) {
		return model.SignIn{}, model.NewError("x", "The access portal acme.awsapps.com does not answer. Check the start URL and your network.")
	}
	s, _ := r.sheet(model.SignInHere)
	r.Until("the error", func() bool { return s.banner.Text() != "" })
	shot("signin-error")
	s.dialog.Close()
}

func (r *signRig) pictureMany(shot func(string)) {
	profiles := manyProfiles(40)
	profiles[1].About = "role deployer from base"
	m := r.addMany(profiles...)
	test.Tap(m.all)
	m.table.Select(func(c *candidate) bool { return c.from == "profile-002" })
	shot("many-profiles")
	m.chooseSource(portalAccount("").SignInKey())
	r.Until("the roles", func() bool { return len(m.rows) == 3 })
	test.Tap(m.all)
	m.pattern.SetText("{account}")
	m.table.OnTicked(m.rows[0])
	shot("many-clash")
	m.pattern.SetText("{profile}")
	shot("many-pattern")
	m.chooseSource(sourceNewPortal)
	shot("many-portal")
	m.dialog.Close()
	r.signIns.profiles = nil
	m = r.addMany()
	shot("many-empty")
	m.dialog.Close()
}
