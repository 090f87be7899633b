package theme

import "fyne.io/fyne/v2"

// Drawn is the palette in which a page was last drawn. When the theme changes, Fyne redraws only what is in a window at that moment: a
// cached page, with its lists and what they cache, would come back in the old colours.
type Drawn struct{ in Palette }

// DrawnNow returns the Drawn of a page that is being created.
func DrawnNow() Drawn { return Drawn{*For(nil)} }

// Shown must be called whenever the page has been put into the window. If the theme has changed since, it redraws everything.
func (d *Drawn) Shown() {
	now := For(nil)
	if d.in == *now {
		return
	}
	d.in = *now
	settings := fyne.CurrentApp().Settings()
	settings.SetTheme(settings.Theme()) // there is no other way to make Fyne redraw everything
}
