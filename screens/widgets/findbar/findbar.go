// Package findbar is the row of controls for searching a log or a script. It knows neither: it reports the query and shows the state it
// is given.
package findbar

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/find"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Words are the texts of a bar in the person's language.
type Words struct {
	Placeholder string // "Find"
	None        string // "no matches"
	Of          func(current, total string) string
	Case        string // "Aa"
	Regexp      string // ".*"
	Invalid     string // "not a valid expression"
}

// State is how far the search has come.
type State struct {
	Query   find.Query
	Total   int
	Current int  // counted from 1, 0: none
	Running bool // there may be more matches
	Err     error
}

// Bar is the row of controls. Return goes to the next match, Shift+Return to the previous one, Escape closes the bar.
type Bar struct {
	OnQuery    func(find.Query)
	OnNext     func()
	OnPrevious func()
	OnClose    func() // called for Escape; the text stays in the field

	words           Words
	entry           *entry
	count           *widget.Label
	previous, next  *widget.Button
	matchCase, expr *widget.Button
	query           find.Query
	content         *fyne.Container
}

func New(words Words) *Bar {
	b := &Bar{words: words, OnQuery: func(find.Query) {}, OnNext: func() {}, OnPrevious: func() {}, OnClose: func() {}}
	b.entry = newEntry(b)
	b.entry.SetPlaceHolder(words.Placeholder)
	b.entry.OnChanged = func(text string) {
		b.query.Text = text
		b.OnQuery(b.query)
	}
	b.count = widget.NewLabel("")
	b.previous = widget.NewButtonWithIcon("", fynetheme.MoveUpIcon(), func() { b.OnPrevious() })
	b.next = widget.NewButtonWithIcon("", fynetheme.MoveDownIcon(), func() { b.OnNext() })
	b.matchCase = widget.NewButton(words.Case, func() { b.toggle(b.matchCase, &b.query.Case) })
	b.expr = widget.NewButton(words.Regexp, func() { b.toggle(b.expr, &b.query.Regexp) })
	for _, button := range []*widget.Button{b.previous, b.next, b.matchCase, b.expr} {
		button.Importance = widget.LowImportance
	}
	// The count has a fixed width, so that nothing beside it moves.
	const width, countWidth = 170, 104
	field := container.New(layout.NewGridWrapLayout(fyne.NewSize(width, b.entry.MinSize().Height)), b.entry)
	b.content = container.NewHBox(field, b.matchCase, b.expr, b.previous, b.next,
		container.NewCenter(container.New(layout.NewGridWrapLayout(fyne.NewSize(countWidth, b.count.MinSize().Height)), b.count)))
	b.Show(State{})
	return b
}

func (b *Bar) Content() fyne.CanvasObject { return b.content }

// Focus gives the focus to the field and selects its text. The caller passes the canvas, because Fyne does not know it before the bar
// has been drawn.
func (b *Bar) Focus(c fyne.Canvas) {
	c.Focus(b.entry)
	b.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// SetText sets the text of the field, as if it had been typed.
func (b *Bar) SetText(text string) { b.entry.SetText(text) }

func (b *Bar) Query() find.Query { return b.query }

// Show shows how far the search has come.
func (b *Bar) Show(s State) {
	text := ""
	switch {
	case s.Err != nil:
		text = b.words.Invalid
	case s.Query.Text == "":
	case s.Total == 0 && !s.Running:
		text = b.words.None
	default:
		current, total := "–", group(s.Total)
		if s.Current > 0 {
			current = group(s.Current)
		}
		if s.Running {
			total += "…"
		}
		text = b.words.Of(current, total)
	}
	if b.count.Text != text { // a growing log shows its state ten times a second, and the window would be drawn as often
		b.count.SetText(text)
	}
	for _, button := range []*widget.Button{b.previous, b.next} {
		switch found := s.Total > 0; {
		case found == !button.Disabled():
		case found:
			button.Enable()
		default:
			button.Disable()
		}
	}
}

func (b *Bar) toggle(button *widget.Button, on *bool) {
	*on = !*on
	button.Importance = widget.LowImportance
	if *on {
		button.Importance = widget.HighImportance
	}
	button.Refresh()
	b.OnQuery(b.query)
}

// group formats a number in groups of three digits, separated by narrow spaces.
func group(n int) string {
	digits := fmt.Sprint(n)
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteRune('\u202f')
		}
		out.WriteRune(d)
	}
	return out.String()
}

// entry is a field that handles Escape and Shift+Return.
type entry struct {
	widget.Entry
	bar   *Bar
	shift bool
}

func newEntry(b *Bar) *entry {
	e := &entry{bar: b}
	e.ExtendBaseWidget(e)
	return e
}

var _ desktop.Keyable = (*entry)(nil)

func (e *entry) KeyDown(k *fyne.KeyEvent) {
	e.modifier(k.Name, true)
	e.Entry.KeyDown(k)
}

func (e *entry) KeyUp(k *fyne.KeyEvent) {
	e.modifier(k.Name, false)
	e.Entry.KeyUp(k)
}

func (e *entry) modifier(key fyne.KeyName, down bool) {
	if key == desktop.KeyShiftLeft || key == desktop.KeyShiftRight {
		e.shift = down
	}
}

func (e *entry) FocusLost() {
	e.shift = false
	e.Entry.FocusLost()
}

func (e *entry) TypedRune(r rune) {
	if focus.Shown(e) {
		e.Entry.TypedRune(r)
	}
}

func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if !focus.PassTabKey(e, s) {
		e.Entry.TypedShortcut(s)
	}
}

func (e *entry) TypedKey(k *fyne.KeyEvent) {
	if !focus.Shown(e) {
		return
	}
	switch k.Name {
	case fyne.KeyEscape:
		e.bar.OnClose()
	case fyne.KeyReturn, fyne.KeyEnter:
		if e.shift {
			e.bar.OnPrevious()
		} else {
			e.bar.OnNext()
		}
	default:
		e.Entry.TypedKey(k)
	}
}
