package uitest

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// Settle lays out everything in a window again, as the real driver does before each frame in which a minimum size has changed. The test
// driver does not, so pictures would show fields at their old positions.
func Settle(w fyne.Window) {
	roots := append([]fyne.CanvasObject{w.Content()}, w.Canvas().Overlays().List()...)
	for range 3 { // wrapped text knows its height only at its final width
		for _, o := range roots {
			settle(o)
		}
	}
}

func settle(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
		for _, child := range o.Objects {
			settle(child)
		}
	case fyne.Widget:
		r := test.WidgetRenderer(o)
		r.Layout(o.Size())
		for _, child := range r.Objects() {
			settle(child)
		}
	}
}

// Find returns the centre of a text in a window, where a person would click. fits, if not nil, chooses among several.
func Find(w fyne.Window, words string, fits func(fyne.Position) bool) (at fyne.Position, ok bool) {
	Settle(w)
	var walk func(o fyne.CanvasObject, corner fyne.Position)
	walk = func(o fyne.CanvasObject, corner fyne.Position) {
		if o == nil || !o.Visible() {
			return
		}
		corner = corner.Add(o.Position())
		switch o := o.(type) {
		case *canvas.Text:
			size := o.MinSize()
			middle := corner.Add(fyne.NewPos(size.Width/2, size.Height/2))
			if o.Text == words && !ok && (fits == nil || fits(middle)) {
				at, ok = middle, true
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child, corner)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child, corner)
			}
		}
	}
	walk(w.Content(), fyne.Position{})
	return at, ok
}

// Drain waits until a test's screens do nothing in the background. Call it in a cleanup that is registered after New: once the test's app
// is closed, results would be handled on other goroutines.
func Drain(t testing.TB, pump func()) {
	deadline := time.Now().Add(20 * time.Second)
	buf := make([]byte, 1<<20)
	for {
		pump()
		stacks := string(buf[:runtime.Stack(buf, true)])
		if !strings.Contains(stacks, "created by github.com/stepdeck/stepdeck/screens/") {
			pump()
			return
		}
		if time.Now().After(deadline) {
			t.Error("the screens' background work has not ended")
			return
		}
		time.Sleep(time.Millisecond) // Go has no way to wait for another goroutine's end
	}
}
