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
		{Title: lang.L("Name"), Cell: nameCell},
		{Title: lang.L("Kind"), Width: 160, Cell: kindCell},
		{Title: lang.L("Identity"), Width: 250, Cell: p.identityCell},
		{Title: lang.L("Last verified"), Width: 100, Cell: func(a model.Account) table.Cell {
			return table.Cell{Text: Ago(a.Verified.At, p.deps.now()), Muted: true}
		}, Compare: func(a, b model.Account) int { return b.Verified.At.Compare(a.Verified.At) }},
	}
}

func nameCell(a model.Account) table.Cell {
	c := table.Cell{Text: Title(a), Bold: true}
	if a.NeedsSecret() {
		c.Badge, c.Tone = lang.L("needs secret on this computer"), display.Caution
	}
	return c
}

func kindCell(a model.Account) table.Cell {
	text := KindTitle(a)
	if a.AccessKeyID != "" {
		text += " " + model.KeyEnd(a.AccessKeyID)
	}
	return table.Cell{Text: text, Muted: true}
}

func (p *Place) identityCell(a model.Account) table.Cell {
	if text := p.results[a.ID]; text != "" {
		return table.Cell{Text: text, Muted: true}
	}
	aws, text := Known(a, p.known)
	if text == "" {
		return table.Cell{Text: "–", Muted: true}
	}
	cell := table.Cell{Text: text + " · " + shortARN(a.Verified.ARN), Bar: "-"}
	if aws.Colour != "" {
		cell.Bar = string(aws.Colour)
	}
	return cell
}

func (p *Place) toolbar() fyne.CanvasObject {
	add := control.NewButton(nil, lang.L("Add account"), p.Add).Important()
	add.SetIcon(fynetheme.ContentAddIcon())
	p.edit = control.NewButton(nil, lang.L("Edit"), func() { p.selected(p.open) })
	p.test = control.NewButton(nil, lang.L("Test"), func() {
		p.selected(func(a model.Account) { p.runTests([]model.Account{a}) })
	})
	p.remove = control.NewButton(nil, lang.L("Delete"), func() { p.selected(p.delete) })
	p.testAll = control.NewButton(nil, lang.L("Test all"), func() { p.runTests(p.testable()) })
	p.stop = control.NewButton(nil, lang.L("Stop"), p.stopTests)
	p.stop.Hide()
	p.filter = control.NewEntry(nil)
	p.filter.SetPlaceHolder(lang.L("Filter"))
	p.filter.OnChanged = func(text string) { p.table.SetFilter(text); p.buttons() }
	filter := container.NewGridWrap(fyne.NewSize(200, p.filter.MinSize().Height), p.filter)
	return container.NewHBox(add, p.edit, p.test, p.remove, layout.NewSpacer(), filter, p.testAll, p.stop)
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
	enable(p.testAll, len(p.testable()) > 0 && !p.tests.Busy())
}
