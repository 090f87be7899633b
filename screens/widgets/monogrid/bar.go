package monogrid

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

const (
	barSize   = 12 // width of the area that takes clicks
	thumbSize = 8  // width of the visible thumb
	thumbMin  = 28
)

// bar is a scroll bar. Its thumb can be dragged, and a click on the track jumps there.
type bar struct {
	widget.BaseWidget
	across bool // horizontal
	colour color.Color

	span, shown, at float64 // length of the content, length and start of the visible part, in units of the content
	to              func(at float64)
	hovered         bool
	thumb           *canvas.Rectangle
}

var (
	_ fyne.Draggable    = (*bar)(nil)
	_ fyne.Tappable     = (*bar)(nil)
	_ desktop.Hoverable = (*bar)(nil)
)

func newBar(across bool, to func(float64)) *bar {
	b := &bar{across: across, to: to, colour: color.Black, thumb: canvas.NewRectangle(color.Transparent)}
	b.thumb.CornerRadius = thumbSize / 2
	b.ExtendBaseWidget(b)
	return b
}

func (b *bar) set(span, shown, at float64) {
	b.span, b.shown, b.at = span, shown, at
	b.Refresh()
}

func (b *bar) length() float32 {
	if b.across {
		return b.Size().Width
	}
	return b.Size().Height
}

// geometry returns the thumb's position and length along the track. The length is 0 if there is nothing to scroll.
func (b *bar) geometry() (at, length float32) {
	most := b.span - b.shown
	if most <= 0 || b.span <= 0 {
		return 0, 0
	}
	full := b.length()
	length = min(full, max(thumbMin, float32(float64(full)*b.shown/b.span)))
	return float32(float64(full-length) * min(1, b.at/most)), length
}

func (b *bar) Dragged(e *fyne.DragEvent) {
	_, length := b.geometry()
	free := b.length() - length
	if length == 0 || free <= 0 {
		return
	}
	by := e.Dragged.DY
	if b.across {
		by = e.Dragged.DX
	}
	most := b.span - b.shown
	b.at = min(most, max(0, b.at+float64(by/free)*most))
	b.to(b.at)
}

func (b *bar) DragEnd() {}

// Tapped moves the middle of the thumb to the pointer.
func (b *bar) Tapped(e *fyne.PointEvent) {
	_, length := b.geometry()
	free := b.length() - length
	if length == 0 || free <= 0 {
		return
	}
	p := e.Position.Y
	if b.across {
		p = e.Position.X
	}
	b.at = float64(min(1, max(0, (p-length/2)/free))) * (b.span - b.shown)
	b.to(b.at)
}

func (b *bar) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

func (b *bar) MouseMoved(*desktop.MouseEvent) {}

func (b *bar) MouseOut() { b.hovered = false; b.Refresh() }

// Cursor replaces the text cursor of the grid below.
func (b *bar) Cursor() desktop.Cursor { return desktop.DefaultCursor }

func (b *bar) CreateRenderer() fyne.WidgetRenderer { return &barRenderer{b} }

type barRenderer struct{ b *bar }

func (r *barRenderer) Layout(fyne.Size)             { r.place() }
func (r *barRenderer) MinSize() fyne.Size           { return fyne.NewSize(barSize, barSize) }
func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.b.thumb} }
func (r *barRenderer) Destroy()                     {}

func (r *barRenderer) Refresh() {
	r.place()
	canvas.Refresh(r.b.thumb)
}

func (r *barRenderer) place() {
	at, length := r.b.geometry()
	thick := float32(thumbSize - 3)
	if r.b.hovered {
		thick = thumbSize
	}
	r.b.thumb.FillColor = r.b.colour
	r.b.thumb.Hidden = length == 0
	edge := (barSize - thick) / 2
	if r.b.across {
		r.b.thumb.Move(fyne.NewPos(at, edge))
		r.b.thumb.Resize(fyne.NewSize(length, thick))
		return
	}
	r.b.thumb.Move(fyne.NewPos(edge, at))
	r.b.thumb.Resize(fyne.NewSize(thick, length))
}
