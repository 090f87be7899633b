package screens

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// panel is content on a background in a colour of the theme.
type panel struct {
	widget.BaseWidget
	colour  fyne.ThemeColorName
	ground  *canvas.Rectangle
	content fyne.CanvasObject
}

func newPanel(colour fyne.ThemeColorName, content fyne.CanvasObject) *panel {
	p := &panel{colour: colour, content: content, ground: canvas.NewRectangle(theme.Color(colour))}
	p.ExtendBaseWidget(p)
	return p
}

func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(p.ground, p.content))
}

func (p *panel) Refresh() {
	p.ground.FillColor = theme.Color(p.colour)
	p.BaseWidget.Refresh()
}

// frameLayout lays out the rail on the left, the place on the right and the status bar below both, without the gaps of a border layout.
// Fyne asks for its minimum size before each frame, which is when it calls frame.
type frameLayout struct{ frame func() }

func (l frameLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	l.frame()
	left, right, foot := objects[0].MinSize(), objects[1].MinSize(), objects[2].MinSize()
	return fyne.NewSize(max(left.Width+right.Width, foot.Width), max(left.Height, right.Height)+foot.Height)
}

func (frameLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, right, foot := objects[0], objects[1], objects[2]
	width, height := left.MinSize().Width, size.Height-foot.MinSize().Height
	left.Move(fyne.NewPos(0, 0))
	left.Resize(fyne.NewSize(width, height))
	right.Move(fyne.NewPos(width, 0))
	right.Resize(fyne.NewSize(size.Width-width, height))
	foot.Move(fyne.NewPos(0, height))
	foot.Resize(fyne.NewSize(size.Width, size.Height-height))
}
