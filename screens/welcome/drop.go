package welcome

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
)

// dropGround is a background that looks like a drop zone. Files can be dropped anywhere on the window.
type dropGround struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

func newDropGround(content fyne.CanvasObject) *dropGround {
	g := &dropGround{content: container.New(layout.NewCustomPaddedLayout(18, 18, 18, 18), content)}
	g.ExtendBaseWidget(g)
	return g
}

func (g *dropGround) CreateRenderer() fyne.WidgetRenderer {
	face := canvas.NewRectangle(nil)
	face.CornerRadius, face.StrokeWidth = 8, 1.5
	r := &dropRenderer{g: g, face: face}
	r.Refresh()
	return r
}

type dropRenderer struct {
	g    *dropGround
	face *canvas.Rectangle
}

func (r *dropRenderer) Layout(size fyne.Size) { r.face.Resize(size); r.g.content.Resize(size) }
func (r *dropRenderer) MinSize() fyne.Size    { return r.g.content.MinSize() }
func (r *dropRenderer) Destroy()              {}
func (r *dropRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.g.content}
}

func (r *dropRenderer) Refresh() {
	p := theme.For(r.g)
	r.face.FillColor, r.face.StrokeColor = p.Selection, p.Accent
	r.face.Refresh()
	r.g.content.Refresh()
}

// measure is a layout that centres a column and limits its width.
type measure float32

func (m measure) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := min(size.Width, float32(m))
	for _, o := range objects {
		o.Resize(fyne.NewSize(w, size.Height))
		o.Move(fyne.NewPos((size.Width-w)/2, 0))
	}
}

func (m measure) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[0].MinSize()
	return fyne.NewSize(min(least.Width, float32(m)), least.Height)
}
