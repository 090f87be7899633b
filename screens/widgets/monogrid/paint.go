package monogrid

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// paint returns the picture, w by h device pixels. Fyne uploads each picture before it asks for the next, so one buffer is enough.
func (g *Grid) paint(w, h int) image.Image {
	g.painted++
	g.fitScale(w, h)
	if g.buf == nil || g.buf.Rect.Dx() != w || g.buf.Rect.Dy() != h {
		g.buf = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	g.SetTop(g.Top)
	if g.AtEnd {
		g.Top = g.MaxTop()
	}
	s := g.set()
	gutter, inset := g.gutter()
	p := painter{Grid: g, set: s, img: g.buf, left: gutter, text: gutter + inset}
	p.fill(g.buf.Rect, g.Colors.Background)
	if gutter > 0 {
		p.fill(image.Rect(0, 0, gutter, h), g.Colors.GutterBackground)
		p.fill(image.Rect(gutter-1, 0, gutter, h), g.Colors.Separator)
	}
	n := g.Source.Rows()
	row := int(g.Top)
	y := g.pad() - int(math.Round((g.Top-float64(row))*float64(s.h)))
	if row > 0 { // the row that is scrolled out is visible in the padding above
		row--
		y -= s.h
	}
	for ; y < h && row < n; row++ {
		p.row(row, y)
		y += s.h
	}
	return g.buf
}

// fitScale derives the screen's scale from the number of pixels to fill. The pixels are rounded, hence the tolerance.
func (g *Grid) fitScale(w, h int) {
	if g.size.Width < 1 || g.size.Height < 1 {
		return
	}
	fits := func(pixels int, size float32) bool { return math.Abs(float64(pixels)-float64(size*g.scale)) <= 1 }
	if !fits(w, g.size.Width) || !fits(h, g.size.Height) {
		if w >= h {
			g.scale = float32(w) / g.size.Width
		} else {
			g.scale = float32(h) / g.size.Height
		}
		g.scale = float32(math.Round(float64(g.scale)*100) / 100) // a screen's scale has few digits
	}
}

// painter has what is constant while a picture is painted.
type painter struct {
	*Grid
	set        *glyphs
	img        *image.RGBA
	left, text int // start of the text's area and of its first cell, in pixels
}

func (p *painter) row(i, y int) {
	r := p.Source.Row(i)
	area := image.Rect(p.left, y, p.img.Rect.Max.X, y+p.set.h)
	if r.Ground != nil {
		p.fill(area, r.Ground)
	}
	for _, m := range r.Marks {
		if m.BG != nil {
			p.fill(p.extent(r.Text, m.From, m.To, y), m.BG)
		}
	}
	p.line(r, y)
	for _, m := range r.Marks {
		if m.Wave != nil {
			p.wave(p.extent(r.Text, m.From, m.To, y), m.Wave)
		}
	}
	if r.Bar != nil {
		p.fill(image.Rect(p.left, y, p.left+3*p.set.stroke, y+p.set.h), r.Bar)
	}
	if p.ShowCaret && p.Caret.Row == i {
		x := p.x(CellAt(r.Text, min(p.Caret.Col, len(r.Text))))
		if x >= p.left {
			p.fill(image.Rect(x, y, x+2*p.set.stroke, y+p.set.h), p.Colors.Caret)
		}
	}
	p.gutterPieces(r, y)
}

func (p *painter) gutterPieces(r Row, y int) {
	if p.GutterSize == 0 {
		return
	}
	for _, piece := range r.Gutter {
		c := piece.Colour
		if c == nil {
			c = p.Colors.Gutter
		}
		x := (piece.Cell + 1) * p.set.w
		for i, cell := 0, 0; i < len(piece.Text); {
			size, cells := Next(piece.Text[i:], cell)
			p.glyph(p.set.get(piece.Text[i:i+size], cells, false), x+cell*p.set.w, y, c, p.img.Rect)
			i += size
			cell += cells
		}
	}
	if r.Sign != nil {
		d := p.set.w * 3 / 4
		p.dot(image.Rect(0, 0, d, d).Add(image.Pt((p.set.w-d)/2+1, y+(p.set.h-d)/2)), r.Sign)
	}
}

// line paints the text of a row.
func (p *painter) line(r Row, y int) {
	base := r.Colour
	if base == nil {
		base = p.Colors.Text
	}
	right := p.img.Rect.Max.X
	clip := image.Rect(p.left, 0, right, p.img.Rect.Max.Y)
	k := 0
	cell, i := p.skip(r.Text)
	for i < len(r.Text) {
		x := p.x(cell)
		if x >= right {
			return
		}
		for k < len(r.Spans) && i >= r.Spans[k].To {
			k++
		}
		var span Span
		if k < len(r.Spans) && i >= r.Spans[k].From {
			span = r.Spans[k]
		}
		size, cells := Next(r.Text[i:], cell)
		if x+cells*p.set.w > p.left {
			p.cluster(r, span, base, i, i+size, image.Rect(x, y, x+cells*p.set.w, y+p.set.h), cells, clip)
		}
		i += size
		cell += cells
	}
}

func (p *painter) cluster(r Row, span Span, base color.Color, from, to int, box image.Rectangle, cells int, clip image.Rectangle) {
	c := base
	if span.FG != nil {
		c = span.FG
	}
	marked := false
	for _, m := range r.Marks {
		if from >= m.From && from < m.To {
			marked = marked || m.BG != nil
			if m.FG != nil {
				c = m.FG
			}
		}
	}
	if span.BG != nil && !marked { // a selection must be visible over the text's own background
		p.fill(box.Intersect(clip), span.BG)
	}
	if first := r.Text[from]; first != ' ' && first != '\t' || to-from > 1 {
		p.glyph(p.set.get(r.Text[from:to], cells, span.Bold), box.Min.X, box.Min.Y, c, clip)
	}
	if span.Underline {
		line := image.Rect(box.Min.X, box.Min.Y+p.set.baseline+p.set.stroke, box.Max.X, box.Min.Y+p.set.baseline+2*p.set.stroke)
		p.fill(line.Intersect(clip), c)
	}
	if span.Strike {
		mid := box.Min.Y + p.set.baseline - int(p.set.size*0.28)
		p.fill(image.Rect(box.Min.X, mid, box.Max.X, mid+p.set.stroke).Intersect(clip), c)
	}
}

// skip returns where to start painting: it skips the text left of the view if that needs no measuring.
func (p *painter) skip(text string) (cell, i int) {
	if p.Left > 0 && len(text) > p.Left && plain(text[:p.Left+1]) {
		return p.Left, p.Left
	}
	return 0, 0
}

func (p *painter) x(cell int) int { return p.text + (cell-p.Left)*p.set.w }

// extent returns the box of the bytes of a row between from and to, clipped to the text's area.
func (p *painter) extent(text string, from, to, y int) image.Rectangle {
	x0 := p.left
	if from > 0 {
		x0 = max(p.left, p.x(CellAt(text, min(from, len(text)))))
	}
	x1 := p.img.Rect.Max.X
	if to != ToEdge {
		x1 = p.x(CellAt(text, min(to, len(text))))
	}
	if from == 0 {
		x0 = max(p.left, min(p.x(0), x1))
	}
	return image.Rectangle{Min: image.Pt(x0, y), Max: image.Pt(max(x0, x1), y+p.set.h)}
}

func (p *painter) pen(c color.Color) *image.Uniform {
	u, ok := p.pens[c]
	if !ok {
		if len(p.pens) > 512 { // limit the cache: a script may use any number of colours
			clear(p.pens)
		}
		u = image.NewUniform(c)
		p.pens[c] = u
	}
	return u
}

func (p *painter) fill(r image.Rectangle, c color.Color) {
	draw.Draw(p.img, r.Intersect(p.img.Rect), p.pen(c), image.Point{}, draw.Over)
}

func (p *painter) glyph(gl *glyph, x, y int, c color.Color, clip image.Rectangle) {
	at := image.Pt(x, y+p.set.baseline).Add(gl.at)
	switch {
	case gl.mask != nil:
		box := gl.mask.Rect.Sub(gl.mask.Rect.Min).Add(at)
		in := box.Intersect(clip)
		stain(p.img, in, p.pen(c).C, gl.mask, gl.mask.Rect.Min.Add(in.Min.Sub(box.Min)))
	case gl.picture != nil:
		box := gl.picture.Rect.Add(at)
		in := box.Intersect(clip)
		draw.Draw(p.img, in, gl.picture, in.Min.Sub(box.Min), draw.Over)
	}
}

// stain paints a colour through a mask. It does what draw.DrawMask does at a third of the cost, because most pixels of a glyph are either
// empty or full.
func stain(dst *image.RGBA, in image.Rectangle, c color.Color, mask *image.Alpha, at image.Point) {
	r, g, b, a := c.RGBA()
	full := [4]uint8{byte8(r), byte8(g), byte8(b), byte8(a)}
	for y := range in.Dy() {
		m := mask.Pix[mask.PixOffset(at.X, at.Y+y):][:in.Dx()]
		d := dst.Pix[dst.PixOffset(in.Min.X, in.Min.Y+y):][:4*in.Dx()]
		for x, cover := range m {
			if cover == 0 {
				continue
			}
			px := d[4*x : 4*x+4 : 4*x+4]
			if cover == 0xff && a == 0xffff {
				copy(px, full[:])
				continue
			}
			k := uint32(cover) * 0x101
			rest := 0xffff - a*k/0xffff
			px[0] = byte8((uint32(px[0])*0x101*rest + r*k) / 0xffff)
			px[1] = byte8((uint32(px[1])*0x101*rest + g*k) / 0xffff)
			px[2] = byte8((uint32(px[2])*0x101*rest + b*k) / 0xffff)
			px[3] = byte8((uint32(px[3])*0x101*rest + a*k) / 0xffff)
		}
	}
}

// byte8 converts a channel from 16 bits to 8.
func byte8(v uint32) uint8 { return uint8(v >> 8) } //nolint:gosec // v has 16 bits

func (p *painter) wave(box image.Rectangle, c color.Color) {
	s := p.set.stroke
	low := min(box.Max.Y, box.Min.Y+p.set.baseline+4*s)
	for x := max(box.Min.X, p.left); x < min(box.Max.X, p.img.Rect.Max.X); x++ {
		phase := (x - box.Min.X) / s % 4
		rise := phase
		if phase > 2 {
			rise = 4 - phase
		}
		p.fill(image.Rect(x, low-(rise+1)*s, x+1, low-rise*s), c)
	}
}

func (p *painter) dot(box image.Rectangle, c color.Color) {
	d := box.Dx()
	mask := image.NewAlpha(image.Rect(0, 0, d, d))
	mid, radius := float64(d)/2, float64(d)/2
	for y := range d {
		for x := range d {
			far := math.Hypot(float64(x)+.5-mid, float64(y)+.5-mid)
			mask.SetAlpha(x, y, color.Alpha{A: uint8(0xff * min(1, max(0, radius-far+.5)))})
		}
	}
	draw.DrawMask(p.img, box, p.pen(c), image.Point{}, mask, image.Point{}, draw.Over)
}
