package screens

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// panel is content on a ground of its own colour, which follows the theme.
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

// CreateRenderer implements fyne.Widget.
func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(p.ground, p.content))
}

// Refresh implements fyne.CanvasObject.
func (p *panel) Refresh() {
	p.ground.FillColor = theme.Color(p.colour)
	p.BaseWidget.Refresh()
}
