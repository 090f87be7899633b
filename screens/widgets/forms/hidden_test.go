package forms

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

// TestWhatIsHiddenHearsNoKey sends keys to parts that are hidden in every way that the program has. The toolkit does that too:
// until the next frame nothing takes the keyboard from a part that is hidden.
func TestWhatIsHiddenHearsNoKey(t *testing.T) {
	var did []string
	heard := func(what string) { did = append(did, what) }
	keys := &Keys{Enter: func() { heard("enter") }, Escape: func() { heard("escape") }}
	parts := func() map[string]fyne.CanvasObject {
		table := NewTable(Column[string]{Title: "Name", Cell: func(s string) Cell { return Cell{Text: s} }})
		table.SetRows([]string{"a", "b", "c"})
		table.Select(func(s string) bool { return s == "b" })
		table.OnSelected = func(s string) { heard("selected " + s) }
		table.OnOpened = func(s string) { heard("opened " + s) }
		table.OnKey = func(s string, _ *fyne.KeyEvent) bool { heard("key on " + s); return true }
		table.OnShortcut = func(s string, _ fyne.Shortcut) bool { heard("shortcut on " + s); return true }
		entry, multiline, check := NewEntry(keys), NewMultiline(keys, 2), NewCheck(keys, "c")
		entry.OnChanged = func(string) { heard("typed") }
		multiline.OnChanged = func(string) { heard("typed lines") }
		check.OnChanged = func(bool) { heard("ticked") }
		list := NewSelect(keys, Option{"a", "A"}, Option{"b", "B"})
		list.OnChosen = func(string) { heard("selected from a list") }
		choice := NewChoice(keys, Option{"a", "A"}, Option{"b", "B"})
		choice.OnChosen = func(string) { heard("chosen") }
		picker := NewPicker(keys, func() []Item { heard("opened a list"); return nil })
		picks := NewPickList(keys, 3)
		picks.SetItems([]Item{{Value: "a", Title: "A"}, {Value: "b", Title: "B"}})
		picks.OnPicked = func(Item) { heard("picked") }
		fold := NewFold(keys, "More", false, container.NewVBox())
		tabs := NewTabs(keys, Tab{Title: "One", Content: container.NewVBox()}, Tab{Title: "Two", Content: container.NewVBox()})
		tabs.OnSelected = func(int) { heard("another tab") }
		return map[string]fyne.CanvasObject{
			"table": table.list, "entry": entry, "multiline": multiline, "check": check, "select": list, "choice": choice, "picker": picker,
			"picklist": picks.list, "fold": fold.head, "tabs": tabs.strip, "button": NewButton(keys, "b", func() { heard("pressed") }),
		}
	}
	ways := map[string]func(page *fyne.Container, part *fyne.Container){
		"hidden":             func(_, part *fyne.Container) { part.Hide() },
		"in something hid":   func(page, _ *fyne.Container) { page.Objects[0].Hide() },
		"swapped for a page": func(page, _ *fyne.Container) { page.Objects = []fyne.CanvasObject{container.NewVBox()}; page.Refresh() },
	}
	for way, hide := range ways {
		for name, part := range parts() {
			a := uitest.New(t)
			box := container.NewPadded(part)
			page := container.NewStack(container.NewPadded(box))
			w := a.Show(container.NewPadded(page), fyne.NewSize(300, 200))
			target := part.(fyne.Focusable)
			w.Canvas().Focus(target)
			if w.Canvas().Focused() != target {
				t.Fatalf("%s does not take the keyboard", name)
			}
			hide(page, box)
			did = nil
			for _, k := range []fyne.KeyName{
				fyne.KeyDelete, fyne.KeyBackspace, fyne.KeyDown, fyne.KeyUp, fyne.KeyLeft, fyne.KeyRight, fyne.KeyReturn, fyne.KeySpace, fyne.KeyEscape,
			} {
				target.TypedKey(key(k))
			}
			for _, r := range "x " {
				target.TypedRune(r)
			}
			if s, ok := part.(fyne.Shortcutable); ok {
				s.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyUp, Modifier: fyne.KeyModifierAlt})
			}
			if len(did) > 0 {
				t.Errorf("%s, %s: it did %q", name, way, did)
			}
		}
	}
}

func TestAStageGivesTheKeyboardOnceThereIsContent(t *testing.T) {
	a := uitest.New(t)
	s := NewStage()
	e, beside := NewEntry(nil), NewEntry(nil)
	w := a.Show(container.NewBorder(beside, nil, nil, nil, s.Content()), fyne.NewSize(300, 200))
	page := container.NewPadded(e)
	take := func() {
		if w.Canvas().Focused() == nil {
			w.Canvas().Focus(e)
		}
	}
	s.Focus(take)
	if w.Canvas().Focused() != nil {
		t.Fatal("the keyboard is with something while it loads")
	}
	s.Show(page)
	if w.Canvas().Focused() != e {
		t.Error("the content did not get the keyboard")
	}
	s.Loading()
	if w.Canvas().Focused() != nil {
		t.Error("content that is gone keeps the keyboard")
	}
	s.Show(page)
	if w.Canvas().Focused() != e {
		t.Error("content that comes back does not have the keyboard again")
	}
	s.Loading()
	w.Canvas().Focus(beside)
	s.Show(page)
	if w.Canvas().Focused() != beside {
		t.Error("the person is taken from where they have gone meanwhile")
	}
}
