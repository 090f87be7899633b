package welcome

import (
	"context"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// doors is the page with the ways to start. It is shown by this place, and by the projects' place as long as there are no projects.
type doors struct {
	place   *Place
	load    async.Task
	choose  *control.Button
	sample  *control.Button
	tools   *fyne.Container
	missing *feedback.Banner
	content fyne.CanvasObject
}

func newDoors(p *Place) *doors {
	d := &doors{place: p, missing: feedback.NewBanner(), tools: container.New(layout.NewCustomPaddedHBoxLayout(2))}
	d.choose = control.NewButton(nil, lang.L("Choose file…"), p.ChooseFile).Important()
	d.choose.SetIcon(fynetheme.FolderOpenIcon())
	d.sample = control.NewButton(nil, lang.L("Try the sample"), d.trySample)
	d.sample.SetIcon(fynetheme.MediaPlayIcon())

	icon := widget.NewIcon(fynetheme.NewPrimaryThemedResource(fynetheme.DownloadIcon()))
	drop := newDropGround(container.NewVBox(
		container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(36), icon)),
		centred(lang.L("Drop a script or a package here"), fynetheme.SizeNameSubHeadingText, widget.MediumImportance, true),
		centred(strings.Join(shownEndings(), "  "), fynetheme.SizeNameText, widget.LowImportance, false),
		container.NewCenter(d.choose),
	))
	cards := d.cards()
	row := container.New(layout.NewGridLayoutWithColumns(len(cards)), cards...)
	d.here(lang.L("This computer:"), lang.L("looking for aws, PowerShell and Bash…"))
	title := centred(lang.L("Run AWS CLI scripts as the right identity"), fynetheme.SizeNameHeadingText, widget.MediumImportance, true)
	below := centred(lang.L("this account, that role, this region"), fynetheme.SizeNameText, widget.LowImportance, false)
	column := container.NewVBox(title, below, gap(6), drop, gap(2), row, gap(2), d.tools, d.missing.Content())
	d.content = focus.Scroll(container.NewVBox(layout.NewSpacer(), container.New(measure(720), column), layout.NewSpacer()))
	return d
}

func (d *doors) cards() []fyne.CanvasObject {
	deps := d.place.deps
	sandbox := display.NewBadge(lang.L("SANDBOX"), display.Caution)
	cards := []fyne.CanvasObject{
		card(lang.L("See how it works"), sandbox,
			lang.L("Runs a sample against a local imitation of AWS. No AWS account needed."), d.sample),
		card(lang.L("Have a project file?"), nil,
			lang.L("Import a .stepdeck file with its steps, variables and packages."),
			control.NewButton(nil, lang.L("Import…"), deps.Import)),
	}
	if deps.NewProject != nil {
		cards = append(cards, card(lang.L("Start empty"), nil,
			lang.L("Name a project, then add its account variable and its first step."),
			control.NewButton(nil, lang.L("New project"), deps.NewProject)))
	}
	return cards
}

func centred(text string, size fyne.ThemeSizeName, importance widget.Importance, bold bool) *widget.Label {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignCenter, fyne.TextStyle{Bold: bold})
	l.SizeName, l.Importance, l.Wrapping = size, importance, fyne.TextWrapWord
	return l
}

// card returns a card with a heading, a sentence and a button.
func card(title string, badge fyne.CanvasObject, text string, button fyne.CanvasObject) fyne.CanvasObject {
	head := container.NewHBox(widget.NewLabelWithStyle(title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true}))
	if badge != nil {
		head.Add(container.NewCenter(badge))
	}
	what := widget.NewLabel(text)
	what.Wrapping, what.Importance = fyne.TextWrapWord, widget.LowImportance
	return display.Card(container.NewBorder(container.NewVBox(head, what), container.NewPadded(container.NewHBox(button)), nil, nil))
}

func gap(height float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(0, height))
	return r
}

// look finds the programs and shows them. Until then it shows the previous ones.
func (d *doors) look() {
	if d.place.deps.Tools == nil {
		return
	}
	async.Load(&d.load, func(ctx context.Context) ([]settings.Program, error) { return d.place.deps.Tools(ctx), nil }, func(list []settings.Program, _ error) {
		d.show(list)
	})
}

// here replaces the line of tools by muted words.
func (d *doors) here(words ...string) {
	d.tools.Objects = nil
	for _, w := range words {
		label := widget.NewLabel(w)
		label.Importance = widget.LowImportance
		d.tools.Add(label)
	}
}

func (d *doors) show(list []settings.Program) {
	d.here(lang.L("This computer:"))
	var missing []string
	for _, t := range list {
		label := widget.NewLabel("✓ " + t.Name() + " " + t.ShortVersion())
		if t.Err != nil {
			label = widget.NewLabel("– " + t.Name())
			label.Importance = widget.LowImportance
			if t.Needed() {
				missing = append(missing, t.Err.Error())
			}
		}
		d.tools.Add(label)
	}
	if d.place.deps.ShowTools != nil {
		d.tools.Add(control.NewButton(nil, lang.L("Tools…"), d.place.deps.ShowTools).Quiet())
	}
	d.tools.Refresh()
	if len(missing) == 0 {
		d.missing.Hide()
		return
	}
	d.missing.Show(strings.Join(missing, "\n"), display.Caution, control.NewButton(nil, lang.L("How to install…"), d.place.deps.ShowTools))
}

// trySample runs the sample. The button is disabled until the run has started.
func (d *doors) trySample() {
	d.sample.Disable()
	d.place.deps.Sample(func(err error) {
		d.sample.Enable()
		if err != nil {
			dialog.ShowError(d.place.deps.Window, lang.L("The sample can't run"), err)
		}
	})
}

func (d *doors) close() { d.load.Cancel() }
