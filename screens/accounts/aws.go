package accounts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// awsAccounts is the tab of the AWS accounts with their labels, colours and protection.
type awsAccounts struct {
	deps    Deps
	save    async.Task
	table   *table.Table[model.AWSAccount]
	edit    *control.Button
	banner  *feedback.Banner
	content fyne.CanvasObject
	form    *awsForm
}

func newAWSAccounts(deps Deps) *awsAccounts {
	t := &awsAccounts{deps: deps, banner: feedback.NewBanner()}
	t.table = table.New(awsColumns()...)
	t.table.OnOpened = t.open
	add := control.NewButton(nil, lang.L("Add AWS account"), func() { t.open(model.AWSAccount{}) })
	add.SetIcon(fynetheme.ContentAddIcon())
	t.edit = control.NewButton(nil, lang.L("Edit"), func() {
		if a, ok := t.table.Selected(); ok {
			t.open(a)
		}
	})
	t.edit.Disable()
	t.table.OnSelected = func(model.AWSAccount) { t.edit.Enable() }
	bar := container.NewPadded(container.NewHBox(add, t.edit))
	t.content = container.NewBorder(bar, t.banner.Content(), nil, nil, t.table.Content())
	return t
}

func awsColumns() []table.Column[model.AWSAccount] {
	return []table.Column[model.AWSAccount]{
		{Title: lang.L("AWS account"), Width: 160, Cell: func(a model.AWSAccount) table.Cell {
			cell := table.Cell{Text: a.ID, Mono: true, Bar: "-"}
			if a.Colour != "" {
				cell.Bar = string(a.Colour)
			}
			return cell
		}},
		{Title: lang.L("Label"), Cell: func(a model.AWSAccount) table.Cell { return table.Cell{Text: a.Label, Bold: true} }},
		{Title: lang.L("Alias at AWS"), Width: 190, Cell: func(a model.AWSAccount) table.Cell { return table.Cell{Text: a.Alias, Muted: true} }},
		{Title: lang.L("Colour"), Width: 130, Cell: func(a model.AWSAccount) table.Cell {
			if a.Colour == "" {
				return table.Cell{Text: "–", Muted: true}
			}
			return table.Cell{Badge: colourTitle(a.Colour), Colour: string(a.Colour)}
		}},
		{Title: lang.L("Protected"), Width: 130, Cell: func(a model.AWSAccount) table.Cell {
			if a.Protected {
				return table.Cell{Badge: lang.L("PROTECTED"), Tone: display.Bad}
			}
			return table.Cell{Text: lang.L("no"), Muted: true}
		}},
	}
}

func (t *awsAccounts) show(list []model.AWSAccount) {
	t.table.SetRows(list)
	t.edit.Disable()
	if len(list) == 0 {
		t.banner.Show(lang.L("An AWS account is added here when its id is first seen, for example by Save and test. "+
			"Give it a label and a colour, and protect accounts in which nothing may run by mistake."), display.Neutral)
	} else {
		t.banner.Hide()
	}
}

func colourTitle(c model.Colour) string {
	switch c {
	case "grey":
		return lang.L("grey")
	case "blue":
		return lang.L("blue")
	case "teal":
		return lang.L("teal")
	case "green":
		return lang.L("green")
	case "yellow":
		return lang.L("yellow")
	case "orange":
		return lang.L("orange")
	case "red":
		return lang.L("red")
	case "purple":
		return lang.L("purple")
	}
	return string(c)
}
