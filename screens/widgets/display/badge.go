package display

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
)

// Tone is the meaning of a badge, which sets its colours.
type Tone int

const (
	Neutral Tone = iota
	Good
	Caution
	Bad
	Plain // text without a background
)

// Badge is a word or two on a rounded background. A badge without text takes no space.
type Badge struct {
	widget.BaseWidget
	text   string
	tone   Tone
	colour string // name of a mark colour; takes precedence over tone
}

func NewBadge(text string, tone Tone) *Badge {
	b := &Badge{text: text, tone: tone}
	b.ExtendBaseWidget(b)
	return b
}

// NewMarkBadge returns a badge in the named mark colour.
func NewMarkBadge(text, colour string) *Badge {
	b := NewBadge(text, Neutral)
	b.colour = colour
	return b
}

func (b *Badge) Set(text string, tone Tone, colour string) {
	if b.text == text && b.tone == tone && b.colour == colour {
		return
	}
	b.text, b.tone, b.colour = text, tone, colour
	b.Refresh()
}

func (b *Badge) Text() string { return b.text }

func (b *Badge) CreateRenderer() fyne.WidgetRenderer {
	r := &badgeRenderer{b: b, face: canvas.NewRectangle(color.Transparent), text: canvas.NewText("", nil)}
	r.face.CornerRadius = 4
	r.Refresh()
	return r
}

type badgeRenderer struct {
	b    *Badge
	face *canvas.Rectangle
	text *canvas.Text
}

func (r *badgeRenderer) Layout(size fyne.Size) {
	h := r.text.MinSize().Height + 3
	r.face.Move(fyne.NewPos(0, (size.Height-h)/2))
	r.face.Resize(fyne.NewSize(r.MinSize().Width, h))
	r.text.Move(fyne.NewPos(6, (size.Height-r.text.MinSize().Height)/2))
}

func (r *badgeRenderer) MinSize() fyne.Size {
	if r.b.text == "" {
		return fyne.Size{}
	}
	return r.text.MinSize().Add(fyne.NewSize(12, 4))
}

func (r *badgeRenderer) Refresh() {
	p := theme.For(r.b)
	r.text.Text, r.text.TextSize = r.b.text, fynetheme.Size(fynetheme.SizeNameCaptionText)
	var fill, words color.Color = p.Header, p.Text
	switch {
	case r.b.text == "":
		fill = color.Transparent
	case r.b.colour != "":
		c := theme.MarkColourNamed(r.b.colour)
		fill, words = c.Fill, c.Text
	case r.b.tone == Good:
		fill, words = p.Success, p.OnStatus
	case r.b.tone == Caution:
		fill, words = p.Warning, p.OnStatus
	case r.b.tone == Bad:
		fill, words = p.Error, p.OnStatus
	case r.b.tone == Plain:
		fill, words = color.Transparent, p.Muted
	}
	r.face.FillColor, r.text.Color = fill, words
	r.face.Refresh()
	r.text.Refresh()
	r.Layout(r.b.Size())
}

func (r *badgeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.face, r.text} }
func (r *badgeRenderer) Destroy()                     {}

// Bar is a vertical bar in a mark colour, shown in front of what is marked.
type Bar struct {
	widget.BaseWidget
	colour string
	shown  bool
}

// NewBar returns a hidden bar; SetColour shows it.
func NewBar() *Bar {
	b := &Bar{}
	b.ExtendBaseWidget(b)
	return b
}

// SetColour shows the named mark colour, grey if there is none of that name; shown false hides the bar.
func (b *Bar) SetColour(colour string, shown bool) {
	if b.colour == colour && b.shown == shown {
		return
	}
	b.colour, b.shown = colour, shown
	b.Refresh()
}

func (b *Bar) Shown() bool { return b.shown }

func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	r := &barRenderer{b: b, face: canvas.NewRectangle(color.Transparent)}
	r.face.CornerRadius = 2
	r.Refresh()
	return r
}

type barRenderer struct {
	b    *Bar
	face *canvas.Rectangle
}

func (r *barRenderer) Layout(size fyne.Size) { r.face.Resize(size) }
func (r *barRenderer) MinSize() fyne.Size    { return fyne.NewSize(4, 12) }
func (r *barRenderer) Refresh() {
	r.face.FillColor = color.Transparent
	if r.b.shown {
		r.face.FillColor = theme.MarkColourNamed(r.b.colour).Fill
	}
	r.face.Refresh()
}
func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.face} }
func (r *barRenderer) Destroy()                     {}

// RoundedRect returns a transparent rectangle with the corner radius of an input.
func RoundedRect() *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.CornerRadius = fynetheme.Size(fynetheme.SizeNameInputRadius)
	return r
}
