package control

import (
	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Keys is what Enter and Escape do in a form, wherever the focus is. All controls of a form share one. nil functions do nothing.
type Keys struct {
	Enter, Escape func()
}

// Handle handles ev for control c if it is one of the keys, and reports whether c is done with it. enter is false for controls that need
// Enter themselves: buttons and multi-line entries. An Escape that the form does not use goes to the window. A hidden control ignores
// all keys.
func (k *Keys) Handle(c fyne.CanvasObject, ev *fyne.KeyEvent, enter bool) bool {
	return !focus.Shown(c) || k.Press(ev, enter) || focus.PassEscape(c, ev)
}

// Press calls the function of ev, if there is one, and reports whether there was.
func (k *Keys) Press(ev *fyne.KeyEvent, enter bool) bool {
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
