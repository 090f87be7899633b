package settings

import (
	"context"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// AskPassphrase asks for the vault's passphrase in a dialog, and waits for the answer. It must not be called on the main goroutine. It
// closes the dialog when ctx ends. If the person cancels it returns an error that says what follows from that.
func AskPassphrase(ctx context.Context, w fyne.Window, q secrets.Question) (string, error) {
	answers := make(chan string, 1) // an empty answer: cancelled
	var s *sheet
	fyne.Do(func() {
		if ctx.Err() == nil {
			s = newSheet(q, answers)
			s.dialog.Show(w)
		}
	})
	select {
	case answer := <-answers:
		if answer == "" {
			return "", declined(q)
		}
		return answer, nil
	case <-ctx.Done():
		fyne.Do(func() {
			if s != nil {
				s.dialog.Close()
			}
		})
		return "", ctx.Err()
	}
}

func declined(q secrets.Question) error {
	if q.New {
		return model.NewError("vault.declined", "No passphrase was chosen, so secrets can't be stored. Nothing was saved.")
	}
	return model.NewError("vault.declined", "No passphrase was entered, so the vault stays locked. Nothing was saved.")
}

// leastPassphrase is the minimum length of a new passphrase, in characters.
const leastPassphrase = 8

type sheet struct {
	form         *form.Form
	first, again *control.Entry
	dialog       *dialog.Dialog
	isNew        bool
}

func newSheet(q secrets.Question, answers chan<- string) *sheet {
	s := &sheet{form: form.New(), isNew: q.New}
	k := s.form.Keys
	s.first, s.again = control.NewEntry(k), control.NewEntry(k)
	s.first.Password, s.again.Password = true, true
	head := widget.NewLabel(lang.L("The vault is locked with a passphrase. Once unlocked, it stays so until you close the window or lock it."))
	if q.New {
		head.SetText(lang.L("This computer has no keychain to protect the vault, so a passphrase protects it. " +
			"You enter it once per window. It can't be recovered."))
	}
	head.Wrapping = fyne.TextWrapWord
	rows := form.Rows(s.form.Add("passphrase", lang.L("Passphrase"), "", s.first))
	if q.New {
		rows.Add(s.form.Add("again", lang.L("Repeat the passphrase"), "", s.again).Row())
	}
	s.form.Check = s.check
	height := float32(230)
	title, confirm := lang.L("Unlock the vault"), lang.L("Unlock")
	if q.New {
		title, confirm, height = lang.L("Choose a passphrase"), lang.L("Create the vault"), 300
	}
	s.dialog = &dialog.Dialog{
		Title: title, Keys: k, Confirm: confirm, First: s.first, Size: fyne.NewSize(520, height), Content: container.NewVBox(head, rows),
	}
	s.dialog.OnConfirm = func() {
		if s.form.ShowAll() != nil {
			return
		}
		answers <- s.first.Text
		s.dialog.OnClosed = nil
		s.dialog.Close()
	}
	s.dialog.OnClosed = func() { answers <- "" }
	if q.Wrong {
		s.form.Explain("passphrase", model.NewError("vault.passphrase.wrong",
			"This is not the passphrase of the vault. Try again; upper and lower case and spaces matter."))
	}
	return s
}

func (s *sheet) check() []form.Problem {
	switch {
	case s.first.Text == "":
		return []form.Problem{{Field: "passphrase", Err: model.NewError("passphrase.empty", "Enter the passphrase.")}}
	case s.isNew && utf8.RuneCountInString(s.first.Text) < leastPassphrase:
		return []form.Problem{{Field: "passphrase", Err: model.NewError("passphrase.short",
			"Use at least %d characters. Several words are easy to remember.", leastPassphrase)}}
	case s.isNew && s.first.Text != s.again.Text:
		return []form.Problem{{Field: "again", Err: model.NewError("passphrase.differs",
			"The two passphrases are not the same. Enter it again.")}}
	}
	return nil
}
