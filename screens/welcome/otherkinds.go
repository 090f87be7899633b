package welcome

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// ways returns the kinds of account that can be chosen now.
func (a *accountPart) ways() []control.Option {
	options := []control.Option{{Value: wayKey, Label: lang.L("Access key")}}
	if a.page.place.deps.AddAccount != nil {
		options = append(options, control.Option{Value: wayProfile, Label: lang.L("AWS profile")},
			control.Option{Value: waySignIn, Label: lang.L("Sign in")})
	}
	options = append(options, control.Option{Value: wayRole, Label: lang.L("Role of this instance")})
	if len(a.usable()) > 0 {
		options = append(options, control.Option{Value: wayExisting, Label: lang.L("Existing account")})
	}
	return options
}

// newForm returns what leads to the form of the other kinds.
func (a *accountPart) newForm(k *control.Keys) *fyne.Container {
	a.formAbout = widget.NewLabel("")
	a.formAbout.Importance, a.formAbout.Wrapping = widget.LowImportance, fyne.TextWrapWord
	add := control.NewButton(k, lang.L("Add account…"), a.add)
	return container.NewVBox(a.formAbout, container.New(form.Beside{}, container.NewHBox(add)))
}

// showForm shows what leads to the form, for the kinds that have it.
func (a *accountPart) showForm(way string) {
	text := ""
	switch way {
	case wayProfile:
		text = lang.L("Uses a profile of ~/.aws, with whatever it leads to. The form that opens lists those of this computer.")
	case waySignIn:
		text = lang.L("Signs you in with IAM Identity Center or the AWS console, in your browser. The form that opens asks where.")
	}
	if text != a.formAbout.Text {
		a.formAbout.SetText(text)
	}
	show(a.form, text != "")
	show(a.test, text == "" || a.stop.Visible())
}

// add opens the form of accounts. What is saved there is chosen here.
func (a *accountPart) add() {
	kind := model.KindProfile
	if a.way.Value() == waySignIn {
		kind = model.KindIdentityCenter
	}
	a.page.place.deps.AddAccount(kind, a.added)
}

// added chooses an account that the form has saved.
func (a *accountPart) added(saved model.Account) {
	others := slices.DeleteFunc(slices.Clone(a.page.known.accounts), func(x model.Account) bool { return x.ID == saved.ID })
	a.page.known.accounts = slices.Concat(others, []model.Account{saved})
	a.way.SetOptions(a.ways()...)
	a.existing.SetValue(saved.Name)
	a.way.Choose(wayExisting)
	if a.page.region.Text == "" && saved.Region != "" {
		a.page.region.SetText(saved.Region)
	}
	a.page.form.Changed()
}
