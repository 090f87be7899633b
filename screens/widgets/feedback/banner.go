package feedback

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// Banner is a message across a form, which may offer actions.
type Banner struct {
	box    *fyne.Container
	icon   *widget.Icon
	text   *widget.Label
	action *fyne.Container
}

// NewBanner returns a hidden banner.
func NewBanner() *Banner {
	b := &Banner{icon: widget.NewIcon(nil), text: widget.NewLabel(""), action: container.NewHBox()}
	b.text.Wrapping = fyne.TextWrapWord
	b.box = container.NewBorder(nil, nil, container.NewCenter(b.icon), container.NewCenter(b.action), b.text)
	b.box.Hide()
	return b
}

func (b *Banner) Content() fyne.CanvasObject { return b.box }

func (b *Banner) Show(text string, tone display.Tone, actions ...fyne.CanvasObject) {
	b.text.Importance = widget.MediumImportance
	switch tone {
	case display.Good:
		b.icon.SetResource(fynetheme.NewSuccessThemedResource(fynetheme.ConfirmIcon()))
		b.text.Importance = widget.SuccessImportance
	case display.Caution:
		b.icon.SetResource(fynetheme.NewWarningThemedResource(fynetheme.WarningIcon()))
	case display.Bad:
		b.icon.SetResource(fynetheme.NewErrorThemedResource(fynetheme.ErrorIcon()))
		b.text.Importance = widget.DangerImportance
	default:
		b.icon.SetResource(fynetheme.NewThemedResource(fynetheme.InfoIcon()))
	}
	b.action.Objects = actions
	b.action.Refresh()
	b.text.SetText(text)
	b.box.Show()
}

func (b *Banner) Hide() { b.box.Hide() }

// Text returns the message, or nothing while the banner is hidden.
func (b *Banner) Text() string {
	if !b.box.Visible() {
		return ""
	}
	return b.text.Text
}
