package control

import (
	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Keys is what Enter and Escape do wherever the focus is in a form. Every part of a form shares one; nil functions do nothing.
type Keys struct {
	Enter, Escape func()
}

// Heard handles ev if it is one of the keys. Buttons and multi-line entries keep Enter for themselves. What part has no use for
// and its form neither goes on to the window, and a part that is hidden takes every key without doing anything.
func (k *Keys) Heard(part fyne.CanvasObject, ev *fyne.KeyEvent, enter bool) bool {
	return !focus.Shown(part) || k.Take(ev, enter) || focus.PassEscape(part, ev)
}

// Take handles ev if it is one of the keys.
func (k *Keys) Take(ev *fyne.KeyEvent, enter bool) bool {
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
