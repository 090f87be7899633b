package forms

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestRegionMeant(t *testing.T) {
	for _, c := range []struct {
		text, want string
		names      []string // of an error
	}{
		{text: "", want: ""},
		{text: "  eu-west-1 ", want: "eu-west-1"},
		{text: "EU-West-1", want: "eu-west-1"},
		{text: "xx-new-7", want: "xx-new-7"},
		{text: "#{Region}", want: "#{Region}"},
		{text: "Frankfurt", want: "eu-central-1"},
		{text: "frankfurt ", want: "eu-central-1"},
		{text: "Frank", want: "eu-central-1"},
		{text: "Sao Paulo", want: "sa-east-1"},
		{text: "São Paulo", want: "sa-east-1"},
		{text: "Zürich", want: "eu-central-2"},
		{text: "N. Virginia", want: "us-east-1"},
		{text: "europe (ireland)", want: "eu-west-1"},
		{text: "Hong Kong", want: "ap-east-1"},
		{text: "US-East", names: []string{"us-east-1 (N. Virginia)", "us-east-2 (Ohio)", "us-gov-east-1 (US-East)"}},
		{text: "GovCloud", names: []string{"us-gov-east-1 (US-East)", "us-gov-west-1 (US-West)"}},
		{text: "China", names: []string{"cn-north-1 (Beijing)", "cn-northwest-1 (Ningxia)"}},
		{text: "Europe", names: []string{"eu-central-1 (Frankfurt)", "3 more"}},
		{text: "Atlantis", want: "Atlantis"},
		{text: "ondon", want: "ondon"},
		{text: "--", want: "--"},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := RegionMeant(c.text)
			if (err != nil) != (c.names != nil) || got != c.want {
				t.Fatalf("%q, %v; want %q", got, err, c.want)
			}
			for _, name := range c.names {
				if !strings.Contains(err.Error(), name) {
					t.Errorf("%q does not name %q", err, name)
				}
			}
		})
	}
}

// regionField shows a form with a field for a region in it and a field behind it.
func regionField(t *testing.T) (a *uitest.App, w fyne.Window, f *Form, c *Combo, next *Entry) {
	t.Helper()
	a = uitest.New(t)
	f = NewForm()
	c, next = NewRegionPicker(f.Keys), NewEntry(f.Keys)
	f.Check = func() []Problem {
		if !strings.Contains(c.Text, "-") {
			return []Problem{{"region", errors.New("no code")}}
		}
		return nil
	}
	rows := Rows(f.Add("region", "Region", "", c), f.Add("next", "Next", "", next))
	w = a.Show(container.NewVBox(rows), fyne.NewSize(700, 500))
	w.Canvas().Focus(c.Entry)
	return a, w, f, c, next
}

func typed(c *Combo, text string) {
	for _, r := range text {
		c.Entry.TypedRune(r)
	}
}

func press(c *Combo, names ...fyne.KeyName) {
	for _, n := range names {
		c.Entry.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

// TestTypingFiltersInPlace: the list follows the text, and the keyboard stays in the field.
func TestTypingFiltersInPlace(t *testing.T) {
	a, w, f, c, _ := regionField(t)
	entered := 0
	f.Keys.Enter = func() { entered++ }
	typed(c, "Fr")
	if len(c.suggest.shown) != 2 { // Frankfurt and Africa
		t.Errorf("shown are %+v", c.suggest.shown)
	}
	typed(c, "ank")
	if len(c.suggest.shown) != 1 || c.suggest.shown[0].Value != "eu-central-1" {
		t.Fatalf("shown are %+v", c.suggest.shown)
	}
	if w.Canvas().Focused() != fyne.Focusable(c.Entry) || w.Canvas().Overlays().Top() != nil {
		t.Error("the keyboard is not in the field any more")
	}
	press(c, fyne.KeyDown, fyne.KeyReturn)
	a.Pump()
	if c.Text != "eu-central-1" || c.suggest.visible() || entered != 0 {
		t.Errorf("the field holds %q, list %v, %d times entered", c.Text, c.suggest.visible(), entered)
	}
	press(c, fyne.KeyReturn)
	if entered != 1 {
		t.Error("Enter on a code does not reach the form")
	}
}

func TestACityBecomesItsCode(t *testing.T) {
	_, w, f, c, next := regionField(t)
	typed(c, "Frankfurt")
	w.Canvas().Focus(next)
	if c.Text != "eu-central-1" || f.Field("region").Err() != nil || c.suggest.visible() {
		t.Errorf("after leaving: %q, %v, list %v", c.Text, f.Field("region").Err(), c.suggest.visible())
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

func TestSeveralRegionsAreNamed(t *testing.T) {
	_, w, f, c, next := regionField(t)
	typed(c, "GovCloud")
	press(c, fyne.KeyReturn)
	w.Canvas().Focus(next)
	err := f.Field("region").Err()
	if c.Text != "GovCloud" || err == nil || !strings.Contains(err.Error(), "us-gov-east-1") || !strings.Contains(err.Error(), "us-gov-west-1") {
		t.Errorf("%q, %v", c.Text, err)
	}
}

func TestASuggestionIsClicked(t *testing.T) {
	a, w, _, c, _ := regionField(t)
	typed(c, "eu")
	if len(c.suggest.shown) <= suggested || !c.suggest.more.Visible() {
		t.Fatalf("%d are shown, more: %v", len(c.suggest.shown), c.suggest.more.Visible())
	}
	c.suggest.rows[2].MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	w.Canvas().Unfocus() // as the toolkit does for what takes no keyboard
	a.Pump()
	if c.Text != "eu-west-1" || w.Canvas().Focused() != fyne.Focusable(c.Entry) || c.suggest.visible() {
		t.Errorf("%q, focus on %T, list %v", c.Text, w.Canvas().Focused(), c.suggest.visible())
	}
}

func TestEscapeClosesTheListBeforeTheForm(t *testing.T) {
	_, _, f, c, _ := regionField(t)
	left := 0
	f.Keys.Escape = func() { left++ }
	typed(c, "lon")
	press(c, fyne.KeyEscape)
	if left != 0 || c.suggest.visible() || c.Text != "lon" {
		t.Errorf("left %d times, list %v, text %q", left, c.suggest.visible(), c.Text)
	}
	press(c, fyne.KeyEscape)
	if left != 1 {
		t.Error("the second Escape does not leave")
	}
}

// TestTheWholeListTakesNothingByItself: Enter in the list that Down opened does not put the first item in the place of what is there.
func TestTheWholeListTakesNothingByItself(t *testing.T) {
	for _, c := range []struct {
		name, text string
		keys       []fyne.KeyName
		want       string
	}{
		{"a text of one's own", "#{Region}", []fyne.KeyName{fyne.KeyReturn}, "#{Region}"},
		{"a text of one's own, and Down", "#{Region}", []fyne.KeyName{fyne.KeyDown, fyne.KeyReturn}, "us-east-1"},
		{"a value", "eu-west-1", []fyne.KeyName{fyne.KeyReturn}, "eu-west-1"},
		{"nothing", "", []fyne.KeyName{fyne.KeyReturn}, "us-east-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, _, field, _ := regionField(t)
			field.SetText(c.text)
			press(field, fyne.KeyDown)
			for _, k := range c.keys {
				field.list.filter.TypedKey(&fyne.KeyEvent{Name: k})
			}
			if field.Text != c.want {
				t.Errorf("%q, want %q", field.Text, c.want)
			}
		})
	}
}

// TestAComboWithoutMeaning keeps what is typed: the list helps, it does not judge.
func TestAComboWithoutMeaning(t *testing.T) {
	a := uitest.New(t)
	entered := 0
	c := NewCombo(&Keys{Enter: func() { entered++ }}, func() []Item {
		return []Item{{Value: "My scripts", Title: "My scripts"}, {Value: "Mine", Title: "Mine"}, {Title: "New…", Action: func() {}}}
	})
	w := a.Show(c.box, fyne.NewSize(400, 300))
	w.Canvas().Focus(c.Entry)
	typed(c, "Mi")
	if len(c.suggest.shown) != 1 {
		t.Errorf("shown are %+v", c.suggest.shown)
	}
	press(c, fyne.KeyReturn)
	if c.Text != "Mi" || entered != 1 || c.suggest.visible() {
		t.Errorf("%q, %d times entered, list %v", c.Text, entered, c.suggest.visible())
	}
}

// TestEnterSavesNoTextThatMeansSeveral: Enter is not the form's then; the field says what the text may be.
func TestEnterSavesNoTextThatMeansSeveral(t *testing.T) {
	_, _, f, c, _ := regionField(t)
	entered, left := 0, 0
	f.Keys.Enter = func() { entered++ }
	c.OnLeave = func() { left++ } // which has the field say so
	typed(c, "China")
	press(c, fyne.KeyReturn)
	if entered != 0 || left != 1 || c.Text != "China" {
		t.Errorf("%d times entered, %d times told, %q", entered, left, c.Text)
	}
}
