package form

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Wheel is an object that scrolls by itself, in the middle of a form that scrolls too.
type Wheel interface {
	fyne.Scrollable
	Focused() bool
}

// GuideWheel puts inner into a form: the wheel moves inner while inner has the keyboard, and the form otherwise. Without it
// the form would stop wherever the pointer comes upon a text.
func GuideWheel(shown fyne.CanvasObject, inner Wheel, form func() *container.Scroll) *fyne.Container {
	g := &wheelGuide{inner: inner, form: form}
	g.ExtendBaseWidget(g)
	return container.NewStack(shown, g) // only the wheel is caught: everything else looks for other interfaces and passes
}

// PassWheel hands the wheel over shown to the form: fields of one line would keep it for themselves, and the form stop
// wherever the pointer comes upon one.
func PassWheel(shown fyne.CanvasObject, form func() *container.Scroll) *fyne.Container {
	return GuideWheel(shown, still{}, form)
}

// still never scrolls by itself.
type still struct{}

func (still) Focused() bool              { return false }
func (still) Scrolled(*fyne.ScrollEvent) {}

type wheelGuide struct {
	widget.BaseWidget
	inner Wheel
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
