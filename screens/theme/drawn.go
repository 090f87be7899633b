package theme

import "fyne.io/fyne/v2"

// Drawn remembers in which colours a part of the window was made or drawn. The toolkit tells of another theme only what is in a window at that
// moment: a page that is kept for later, its lists and all that they keep, would come back in the colours of before.
type Drawn struct{ in Palette }

// DrawnNow is for a part that is made now.
func DrawnNow() Drawn { return Drawn{*For(nil)} }

// Shown is to be called whenever the part has come into the window: where the theme has changed meanwhile, all of it is drawn anew.
func (d *Drawn) Shown() {
	now := For(nil)
	if d.in == *now {
		return
	}
	d.in = *now
	settings := fyne.CurrentApp().Settings()
	settings.SetTheme(settings.Theme()) // there is no other way to have the toolkit go through everything
}
