package runs

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// identities shows each different identity of the steps once.
func (sh *sheet) identities() []fyne.CanvasObject {
	var list []fyne.CanvasObject
	var seen []string
	for i, v := range sh.q.Verdicts {
		id := v.Identity
		if id.AWSID == "" {
			continue
		}
		region := sh.q.Plan.Steps[i].Region
		as := id.ARN // that of a role differs from step to step, as it includes the session name
		if id.Role != "" {
			as = id.Role
		}
		key := strings.Join([]string{id.AWSID, as, id.Account, id.Endpoint, region, string(v.Keys.Why)}, "\n")
		if slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		list = append(list, sh.identity(v, region))
	}
	return list
}

func (sh *sheet) identity(v runner.Verdict, region string) fyne.CanvasObject {
	account := v.Account
	account.ID = v.Identity.AWSID
	bold := func(words string) *widget.Label {
		return widget.NewLabelWithStyle(words, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	}
	head := container.NewHBox(widget.NewLabel(lang.L("Acts in")), bold(account.String()))
	if account.Protected {
		head.Add(container.NewCenter(display.NewBadge(lang.L("PROTECTED"), display.Bad)))
	}
	if slices.ContainsFunc(questions[runner.FirstTime](sh.q), func(q runner.FirstTime) bool { return q.Account.ID == account.ID }) {
		head.Add(container.NewCenter(display.NewBadge(lang.L("first run in this AWS account"), display.Caution)))
	}
	rows := container.New(layout.NewCustomPaddedVBoxLayout(-6), head)
	if words := endpointText(v.Identity); words != "" {
		big := newBigText()
		big.set(words)
		rows.Objects = append([]fyne.CanvasObject{big}, rows.Objects...)
	}
	as := lang.L("as {{.Who}}", map[string]any{"Who": who(v.Identity)})
	if v.Identity.AccessKeyID != "" {
		as += "   " + lang.L("from account {{.Account}}, key {{.Key}}",
			map[string]any{"Account": v.Identity.Account, "Key": model.KeyEnd(v.Identity.AccessKeyID)})
	} else {
		as += "   " + lang.L("from account {{.Account}}", map[string]any{"Account": v.Identity.Account})
	}
	rows.Add(widget.NewLabel(as))
	if region != "" {
		rows.Add(widget.NewLabel(lang.L("in {{.Region}}", map[string]any{"Region": region})))
	}
	if words := KeysText(v, sh.now()); words != "" {
		rows.Add(text(words))
	}
	for _, n := range v.Notices {
		rows.Add(text(n))
	}
	bar := display.NewBar()
	bar.SetColour(string(account.Colour), true)
	return container.NewBorder(nil, nil, bar, nil, rows)
}

// wrongAccount shows expected and actual side by side.
func (sh *sheet) wrongAccount(step string, w runner.WrongAccount) fyne.CanvasObject {
	side := func(head string, a model.AWSAccount, below string) fyne.CanvasObject {
		bar := display.NewBar()
		bar.SetColour(string(a.Colour), true)
		id := widget.NewLabelWithStyle(a.String(), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		lines := container.New(layout.NewCustomPaddedVBoxLayout(-4), widget.NewLabel(head), id, text(below))
		return display.Card(container.NewBorder(nil, nil, bar, nil, lines))
	}
	b := feedback.NewBanner()
	b.Show(lang.L("The step “{{.Step}}” would act in the wrong AWS account. Nothing has run.", map[string]any{"Step": step}), display.Bad)
	return container.NewVBox(b.Content(), container.NewGridWithColumns(2,
		side(lang.L("Expected"), w.Expected, lang.L("by {{.From}}", map[string]any{"From": w.From})),
		side(lang.L("It would be"), w.Actual, lang.L("as {{.Who}}", map[string]any{"Who": who(w.Identity)}))))
}
