package monogrid

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Pane is a grid with scroll bars and a focus ring.
type Pane struct {
	Grid *Grid
	// Scrolled is called when the person has scrolled.
	Scrolled func()
	// Width returns the number of cells of the widest row known so far.
	Width func() int

	down, across *bar
	background   *canvas.Rectangle // behind the bars
	ring         *canvas.Rectangle
	size         fyne.Size
	wide         bool // the horizontal bar is shown
}

// PaneColors are the colours around the grid.
type PaneColors struct {
	Background, Thumb, Border, Focus color.Color
}

func NewPane(g *Grid) *Pane {
	p := &Pane{
		Grid: g, Scrolled: func() {}, Width: func() int { return 0 },
		background: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent),
	}
	p.down = newBar(false, func(at float64) { p.ScrollTo(at) })
	p.across = newBar(true, func(at float64) {
		p.Grid.Left = int(at)
		p.moved()
	})
	p.across.Hide()
	return p
}

// Objects returns the objects for the widget's renderer.
func (p *Pane) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{p.background, p.Grid.Raster, p.down, p.across, p.ring}
}

// MinSize has room for a few rows.
func (p *Pane) MinSize() fyne.Size {
	c := p.Grid.Cell()
	return fyne.NewSize(c.Width*24+barSize, c.Height*3)
}

func (p *Pane) Layout(size fyne.Size) {
	p.size = size
	p.arrange()
	p.fitWidth()
	p.setBars()
}

// fitWidth shows the horizontal bar while the text is wider than the view.
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
	p.background.Resize(size)
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

// Offset converts a position in the widget to one in the grid.
func (p *Pane) Offset(at fyne.Position) fyne.Position { return at.Subtract(p.Grid.Raster.Position()) }

func (p *Pane) Refresh(c PaneColors, focused bool) {
	p.background.FillColor = c.Background
	p.down.colour, p.across.colour = c.Thumb, c.Thumb
	p.ring.StrokeWidth, p.ring.StrokeColor = 1, c.Border
	if focused {
		p.ring.StrokeWidth, p.ring.StrokeColor = 2, c.Focus
	}
	canvas.Refresh(p.background)
	canvas.Refresh(p.ring)
	p.Update()
}

// Update repaints the rows and updates the scroll bars.
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

// ScrollTo scrolls a row to the top, as far as the text allows.
func (p *Pane) ScrollTo(top float64) {
	p.Grid.SetTop(top)
	p.moved()
}

// ScrollBy scrolls down by rows and right by cells.
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

// Wheel handles the mouse wheel.
func (p *Pane) Wheel(e *fyne.ScrollEvent) {
	c := p.Grid.Cell()
	cells := int(-e.Scrolled.DX / c.Width)
	p.ScrollBy(float64(-e.Scrolled.DY/c.Height), cells)
}

// DragScroll scrolls while the pointer is dragged beyond the top or bottom edge, faster with distance. at is a position in the grid.
func (p *Pane) DragScroll(at fyne.Position) {
	const fastest = 5 // rows per movement of the pointer
	row, height := p.Grid.Cell().Height, p.Grid.Raster.Size().Height
	switch {
	case at.Y < 0:
		p.Grid.SetTop(p.Grid.Top - min(fastest, 1+float64(-at.Y/row)))
	case at.Y > height:
		p.Grid.SetTop(p.Grid.Top + min(fastest, 1+float64((at.Y-height)/row)))
	}
}
