package focus

import "fyne.io/fyne/v2"

// Keeper sees before each frame that nothing hidden has the keyboard, by whatever way it was hidden.
type Keeper struct {
	Window fyne.Window
	Home   func() // gives the keyboard to what the window shows
	asked  bool
}

// Look is called before a frame is drawn. Nothing can be changed then: it is done right afterwards.
func (k *Keeper) Look() {
	if !k.asked && lost(k.Window.Canvas()) {
		k.asked = true
		later(k.mend)
	}
}

func (k *Keeper) mend() {
	k.asked = false
	if Release(k.Window.Canvas()) {
		k.Home()
	}
}

// later calls do on the main goroutine after what goes on there now.
func later(do func()) { go fyne.Do(do) }
