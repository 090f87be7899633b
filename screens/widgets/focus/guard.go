package focus

import "fyne.io/fyne/v2"

// Guard takes the focus from hidden objects, however they were hidden.
type Guard struct {
	Window  fyne.Window
	Home    func() // gives the focus to what the window shows
	pending bool
}

// Check is called before each frame is drawn. Nothing can be changed at that time, so the focus moves right after the frame.
func (g *Guard) Check() {
	if !g.pending && hiddenFocus(g.Window.Canvas()) {
		g.pending = true
		later(g.repair)
	}
}

func (g *Guard) repair() {
	g.pending = false
	if Release(g.Window.Canvas()) {
		g.Home()
	}
}

// Keep gives the focus back to o, which has lost it, once the current event is handled, unless something else has it by then. It calls
// lost if o does not get it back.
func Keep(o fyne.Focusable, lost func()) {
	later(func() {
		object, ok := o.(fyne.CanvasObject)
		if cv := CanvasOf(object); !ok || cv == nil || cv.Focused() != o && !Return(cv, o) {
			lost()
		}
	})
}

// later calls do on the main goroutine once the current event is handled.
func later(do func()) { go fyne.Do(do) }
