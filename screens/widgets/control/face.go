package control

import "fyne.io/fyne/v2"

// Row returns what a form shows for an input: the input itself, or a Combo with its suggestions.
func Row(input fyne.CanvasObject) fyne.CanvasObject {
	if c, ok := input.(*Combo); ok {
		return c.box
	}
	return Face(input)
}

// Face returns the widget inside an input that wraps one, else the input.
func Face(input fyne.CanvasObject) fyne.CanvasObject {
	switch in := input.(type) {
	case *Combo:
		return in.Entry
	case *Secret:
		return in.Entry
	case *Date:
		return in.Entry
	}
	return input
}
