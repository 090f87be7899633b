package monogrid

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Pane is a grid with its scroll bars and the ring that shows the focus: all that a widget needs to lay out and to scroll.
type Pane struct {
	Grid *Grid
	// Scrolled hears that the person moved the view.
	Scrolled func()
	// Width tells how many cells the widest row takes, as far as that is known.
	Width func() int

	down, across *bar
	ground       *canvas.Rectangle // behind the bars
	ring         *canvas.Rectangle
	size         fyne.Size
	wide         bool // the lower bar shows
}

// PaneColors are the colours of what surrounds the grid.
type PaneColors struct {
	Ground, Thumb, Border, Focus color.Color
}

// NewPane makes a pane.
func NewPane(g *Grid) *Pane {
	p := &Pane{Grid: g, Scrolled: func() {}, Width: func() int { return 0 }, ground: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent)}
	p.down = newBar(false, func(at float64) { p.ScrollTo(at) })
	p.across = newBar(true, func(at float64) {
		p.Grid.Left = int(at)
		p.moved()
	})
	p.across.Hide()
	return p
}

// Objects gives what the widget's renderer shows.
func (p *Pane) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{p.ground, p.Grid.Raster, p.down, p.across, p.ring}
}

// MinSize is enough for a few rows.
func (p *Pane) MinSize() fyne.Size {
	c := p.Grid.Cell()
	return fyne.NewSize(c.Width*24+barSize, c.Height*3)
}

// Layout places everything in size.
func (p *Pane) Layout(size fyne.Size) {
	p.size = size
	p.arrange()
	p.fitWidth()
	p.setBars()
}

// fitWidth shows the lower bar while the text is wider than the view, and only then. How many cells fit does not depend on it.
func (p *Pane) fitWidth() {
	wide := p.Width() > p.Grid.Cols()
	if wide == p.wide {
		return
	}
	p.wide = wide
	p.across.Hidden = !wide
	if !wide {
		p.Grid.Left = 0
	}
	p.arrange()
}

func (p *Pane) arrange() {
	size := p.size
	p.ground.Resize(size)
	p.ring.Resize(size)
	const border = 1
	inner := fyne.NewSize(max(0, size.Width-barSize-2*border), max(0, size.Height-2*border))
	if p.wide {
		inner.Height = max(0, inner.Height-barSize)
	}
	p.Grid.Raster.Move(fyne.NewPos(border, border))
	p.Grid.Resize(inner)
	p.down.Move(fyne.NewPos(size.Width-barSize-border, border))
	p.down.Resize(fyne.NewSize(barSize, inner.Height))
	p.across.Move(fyne.NewPos(border, size.Height-barSize-border))
	p.across.Resize(fyne.NewSize(inner.Width, barSize))
	p.Grid.SetTop(p.Grid.Top)
}

// Offset is where the grid begins, to take mouse positions of the widget to the grid.
func (p *Pane) Offset(at fyne.Position) fyne.Position { return at.Subtract(p.Grid.Raster.Position()) }

// Refresh paints everything anew.
func (p *Pane) Refresh(c PaneColors, focused bool) {
	p.ground.FillColor = c.Ground
	p.down.colour, p.across.colour = c.Thumb, c.Thumb
	p.ring.StrokeWidth, p.ring.StrokeColor = 1, c.Border
	if focused {
		p.ring.StrokeWidth, p.ring.StrokeColor = 2, c.Focus
	}
	canvas.Refresh(p.ground)
	canvas.Refresh(p.ring)
	p.Update()
}

// Update paints the rows anew and brings the scroll bars up to date.
func (p *Pane) Update() {
	p.fitWidth()
	if p.Grid.AtEnd {
		p.Grid.Top = p.Grid.MaxTop()
	}
	p.setBars()
	p.Grid.Refresh()
}

func (p *Pane) setBars() {
	p.down.set(float64(p.Grid.Source.Rows()), p.Grid.Rows(), p.Grid.Top)
	p.across.set(float64(max(p.Width(), p.Grid.Left+p.Grid.Cols())), float64(p.Grid.Cols()), float64(p.Grid.Left))
}

// ScrollTo brings a row to the top, as far as the text goes.
func (p *Pane) ScrollTo(top float64) {
	p.Grid.SetTop(top)
	p.moved()
}

// ScrollBy moves by rows, and by cells sideways.
func (p *Pane) ScrollBy(rows float64, cells int) {
	p.Grid.SetTop(p.Grid.Top + rows)
	most := max(0, p.Width()-p.Grid.Cols()+1)
	p.Grid.Left = min(max(0, p.Grid.Left+cells), max(most, p.Grid.Left))
	p.moved()
}

func (p *Pane) moved() {
	p.Scrolled()
	p.Update()
}

// Wheel moves as a turn of the wheel asks.
func (p *Pane) Wheel(e *fyne.ScrollEvent) {
	c := p.Grid.Cell()
	cells := int(-e.Scrolled.DX / c.Width)
	p.ScrollBy(float64(-e.Scrolled.DY/c.Height), cells)
}

// DragScroll moves the view while a drag is held beyond its upper or lower edge, the faster the farther; at is a place in the grid.
func (p *Pane) DragScroll(at fyne.Position) {
	const fastest = 5 // rows for each movement of the hand
	row, height := p.Grid.Cell().Height, p.Grid.Raster.Size().Height
	switch {
	case at.Y < 0:
		p.Grid.SetTop(p.Grid.Top - min(fastest, 1+float64(-at.Y/row)))
	case at.Y > height:
		p.Grid.SetTop(p.Grid.Top + min(fastest, 1+float64((at.Y-height)/row)))
	}
}
