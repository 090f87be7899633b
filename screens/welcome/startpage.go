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

// startPage is the page with the ways to start. It is shown by this place, and by the projects' place as long as there are no projects.
type startPage struct {
	place   *Place
	load    async.Task
	choose  *control.Button
	sample  *control.Button
	tools   *fyne.Container
	missing *feedback.Banner
	content fyne.CanvasObject
}

func newStartPage(p *Place) *startPage {
	s := &startPage{place: p, missing: feedback.NewBanner(), tools: container.New(layout.NewCustomPaddedHBoxLayout(2))}
	s.choose = control.NewButton(nil, lang.L("Choose file…"), p.ChooseFile).Important()
	s.choose.SetIcon(fynetheme.FolderOpenIcon())
	s.sample = control.NewButton(nil, lang.L("Try the sample"), s.trySample)
	s.sample.SetIcon(fynetheme.MediaPlayIcon())

	icon := widget.NewIcon(fynetheme.NewPrimaryThemedResource(fynetheme.DownloadIcon()))
	drop := newDropGround(container.NewVBox(
		container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(36), icon)),
		centred(lang.L("Drop a script or a package here"), fynetheme.SizeNameSubHeadingText, widget.MediumImportance, true),
		centred(strings.Join(shownEndings(), "  "), fynetheme.SizeNameText, widget.LowImportance, false),
		container.NewCenter(s.choose),
	))
	cards := s.cards()
	row := container.New(layout.NewGridLayoutWithColumns(len(cards)), cards...)
	s.here(lang.L("This computer:"), lang.L("looking for aws, PowerShell, Bash and Python…"))
	title := centred(lang.L("Run AWS CLI scripts as the right identity"), fynetheme.SizeNameHeadingText, widget.MediumImportance, true)
	below := centred(lang.L("this account, that role, this region"), fynetheme.SizeNameText, widget.LowImportance, false)
	column := container.NewVBox(title, below, gap(6), drop, gap(2), row, gap(2), s.tools, s.missing.Content())
	s.content = focus.Scroll(container.NewVBox(layout.NewSpacer(), container.New(measure(720), column), layout.NewSpacer()))
	return s
}

func (s *startPage) cards() []fyne.CanvasObject {
	deps := s.place.deps
	sandbox := display.NewBadge(lang.L("SANDBOX"), display.Caution)
	cards := []fyne.CanvasObject{
		card(lang.L("See how it works"), sandbox,
			lang.L("Runs a sample against a local imitation of AWS. No AWS account needed."), s.sample),
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
func (s *startPage) look() {
	if s.place.deps.Tools == nil {
		return
	}
	async.Load(&s.load, func(ctx context.Context) ([]settings.Program, error) {
		return s.place.deps.Tools(ctx), nil
	}, func(list []settings.Program, _ error) { s.show(list) })
}

// here replaces the line of tools by muted words.
func (s *startPage) here(words ...string) {
	s.tools.Objects = nil
	for _, w := range words {
		label := widget.NewLabel(w)
		label.Importance = widget.LowImportance
		s.tools.Add(label)
	}
}

func (s *startPage) show(list []settings.Program) {
	s.here(lang.L("This computer:"))
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
		s.tools.Add(label)
	}
	if s.place.deps.ShowTools != nil {
		s.tools.Add(control.NewButton(nil, lang.L("Tools…"), s.place.deps.ShowTools).Quiet())
	}
	s.tools.Refresh()
	if len(missing) == 0 {
		s.missing.Hide()
		return
	}
	s.missing.Show(strings.Join(missing, "\n"), display.Caution, control.NewButton(nil, lang.L("How to install…"), s.place.deps.ShowTools))
}

// trySample runs the sample. The button is disabled until the run has started.
func (s *startPage) trySample() {
	s.sample.Disable()
	s.place.deps.Sample(func(err error) {
		s.sample.Enable()
		if err != nil {
			dialog.ShowError(s.place.deps.Window, lang.L("The sample can't run"), err)
		}
	})
}

func (s *startPage) close() { s.load.Cancel() }
