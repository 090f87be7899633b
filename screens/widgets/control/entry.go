package control

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// Entry is a text field that calls OnLeave when it loses the focus, and passes Enter and Escape on to its form.
type Entry struct {
	widget.Entry

	OnFocus func() // called when the field gets the focus
	OnLeave func()
	OnPaste func(text string) bool       // reports whether it handled the text, which is then not inserted
	OnKey   func(ev *fyne.KeyEvent) bool // called before anything else; reports whether it handled the key
	keys    *Keys
	typed   func() // called after the person has changed the text; may be nil
	leaving func() // called before OnLeave; may be nil
	pressed bool
}

// NewEntry returns a single-line field.
func NewEntry(keys *Keys) *Entry {
	e := &Entry{keys: keys}
	e.Scroll = fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// NewMultiline returns a field of several lines. Tab leaves it, because it is for prose or options, not for scripts.
func NewMultiline(keys *Keys, rows int) *Entry {
	e := &Entry{keys: keys}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	e.SetMinRowsVisible(rows)
	return e
}

func (e *Entry) AcceptsTab() bool { return false }

func (e *Entry) MouseDown(ev *desktop.MouseEvent) {
	e.pressed = true
	e.Entry.MouseDown(ev)
}

func (e *Entry) MouseUp(ev *desktop.MouseEvent) {
	e.pressed = false
	e.Entry.MouseUp(ev)
	e.Refresh() // draws a frame, in which the form can scroll to the field
}

// Pressed reports whether a mouse button is down on the field.
func (e *Entry) Pressed() bool { return e.pressed }

func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	if e.OnFocus != nil {
		e.OnFocus()
	}
}

// FocusLost keeps the focus if it is taken while the mouse button is down: Fyne does so when the button goes up over something else, such
// as an error that has just moved the field from under the pointer.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	if e.pressed {
		e.pressed = false
		focus.Keep(e, e.left)
		return
	}
	e.left()
}

func (e *Entry) left() {
	if e.leaving != nil {
		e.leaving()
	}
	if e.OnLeave != nil {
		e.OnLeave()
	}
}

func (e *Entry) TypedKey(ev *fyne.KeyEvent) {
	if !focus.Shown(e) || e.OnKey != nil && e.OnKey(ev) || e.keys.Handle(e, ev, !e.MultiLine) {
		return
	}
	before := e.Text
	e.Entry.TypedKey(ev)
	e.notify(before)
}

func (e *Entry) TypedRune(r rune) {
	if !focus.Shown(e) {
		return
	}
	before := e.Text
	e.Entry.TypedRune(r)
	e.notify(before)
}

// notify calls typed if the text is not what it was before.
func (e *Entry) notify(before string) {
	if e.typed != nil && e.Text != before {
		e.typed()
	}
}

func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if !focus.Shown(e) || focus.PassTabKey(e, s) {
		return
	}
	if p, ok := s.(*fyne.ShortcutPaste); ok && e.OnPaste != nil && p.Clipboard != nil && e.OnPaste(p.Clipboard.Content()) {
		return
	}
	before := e.Text
	e.Entry.TypedShortcut(s)
	e.notify(before)
}

// CaretArea returns the whole field: none is too high to be shown at once.
func (e *Entry) CaretArea() (fyne.Position, fyne.Size) {
	return fyne.NewPos(float32(e.CursorColumn), 0), e.Size()
}

// Secret is a field for a value in the vault. It shows whether the vault has one, never the value itself.
type Secret struct {
	*Entry
	stored bool
	pasted string // a value of several lines, which a password field can't hold
}

// NewSecret returns an empty field.
func NewSecret(keys *Keys) *Secret {
	s := &Secret{Entry: NewEntry(keys)}
	s.Password = true
	s.OnPaste = s.paste
	s.Entry.OnChanged = func(text string) {
		if text != "" {
			s.pasted = ""
		}
	}
	return s
}

// paste keeps a text of several lines, such as a private key, as it is. A single-line field would replace the line breaks by spaces.
func (s *Secret) paste(text string) bool {
	text = withoutMark(strings.TrimRight(text, "\r\n"))
	if !strings.Contains(text, "\n") {
		return false
	}
	s.SetText("")
	s.pasted = text
	s.SetPlaceHolder("••••••••  " + plural.N("{{.Count}} line pasted", "{{.Count}} lines pasted", strings.Count(text, "\n")+1))
	if s.Entry.OnChanged != nil {
		s.Entry.OnChanged("")
	}
	return true
}

// SetStored sets whether the vault has a value already.
func (s *Secret) SetStored(stored bool) {
	s.stored, s.pasted = stored, ""
	if stored {
		s.SetPlaceHolder("••••••••  " + lang.L("set; type to replace"))
	} else {
		s.SetPlaceHolder(lang.L("not set"))
	}
}

// Given reports whether there is a value, in the vault or in the field.
func (s *Secret) Given() bool { return s.stored || s.Value() != "" }

// Value returns what was typed or pasted, without the spaces around it that come from copying.
func (s *Secret) Value() string {
	if s.pasted != "" && s.Text == "" {
		return s.pasted
	}
	return strings.TrimSpace(withoutMark(s.Text))
}

// withoutMark removes the byte order mark that is copied along with the first line of a file.
func withoutMark(text string) string { return strings.TrimPrefix(text, "\ufeff") }

// Raw returns what was typed or pasted with the spaces around it, which a password may have.
func (s *Secret) Raw() string {
	if s.pasted != "" && s.Text == "" {
		return s.pasted
	}
	return withoutMark(s.Text)
}
