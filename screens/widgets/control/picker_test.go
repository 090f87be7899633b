package control

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestPickerFiltersAndPicks(t *testing.T) {
	a := uitest.New(t)
	opened := false
	items := []Item{
		{Value: "a", Title: "Sandbox", Detail: "access key …7Q4A"}, {Value: "b", Title: "Audit"},
		{Title: "New account…", Action: func() { opened = true }},
	}
	p := NewPicker(nil, func() []Item { return items })
	var picked []string
	p.OnPicked = func(i Item) { picked = append(picked, i.Value) }
	w := a.Show(container.NewVBox(p), fyne.NewSize(500, 400))
	w.Canvas().Focus(p)
	p.TypedRune('7')
	test.Type(p.list.filter, "q4a")
	if len(p.list.shown) != 2 || p.list.shown[0].Value != "a" {
		t.Fatalf("filtered to %v", p.list.shown)
	}
	p.list.filter.TypedKey(uitest.Key(fyne.KeyReturn))
	if len(picked) != 1 || p.Value() != "a" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("picked %v, value %q, list still open: %v", picked, p.Value(), w.Canvas().Overlays().Top() != nil)
	}
	p.TypedKey(uitest.Key(fyne.KeyDown))
	p.list.filter.TypedKey(uitest.Key(fyne.KeyEscape))
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close the list")
	}
	p.Open()
	p.list.filter.TypedKey(uitest.Key(fyne.KeyPageDown))
	p.list.filter.TypedKey(uitest.Key(fyne.KeyReturn))
	if !opened || len(picked) != 1 {
		t.Errorf("the action: run %v, picked %v", opened, picked)
	}
	p.SetValue("gone")
	if p.Value() != "gone" {
		t.Error("a value that is not in the list is lost")
	}
}
