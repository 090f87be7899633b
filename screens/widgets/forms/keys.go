package forms

import "fyne.io/fyne/v2"

// Keys is what Enter and Escape do wherever the focus is in a form. Every part of a form shares one; nil functions do nothing.
type Keys struct {
	Enter, Escape func()
}

// take handles ev if it is one of the keys. Buttons and multi-line entries keep Enter for themselves.
func (k *Keys) take(ev *fyne.KeyEvent, enter bool) bool {
	if k == nil {
		return false
	}
	switch ev.Name {
	case fyne.KeyEscape:
		if k.Escape != nil {
			k.Escape()
			return true
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if enter && k.Enter != nil {
			k.Enter()
			return true
		}
	}
	return false
}

// canvasOf is where an object is shown, or nil.
func canvasOf(o fyne.CanvasObject) fyne.Canvas { return fyne.CurrentApp().Driver().CanvasForObject(o) }
