package control

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestEnterAndEscapeWorkInEveryControl(t *testing.T) {
	a := uitest.New(t)
	entered, escaped := 0, 0
	keys := &Keys{Enter: func() { entered++ }, Escape: func() { escaped++ }}
	pressed := 0
	parts := map[string]fyne.Focusable{
		"entry": NewEntry(keys), "check": NewCheck(keys, "c"), "select": NewSelect(keys, Option{"a", "A"}),
		"choice": NewChoice(keys, Option{"a", "A"}), "picker": NewPicker(keys, func() []Item { return nil }),
		"multiline": NewMultiline(keys, 2), "button": NewButton(keys, "b", func() { pressed++ }),
	}
	for name, part := range parts {
		a.Show(container.NewPadded(part.(fyne.CanvasObject)), fyne.NewSize(200, 100))
		entered, escaped = 0, 0
		part.TypedKey(uitest.Key(fyne.KeyEscape))
		if escaped != 1 {
			t.Errorf("%s: Escape was handled %d times", name, escaped)
		}
		part.TypedKey(uitest.Key(fyne.KeyReturn))
		want := 1
		if name == "multiline" || name == "button" {
			want = 0 // it is a line break, or presses the button
		}
		if entered != want {
			t.Errorf("%s: Enter was handled %d times, want %d", name, entered, want)
		}
	}
	if pressed != 1 {
		t.Errorf("Enter pressed the button %d times", pressed)
	}
	if !strings.Contains(parts["multiline"].(*Entry).Text, "\n") {
		t.Error("Enter did not start a new line")
	}
}
