package display

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewCaption returns a label in small text that wraps.
func NewCaption(importance widget.Importance) *widget.Label {
	l := widget.NewLabel("")
	l.SizeName = fynetheme.SizeNameCaptionText
	l.Importance = importance
	l.Wrapping = fyne.TextWrapWord
	return l
}

// SetCaption shows text in l, and hides l if text is empty.
func SetCaption(l *widget.Label, text string) {
	if l.Text == text && l.Visible() == (text != "") {
		return
	}
	l.SetText(text)
	if text == "" {
		l.Hide()
	} else {
		l.Show()
	}
}
