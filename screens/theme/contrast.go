package theme

import (
	"image/color"
	"math"
)

// Readable is the minimum contrast of text to its background. Source: WCAG 2.2, success criterion 1.4.3 (AA).
const Readable = 4.5

// Contrast returns the ratio of the luminances of two opaque colours, from 1 to 21. Source: WCAG 2.2, "contrast ratio".
func Contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func linear(channel uint32) float64 {
	v := float64(channel) / 0xffff
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// Over returns the colour of a possibly translucent top over an opaque colour below.
func Over(top, below color.NRGBA) color.NRGBA {
	mix := func(t, b uint8) uint8 {
		return uint8((uint32(t)*uint32(top.A) + uint32(b)*(0xff-uint32(top.A)) + 0x7f) / 0xff) //nolint:gosec // at most 0xff
	}
	return color.NRGBA{R: mix(top.R, below.R), G: mix(top.G, below.G), B: mix(top.B, below.B), A: 0xff}
}

// MakeReadable changes text towards white or black, whichever is farther from the background, until it has at least the given contrast.
// Scripts use any colour: dark blue on a dark background is as common as it is unreadable.
func MakeReadable(text, background color.NRGBA, least float64) color.NRGBA {
	goal := rgb(0xffffff)
	if Contrast(rgb(0), background) > Contrast(goal, background) {
		goal = rgb(0)
	}
	const steps = 16
	got := text
	for i := 1; i <= steps && Contrast(got, background) < least; i++ {
		goal.A = uint8(i * 0xff / steps)
		got = Over(goal, text)
	}
	return got
}
