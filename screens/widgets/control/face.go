package control

import "fyne.io/fyne/v2"

// Row returns what is shown beside the label of a field: the input, with its list below it where it has one.
func Row(input fyne.CanvasObject) fyne.CanvasObject {
	if c, ok := input.(*Combo); ok {
		return c.box
	}
	return Face(input)
}

// Face is the object of an input that wraps another one, such as the one that takes the keyboard.
func Face(input fyne.CanvasObject) fyne.CanvasObject {
	switch in := input.(type) {
	case *Combo:
		return in.Entry
	case *Secret:
		return in.Entry
	}
	return input
}
