package accounts

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// signInLine says whether a person is signed in for an account, with buttons to sign in and out.
type signInLine struct {
	deps      Deps
	account   func() model.Account             // as it is in the form
	ready     func(then func(a model.Account)) // calls then if a person can sign in for the account now
	onChanged func()                           // the sign-ins were read
	onSignIn  func()                           // a person has signed in: what was listed before is no longer of use

	load, end async.Task
	unwatch   func()
	list      []model.SignIn
	read      bool  // list was read
	err       error // why it was not

	text    *widget.Label
	in, out *control.Button
	content fyne.CanvasObject
}

func newSignInLine(deps Deps, k *control.Keys, account func() model.Account) *signInLine {
	l := &signInLine{deps: deps, account: account, text: widget.NewLabel(""), onChanged: func() {}, onSignIn: func() {}}
	l.ready = func(then func(model.Account)) { then(account()) }
	l.text.Wrapping = fyne.TextWrapWord
	l.in = control.NewButton(k, lang.L("Sign in"), l.signIn)
	l.out = control.NewButton(k, lang.L("Sign out"), l.askSignOut)
	buttons := container.NewVBox(container.NewHBox(l.out, l.in))
	l.content = container.NewBorder(nil, nil, nil, buttons, l.text)
	return l
}

// open reads the sign-ins, and again after each change.
func (l *signInLine) open() {
	l.unwatch = l.deps.watch(l.reload)
	l.reload()
}

// reload reads the sign-ins.
func (l *signInLine) reload() {
	if l.deps.SignIns == nil {
		return
	}
	async.Load(&l.load, l.deps.SignIns.SignIns, func(list []model.SignIn, err error) {
		l.list, l.err, l.read = list, err, err == nil
		l.update()
		l.onChanged()
	})
}

// signedIn reports whether a person is signed in for the account.
func (l *signInLine) signedIn() bool {
	_, state := l.state()
	return state == signInValid
}

func (l *signInLine) state() (model.SignIn, signInState) {
	return signInOf(l.account(), l.list, l.deps.now())
}

func (l *signInLine) update() {
	signIn, state := l.state()
	text := signInText(signIn, state, l.deps.now())
	l.text.Importance = widget.MediumImportance
	switch {
	case l.err != nil:
		text, l.text.Importance = l.err.Error(), widget.DangerImportance
	case !l.read:
		text = lang.L("Loading…")
	case state == signInValid:
		l.text.Importance = widget.SuccessImportance
	case state == signInEnded:
		l.text.Importance = widget.WarningImportance
	}
	l.text.SetText(text)
	if state == signInValid {
		l.in.SetText(lang.L("Sign in again"))
		l.out.Show()
	} else {
		l.in.SetText(lang.L("Sign in"))
		l.out.Hide()
	}
}

func (l *signInLine) signIn() {
	l.ready(func(a model.Account) {
		ShowSignIn(l.deps, a, model.SignInHere, func(_ model.SignIn, ok bool) {
			if ok {
				l.onSignIn()
				l.reload()
			}
		})
	})
}

func (l *signInLine) askSignOut() {
	a := l.account()
	text := lang.L("The account can be used again only after a new sign-in.")
	if a.Kind == model.KindIdentityCenter {
		text = lang.L("All accounts of this access portal can be used again only after a new sign-in.")
	}
	dialog.Ask(l.deps.Window, dialog.Question{Title: lang.L("Sign out?"), Text: text, Yes: lang.L("Sign out"), OnYes: func() { l.signOut(a) }})
}

func (l *signInLine) signOut(a model.Account) {
	async.Do(&l.end, func(ctx context.Context) error { return l.deps.SignIns.SignOut(ctx, a) }, func(err error) {
		if err != nil {
			dialog.ShowError(l.deps.Window, lang.L("You are still signed in"), err)
			return
		}
		l.deps.changed()
		l.reload()
	})
}

// close ends what is running.
func (l *signInLine) close() {
	l.unwatch()
	l.load.Cancel()
	l.end.Cancel()
}
