package tabs

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// threeTabs shows tabs with a field on each page, below another field.
func threeTabs(a *uitest.App) (w fyne.Window, t *Tabs, before *control.Entry, fields []*control.Entry) {
	before = control.NewEntry(nil)
	t = New(nil)
	for _, title := range []string{"One", "Two", "Three"} {
		e := control.NewEntry(nil)
		fields = append(fields, e)
		t.Append(Tab{Title: title, Content: container.NewVBox(widget.NewLabel(title), e), Focus: func() { w.Canvas().Focus(e) }})
	}
	w = a.Show(container.New(layout.NewBorderLayout(before, nil, nil, nil), before, t), fyne.NewSize(400, 300))
	return w, t, before, fields
}

func TestTabsAreReachedAndChosenByKeyboard(t *testing.T) {
	a := uitest.New(t)
	w, tabs, before, fields := threeTabs(a)
	cv := w.Canvas()
	cv.Focus(before)
	cv.FocusNext()
	if cv.Focused() != tabs.strip {
		t.Fatalf("Tab moves to %T", cv.Focused())
	}
	for _, row := range []struct {
		key  fyne.KeyName
		want int
	}{
		{fyne.KeyRight, 1}, {fyne.KeyRight, 2}, {fyne.KeyRight, 2}, {fyne.KeyLeft, 1}, {fyne.KeyHome, 0}, {fyne.KeyLeft, 0}, {fyne.KeyEnd, 2},
	} {
		cv.Focused().TypedKey(uitest.Key(row.key))
		if tabs.SelectedIndex() != row.want || cv.Focused() != tabs.strip {
			t.Errorf("%s: page %d, want %d; the focus is on %T", row.key, tabs.SelectedIndex(), row.want, cv.Focused())
		}
		for i, e := range fields {
			if shown := tabs.tabs[i].Content.Visible(); shown != (i == row.want) {
				t.Errorf("%s: page %d with %p is shown: %v", row.key, i, e, shown)
			}
		}
	}
	cv.FocusNext()
	if cv.Focused() != fields[2] {
		t.Errorf("Tab moves from the titles to %T", cv.Focused())
	}
	for _, name := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		cv.Focus(tabs.strip)
		cv.Focused().TypedKey(uitest.Key(name))
		if cv.Focused() != fields[2] {
			t.Errorf("%s moves to %T", name, cv.Focused())
		}
	}
}

func TestSteppingThroughTabs(t *testing.T) {
	a := uitest.New(t)
	w, tabs, before, fields := threeTabs(a)
	cv := w.Canvas()
	cv.Focus(fields[0])
	for _, row := range []struct{ by, want int }{{1, 1}, {1, 2}, {1, 0}, {-1, 2}, {-1, 1}} {
		tabs.Step(row.by)
		if tabs.SelectedIndex() != row.want || cv.Focused() != fields[row.want] {
			t.Errorf("by %d: page %d, want %d; the focus is on %v", row.by, tabs.SelectedIndex(), row.want, cv.Focused())
		}
	}
	cv.Focus(tabs.strip)
	tabs.Step(1)
	if tabs.SelectedIndex() != 2 || cv.Focused() != tabs.strip {
		t.Errorf("from the titles: page %d, the focus is on %T", tabs.SelectedIndex(), cv.Focused())
	}
	cv.Focus(before)
	tabs.SelectIndex(0) // by the program, as when a step is opened
	if cv.Focused() != before {
		t.Errorf("SelectIndex moved the focus to %T", cv.Focused())
	}
}

func TestAClickOnATabOpensItsPage(t *testing.T) {
	a := uitest.New(t)
	w, tabs, before, fields := threeTabs(a)
	selected := -1
	tabs.OnSelected = func(i int) { selected = i }
	w.Canvas().Focus(before)
	test.TapAt(tabs.strip, fyne.NewPos(tabs.strip.rights[1]+4, 8))
	if tabs.SelectedIndex() != 2 || selected != 2 || w.Canvas().Focused() != fields[2] {
		t.Errorf("page %d, selected %d, the focus is on %T", tabs.SelectedIndex(), selected, w.Canvas().Focused())
	}
	test.TapAt(tabs.strip, fyne.NewPos(tabs.strip.rights[2]+4, 8)) // beside them
	if tabs.SelectedIndex() != 2 {
		t.Errorf("page %d", tabs.SelectedIndex())
	}
}

func TestAPageRemembersItsFocus(t *testing.T) {
	a := uitest.New(t)
	first, second, other := control.NewEntry(nil), control.NewEntry(nil), control.NewEntry(nil)
	var w fyne.Window
	tabs := New(nil,
		Tab{Title: "One", Content: container.NewVBox(first, second), Focus: func() { w.Canvas().Focus(first) }},
		Tab{Title: "Two", Content: container.NewVBox(other), Focus: func() { w.Canvas().Focus(other) }},
	)
	w = a.Show(container.NewPadded(tabs), fyne.NewSize(400, 300))
	w.Canvas().Focus(second)
	tabs.Step(1)
	tabs.Step(-1)
	if w.Canvas().Focused() != second {
		t.Error("back on the page, the focus is elsewhere")
	}
	if In(w.Content()) != tabs {
		t.Error("the tabs are not found in the window")
	}
}
