package main

import (
	"image"
	"image/color"
	"math"
)

// Lengths are in units of a 1024 grid.
const (
	samples = 4 // per pixel and direction
	grid    = 1024.0
)

// shape covers some points of the grid in a colour.
type shape struct {
	holds  func(x, y float64) bool
	colour func(y float64) color.NRGBA
}

// draw draws the icon. share is the part of the picture's width that it fills.
func draw(size int, share float64) *image.NRGBA {
	plain := func(hex uint32) func(float64) color.NRGBA { return func(float64) color.NRGBA { return rgb(hex) } }
	shapes := []shape{
		{rounded(48, 48, 928, 928, 212), func(y float64) color.NRGBA { return between(rgb(0x3566e0), rgb(0x2148ad), y/grid) }},
		{rounded(400, 252, 428, 136, 44), plain(0x86a9fb)},
		{rounded(298, 444, 428, 136, 44), plain(0xbfd2ff)},
		{rounded(196, 636, 428, 136, 44), plain(0xffffff)},
		{play(720, 704, 84, 26), plain(0x8be8b4)},
	}
	picture := image.NewNRGBA(image.Rect(0, 0, size, size))
	unit := grid / (float64(size) * share)
	margin := grid * (1 - share) / (2 * share)
	for py := range size {
		for px := range size {
			picture.SetNRGBA(px, py, pixel(shapes, float64(px)*unit-margin, float64(py)*unit-margin, unit))
		}
	}
	return picture
}

// pixel returns the mean of a pixel's samples.
func pixel(shapes []shape, left, top, unit float64) color.NRGBA {
	var r, g, b, a float64
	for i := range samples * samples {
		x := left + (float64(i%samples)+0.5)/samples*unit
		y := top + (float64(i/samples)+0.5)/samples*unit
		for k := len(shapes) - 1; k >= 0; k-- {
			if shapes[k].holds(x, y) {
				c := shapes[k].colour(y)
				r, g, b, a = r+float64(c.R), g+float64(c.G), b+float64(c.B), a+1
				break
			}
		}
	}
	if a == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{uint8(r / a), uint8(g / a), uint8(b / a), uint8(a / (samples * samples) * 255)}
}

// rounded returns a rectangle with round corners.
func rounded(left, top, width, height, radius float64) func(x, y float64) bool {
	return func(x, y float64) bool {
		dx := max(left+radius-x, x-(left+width-radius), 0)
		dy := max(top+radius-y, y-(top+height-radius), 0)
		return math.Hypot(dx, dy) <= radius
	}
}

// play returns a triangle that points to the right, with round corners.
func play(centreX, centreY, reach, radius float64) func(x, y float64) bool {
	inner := reach - radius
	corners := [3][2]float64{
		{centreX - inner*0.8, centreY - inner}, {centreX + inner, centreY}, {centreX - inner*0.8, centreY + inner},
	}
	return func(x, y float64) bool {
		inside, near := true, false
		for i, a := range corners {
			b := corners[(i+1)%3]
			dx, dy := b[0]-a[0], b[1]-a[1]
			if dx*(y-a[1])-dy*(x-a[0]) < 0 {
				inside = false
			}
			along := max(0, min(1, ((x-a[0])*dx+(y-a[1])*dy)/(dx*dx+dy*dy)))
			near = near || math.Hypot(x-a[0]-along*dx, y-a[1]-along*dy) <= radius
		}
		return inside || near
	}
}

func between(a, b color.NRGBA, part float64) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*part) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255} //nolint:gosec // the low bytes are meant
}
