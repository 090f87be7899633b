package control

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Date is a text field for a date as 2006-01-02. Down and its icon open a calendar.
type Date struct {
	*Entry
	now   func() time.Time
	popup *widget.PopUp
}

// NewDate returns an empty field. now says which day it shows as an example, and which month the calendar shows then.
func NewDate(keys *Keys, now func() time.Time) *Date {
	d := &Date{Entry: NewEntry(keys), now: now}
	d.SetPlaceHolder(now().Format(time.DateOnly))
	icon := newTapIcon(d.Open)
	icon.Resource = fynetheme.NewThemedResource(fynetheme.CalendarIcon())
	d.ActionItem = icon
	d.OnKey = func(ev *fyne.KeyEvent) bool {
		if ev.Name == fyne.KeyDown {
			d.Open()
			return true
		}
		return false
	}
	return d
}

// Open shows the calendar below the field.
func (d *Date) Open() {
	cv := focus.CanvasOf(d.Entry)
	if cv == nil {
		return
	}
	month := d.now()
	if chosen, err := time.Parse(time.DateOnly, strings.TrimSpace(d.Text)); err == nil {
		month = chosen
	}
	calendar := widget.NewCalendar(month, func(day time.Time) {
		d.popup.Hide()
		d.SetText(day.Format(time.DateOnly))
		cv.Focus(d.Entry)
	})
	d.popup = widget.NewPopUp(calendar, cv)
	escapeHides(d.popup, func() { cv.Focus(d.Entry) })
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.Entry)
	below := at.Y + d.Entry.Size().Height
	if room := cv.Size().Height - calendar.MinSize().Height; below > room {
		below = max(0, room)
	}
	d.popup.ShowAtPosition(fyne.NewPos(at.X, below))
}

// escapeHides has Escape hide an open popup, and nothing behind it: the keys of a popup go to its window. hidden is called then. Other
// keys do nothing as long as the popup is open. It can be hidden in other ways, which nobody tells: the keys then go where they went.
func escapeHides(popup *widget.PopUp, hidden func()) {
	cv := popup.Canvas
	before := cv.OnTypedKey()
	cv.SetOnTypedKey(func(ev *fyne.KeyEvent) {
		open := popup.Visible()
		if open && ev.Name != fyne.KeyEscape {
			return
		}
		cv.SetOnTypedKey(before)
		if open {
			popup.Hide()
			hidden()
		} else if before != nil {
			before(ev)
		}
	})
}
