package accounts

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// signInPath is the form's path of the line about the sign-in, which is no field of the model.
const signInPath = "signIn"

func (f *Form) newSignIn() {
	f.signIn = newSignInLine(f.deps, f.form.Keys, f.Account)
	f.signIn.ready, f.signIn.onChanged = f.readyToSignIn, f.signInChanged
	f.signIn.onSignIn = func() { f.portal.key = "" }
	f.portal = portal{signIns: f.deps.SignIns, changed: f.notes}
}

// offersSignIn reports whether the form has a line about the sign-in.
func (f *Form) offersSignIn() bool {
	return f.deps.SignIns != nil && model.Account{Kind: f.kind}.SignsIn()
}

// readyToSignIn calls then with the account once a person can sign in for it. A sign-in with the console belongs to the account, which
// is saved first; one with Identity Center to the access portal.
func (f *Form) readyToSignIn(then func(model.Account)) {
	if f.kind == model.KindConsole {
		if f.account.ID != "" && !f.Dirty() {
			then(f.account)
			return
		}
		f.Save(then)
		return
	}
	f.form.Settle()
	for _, path := range []string{"startUrl", "signInRegion"} {
		if f.form.Left(path); f.form.Field(path).Err() != nil {
			f.form.Field(path).Focus(f.deps.Window.Canvas())
			return
		}
	}
	then(f.Account())
}

// signInChanged follows a change of the sign-ins, or of the account's portal.
func (f *Form) signInChanged() {
	if f.offersSignIn() {
		f.signIn.update()
		f.portal.follow(f.Account(), f.signIn.signedIn())
	}
	f.notes()
}

// portalItems lists the portals that are known on this computer.
func (f *Form) portalItems() []control.Item {
	var items []control.Item
	for _, s := range f.signIn.list {
		if s.Kind == model.KindIdentityCenter {
			items = append(items, control.Item{Value: s.Name, Title: s.Name, Detail: s.Region})
		}
	}
	return items
}

// fillSignInRegion fills in the region of a known portal.
func (f *Form) fillSignInRegion(start string) {
	for _, s := range f.signIn.list {
		if s.Kind == model.KindIdentityCenter && s.Name == strings.TrimSpace(start) && f.signInRegion.Text == "" {
			f.signInRegion.SetText(s.Region)
		}
	}
}

// chosenAWSAccount chooses the role if the AWS account has only one.
func (f *Form) chosenAWSAccount(id string) {
	if roles := f.portal.roleItems(strings.TrimSpace(id)); len(roles) == 1 && strings.TrimSpace(f.role.Text) == "" {
		f.role.SetText(roles[0].Value)
	}
}

func (f *Form) accountItems() []control.Item { return f.orSignIn(f.portal.accountItems()) }

func (f *Form) roleItems() []control.Item {
	return f.orSignIn(f.portal.roleItems(strings.TrimSpace(f.awsAccount.Text)))
}

// orSignIn offers to sign in where nothing can be listed without.
func (f *Form) orSignIn(items []control.Item) []control.Item {
	if f.offersSignIn() && !f.signIn.signedIn() {
		return []control.Item{{Title: lang.L("Sign in to choose from a list…"), Action: f.signIn.signIn}}
	}
	return items
}

// signedIn calls then once a person is signed in for a saved account, and asks for it if it is needed.
func (f *Form) signedIn(a model.Account, then func()) {
	if !f.offersSignIn() || !f.signIn.read || !a.NeedsSignIn(f.signIn.list, f.deps.now()) {
		then()
		return
	}
	ShowSignIn(f.deps, a, model.SignInHere, func(_ model.SignIn, ok bool) {
		f.signIn.reload()
		if ok {
			then()
		}
	})
}
