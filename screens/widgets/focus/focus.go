// Package focus keeps the keyboard focus on what is on the screen: hidden widgets get no keys, a page that opens takes the focus,
// and scroll areas follow it. Fyne leaves all three to the program: it goes on sending keys to a widget that was hidden or removed
// from the window.
package focus

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Shown reports whether o is on the screen: in the window or in an overlay, with none of its parents hidden. An object that has not
// been drawn yet counts as shown, because it can have the focus already.
func Shown(o fyne.CanvasObject) bool {
	driver := fyne.CurrentApp().Driver()
	if len(driver.AllWindows()) == 0 {
		return true
	}
	cv := driver.CanvasForObject(o)
	if cv == nil {
		return true
	}
	origin, _ := cv.InteractiveArea() // Fyne measures from here, and returns the window's corner for an object that is not in it
	if driver.AbsolutePositionForObject(o).Add(origin) != (fyne.Position{}) {
		return true
	}
	return holds(cv, o)
}

func holds(cv fyne.Canvas, o fyne.CanvasObject) bool {
	for _, root := range append([]fyne.CanvasObject{cv.Content()}, cv.Overlays().List()...) {
		if Find(root, func(x fyne.CanvasObject) bool { return x == o }) != nil {
			return true
		}
	}
	return false
}

// Parent is a widget that shows objects it was given, as a container does.
type Parent interface{ Children() []fyne.CanvasObject }

// Find returns the first object in root that fits and is not hidden, or nil. It looks into containers and Parents, not into other
// widgets.
func Find(root fyne.CanvasObject, fits func(fyne.CanvasObject) bool) fyne.CanvasObject {
	if root == nil || !root.Visible() {
		return nil
	}
	if fits(root) {
		return root
	}
	var inside []fyne.CanvasObject
	switch o := root.(type) {
	case *fyne.Container:
		inside = o.Objects
	case *container.Scroll:
		inside = []fyne.CanvasObject{o.Content}
	case *container.Split:
		inside = []fyne.CanvasObject{o.Leading, o.Trailing}
	case *widget.PopUp:
		inside = []fyne.CanvasObject{o.Content}
	case Parent:
		inside = o.Children()
	}
	for _, o := range inside {
		if found := Find(o, fits); found != nil {
			return found
		}
	}
	return nil
}

// Swap replaces the objects in box, and takes the focus from the old ones. It reports whether they had it.
func Swap(box *fyne.Container, objects ...fyne.CanvasObject) bool {
	cv := CanvasOf(box)
	box.Objects = objects
	box.Refresh()
	return cv != nil && Release(cv)
}

// Release takes the focus away from a hidden object. It reports whether it did.
func Release(cv fyne.Canvas) bool {
	if !hiddenFocus(cv) {
		return false
	}
	cv.Unfocus()
	return true
}

// hiddenFocus reports whether a hidden object has the focus.
func hiddenFocus(cv fyne.Canvas) bool {
	o, ok := cv.Focused().(fyne.CanvasObject)
	return ok && !Shown(o)
}

// Offer gives the focus to o if it is on the screen, unless something else there has the focus.
func Offer(w fyne.Window, o fyne.Focusable) {
	cv := w.Canvas()
	Release(cv)
	if cv.Focused() == nil && inFront(cv, o) {
		cv.Focus(o)
	}
}

// inFront reports whether o is in the topmost overlay, or in the window if there is none.
func inFront(cv fyne.Canvas, o fyne.Focusable) bool {
	front := cv.Overlays().Top()
	if front == nil {
		front = cv.Content()
	}
	return Find(front, func(x fyne.CanvasObject) bool { f, ok := x.(fyne.Focusable); return ok && f == o }) != nil
}

// Return gives the focus back to o, which had it before it was hidden, if o is on the screen again. It reports whether it did.
func Return(cv fyne.Canvas, o fyne.Focusable) bool {
	object, ok := o.(fyne.CanvasObject)
	if !ok || cv.Focused() != nil || cv.Overlays().Top() != nil {
		return false
	}
	if drawn := CanvasOf(object) != nil; drawn && Shown(object) || inFront(cv, o) {
		cv.Focus(o)
	}
	return cv.Focused() == o
}

// PassEscape hands an Escape that o does not use to the window, as if nothing had the focus. It reports whether it did.
func PassEscape(o fyne.CanvasObject, ev *fyne.KeyEvent) bool {
	if ev.Name != fyne.KeyEscape || len(fyne.CurrentApp().Driver().AllWindows()) == 0 {
		return false
	}
	cv := CanvasOf(o)
	if cv == nil || cv.OnTypedKey() == nil {
		return false
	}
	cv.OnTypedKey()(ev)
	return true
}

// TabKeys returns the shortcuts for the next tab and for the previous one.
func TabKeys() (next, previous []*desktop.CustomShortcut) {
	key := func(name fyne.KeyName, shift fyne.KeyModifier) *desktop.CustomShortcut {
		return &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierControl | shift}
	}
	next = []*desktop.CustomShortcut{key(fyne.KeyTab, 0), key(fyne.KeyPageDown, 0)}
	previous = []*desktop.CustomShortcut{key(fyne.KeyTab, fyne.KeyModifierShift), key(fyne.KeyPageUp, 0)}
	return next, previous
}

// PassTabKey hands a shortcut for another tab to the window, since a field would swallow it. It reports whether it did.
func PassTabKey(o fyne.CanvasObject, s fyne.Shortcut) bool {
	next, previous := TabKeys()
	for _, key := range append(next, previous...) {
		if s.ShortcutName() != key.ShortcutName() {
			continue
		}
		if cv, ok := CanvasOf(o).(fyne.Shortcutable); ok {
			cv.TypedShortcut(s)
			return true
		}
	}
	return false
}

// CanvasOf returns the canvas that shows o, or nil.
func CanvasOf(o fyne.CanvasObject) fyne.Canvas { return fyne.CurrentApp().Driver().CanvasForObject(o) }
