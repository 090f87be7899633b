// Package monogrid paints rows of monospaced, coloured text into one canvas.Raster. The log view and the script editor are built on it.
// Every change uploads one texture, so neither memory nor the cost of a frame grows with the length of the text.
package monogrid

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

type Colors struct {
	Text, Background         color.Color
	Gutter, GutterBackground color.Color
	Separator                color.Color // between gutter and text
	Caret                    color.Color
}

// Grid paints the visible rows of a Source. It must be used on the main goroutine.
type Grid struct {
	Source Source
	Colors Colors
	Raster *canvas.Raster

	Top        float64 // the first visible row, with a fraction; in pixels it would lose precision in a long text
	Left       int     // the first visible cell of the text
	GutterSize int     // in cells; 0: no gutter
	TextSize   float32 // 0: the theme's
	AtEnd      bool    // keep the last row at the bottom as rows are appended

	Caret     TextPos
	ShowCaret bool

	fonts   *Fonts
	glyphs  *glyphs
	scale   float32
	size    fyne.Size
	buf     *image.RGBA
	pens    map[color.Color]*image.Uniform
	painted int
}

func NewGrid(source Source, fonts *Fonts) *Grid {
	g := &Grid{Source: source, fonts: fonts, scale: 1, pens: map[color.Color]*image.Uniform{}}
	g.Colors = Colors{
		Text: color.Black, Background: color.White, Gutter: color.Black, GutterBackground: color.White,
		Separator: color.White, Caret: color.Black,
	}
	g.Raster = canvas.NewRaster(g.paint)
	g.Raster.ScaleMode = canvas.ImageScalePixels
	return g
}

func (g *Grid) Resize(size fyne.Size) {
	g.size = size
	g.Raster.Resize(size)
}

// Refresh repaints the grid.
func (g *Grid) Refresh() { canvas.Refresh(g.Raster) }

// Painted returns how often the grid has been painted. A grid that is not on the screen is not painted.
func (g *Grid) Painted() int { return g.painted }

func (g *Grid) Fonts() *Fonts { return g.fonts }

// set returns the glyphs for the current text size and scale.
func (g *Grid) set() *glyphs {
	size := g.TextSize
	if size <= 0 {
		size = theme.TextSize()
	}
	size *= g.scale
	if g.glyphs == nil || g.glyphs.size != size {
		g.glyphs = newGlyphs(g.fonts, size, g.Refresh)
	}
	return g.glyphs
}

func (g *Grid) Cell() fyne.Size {
	s := g.set()
	return fyne.NewSize(float32(s.w)/g.scale, float32(s.h)/g.scale)
}

// gutter returns the width of the gutter and the distance from there to the first cell of the text, in pixels.
func (g *Grid) gutter() (width, inset int) {
	s := g.set()
	if g.GutterSize > 0 {
		width = (g.GutterSize + 2) * s.w
	}
	return width, s.w
}

// pad returns the space above the first row and below the last one, in pixels.
func (g *Grid) pad() int { return 3 * g.set().stroke }

// Rows returns how many rows fit, with a fraction.
func (g *Grid) Rows() float64 {
	return max(0, float64((g.size.Height*g.scale-float32(2*g.pad()))/float32(g.set().h)))
}

// Cols returns how many whole cells of text fit.
func (g *Grid) Cols() int {
	width, inset := g.gutter()
	return max(1, int((g.size.Width*g.scale-float32(width+inset))/float32(g.set().w)))
}

// MaxTop returns the largest useful Top.
func (g *Grid) MaxTop() float64 { return max(0, float64(g.Source.Rows())-g.Rows()) }

// SetTop scrolls to a row, within the limits of the text.
func (g *Grid) SetTop(top float64) { g.Top = min(max(0, top), g.MaxTop()) }

// Visible returns the visible rows, from first up to, not including, end.
func (g *Grid) Visible() (first, end int) {
	top := g.Top
	if g.AtEnd {
		top = g.MaxTop()
	}
	first = min(int(top), g.Source.Rows())
	return first, min(g.Source.Rows(), int(math.Ceil(top+g.Rows())))
}

// At returns the place in the text that is nearest to p.
func (g *Grid) At(p fyne.Position) TextPos {
	n := g.Source.Rows()
	if n == 0 {
		return TextPos{}
	}
	row := int(math.Floor(g.Top + float64(p.Y*g.scale-float32(g.pad()))/float64(g.set().h)))
	row = max(0, row)
	if row >= n {
		return TextPos{n - 1, len(g.Source.Row(n - 1).Text)}
	}
	width, inset := g.gutter()
	x := p.X*g.scale - float32(width+inset)
	return TextPos{row, ByteAt(g.Source.Row(row).Text, float64(g.Left)+float64(x)/float64(g.set().w))}
}

// RowArea returns where a row is in the grid, or would be at the nearest visible edge.
func (g *Grid) RowArea(row int) (top, height float32) {
	height = g.Cell().Height
	top = float32(float64(row)-g.Top)*height + float32(g.pad())/g.scale
	return min(max(0, top), max(0, g.size.Height-height)), height
}

// InGutter reports whether p is in the gutter.
func (g *Grid) InGutter(p fyne.Position) bool {
	width, _ := g.gutter()
	return p.X*g.scale < float32(width)
}

// Reveal scrolls until p is visible, with at least margin rows between it and the edge.
func (g *Grid) Reveal(p TextPos, margin float64) {
	rows := g.Rows()
	margin = min(margin, max(0, (rows-1)/2))
	top := g.Top
	if at := float64(p.Row); at-margin < top {
		top = at - margin
	} else if at+1+margin > top+rows {
		top = at + 1 + margin - rows
	}
	g.SetTop(top)
	if p.Row >= g.Source.Rows() {
		return
	}
	text := g.Source.Row(p.Row).Text
	cell, cols := CellAt(text, min(p.Col, len(text))), g.Cols()
	const ahead = 4 // cells to show beyond the place
	switch {
	case cell < g.Left+ahead:
		g.Left = max(0, cell-ahead*2)
		if cell < cols-ahead {
			g.Left = 0
		}
	case cell > g.Left+cols-ahead:
		g.Left = cell - cols + ahead*2
	}
}
