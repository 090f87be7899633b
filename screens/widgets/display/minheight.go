package display

import "fyne.io/fyne/v2"

// MinHeight gives one object at least that height.
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
