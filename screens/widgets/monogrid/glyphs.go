package monogrid

import (
	"image"
	"image/color"
	"math"
	"unicode/utf8"

	"github.com/go-text/render"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// lineHeight is the height of a row in font sizes. Less makes a page of log hard to read.
const lineHeight = 1.32

// keptGlyphs limits the cache of non-ASCII characters.
const keptGlyphs = 8192

// glyph is a drawn cluster: a mask to fill with the text's colour, or a picture if the font has its own colours, as for emoji.
type glyph struct {
	mask    *image.Alpha
	picture *image.RGBA
	at      image.Point // top left corner, relative to the cell's left edge on the baseline
	missing bool
}

// glyphs draws and caches clusters in one pixel size.
type glyphs struct {
	fonts      *Fonts
	ready      func()
	size       float32 // of the font, in pixels
	w, h       int     // of a cell, in pixels
	baseline   int     // from the top of the cell
	stroke     int     // width of lines and carets, in pixels
	ascii      [2][utf8.RuneSelf]*glyph
	other      [2]map[string]*glyph
	generation int
	shaper     shaping.HarfbuzzShaper
}

func newGlyphs(f *Fonts, size float32, ready func()) *glyphs {
	g := &glyphs{fonts: f, ready: ready, size: size}
	ascent, descent := size*0.8, size*0.2
	if m, ok := f.mono.FontHExtents(); ok {
		em := size / float32(f.mono.Upem())
		ascent, descent = m.Ascender*em, -m.Descender*em
	}
	advance := size * 0.6
	if gid, ok := f.mono.NominalGlyph('0'); ok {
		advance = f.mono.HorizontalAdvance(gid) * size / float32(f.mono.Upem())
	}
	g.w = max(1, int(math.Round(float64(advance))))
	g.h = max(1, int(math.Round(float64(max(size*lineHeight, ascent+descent)))))
	g.baseline = int(math.Round((float64(g.h)-float64(ascent+descent))/2 + float64(ascent)))
	g.stroke = max(1, int(math.Round(float64(size)/13)))
	g.forget()
	return g
}

func (g *glyphs) forget() {
	g.other = [2]map[string]*glyph{{}, {}}
	g.generation = g.fonts.generation
}

// get returns the glyph of a cluster that takes that many cells.
func (g *glyphs) get(cluster string, cells int, bold bool) *glyph {
	which := 0
	if bold {
		which = 1
	}
	if len(cluster) == 1 && cluster[0] < utf8.RuneSelf {
		gl := g.ascii[which][cluster[0]]
		if gl == nil {
			gl = g.draw(cluster, 1, bold)
			g.ascii[which][cluster[0]] = gl
		}
		return gl
	}
	if g.generation != g.fonts.generation || len(g.other[which]) >= keptGlyphs {
		g.forget()
	}
	gl, ok := g.other[which][cluster]
	if !ok {
		gl = g.draw(cluster, cells, bold)
		g.other[which][cluster] = gl
	}
	return gl
}

func (g *glyphs) draw(cluster string, cells int, bold bool) *glyph {
	text := []rune(norm.NFC.String(cluster))
	base := text[0]
	if base < ' ' || base == 0x7f {
		text = []rune{controlPicture(base)}
		base = text[0]
	}
	face := g.fonts.face(base, g.ready)
	if face == nil {
		return g.box(cells)
	}
	out, size := g.shape(text, face, cells)
	// There is room on every side, because marks and italics extend beyond their cell.
	width, height := (cells+2)*g.w, 3*g.h
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	r := render.Renderer{FontSize: size, PixScale: 1, Color: color.White}
	x := g.w
	if face != g.fonts.mono { // a glyph of another font is centred in its cells
		x += max(0, (cells*g.w-out.Advance.Round())/2)
	}
	r.DrawShapedRunAt(out, img, x, g.h+g.baseline)
	gl := crop(img)
	if gl.mask != nil && bold {
		gl.mask = embolden(gl.mask, bolder*float64(g.size))
	}
	gl.at = gl.at.Sub(image.Pt(g.w, g.h+g.baseline))
	return gl
}

// shape lays out a cluster, in a smaller size if the face is too wide for the cells.
func (g *glyphs) shape(text []rune, face *font.Face, cells int) (shaping.Output, float32) {
	in := shaping.Input{
		Text: text, RunEnd: len(text), Direction: di.DirectionLTR, Face: face, Size: fixed.Int26_6(g.size * 64),
		Script: language.LookupScript(text[0]), Language: language.DefaultLanguage(),
	}
	out := g.shaper.Shape(in)
	size := g.size
	if room := cells * g.w; out.Advance.Ceil() > room+1 {
		size *= float32(room) / (float32(out.Advance) / 64)
		in.Size = fixed.Int26_6(size * 64)
		out = g.shaper.Shape(in)
	}
	return out, size
}

// controlPicture returns the visible symbol for a control character. Source: Unicode's block "Control Pictures".
func controlPicture(r rune) rune {
	if r == 0x7f {
		return 0x2421
	}
	return 0x2400 + r
}

// box returns the glyph for a character that no font has.
func (g *glyphs) box(cells int) *glyph {
	top := g.baseline - int(g.size*0.72)
	frame := image.Rect(g.stroke, 0, cells*g.w-g.stroke, g.baseline-top)
	mask := image.NewAlpha(frame)
	inner := frame.Inset(g.stroke)
	for y := frame.Min.Y; y < frame.Max.Y; y++ {
		for x := frame.Min.X; x < frame.Max.X; x++ {
			if !(image.Point{X: x, Y: y}).In(inner) {
				mask.SetAlpha(x, y, color.Alpha{A: 0x90})
			}
		}
	}
	return &glyph{mask: mask, at: image.Pt(frame.Min.X, top-g.baseline), missing: true}
}

// crop returns the non-empty part of a picture that was drawn in white: as a mask if all of it is white.
func crop(img *image.RGBA) *glyph {
	bounds := image.Rectangle{Min: img.Rect.Max, Max: img.Rect.Min}
	white := true
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			p := img.Pix[img.PixOffset(x, y):]
			if p[3] == 0 {
				continue
			}
			white = white && p[0] == p[3] && p[1] == p[3] && p[2] == p[3]
			bounds.Min.X, bounds.Min.Y = min(bounds.Min.X, x), min(bounds.Min.Y, y)
			bounds.Max.X, bounds.Max.Y = max(bounds.Max.X, x+1), max(bounds.Max.Y, y+1)
		}
	}
	if bounds.Empty() {
		return &glyph{}
	}
	gl := &glyph{at: bounds.Min}
	size := image.Rect(0, 0, bounds.Dx(), bounds.Dy())
	if !white {
		gl.picture = image.NewRGBA(size)
		for y := range size.Max.Y {
			copy(gl.picture.Pix[gl.picture.PixOffset(0, y):], img.Pix[img.PixOffset(bounds.Min.X, bounds.Min.Y+y):][:4*size.Max.X])
		}
		return gl
	}
	gl.mask = image.NewAlpha(size)
	for y := range size.Max.Y {
		for x := range size.Max.X {
			gl.mask.Pix[gl.mask.PixOffset(x, y)] = img.Pix[img.PixOffset(bounds.Min.X+x, bounds.Min.Y+y)+3]
		}
	}
	return gl
}

// bolder is how much wider the strokes of bold text are, relative to the text size. More would fill an m at the usual size.
const bolder = 0.045

// embolden widens a mask by a number of pixels, because Fyne's monospaced font has no bold face.
func embolden(m *image.Alpha, by float64) *image.Alpha {
	whole := int(by)
	part := uint32((by - float64(whole)) * 256)
	out := image.NewAlpha(image.Rect(0, 0, m.Rect.Dx()+whole+1, m.Rect.Dy()))
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			a := m.Pix[m.PixOffset(x, y)]
			for d := range whole + 1 {
				p := &out.Pix[out.PixOffset(x+d, y)]
				*p = max(*p, a)
			}
			p := &out.Pix[out.PixOffset(x+whole+1, y)]
			*p = max(*p, uint8(uint32(a)*part/256)) //nolint:gosec // at most 255
		}
	}
	return out
}
