package theme

import "image/color"

// MarkColour is the colour of a mark, a bar or a badge: Fill is the background, Text is for text on it.
type MarkColour struct {
	Name       string
	Fill, Text color.NRGBA
}

// markColours returns the mark colours in the order in which a person is offered them. They are the same in light and dark, because a
// colour that means production must not depend on the time of day.
func markColours() []MarkColour {
	white, black := rgb(0xffffff), rgb(0x14171c)
	return []MarkColour{
		{"grey", rgb(0x6b7280), white},
		{"blue", rgb(0x2e6ae0), white},
		{"teal", rgb(0x0f7d75), white},
		{"green", rgb(0x1c8140), white},
		{"yellow", rgb(0xb58a0c), black},
		{"orange", rgb(0xc6470e), white},
		{"red", rgb(0xd42a2a), white},
		{"purple", rgb(0x8247e5), white},
	}
}

// MarkColourNamed returns the mark colour of that name, or grey if there is none.
func MarkColourNamed(name string) MarkColour {
	all := markColours()
	for _, c := range all {
		if c.Name == name {
			return c
		}
	}
	return all[0]
}
