package display

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewCaption returns a label of small text that wraps.
func NewCaption(importance widget.Importance) *widget.Label {
	l := widget.NewLabel("")
	l.SizeName = fynetheme.SizeNameCaptionText
	l.Importance = importance
	l.Wrapping = fyne.TextWrapWord
	return l
}

// SetCaption shows text in l, or hides l where there is none.
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
