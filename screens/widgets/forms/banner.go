package forms

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Banner is a line across a form that tells something and may offer to do something about it.
type Banner struct {
	box    *fyne.Container
	icon   *widget.Icon
	text   *widget.Label
	action *fyne.Container
}

// NewBanner makes a banner that is not seen.
func NewBanner() *Banner {
	b := &Banner{icon: widget.NewIcon(nil), text: widget.NewLabel(""), action: container.NewHBox()}
	b.text.Wrapping = fyne.TextWrapWord
	b.box = container.NewBorder(nil, nil, container.NewCenter(b.icon), container.NewCenter(b.action), b.text)
	b.box.Hide()
	return b
}

// Content gives what to put into a form.
func (b *Banner) Content() fyne.CanvasObject { return b.box }

// Show says text in a tone, with what can be done.
func (b *Banner) Show(text string, tone Tone, actions ...fyne.CanvasObject) {
	b.text.Importance = widget.MediumImportance
	switch tone {
	case Good:
		b.icon.SetResource(fynetheme.NewSuccessThemedResource(fynetheme.ConfirmIcon()))
		b.text.Importance = widget.SuccessImportance
	case Caution:
		b.icon.SetResource(fynetheme.NewWarningThemedResource(fynetheme.WarningIcon()))
	case Bad:
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

// Hide takes it away.
func (b *Banner) Hide() { b.box.Hide() }

// Text is what it says, empty when it is not seen.
func (b *Banner) Text() string {
	if !b.box.Visible() {
		return ""
	}
	return b.text.Text
}

// Card is a ground on which things stand together.
func Card(content fyne.CanvasObject) fyne.CanvasObject {
	c := &card{content: content}
	c.ExtendBaseWidget(c)
	return c
}

type card struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

// Held implements focus.Holder.
func (c *card) Held() []fyne.CanvasObject { return []fyne.CanvasObject{c.content} }

// CreateRenderer implements fyne.Widget.
func (c *card) CreateRenderer() fyne.WidgetRenderer {
	r := &cardRenderer{c: c, face: canvas.NewRectangle(none()), inner: container.NewPadded(c.content)}
	r.face.CornerRadius = 6
	r.Refresh()
	return r
}

type cardRenderer struct {
	c     *card
	face  *canvas.Rectangle
	inner *fyne.Container
}

func (r *cardRenderer) Layout(size fyne.Size) { r.face.Resize(size); r.inner.Resize(size) }
func (r *cardRenderer) MinSize() fyne.Size    { return r.inner.MinSize() }
func (r *cardRenderer) Refresh() {
	p := palette(r.c)
	r.face.FillColor, r.face.StrokeColor, r.face.StrokeWidth = p.Raised, p.Separator, 1
	r.face.Refresh()
	r.inner.Refresh()
}
func (r *cardRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.face, r.inner} }
func (r *cardRenderer) Destroy()                     {}
