package runs

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// awaiting shows what the run waits for, whichever process has started it, and offers to do it.
type awaiting struct {
	deps    awaitingDeps
	account string // for which somebody has to sign in or to enter a code; empty: the run waits for nobody
	busy    async.Task
	open    bool // a dialog is open for it
	text    *widget.Label
	button  *control.Button
	content *fyne.Container
}

// awaitingDeps is what the row needs. resized is called when the height has changed.
type awaitingDeps struct {
	window    fyne.Window
	account   func(ctx context.Context, name string) (model.Account, error)
	signIn    func(a model.Account, done func(ok bool))
	enterCode func(ctx context.Context, a model.Account, code string) error
	resized   func()
}

func newAwaiting(deps awaitingDeps) *awaiting {
	w := &awaiting{deps: deps, text: widget.NewLabel("")}
	w.text.Wrapping, w.text.Importance = fyne.TextWrapWord, widget.WarningImportance
	w.button = control.NewButton(nil, lang.L("Sign in…"), w.answer)
	edge := newEdge()
	edge.set(display.Caution)
	w.content = container.NewBorder(nil, nil, edge, container.NewCenter(w.button), w.text)
	w.content.Hide()
	return w
}

// set shows what the first step that waits does so for.
func (w *awaiting) set(r model.Run) {
	account, text, kind := "", "", model.AccountKind("")
	for _, s := range r.Steps {
		if retries := s.Status == model.Queued && s.Attempt > 1; !r.Status.Over() && !s.Status.Over() && s.Message != "" && !retries {
			account, text, kind = s.Identity.Account, s.Message, s.Identity.Kind
			break
		}
	}
	changed := account != w.account || text != w.text.Text
	w.account = account
	w.text.SetText(legible(text, sentenceRunes, sentenceLines))
	w.button.SetText(lang.L("Sign in…"))
	if !(model.Account{Kind: kind}).SignsIn() {
		w.button.SetText(lang.L("Enter code…"))
	}
	setShown(w.button, kind != model.KindProfile || runner.AsksForCode(text)) // else the text says what to run
	setShown(w.content, account != "")
	if changed {
		w.deps.resized()
	}
}

// answer leads the person through what the run waits for.
func (w *awaiting) answer() {
	name := w.account
	if name == "" || w.open || w.busy.Busy() {
		return
	}
	read := func(ctx context.Context) (model.Account, error) { return w.deps.account(ctx, name) }
	async.Load(&w.busy, read, func(a model.Account, err error) {
		switch {
		case err != nil:
			dialog.ShowError(w.deps.window, lang.L("The account can't be read"), err)
		case a.SignsIn():
			w.open = true
			w.deps.signIn(a, func(bool) { w.open = false })
		default:
			w.askCode(a)
		}
	})
}

// askCode asks for the code of an account's MFA device until AWS accepts one, or the person gives up.
func (w *awaiting) askCode(a model.Account) {
	w.open = true
	f := form.New()
	entry := control.NewSecret(f.Keys)
	field := f.Add("code", lang.L("Code for {{.Account}}", map[string]any{"Account": a.Name}), codeHelp(a), entry)
	d := &dialog.Dialog{Title: lang.L("Enter code"), Confirm: lang.L("Continue"), Size: fyne.NewSize(560, 240), Keys: f.Keys}
	d.Content = form.Rows(field)
	d.First, _ = control.Face(entry).(fyne.Focusable)
	d.OnClosed = func() { w.open = false }
	d.OnConfirm = func() {
		code := entry.Value()
		d.SetBusy(true)
		async.Do(&w.busy, func(ctx context.Context) error { return w.deps.enterCode(ctx, a, code) }, func(err error) {
			d.SetBusy(false)
			if err != nil {
				f.Explain("code", err)
				return
			}
			d.Close()
		})
	}
	d.Show(w.deps.window)
}
