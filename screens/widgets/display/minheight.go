package display

import "fyne.io/fyne/v2"

// MinHeight is a layout that makes its objects at least that high.
type MinHeight float32

func (MinHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

func (m MinHeight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := fyne.NewSize(0, float32(m))
	for _, o := range objects {
		least = least.Max(o.MinSize())
	}
	return least
}
