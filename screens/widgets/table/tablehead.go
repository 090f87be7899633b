package table

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
)

type tableHead struct {
	widget.BaseWidget
	title  string
	order  int // 1: ascending, -1: descending, 0: not sorted by this column
	fixed  bool
	hover  bool
	tapped func()
}

var _ desktop.Hoverable = (*tableHead)(nil)

func newTableHead(title string, tapped func()) *tableHead {
	h := &tableHead{title: title, tapped: tapped}
	h.ExtendBaseWidget(h)
	return h
}

func (h *tableHead) Tapped(*fyne.PointEvent)        { h.tapped() }
func (h *tableHead) MouseIn(*desktop.MouseEvent)    { h.hover = !h.fixed; h.Refresh() }
func (h *tableHead) MouseMoved(*desktop.MouseEvent) {}
func (h *tableHead) MouseOut()                      { h.hover = false; h.Refresh() }

func (h *tableHead) CreateRenderer() fyne.WidgetRenderer {
	r := &headRenderer{h: h, face: canvas.NewRectangle(color.Transparent), text: canvas.NewText("", nil)}
	r.text.TextStyle.Bold = true
	r.Refresh()
	return r
}

type headRenderer struct {
	h    *tableHead
	face *canvas.Rectangle
	text *canvas.Text
}

func (r *headRenderer) Layout(size fyne.Size) {
	r.face.Resize(size)
	r.text.Move(fyne.NewPos(fynetheme.Size(fynetheme.SizeNameInnerPadding), (size.Height-r.text.MinSize().Height)/2))
}

func (r *headRenderer) MinSize() fyne.Size { return fyne.NewSize(30, r.text.MinSize().Height+10) }

func (r *headRenderer) Refresh() {
	p := theme.For(r.h)
	r.face.FillColor = p.Header
	r.text.Text, r.text.Color, r.text.TextSize = r.h.title, p.Muted, fynetheme.Size(fynetheme.SizeNameCaptionText)+1
	if r.h.hover {
		r.text.Color = p.Text
	}
	switch r.h.order {
	case 1:
		r.text.Text += "  ↑"
	case -1:
		r.text.Text += "  ↓"
	}
	r.face.Refresh()
	r.text.Refresh()
	r.Layout(r.h.Size())
}

func (r *headRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.face, r.text} }
func (r *headRenderer) Destroy()                     {}
