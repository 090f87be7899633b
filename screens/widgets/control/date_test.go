package control

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestEscapeClosesTheCalendarOnly(t *testing.T) {
	a := uitest.New(t)
	d := NewDate(&Keys{}, func() time.Time { return time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC) })
	w := a.Show(container.NewPadded(d.Entry), fyne.NewSize(400, 400))
	var behind []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(ev *fyne.KeyEvent) { behind = append(behind, ev.Name) })
	press := func(key fyne.KeyName) { w.Canvas().OnTypedKey()(uitest.Key(key)) }

	d.TypedKey(uitest.Key(fyne.KeyDown))
	if d.popup == nil || !d.popup.Visible() {
		t.Fatal("there is no calendar")
	}
	press(fyne.KeyReturn)
	press(fyne.KeyEscape)
	if d.popup.Visible() || len(behind) > 0 {
		t.Errorf("the calendar is open: %v; behind it were pressed %v", d.popup.Visible(), behind)
	}
	if w.Canvas().Focused() != d.Entry {
		t.Error("the field does not have the focus")
	}
	press(fyne.KeyEscape)

	// Hidden by a click beside it.
	d.Open()
	d.popup.Hide()
	press(fyne.KeyEscape)
	press(fyne.KeyReturn)
	if len(behind) != 3 {
		t.Errorf("without the calendar were pressed %v", behind)
	}
}
