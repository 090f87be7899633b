package logview

import (
	"image/color"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
)

// keptColours limits the cached styles: a script may use sixteen million.
const keptColours = 1024

type colourKey struct {
	style ansi.Style
	base  color.NRGBA
}

// colour is a style in the colours of the palette; nil keeps the colour below.
type colour struct{ fg, bg color.Color }

// colour converts a style to colours that are readable on the palette's background.
func (v *View) colour(s ansi.Style, base color.NRGBA) colour {
	key := colourKey{s, base}
	c, ok := v.colours[key]
	if ok {
		return c
	}
	fg, fgSet := resolve(s.FG, v.palette)
	bg, bgSet := resolve(s.BG, v.palette)
	if !fgSet {
		fg = base
	}
	if !bgSet {
		bg = v.palette.Surface
	}
	if s.Attr&ansi.Reverse != 0 {
		fg, bg = bg, fg
		fgSet, bgSet = true, true
	}
	if s.Attr&ansi.Dim != 0 {
		half := fg
		half.A = 0xa8
		fg, fgSet = theme.Over(half, bg), true
	}
	if s.Attr&ansi.Hidden != 0 {
		fg, fgSet = bg, true
	} else if fgSet || bgSet {
		fg, fgSet = theme.MakeReadable(fg, bg, theme.Readable), true
	}
	if fgSet {
		c.fg = fg
	}
	if bgSet {
		c.bg = bg
	}
	if len(v.colours) >= keptColours {
		clear(v.colours)
	}
	v.colours[key] = c
	return c
}

// resolve looks up a terminal colour; set is false for the default one. Source of the cube and the greys: xterm's 256 colours.
func resolve(c ansi.Color, p *theme.Palette) (got color.NRGBA, set bool) {
	switch c.Kind {
	case ansi.RGB:
		return color.NRGBA{R: c.R, G: c.G, B: c.B, A: 0xff}, true
	case ansi.Indexed:
		switch {
		case c.Index < 16:
			return p.ANSI[c.Index], true
		case c.Index >= 232:
			grey := 8 + (c.Index-232)*10
			return color.NRGBA{R: grey, G: grey, B: grey, A: 0xff}, true
		}
		steps := [...]uint8{0, 95, 135, 175, 215, 255}
		i := c.Index - 16
		return color.NRGBA{R: steps[i/36], G: steps[i/6%6], B: steps[i%6], A: 0xff}, true
	}
	return color.NRGBA{}, false
}
