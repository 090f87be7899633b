package control_test

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/region"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// regionField shows a form with a region field and another field after it.
func regionField(t *testing.T) (a *uitest.App, w fyne.Window, f *form.Form, c *control.Combo, next *control.Entry) {
	t.Helper()
	a = uitest.New(t)
	f = form.New()
	c, next = region.NewPicker(f.Keys), control.NewEntry(f.Keys)
	f.Check = func() []form.Problem {
		if !strings.Contains(c.Text, "-") {
			return []form.Problem{{Field: "region", Err: errors.New("no code")}}
		}
		return nil
	}
	rows := form.Rows(f.Add("region", "Region", "", c), f.Add("next", "Next", "", next))
	w = a.Show(container.NewVBox(rows), fyne.NewSize(700, 500))
	w.Canvas().Focus(c.Entry)
	return a, w, f, c, next
}

func typed(c *control.Combo, text string) {
	for _, r := range text {
		c.Entry.TypedRune(r)
	}
}

func press(c *control.Combo, names ...fyne.KeyName) {
	for _, n := range names {
		c.Entry.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

// TestTypingFiltersInPlace: the list follows the text while the focus stays in the field.
func TestTypingFiltersInPlace(t *testing.T) {
	a, w, f, c, _ := regionField(t)
	entered := 0
	f.Keys.Enter = func() { entered++ }
	typed(c, "Fr")
	if len(c.Suggested()) != 2 { // Frankfurt and Africa
		t.Errorf("suggested: %+v", c.Suggested())
	}
	typed(c, "ank")
	if len(c.Suggested()) != 1 || c.Suggested()[0].Value != "eu-central-1" {
		t.Fatalf("suggested: %+v", c.Suggested())
	}
	if w.Canvas().Focused() != fyne.Focusable(c.Entry) || w.Canvas().Overlays().Top() != nil {
		t.Error("the field has lost the focus")
	}
	press(c, fyne.KeyDown, fyne.KeyReturn)
	a.Pump()
	if c.Text != "eu-central-1" || c.Suggesting() || entered != 0 {
		t.Errorf("the field holds %q, list %v, %d times entered", c.Text, c.Suggesting(), entered)
	}
	press(c, fyne.KeyReturn)
	if entered != 1 {
		t.Error("Enter on a region code does not reach the form")
	}
}

func TestACityBecomesItsCode(t *testing.T) {
	_, w, f, c, next := regionField(t)
	typed(c, "Frankfurt")
	w.Canvas().Focus(next)
	if c.Text != "eu-central-1" || f.Field("region").Err() != nil || c.Suggesting() {
		t.Errorf("after leaving: %q, %v, list %v", c.Text, f.Field("region").Err(), c.Suggesting())
	}
	w.Canvas().Focus(c.Entry)
	c.SetText("")
	typed(c, "stockholm")
	press(c, fyne.KeyReturn)
	if c.Text != "eu-north-1" {
		t.Errorf("after Enter: %q", c.Text)
	}
	c.SetText("tokyo")
	f.ShowAll() // saved by the keyboard, without leaving the field
	if c.Text != "ap-northeast-1" {
		t.Errorf("after saving: %q", c.Text)
	}
}

func TestAnAmbiguousNameListsItsRegions(t *testing.T) {
	_, w, f, c, next := regionField(t)
	typed(c, "GovCloud")
	press(c, fyne.KeyReturn)
	w.Canvas().Focus(next)
	err := f.Field("region").Err()
	if c.Text != "GovCloud" || err == nil {
		t.Fatalf("%q, %v", c.Text, err)
	}
	for _, code := range []string{"us-gov-east-1", "us-gov-west-1"} {
		if !strings.Contains(err.Error(), code) {
			t.Errorf("%v does not name %s", err, code)
		}
	}
}

func TestASuggestionIsClicked(t *testing.T) {
	a, w, _, c, _ := regionField(t)
	typed(c, "eu")
	if len(c.Suggested()) <= control.Suggested || !c.SuggestsMore() {
		t.Fatalf("%d are shown, more: %v", len(c.Suggested()), c.SuggestsMore())
	}
	want := c.Suggested()[2].Value
	c.Suggestion(2).MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	w.Canvas().Unfocus() // as Fyne does after a click on something that can't have the focus
	a.Pump()
	if c.Text != want || w.Canvas().Focused() != fyne.Focusable(c.Entry) || c.Suggesting() {
		t.Errorf("%q, focus on %T, list %v", c.Text, w.Canvas().Focused(), c.Suggesting())
	}
}

func TestEscapeClosesTheListBeforeTheForm(t *testing.T) {
	_, _, f, c, _ := regionField(t)
	left := 0
	f.Keys.Escape = func() { left++ }
	typed(c, "lon")
	press(c, fyne.KeyEscape)
	if left != 0 || c.Suggesting() || c.Text != "lon" {
		t.Errorf("left %d times, list %v, text %q", left, c.Suggesting(), c.Text)
	}
	press(c, fyne.KeyEscape)
	if left != 1 {
		t.Error("the second Escape does not reach the form")
	}
}

// TestEnterInTheWholeListKeepsTheText: Enter in the list that Down opened does not replace the text by the first item.
func TestEnterInTheWholeListKeepsTheText(t *testing.T) {
	for _, c := range []struct {
		name, text string
		keys       []fyne.KeyName
		want       string
	}{
		{"free text", "#{Region}", []fyne.KeyName{fyne.KeyReturn}, "#{Region}"},
		{"free text, and Down", "#{Region}", []fyne.KeyName{fyne.KeyDown, fyne.KeyReturn}, "us-east-1"},
		{"a value", "eu-west-1", []fyne.KeyName{fyne.KeyReturn}, "eu-west-1"},
		{"nothing", "", []fyne.KeyName{fyne.KeyReturn}, "us-east-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, _, field, _ := regionField(t)
			field.SetText(c.text)
			press(field, fyne.KeyDown)
			for _, k := range c.keys {
				field.Filter().TypedKey(&fyne.KeyEvent{Name: k})
			}
			if field.Text != c.want {
				t.Errorf("%q, want %q", field.Text, c.want)
			}
		})
	}
}

// TestAComboWithoutResolve keeps any text: the list only suggests.
func TestAComboWithoutResolve(t *testing.T) {
	a := uitest.New(t)
	entered := 0
	c := control.NewCombo(&control.Keys{Enter: func() { entered++ }}, func() []control.Item {
		return []control.Item{{Value: "My scripts", Title: "My scripts"}, {Value: "Mine", Title: "Mine"}, {Title: "New…", Action: func() {}}}
	})
	w := a.Show(control.Row(c), fyne.NewSize(400, 300))
	w.Canvas().Focus(c.Entry)
	typed(c, "Mi")
	if len(c.Suggested()) != 1 {
		t.Errorf("suggested: %+v", c.Suggested())
	}
	press(c, fyne.KeyReturn)
	if c.Text != "Mi" || entered != 1 || c.Suggesting() {
		t.Errorf("%q, %d times entered, list %v", c.Text, entered, c.Suggesting())
	}
}

// TestEnterDoesNotSaveAnAmbiguousText: the form does not get the Enter; the field says what the text may stand for.
func TestEnterDoesNotSaveAnAmbiguousText(t *testing.T) {
	_, _, f, c, _ := regionField(t)
	entered, left := 0, 0
	f.Keys.Enter = func() { entered++ }
	c.OnLeave = func() { left++ } // shows the error
	typed(c, "China")
	press(c, fyne.KeyReturn)
	if entered != 0 || left != 1 || c.Text != "China" {
		t.Errorf("%d times entered, %d times shown, %q", entered, left, c.Text)
	}
}

func TestRegionByCity(t *testing.T) {
	a := uitest.New(t)
	c := region.NewPicker(nil)
	w := a.Show(container.NewVBox(c.Entry), fyne.NewSize(500, 400))
	w.Canvas().Focus(c.Entry)
	c.TypedKey(uitest.Key(fyne.KeyDown))
	test.Type(c.Filter(), "ireland")
	c.Filter().TypedKey(uitest.Key(fyne.KeyReturn))
	if c.Text != "eu-west-1" {
		t.Errorf("region %q", c.Text)
	}
	c.SetText("#{AWS.Region}")
	if c.Text != "#{AWS.Region}" {
		t.Error("free text is not kept")
	}
}
