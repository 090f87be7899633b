package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
	"github.com/stepdeck/stepdeck/screens/widgets/tabs"
)

// TestHiddenControlsIgnoreKeys sends keys to controls that are hidden in every way that the program uses. Fyne does that too: a hidden
// control keeps the focus until the next frame.
func TestHiddenControlsIgnoreKeys(t *testing.T) {
	var did []string
	record := func(what string) { did = append(did, what) }
	keys := &control.Keys{Enter: func() { record("enter") }, Escape: func() { record("escape") }}
	parts := func() map[string]fyne.CanvasObject {
		rows := table.New(table.Column[string]{Title: "Name", Cell: func(s string) table.Cell { return table.Cell{Text: s} }})
		rows.SetRows([]string{"a", "b", "c"})
		rows.Select(func(s string) bool { return s == "b" })
		rows.OnSelected = func(s string) { record("selected " + s) }
		rows.OnOpened = func(s string) { record("opened " + s) }
		rows.OnDelete = func(s string) { record("key on " + s) }
		rows.OnShortcut = func(s string, _ fyne.Shortcut) bool { record("shortcut on " + s); return true }
		entry, multiline, check := control.NewEntry(keys), control.NewMultiline(keys, 2), control.NewCheck(keys, "c")
		entry.OnChanged = func(string) { record("typed") }
		multiline.OnChanged = func(string) { record("typed lines") }
		check.OnChanged = func(bool) { record("ticked") }
		list := control.NewSelect(keys, control.Option{Value: "a", Label: "A"}, control.Option{Value: "b", Label: "B"})
		list.OnChosen = func(string) { record("selected from a list") }
		choice := control.NewChoice(keys, control.Option{Value: "a", Label: "A"}, control.Option{Value: "b", Label: "B"})
		choice.OnChosen = func(string) { record("chosen") }
		picker := control.NewPicker(keys, func() []control.Item { record("opened a list"); return nil })
		picks := control.NewPickList(keys, 3)
		picks.SetItems([]control.Item{{Value: "a", Title: "A"}, {Value: "b", Title: "B"}})
		picks.OnPicked = func(control.Item) { record("picked") }
		section := form.NewSection(keys, "More", false, container.NewVBox())
		pages := tabs.New(keys,
			tabs.Tab{Title: "One", Content: container.NewVBox()}, tabs.Tab{Title: "Two", Content: container.NewVBox()})
		pages.OnSelected = func(int) { record("another tab") }
		button := control.NewButton(keys, "b", func() { record("pressed") })
		return map[string]fyne.CanvasObject{
			"entry": entry, "multiline": multiline, "check": check, "select": list, "choice": choice, "picker": picker, "button": button,
			"table": focusable(rows.Content()), "picklist": focusable(picks.Content()), "section": focusable(section.Content()),
			"tabs": focusable(pages),
		}
	}
	ways := map[string]func(page *fyne.Container, part *fyne.Container){
		"hidden":             func(_, part *fyne.Container) { part.Hide() },
		"in a hidden parent": func(page, _ *fyne.Container) { page.Objects[0].Hide() },
		"replaced": func(page, _ *fyne.Container) {
			page.Objects = []fyne.CanvasObject{container.NewVBox()}
			page.Refresh()
		},
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
				t.Fatalf("%s does not take the focus", name)
			}
			hide(page, box)
			did = nil
			for _, k := range []fyne.KeyName{
				fyne.KeyDelete, fyne.KeyBackspace, fyne.KeyDown, fyne.KeyUp, fyne.KeyLeft, fyne.KeyRight,
				fyne.KeyReturn, fyne.KeySpace, fyne.KeyEscape,
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
				t.Errorf("%s, %s: it handled %q", name, way, did)
			}
		}
	}
}

// focusable returns the part of o that takes the focus.
func focusable(o fyne.CanvasObject) fyne.CanvasObject {
	return focus.Find(o, func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Focusable); return ok })
}
