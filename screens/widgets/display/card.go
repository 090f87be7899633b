package display

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
)

// Card puts content on a raised background with a border.
func Card(content fyne.CanvasObject) fyne.CanvasObject {
	c := &card{content: content}
	c.ExtendBaseWidget(c)
	return c
}

type card struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

func (c *card) Children() []fyne.CanvasObject { return []fyne.CanvasObject{c.content} }

func (c *card) CreateRenderer() fyne.WidgetRenderer {
	r := &cardRenderer{c: c, face: canvas.NewRectangle(color.Transparent), inner: container.NewPadded(c.content)}
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
	p := theme.For(r.c)
	r.face.FillColor, r.face.StrokeColor, r.face.StrokeWidth = p.Raised, p.Separator, 1
	r.face.Refresh()
	r.inner.Refresh()
}
func (r *cardRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.face, r.inner} }
func (r *cardRenderer) Destroy()                     {}
