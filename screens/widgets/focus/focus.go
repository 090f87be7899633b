// Package focus keeps the keyboard with what is on the screen: what is hidden hears no key, a page that opens takes the
// keyboard, and what scrolls follows it. The toolkit leaves all three to the program: it goes on sending keys to a widget that
// was hidden or taken out of the window.
package focus

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Shown reports whether o is on the screen: in the window or in something over it, with nothing around it hidden. What has not
// been drawn yet counts as shown, for it can have the keyboard already.
func Shown(o fyne.CanvasObject) bool {
	driver := fyne.CurrentApp().Driver()
	if len(driver.AllWindows()) == 0 {
		return true
	}
	cv := driver.CanvasForObject(o)
	if cv == nil {
		return true
	}
	nowhere, _ := cv.InteractiveArea() // the toolkit measures from there, and takes the window's corner for what is not in it
	if driver.AbsolutePositionForObject(o).Add(nowhere) != (fyne.Position{}) {
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

// Holder is a widget that shows objects of others, as a container does.
type Holder interface{ Held() []fyne.CanvasObject }

// Find gives the first object in root that fits and is not hidden, or nil. It looks into what holds objects of others, not into
// other widgets.
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
	case Holder:
		inside = o.Held()
	}
	for _, o := range inside {
		if found := Find(o, fits); found != nil {
			return found
		}
	}
	return nil
}

// Swap puts objects into box in place of what is there, which gives up the keyboard. It reports whether it had it.
func Swap(box *fyne.Container, objects ...fyne.CanvasObject) bool {
	cv := CanvasOf(box)
	box.Objects = objects
	box.Refresh()
	return cv != nil && Release(cv)
}

// Release takes the keyboard away from what is hidden. It reports whether it did.
func Release(cv fyne.Canvas) bool {
	if !lost(cv) {
		return false
	}
	cv.Unfocus()
	return true
}

func lost(cv fyne.Canvas) bool {
	o, ok := cv.Focused().(fyne.CanvasObject)
	return ok && !Shown(o)
}

// Offer gives the keyboard to o if that is on the screen, unless something else there has it.
func Offer(w fyne.Window, o fyne.Focusable) {
	cv := w.Canvas()
	Release(cv)
	if cv.Focused() == nil && inFront(cv, o) {
		cv.Focus(o)
	}
}

// inFront reports whether o is in the window, or in what lies over it.
func inFront(cv fyne.Canvas, o fyne.Focusable) bool {
	front := cv.Overlays().Top()
	if front == nil {
		front = cv.Content()
	}
	return Find(front, func(x fyne.CanvasObject) bool { f, ok := x.(fyne.Focusable); return ok && f == o }) != nil
}

// Return gives the keyboard back to what had it before it was hidden, if that is on the screen again. It reports whether it did.
func Return(cv fyne.Canvas, o fyne.Focusable) bool {
	object, ok := o.(fyne.CanvasObject)
	if !ok || cv.Focused() != nil || cv.Overlays().Top() != nil {
		return false
	}
	if known := CanvasOf(object) != nil; known && Shown(object) || inFront(cv, o) {
		cv.Focus(o)
	}
	return cv.Focused() == o
}

// PassEscape gives Escape, which o has no use for, to the window, as if nothing had the keyboard.
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

// TabKeys are the keys that lead from one tab to the next, and to the one before.
func TabKeys() (next, previous []*desktop.CustomShortcut) {
	key := func(name fyne.KeyName, shift fyne.KeyModifier) *desktop.CustomShortcut {
		return &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierControl | shift}
	}
	return []*desktop.CustomShortcut{key(fyne.KeyTab, 0), key(fyne.KeyPageDown, 0)}, []*desktop.CustomShortcut{key(fyne.KeyTab, fyne.KeyModifierShift), key(fyne.KeyPageUp, 0)}
}

// PassTabKey gives a key that leads to another tab to the window; a field would keep it for itself.
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
