package monogrid

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// PassOn gives a shortcut that a widget has no use for to the window. Fyne gives it to the focused widget alone.
func PassOn(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// ZoomStep reads Ctrl (Cmd on macOS) with plus, minus or nought: 1, -1 and 0 for the size there was at first.
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
