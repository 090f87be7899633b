package accounts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

func (p *Place) newTable() *table.Table[model.Account] {
	t := table.New(p.columns()...)
	t.Pinned = func(a model.Account) bool { return a.Kind == model.KindInstanceRole }
	t.OnOpened = p.open
	t.OnSelected = func(model.Account) { p.buttons() }
	t.OnDelete = p.delete
	return t
}

func (p *Place) columns() []table.Column[model.Account] {
	return []table.Column[model.Account]{
		{Title: lang.L("Name"), Cell: p.nameCell},
		{Title: lang.L("Kind"), Width: 200, Cell: kindCell},
		{Title: lang.L("Identity"), Width: 250, Cell: p.identityCell},
		{Title: lang.L("Last verified"), Width: 100, Cell: func(a model.Account) table.Cell {
			return table.Cell{Text: Ago(a.Verified.At, p.deps.now()), Muted: true}
		}, Compare: func(a, b model.Account) int { return b.Verified.At.Compare(a.Verified.At) }},
	}
}

func (p *Place) nameCell(a model.Account) table.Cell {
	c := table.Cell{Text: Title(a), Bold: true}
	switch {
	case a.NeedsSecret():
		c.Badge, c.Tone = lang.L("needs secret"), display.Caution
	case p.needsSignIn(a):
		c.Badge, c.Tone = lang.L("sign in"), display.Caution
	}
	return c
}

// needsSignIn reports whether a person has to sign in before account a can be used.
func (p *Place) needsSignIn(a model.Account) bool {
	return p.deps.SignIns != nil && a.NeedsSignIn(p.signIns, p.deps.now())
}

func kindCell(a model.Account) table.Cell { return table.Cell{Text: KindLine(a), Muted: true} }

func (p *Place) identityCell(a model.Account) table.Cell {
	if text := p.results[a.ID]; text != "" {
		return table.Cell{Text: text, Muted: true}
	}
	aws, as := leadsTo(a, p.known)
	if aws.ID == "" {
		return table.Cell{Text: "–", Muted: true}
	}
	cell := table.Cell{Text: aws.String() + " · " + as, Bar: "-"}
	if aws.Colour != "" {
		cell.Bar = string(aws.Colour)
	}
	return cell
}

// leadsTo returns the AWS account that an account leads to, and as whom: as last verified, or else as it says itself.
func leadsTo(a model.Account, all []model.AWSAccount) (aws model.AWSAccount, as string) {
	switch {
	case a.Verified.AWSID != "":
		return labelled(a.Verified.AWSID, all), shortARN(a.Verified.ARN)
	case a.Kind == model.KindIdentityCenter:
		return labelled(a.AWSID, all), a.RoleName
	}
	return model.AWSAccount{}, ""
}

func (p *Place) toolbar() fyne.CanvasObject {
	add := control.NewButton(nil, lang.L("Add account"), p.Add).Important()
	add.SetIcon(fynetheme.ContentAddIcon())
	p.edit = control.NewButton(nil, lang.L("Edit"), func() { p.selected(p.open) })
	p.test = control.NewButton(nil, lang.L("Test"), func() { p.selected(p.testOne) })
	p.remove = control.NewButton(nil, lang.L("Delete"), func() { p.selected(p.delete) })
	p.testAll = control.NewButton(nil, lang.L("Test all"), p.testEach)
	p.stop = control.NewButton(nil, lang.L("Stop"), p.stopTests)
	p.stop.Hide()
	p.filter = control.NewEntry(nil)
	p.filter.SetPlaceHolder(lang.L("Filter"))
	p.filter.OnChanged = func(text string) { p.table.SetFilter(text); p.buttons() }
	filter := container.NewGridWrap(fyne.NewSize(160, p.filter.MinSize().Height), p.filter)
	bar := container.NewHBox(add)
	if p.deps.SignIns != nil {
		bar.Add(control.NewButton(nil, lang.L("Add many…"), p.AddMany))
		p.signIn = control.NewButton(nil, lang.L("Sign in"), func() { p.selected(func(a model.Account) { p.askSignIn(a, nil) }) })
	}
	bar.Add(p.edit)
	bar.Add(p.test)
	if p.signIn != nil {
		bar.Add(p.signIn)
	}
	if p.deps.Elsewhere != nil {
		p.elsewhere = control.NewButton(nil, lang.L("Use…"), func() { p.selected(p.use) })
		bar.Add(p.elsewhere)
	}
	for _, o := range []fyne.CanvasObject{p.remove, layout.NewSpacer(), filter, p.testAll, p.stop} {
		bar.Add(o)
	}
	return bar
}

func (p *Place) selected(do func(model.Account)) {
	if a, ok := p.table.Selected(); ok {
		do(a)
	}
}

func (p *Place) buttons() {
	a, ok := p.table.Selected()
	enable := func(b *control.Button, on bool) {
		if on {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	own := ok && a.Kind != model.KindInstanceRole
	enable(p.edit, own)
	enable(p.remove, own)
	enable(p.test, ok && !p.tests.Busy())
	if p.signIn != nil {
		enable(p.signIn, ok && a.SignsIn())
	}
	if p.elsewhere != nil {
		enable(p.elsewhere, ok)
	}
	enable(p.testAll, len(p.testable()) > 0 && !p.tests.Busy())
}
