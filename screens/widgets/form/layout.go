package form

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Beside is a layout that aligns an object with the inputs of the fields above and below it.
type Beside struct{}

func (Beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(LabelWidth, 0))
		o.Resize(fyne.NewSize(size.Width-LabelWidth, size.Height))
	}
}

func (Beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	for _, o := range objects {
		if !o.Visible() {
			return fyne.Size{}
		}
		least = least.Max(o.MinSize())
	}
	return least.Add(fyne.NewSize(LabelWidth, 0))
}

// Scroll returns a scroll area that follows the focus, with room for the scroll bar beside the fields.
func Scroll(content fyne.CanvasObject) *container.Scroll {
	return focus.Scroll(container.New(layout.NewCustomPaddedLayout(2, 6, 0, 14), content))
}
