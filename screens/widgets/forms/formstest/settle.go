// Package formstest helps tests that look at forms.
package formstest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Settle lays out everything in a window again, as the real driver does before each frame where a least size has changed. The
// test driver leaves that out, so that a picture would show fields where they were.
func Settle(w fyne.Window) {
	roots := append([]fyne.CanvasObject{w.Content()}, w.Canvas().Overlays().List()...)
	for range 3 { // text that wraps knows its height once it knows its width
		for _, o := range roots {
			settle(o)
		}
	}
}

func settle(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
		for _, child := range o.Objects {
			settle(child)
		}
	case fyne.Widget:
		r := test.WidgetRenderer(o)
		r.Layout(o.Size())
		for _, child := range r.Objects() {
			settle(child)
		}
	}
}
