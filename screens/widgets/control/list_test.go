package control

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

// TestAClickPicksAnItem: the first item is marked when a list opens, and a click picks it like any other.
func TestAClickPicksAnItem(t *testing.T) {
	for _, row := range []struct {
		name string
		at   int
	}{{"the marked one", 0}, {"another", 1}} {
		t.Run(row.name, func(t *testing.T) {
			a := uitest.New(t)
			items := []Item{{Value: "a", Title: "Sandbox"}, {Value: "b", Title: "Audit"}}
			c := NewCombo(nil, func() []Item { return items })
			w := a.Show(container.NewVBox(c.Entry), fyne.NewSize(500, 400))
			c.Open()
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c.list.list)
			height := newItemRow().MinSize().Height + fynetheme.Padding()
			test.TapCanvas(w.Canvas(), at.AddXY(20, (float32(row.at)+0.5)*height))
			if want := items[row.at].Value; c.Text != want || w.Canvas().Overlays().Top() != nil {
				t.Errorf("the field holds %q, want %q; the list is still open: %v", c.Text, want, w.Canvas().Overlays().Top() != nil)
			}
		})
	}
}
