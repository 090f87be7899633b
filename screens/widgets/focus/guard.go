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

// later calls do on the main goroutine once the current event is handled.
func later(do func()) { go fyne.Do(do) }
