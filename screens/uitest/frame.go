package uitest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Draw does what the real driver does for a frame, except for painting: it calls MinSize of every visible object, and from then on the
// driver knows the object's canvas.
func (a *App) Draw(w fyne.Window) {
	for _, root := range append([]fyne.CanvasObject{w.Canvas().Content()}, w.Canvas().Overlays().List()...) {
		a.draw(root)
	}
}

// UntilDrawn draws frames and runs queued work until cond holds.
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

// AsDrawn makes the driver know the canvas of an object only after a frame with it was drawn, as the real one does. Fyne's test driver
// knows the canvas of every object.
func (a *App) AsDrawn() { a.drv.drawn = map[fyne.CanvasObject]bool{} }

func (d *driver) CanvasForObject(o fyne.CanvasObject) fyne.Canvas {
	if d.drawn != nil && !d.drawn[o] || len(d.AllWindows()) == 0 {
		return nil
	}
	return d.Driver.CanvasForObject(o)
}
