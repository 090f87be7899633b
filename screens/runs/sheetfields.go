package runs

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// keyField is the field of what an account needs before the run: its secret key, or the code of its MFA device.
type keyField struct {
	account model.Account
	entry   *control.Secret
	code    bool
}

// secretField is the field of a sensitive variable that has no value on this computer.
type secretField struct {
	runner.MissingSecret
	entry *control.Secret
}

// path returns the path of the field.
func (f secretField) path() string { return "secret." + f.Of().String() }

// fields returns a field for each question, or nil if there is none.
func (sh *sheet) fields() fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, q := range questions[runner.AccountKey](sh.q) {
		account := q.Account
		entry := control.NewSecret(sh.form.Keys)
		entry.OnChanged = func(string) { sh.changed() }
		sh.keys = append(sh.keys, keyField{account: account, entry: entry})
		rows = append(rows, sh.form.Add("key."+account.Name, lang.L("Secret key of {{.Account}}", map[string]any{"Account": account.Name}),
			lang.L("The account {{.Account}} (key {{.Key}}) has no secret key on this computer. It is kept in the vault.",
				map[string]any{"Account": account.Name, "Key": account.AccessKeyID}), entry).Row())
	}
	for _, q := range questions[runner.MFACode](sh.q) {
		entry := control.NewSecret(sh.form.Keys)
		entry.OnChanged = func(string) { sh.changed() }
		sh.keys = append(sh.keys, keyField{q.Account, entry, true})
		rows = append(rows, sh.form.Add("code."+q.Account.Name, lang.L("Code for {{.Account}}", map[string]any{"Account": q.Account.Name}),
			codeHelp(q.Account), entry).Row())
	}
	for _, q := range questions[runner.MissingSecret](sh.q) {
		entry := control.NewSecret(sh.form.Keys)
		entry.OnChanged = func(string) { sh.changed() }
		f := secretField{q, entry}
		sh.secrets = append(sh.secrets, f)
		rows = append(rows, sh.form.Add(f.path(), legible(q.Title(), sentenceRunes/4, 2),
			lang.L("This computer does not have the value. It is used only for this run."), entry).Row())
	}
	for _, q := range questions[runner.Prompt](sh.q) {
		rows = append(rows, sh.prompt(q)...)
	}
	for _, field := range sh.rehearsalRows() {
		rows = append(rows, field.Row())
	}
	if protected := questions[runner.Confirmation](sh.q); len(protected) > 0 {
		rows = append(rows, sh.confirmation(protected).Row())
	}
	if len(rows) == 0 {
		return nil
	}
	return container.NewVBox(rows...)
}

// codeHelp says which code an account needs.
func codeHelp(a model.Account) string {
	if a.MFADevice == "" { // the profile names it
		return lang.L("The six digits that the MFA device of this account's profile shows. One code serves until its session ends.")
	}
	return lang.L("The six digits that the MFA device {{.Device}} shows. One code serves until its session ends.",
		map[string]any{"Device": a.MFADevice})
}

// confirmation returns the field in which the protected AWS accounts are typed.
func (sh *sheet) confirmation(protected []runner.Confirmation) *form.Field {
	var names []string
	for _, q := range protected {
		if names = append(names, q.Account.ID); q.Account.Title() != q.Account.ID {
			names = append(names, q.Account.Title())
		}
	}
	sh.typed = control.NewEntry(sh.form.Keys)
	sh.typed.OnChanged = func(string) { sh.changed() }
	return sh.form.Add("confirm", lang.L("Confirm"),
		lang.L("Type {{.Names}} to run.", map[string]any{"Names": strings.Join(names, " "+lang.L("or")+" ")}), sh.typed)
}

func (sh *sheet) changed() {
	sh.form.Changed()
	sh.validate()
}

// validate enables Run once everything is answered and the sheet has been shown for a moment: a key or click in that moment was meant
// for what was there before.
func (sh *sheet) validate() {
	if sh.dialog != nil { // else the fields are being filled
		sh.dialog.SetBusy(!sh.ready || len(sh.check()) > 0)
	}
}

func (sh *sheet) check() []form.Problem {
	var list []form.Problem
	missing := func(path, words string) {
		list = append(list, form.Problem{Field: path, Err: model.NewError("run.answer", "%s", words)})
	}
	for _, f := range sh.keys {
		switch {
		case f.entry.Value() != "":
		case f.code:
			missing("code."+f.account.Name, lang.L("Enter the code."))
		default:
			missing("key."+f.account.Name, lang.L("Enter the secret key."))
		}
	}
	for _, f := range sh.secrets {
		if f.entry.Value() == "" {
			missing(f.path(), lang.L("Enter the value."))
		}
	}
	for _, f := range sh.values {
		v := f.Variable
		if (f.Required || v.Prompt.Required && !(v.Type == model.TypeSensitive && v.ValueSet)) && f.get() == "" {
			missing(f.path(), lang.L("The run needs a value."))
		} else if err := f.problem(); err != nil {
			list = append(list, form.Problem{Field: f.path(), Err: err})
		}
	}
	if sh.typed != nil && len(sh.unconfirmed()) > 0 {
		missing("confirm", lang.L("This is not the id or label of the AWS account."))
	}
	return append(list, sh.rehearsal.check()...)
}

// unconfirmed returns the protected AWS accounts that the typed text does not name. It may name several, separated by spaces or commas.
func (sh *sheet) unconfirmed() []runner.Confirmation {
	typed := strings.TrimSpace(sh.typed.Text)
	parts := strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	return slices.DeleteFunc(questions[runner.Confirmation](sh.q), func(q runner.Confirmation) bool {
		return q.Account.Matches(typed) || slices.ContainsFunc(parts, q.Account.Matches)
	})
}

// collect reads the answers from the fields.
func (sh *sheet) collect() answers {
	a := answers{accepted: map[string]bool{}, rehearsal: sh.rehearsal.value()}
	if a.rehearsal == nil && sh.q.asksRehearsal() {
		a.rehearsal = sh.q.wanted.Rehearsal // what it may do was decided before, and this sheet has told of it
	}
	for _, f := range sh.values {
		if value := f.get(); value != "" {
			a.given = append(a.given, model.GivenTo(f.Of(), value))
		} else {
			a.accepted[f.Key()] = true
		}
	}
	for _, f := range sh.secrets {
		a.given = append(a.given, model.GivenTo(f.Of(), f.entry.Raw()))
	}
	for _, q := range sh.q.Questions {
		switch q := q.(type) {
		case runner.Confirmation:
			a.confirm = append(a.confirm, q.Account.ID)
		case runner.FirstTime, runner.AlreadyRunning, runner.UnseenScript, runner.MissingAWS: // shown in the sheet
			a.accepted[q.Key()] = true
		}
	}
	return a
}
