package uitest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Draw does what the real driver does for a frame, beside painting it: it asks everything that is shown for its least size, and
// knows from then on which canvas it is on.
func (a *App) Draw(w fyne.Window) {
	for _, root := range append([]fyne.CanvasObject{w.Canvas().Content()}, w.Canvas().Overlays().List()...) {
		a.draw(root)
	}
}

// UntilDrawn draws frames, and runs what is queued, until cond holds.
func (a *App) UntilDrawn(w fyne.Window, what string, cond func() bool) {
	a.t.Helper()
	a.Until(what, func() bool {
		a.Draw(w)
		return cond()
	})
}

func (a *App) draw(o fyne.CanvasObject) {
	if !o.Visible() {
		return
	}
	if a.drv.drawn != nil {
		a.drv.drawn[o] = true
	}
	o.MinSize()
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			a.draw(child)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			a.draw(child)
		}
	}
}

// AsDrawn has the driver know the canvas of no object before a frame with it was drawn, as the real one does. The toolkit's test
// driver knows it of everything.
func (a *App) AsDrawn() { a.drv.drawn = map[fyne.CanvasObject]bool{} }

func (d *driver) CanvasForObject(o fyne.CanvasObject) fyne.Canvas {
	if d.drawn != nil && !d.drawn[o] || len(d.AllWindows()) == 0 {
		return nil
	}
	return d.Driver.CanvasForObject(o)
}
