package form

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// sample returns a form of two fields, of which the first must not be empty.
func sample() (f *Form, name, region *control.Entry) {
	f = New()
	name, region = control.NewEntry(f.Keys), control.NewEntry(f.Keys)
	f.Add("name", "Name", "What it is called.", name)
	f.Add("region", "Region", "", region)
	f.Check = func() []Problem {
		if name.Text == "" {
			return []Problem{{"name", errors.New("no name")}}
		}
		return nil
	}
	f.Fill(func() {})
	return f, name, region
}

func TestAnErrorShowsOnceItsFieldWasLeft(t *testing.T) {
	a := uitest.New(t)
	f, name, region := sample()
	w := a.Show(Rows(f.fields...), fyne.NewSize(600, 200))
	field := f.Field("name")
	if field.Err() != nil {
		t.Fatal("an error before anything was typed")
	}
	w.Canvas().Focus(name)
	test.Type(name, "x")
	name.SetText("")
	if field.Err() != nil {
		t.Error("an error while the person is still in the field")
	}
	w.Canvas().Focus(region)
	if field.Err() == nil || field.fault.Text != "no name" || !field.fault.Visible() {
		t.Errorf("left the field empty: err %v, shown %q", field.Err(), field.fault.Text)
	}
	name.SetText("web")
	if field.Err() != nil || field.fault.Visible() {
		t.Error("the error stays after it was fixed")
	}
	if !f.Dirty() {
		t.Error("edits do not make the form dirty")
	}
	f.Fill(func() { name.SetText("") })
	if f.Dirty() || field.Err() != nil {
		t.Error("filling counts as an edit")
	}
	if first := f.ShowAll(); first != field {
		t.Errorf("ShowAll returned %v", first)
	}
}

func TestSection(t *testing.T) {
	a := uitest.New(t)
	e := control.NewEntry(nil)
	f := NewSection(nil, "AWS", true, e)
	f.Summary = func() string { return "aws.account" }
	a.Show(f.Content(), fyne.NewSize(400, 200))
	f.head.TypedKey(uitest.Key(fyne.KeySpace))
	if f.Open() || f.head.summary != "aws.account" {
		t.Errorf("open %v, summary %q", f.Open(), f.head.summary)
	}
	test.Tap(f.head)
	if !f.Open() || f.head.summary != "" {
		t.Errorf("open %v, summary %q", f.Open(), f.head.summary)
	}
}
