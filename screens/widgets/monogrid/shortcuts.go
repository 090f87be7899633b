package monogrid

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// PassOn hands a shortcut that a widget does not handle to the window. Fyne hands it to the focused widget alone.
func PassOn(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// ZoomStep returns 1, -1 or 0 for Ctrl (Cmd on macOS) with plus, minus or zero. 0 resets the size.
func ZoomStep(s *desktop.CustomShortcut) (step int, ok bool) {
	if s.Modifier&^fyne.KeyModifierShift != fyne.KeyModifierShortcutDefault {
		return 0, false
	}
	switch s.KeyName {
	case fyne.KeyPlus, fyne.KeyEqual: // on many keyboards the plus is the shifted equals sign
		return 1, true
	case fyne.KeyMinus:
		return -1, true
	case fyne.Key0:
		return 0, true
	}
	return 0, false
}
