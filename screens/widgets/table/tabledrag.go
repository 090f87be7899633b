package table

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
)

// dropLine shows where a dragged row would be dropped.
type dropLine struct {
	widget.BaseWidget
	line *canvas.Rectangle

	index int     // of the dragged row
	start float32 // its top edge in the list when the drag began
	pitch float32 // distance from one row to the next
	moved float32 // how far it was dragged
	by    int     // the same in rows
}

func newDropLine() *dropLine {
	d := &dropLine{line: canvas.NewRectangle(color.Transparent)}
	d.line.CornerRadius = 2
	d.ExtendBaseWidget(d)
	d.Hide()
	return d
}

func (d *dropLine) CreateRenderer() fyne.WidgetRenderer {
	d.line.FillColor = theme.For(d).Accent
	return widget.NewSimpleRenderer(d.line)
}

// dragged moves the drop line as row is dragged by a further distance.
func (t *Table[T]) dragged(row *tableRow, by float32) {
	if t.OnMoved == nil || row.index >= len(t.shown) {
		return
	}
	d := t.drop
	if !d.Visible() {
		driver := fyne.CurrentApp().Driver()
		d.index, d.moved = row.index, 0
		d.start = driver.AbsolutePositionForObject(row).Y - driver.AbsolutePositionForObject(t.list).Y
		d.pitch = row.Size().Height + fynetheme.Padding()
		t.list.Select(row.index)
	}
	d.moved += by
	d.by = max(-d.index, min(len(t.shown)-1-d.index, int(math.Round(float64(d.moved/d.pitch)))))
	at := d.start + float32(d.by)*d.pitch
	if d.by > 0 {
		at += d.pitch
	}
	const thick = 3
	d.line.FillColor = theme.For(d).Accent
	d.Resize(fyne.NewSize(t.list.Size().Width, thick))
	d.Move(fyne.NewPos(0, min(max(0, at-fynetheme.Padding()/2-thick/2), t.list.Size().Height-thick)))
	d.Show()
	d.Refresh()
}

// dragEnd drops the dragged row.
func (t *Table[T]) dragEnd() {
	d := t.drop
	if !d.Visible() {
		return
	}
	d.Hide()
	if d.by != 0 && d.index < len(t.shown) {
		t.OnMoved(t.shown[d.index], d.by)
	}
}
