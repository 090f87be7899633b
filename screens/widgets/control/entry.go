package control

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Entry is a field for text that tells when it is left and passes Enter and Escape on to its form.
type Entry struct {
	widget.Entry

	OnLeave func()
	OnPaste func(text string) bool            // true: the text was understood and is not to be inserted
	OnKey   func(ev *fyne.KeyEvent) (ok bool) // before anything else
	keys    *Keys
	typed   func() // after the person has changed the text; nil: nobody asks
	leaving func() // before OnLeave
}

// NewEntry makes a field of one line.
func NewEntry(keys *Keys) *Entry {
	e := &Entry{keys: keys}
	e.Scroll = fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// NewMultiline makes a field of several lines. Tab leaves it: what is typed there is prose or options, not a script.
func NewMultiline(keys *Keys, rows int) *Entry {
	e := &Entry{keys: keys}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	e.SetMinRowsVisible(rows)
	return e
}

func (e *Entry) AcceptsTab() bool { return false }

func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	if e.leaving != nil {
		e.leaving()
	}
	if e.OnLeave != nil {
		e.OnLeave()
	}
}

func (e *Entry) TypedKey(ev *fyne.KeyEvent) {
	if !focus.Shown(e) || e.OnKey != nil && e.OnKey(ev) || e.keys.Heard(e, ev, !e.MultiLine) {
		return
	}
	was := e.Text
	e.Entry.TypedKey(ev)
	e.tell(was)
}

func (e *Entry) TypedRune(r rune) {
	if !focus.Shown(e) {
		return
	}
	was := e.Text
	e.Entry.TypedRune(r)
	e.tell(was)
}

// tell tells that the person has changed the text.
func (e *Entry) tell(was string) {
	if e.typed != nil && e.Text != was {
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
	was := e.Text
	e.Entry.TypedShortcut(s)
	e.tell(was)
}

// CaretArea implements focus.Caret: a field is low enough to be seen as a whole, whenever something is typed.
func (e *Entry) CaretArea() (fyne.Position, fyne.Size) {
	return fyne.NewPos(float32(e.CursorColumn), 0), e.Size()
}

// Secret is a field for what is kept in the vault: it shows whether something is set, never what.
type Secret struct {
	*Entry
	set    bool
	pasted string // a value of several lines, which a hidden field can't show
}

// NewSecret makes a field for a secret of one line.
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

// paste keeps a text of several lines, such as a private key, as it is: a field of one line would make blanks of its line ends.
func (s *Secret) paste(text string) bool {
	text = withoutMark(strings.TrimRight(text, "\r\n"))
	if !strings.Contains(text, "\n") {
		return false
	}
	s.SetText("")
	s.pasted = text
	s.SetPlaceHolder("••••••••  " + fmt.Sprintf(lang.L("%d lines pasted"), strings.Count(text, "\n")+1))
	if s.Entry.OnChanged != nil {
		s.Entry.OnChanged("")
	}
	return true
}

// SetSet says whether the vault has a value already.
func (s *Secret) SetSet(set bool) {
	s.set, s.pasted = set, ""
	if set {
		s.SetPlaceHolder("••••••••  " + lang.L("set; type to replace it"))
	} else {
		s.SetPlaceHolder(lang.L("not set"))
	}
}

// Given reports whether there is or will be a value.
func (s *Secret) Given() bool { return s.set || s.Value() != "" }

// Value is what was typed or pasted. Blanks around it come from copying.
func (s *Secret) Value() string {
	if s.pasted != "" && s.Text == "" {
		return s.pasted
	}
	return strings.TrimSpace(withoutMark(s.Text))
}

// withoutMark drops the byte order mark that is copied along with the first line of a file.
func withoutMark(text string) string { return strings.TrimPrefix(text, "\ufeff") }

// Whole is what was typed or pasted, with the blanks around it: a password may have them.
func (s *Secret) Whole() string {
	if s.pasted != "" && s.Text == "" {
		return s.pasted
	}
	return withoutMark(s.Text)
}
