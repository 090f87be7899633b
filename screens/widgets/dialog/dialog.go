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

// Dialog asks for something in front of a window. Enter confirms, Escape leaves; leaving with edits asks first.
type Dialog struct {
	Title   string
	Content fyne.CanvasObject
	Keys    *control.Keys       // shared with the parts in Content; nil makes one
	Buttons []fyne.CanvasObject // beside the usual two, on the left
	Confirm string              // words of the button that Enter presses; empty: there is none
	Danger  bool                // what it does can't be taken back
	Cancel  string              // empty: "Cancel"
	Size    fyne.Size           // at most; the window may be smaller
	First   fyne.Focusable      // has the focus at first

	OnConfirm func() // closes the dialog itself when all is well
	OnClosed  func()
	Dirty     func() bool // edits would be lost

	window  fyne.Window
	popup   *widget.PopUp
	confirm *control.Button
	before  func(*fyne.KeyEvent)
}

// Show opens the dialog.
func (d *Dialog) Show(w fyne.Window) {
	d.window = w
	if d.Keys == nil {
		d.Keys = &control.Keys{}
	}
	d.Keys.Enter, d.Keys.Escape = d.press, d.Leave
	if d.Cancel == "" {
		d.Cancel = lang.L("Cancel")
	}
	head := widget.NewLabelWithStyle(d.Title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head.SizeName = fynetheme.SizeNameSubHeadingText
	head.Truncation = fyne.TextTruncateEllipsis // names of strangers stand in it
	foot := container.NewHBox()
	for _, b := range d.Buttons {
		foot.Add(b)
	}
	foot.Add(layout.NewSpacer())
	foot.Add(control.NewButton(d.Keys, d.Cancel, d.Leave))
	if d.Confirm != "" {
		d.confirm = control.NewButton(d.Keys, d.Confirm, d.press)
		d.confirm.Importance = widget.HighImportance
		if d.Danger {
			d.confirm.Importance = widget.DangerImportance
		}
		foot.Add(d.confirm)
	}
	body := container.NewPadded(container.NewBorder(
		container.NewVBox(head, widget.NewSeparator()), container.NewVBox(widget.NewSeparator(), foot), nil, nil, container.NewPadded(d.Content)))
	d.popup = widget.NewModalPopUp(body, w.Canvas())
	room := w.Canvas().Size().Subtract(fyne.NewSize(32, 32))
	d.popup.Resize(fyne.NewSize(min(room.Width, d.Size.Width), min(room.Height, d.Size.Height)))
	d.popup.Show()
	d.before = w.Canvas().OnTypedKey()
	w.Canvas().SetOnTypedKey(func(ev *fyne.KeyEvent) { d.Keys.Take(ev, true) })
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

// SetBusy keeps the confirming button from being pressed twice.
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

// Leave closes the dialog unless edits would be lost; then the person is asked.
func (d *Dialog) Leave() {
	if d.Dirty == nil || !d.Dirty() {
		d.Close()
		return
	}
	AskDiscard(d.window, d.Close)
}

// Close closes the dialog.
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

// Visible reports whether the dialog is open.
func (d *Dialog) Visible() bool { return d.popup != nil && d.popup.Visible() }

// AskDiscard asks before edits are thrown away.
func AskDiscard(w fyne.Window, discard func()) *Dialog {
	return Ask(w, Question{
		Title: lang.L("Discard the changes?"), Text: lang.L("What you changed here has not been saved."),
		Yes: lang.L("Discard"), No: lang.L("Keep editing"), Danger: true, OnYes: discard,
	})
}

// Question is asked before something is done.
type Question struct {
	Title, Text string
	Yes, No     string // No empty: "Cancel"; Yes empty: there is only one answer
	Danger      bool
	OnYes       func()
}

// Ask asks a question.
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

// ShowError tells what went wrong: what was tried, and why it did not work.
func ShowError(w fyne.Window, what string, err error) *Dialog {
	return Ask(w, Question{Title: what, Text: err.Error(), No: lang.L("Close")})
}
