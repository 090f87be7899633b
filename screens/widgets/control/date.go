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

// NewDate returns an empty field. now says which month the calendar shows then.
func NewDate(keys *Keys, now func() time.Time) *Date {
	d := &Date{Entry: NewEntry(keys), now: now}
	d.SetPlaceHolder("2006-01-02")
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
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.Entry)
	below := at.Y + d.Entry.Size().Height
	if room := cv.Size().Height - calendar.MinSize().Height; below > room {
		below = max(0, room)
	}
	d.popup.ShowAtPosition(fyne.NewPos(at.X, below))
}
