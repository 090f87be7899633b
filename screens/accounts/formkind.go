package accounts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// newKinds returns the choice of the kind, which is fixed once the account is saved.
func (f *Form) newKinds() fyne.CanvasObject {
	var options []control.Option
	for _, kind := range model.AccountKinds() {
		options = append(options, control.Option{Value: string(kind), Label: kindOption(kind)})
	}
	f.kinds = control.NewSelect(f.form.Keys, options...)
	f.kinds.OnChosen = func(kind string) {
		f.setKind(model.AccountKind(kind))
		f.form.Changed()
	}
	f.kindFixed = widget.NewLabel("")
	return container.NewStack(f.kinds, f.kindFixed)
}

// setKind shows the fields of a kind. What was typed into the others stays there until the account is saved.
func (f *Form) setKind(kind model.AccountKind) {
	f.kind = kind
	f.kinds.SetValue(string(kind))
	f.kindFixed.SetText(kindOption(kind))
	setVisible(f.kinds, f.account.ID == "")
	setVisible(f.kindFixed, f.account.ID != "")
	for _, path := range f.form.Paths() {
		f.form.Field(path).SetVisible(kind.HasField(path))
	}
	f.form.Field(signInPath).SetVisible(f.offersSignIn())
	f.form.Field("signInRegion").SetHelp(signInRegionHelp(kind))
	setVisible(f.hint, kind == model.KindAccessKey)
	setVisible(f.sandboxRow, kind == model.KindAccessKey)
	f.more.Refresh()
	f.updateEndpoint()
	f.loadProfiles()
	f.signInChanged()
}

func signInRegionHelp(kind model.AccountKind) string {
	if kind == model.KindConsole {
		return lang.L("The region in which you use the console. The sign-in is renewed in this region only.")
	}
	return lang.L("The region of IAM Identity Center. Its settings page and your administrator know it.")
}

func setVisible(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// moreSummary names the fields of the section More that the kind has.
func (f *Form) moreSummary() string {
	if f.kind == model.KindAccessKey {
		return lang.L("description · session token · MFA device · endpoint")
	}
	return lang.L("description · endpoint")
}
