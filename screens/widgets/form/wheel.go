package form

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// scrollable is a widget with a scroll area of its own, inside a form that scrolls too.
type scrollable interface {
	fyne.Scrollable
	Focused() bool
}

// GuideWheel wraps shown for use in a form: the mouse wheel scrolls inner while inner has the focus, and the form otherwise. Without
// it the form would stop scrolling as soon as the pointer is over inner.
func GuideWheel(shown fyne.CanvasObject, inner scrollable, form func() *container.Scroll) *fyne.Container {
	g := &wheelGuide{inner: inner, form: form}
	g.ExtendBaseWidget(g)
	return container.NewStack(shown, g) // it catches the wheel alone: other events look for other interfaces
}

// PassWheel wraps shown so that the mouse wheel over it scrolls the form. Otherwise single-line fields would swallow the wheel.
func PassWheel(shown fyne.CanvasObject, form func() *container.Scroll) *fyne.Container {
	return GuideWheel(shown, unscrollable{}, form)
}

// unscrollable is a widget without a scroll area.
type unscrollable struct{}

func (unscrollable) Focused() bool              { return false }
func (unscrollable) Scrolled(*fyne.ScrollEvent) {}

type wheelGuide struct {
	widget.BaseWidget
	inner scrollable
	form  func() *container.Scroll
}

var _ fyne.Scrollable = (*wheelGuide)(nil)

func (g *wheelGuide) Scrolled(ev *fyne.ScrollEvent) {
	if g.inner.Focused() {
		g.inner.Scrolled(ev)
		return
	}
	g.form().Scrolled(ev)
}

func (g *wheelGuide) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}
