package widgets_test

import (
	"testing"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
	"github.com/stepdeck/stepdeck/screens/widgets/tabs"

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
	keys := &control.Keys{Enter: func() { heard("enter") }, Escape: func() { heard("escape") }}
	parts := func() map[string]fyne.CanvasObject {
		table := table.New(table.Column[string]{Title: "Name", Cell: func(s string) table.Cell { return table.Cell{Text: s} }})
		table.SetRows([]string{"a", "b", "c"})
		table.Select(func(s string) bool { return s == "b" })
		table.OnSelected = func(s string) { heard("selected " + s) }
		table.OnOpened = func(s string) { heard("opened " + s) }
		table.OnKey = func(s string, _ *fyne.KeyEvent) bool { heard("key on " + s); return true }
		table.OnShortcut = func(s string, _ fyne.Shortcut) bool { heard("shortcut on " + s); return true }
		entry, multiline, check := control.NewEntry(keys), control.NewMultiline(keys, 2), control.NewCheck(keys, "c")
		entry.OnChanged = func(string) { heard("typed") }
		multiline.OnChanged = func(string) { heard("typed lines") }
		check.OnChanged = func(bool) { heard("ticked") }
		list := control.NewSelect(keys, control.Option{Value: "a", Label: "A"}, control.Option{Value: "b", Label: "B"})
		list.OnChosen = func(string) { heard("selected from a list") }
		choice := control.NewChoice(keys, control.Option{Value: "a", Label: "A"}, control.Option{Value: "b", Label: "B"})
		choice.OnChosen = func(string) { heard("chosen") }
		picker := control.NewPicker(keys, func() []control.Item { heard("opened a list"); return nil })
		picks := control.NewPickList(keys, 3)
		picks.SetItems([]control.Item{{Value: "a", Title: "A"}, {Value: "b", Title: "B"}})
		picks.OnPicked = func(control.Item) { heard("picked") }
		section := form.NewSection(keys, "More", false, container.NewVBox())
		tabs := tabs.New(keys, tabs.Tab{Title: "One", Content: container.NewVBox()}, tabs.Tab{Title: "Two", Content: container.NewVBox()})
		tabs.OnSelected = func(int) { heard("another tab") }
		return map[string]fyne.CanvasObject{
			"table": focusable(table.Content()), "entry": entry, "multiline": multiline, "check": check, "select": list, "choice": choice, "picker": picker,
			"picklist": focusable(picks.Content()), "section": focusable(section.Content()), "tabs": focusable(tabs), "button": control.NewButton(keys, "b", func() { heard("pressed") }),
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
				target.TypedKey(uitest.Key(k))
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

// focusable returns the part of o that takes the keyboard.
func focusable(o fyne.CanvasObject) fyne.CanvasObject {
	return focus.Find(o, func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Focusable); return ok })
}
