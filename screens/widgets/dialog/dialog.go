package dialog

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Dialog asks for something in front of a window. Enter confirms and Escape cancels; with unsaved edits, Cancel asks first.
type Dialog struct {
	Title   string
	Content fyne.CanvasObject
	Keys    *control.Keys       // shared with the controls in Content; nil: new ones
	Buttons []fyne.CanvasObject // on the left, beside the usual two
	Confirm string              // label of the button that Enter presses; empty: no such button
	Danger  bool                // confirming can't be undone
	Cancel  string              // empty: "Cancel"
	Size    fyne.Size           // at most; the window may be smaller
	First   fyne.Focusable      // gets the focus when the dialog opens

	OnConfirm func() // must call Close when it succeeds
	OnClosed  func()
	Dirty     func() bool // whether closing would lose edits

	Escaped bool // Escape has closed it, with no question in between

	window  fyne.Window
	popup   *widget.PopUp
	confirm *control.Button
	before  func(*fyne.KeyEvent)
}

func (d *Dialog) Show(w fyne.Window) {
	d.window = w
	if d.Keys == nil {
		d.Keys = &control.Keys{}
	}
	d.Keys.Enter, d.Keys.Escape, d.Escaped = d.press, d.escape, false
	if d.Cancel == "" {
		d.Cancel = lang.L("Cancel")
	}
	head := widget.NewLabelWithStyle(d.Title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head.SizeName = fynetheme.SizeNameSubHeadingText
	head.Truncation = fyne.TextTruncateEllipsis // it may contain names from an imported file, of any length
	foot := container.NewHBox()
	for _, b := range d.Buttons {
		foot.Add(b)
	}
	foot.Add(layout.NewSpacer())
	foot.Add(control.NewButton(d.Keys, d.Cancel, d.Leave))
	if d.Confirm != "" {
		d.confirm = control.NewButton(d.Keys, d.Confirm, d.press)
		d.SetDanger(d.Danger)
		foot.Add(d.confirm)
	}
	body := container.NewPadded(container.NewBorder(
		container.NewVBox(head, widget.NewSeparator()), container.NewVBox(widget.NewSeparator(), foot), nil, nil, container.NewPadded(d.Content)))
	d.popup = widget.NewModalPopUp(body, w.Canvas())
	room := w.Canvas().Size().Subtract(fyne.NewSize(32, 32))
	d.popup.Resize(fyne.NewSize(min(room.Width, d.Size.Width), min(room.Height, d.Size.Height)))
	d.popup.Show()
	d.before = w.Canvas().OnTypedKey()
	w.Canvas().SetOnTypedKey(func(ev *fyne.KeyEvent) { d.Keys.Press(ev, true) })
	switch {
	case d.First != nil:
		w.Canvas().Focus(d.First)
	case d.confirm != nil && !d.Danger:
		w.Canvas().Focus(d.confirm)
	}
}

func (d *Dialog) press() {
	if d.OnConfirm != nil && d.confirm != nil && !d.confirm.Disabled() {
		d.OnConfirm()
	}
}

// SetBusy disables the confirm button, so that it can't be pressed twice.
func (d *Dialog) SetBusy(busy bool) {
	if d.confirm == nil {
		return
	}
	if busy {
		d.confirm.Disable()
	} else {
		d.confirm.Enable()
	}
}

// SetConfirm changes the label of the confirm button, and whether it can be pressed.
func (d *Dialog) SetConfirm(label string, enabled bool) {
	if d.confirm == nil {
		return
	}
	d.Confirm = label
	d.confirm.SetText(label)
	d.SetBusy(!enabled)
}

func (d *Dialog) escape() {
	d.Escaped = d.Dirty == nil || !d.Dirty()
	d.Leave()
}

// SetDanger says whether confirming can't be undone.
func (d *Dialog) SetDanger(danger bool) {
	if d.Danger = danger; d.confirm == nil {
		return
	}
	d.confirm.Importance = widget.HighImportance
	if danger {
		d.confirm.Importance = widget.DangerImportance
	}
	d.confirm.Refresh()
}

// Leave closes the dialog. If edits would be lost it asks first.
func (d *Dialog) Leave() {
	if d.Dirty == nil || !d.Dirty() {
		d.Close()
		return
	}
	AskDiscard(d.window, d.Close)
}

func (d *Dialog) Close() {
	if d.popup == nil || !d.popup.Visible() {
		return
	}
	d.popup.Hide()
	d.window.Canvas().SetOnTypedKey(d.before)
	if d.OnClosed != nil {
		d.OnClosed()
	}
}

func (d *Dialog) Visible() bool { return d.popup != nil && d.popup.Visible() }

// AskDiscard asks before edits are discarded.
func AskDiscard(w fyne.Window, discard func()) *Dialog {
	return Ask(w, Question{
		Title: lang.L("Discard the changes?"), Text: lang.L("What you changed here has not been saved."),
		Yes: lang.L("Discard"), No: lang.L("Keep editing"), Danger: true, OnYes: discard,
	})
}

// Question is a yes-or-no question, or a message to acknowledge.
type Question struct {
	Title, Text string
	Yes, No     string // No empty: "Cancel"; Yes empty: No is the only answer
	Danger      bool
	OnYes       func()
}

func Ask(w fyne.Window, q Question) *Dialog {
	text := widget.NewLabel(q.Text)
	text.Wrapping = fyne.TextWrapWord
	d := &Dialog{Title: q.Title, Content: focus.Scroll(text), Confirm: q.Yes, Cancel: q.No, Danger: q.Danger}
	const width = 440
	text.Resize(fyne.NewSize(width-40, 10))
	d.Size = fyne.NewSize(width, 130+min(260, text.MinSize().Height))
	d.OnConfirm = func() {
		d.Close()
		q.OnYes()
	}
	d.Show(w)
	return d
}

// ShowError reports a failure: what failed, and why.
func ShowError(w fyne.Window, what string, err error) *Dialog {
	return Ask(w, Question{Title: what, Text: err.Error(), No: lang.L("Close")})
}
