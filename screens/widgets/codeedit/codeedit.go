// Package codeedit is the script editor, with line numbers, colours, undo, indentation, search and error marks. It is built on monogrid, so
// a key costs the same in a script of five thousand lines as in one of five.
package codeedit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
	"github.com/stepdeck/stepdeck/screens/widgets/syntax"
)

// Editor is the script editor. It must be used on the main goroutine.
//
// Tab indents. To leave the editor by keyboard, press Escape and then Tab or Shift+Tab. In a read-only editor Tab leaves at once.
type Editor struct {
	widget.BaseWidget

	OnChanged   func()              // the text has changed
	OnCaret     func(line, col int) // the caret has moved: line and character, counted from 1
	OnFind      func(FindState)     // the state of the search has changed
	OnZoom      func(step int)      // Ctrl with plus (1), minus (-1) or zero (0)
	Menu        func() *fyne.Menu   // the context menu; nil: none
	Placeholder string              // shown while there is no text
	Now         func() time.Time    // the clock by which typing is grouped for undo; nil: time.Now

	buf     buffer
	sel     monogrid.Selector
	history history

	lexer syntax.Lexer

	grid    *monogrid.Grid
	pane    *monogrid.Pane
	palette *theme.Palette
	markers map[int][]Marker
	search  search

	readOnly bool
	focused  bool
	shift    bool
	goal     int            // the cell to keep when moving up and down, or -1
	indent   string         // one level of indentation
	states   []syntax.State // at the start of each line, up to the last one that was highlighted
	tokens   []syntax.Token // a buffer
	widest   int            // width of the widest line, in cells
	leaving  bool           // Escape was pressed, so the next Tab leaves the editor
}

var (
	_ fyne.Widget            = (*Editor)(nil)
	_ fyne.Scrollable        = (*Editor)(nil)
	_ fyne.Draggable         = (*Editor)(nil)
	_ fyne.Focusable         = (*Editor)(nil)
	_ fyne.Tabbable          = (*Editor)(nil)
	_ fyne.Shortcutable      = (*Editor)(nil)
	_ fyne.SecondaryTappable = (*Editor)(nil)
	_ desktop.Mouseable      = (*Editor)(nil)
	_ desktop.Keyable        = (*Editor)(nil)
	_ desktop.Cursorable     = (*Editor)(nil)
)

// New returns an empty editor for plain text.
func New(fonts *monogrid.Fonts) *Editor {
	e := &Editor{lexer: syntax.None(), goal: -1}
	e.grid = monogrid.NewGrid((*rows)(e), fonts)
	e.pane = monogrid.NewPane(e.grid)
	e.pane.Width = func() int { return e.widest + 1 } // the caret may be after the last character
	e.sel.Text = func(row int) string { return e.buf.line(row) }
	e.sel.Rows = func() int { return len(e.buf.lines) }
	e.ExtendBaseWidget(e)
	e.palette = theme.For(e)
	e.SetText("")
	return e
}

// SetText replaces the whole text and clears the history. It does not call OnChanged.
func (e *Editor) SetText(text string) {
	e.buf = newBuffer(text)
	e.indent = indentOf(e.buf.lines)
	e.history = history{}
	e.markers = nil
	e.sel.Clear(textPos{})
	e.goal = -1
	e.grid.Top, e.grid.Left = 0, 0
	e.rescan(0)
	e.Refresh()
}

// Text returns the text with its original line ends.
func (e *Editor) Text() string { return e.buf.String() }

// Lines returns the number of lines; an empty text has one.
func (e *Editor) Lines() int { return len(e.buf.lines) }

// SetLexer sets the language.
func (e *Editor) SetLexer(l syntax.Lexer) {
	e.lexer = l
	e.states = nil
	e.Refresh()
}

// SetReadOnly prevents or allows edits. A read-only text can be selected, copied and searched.
func (e *Editor) SetReadOnly(on bool) {
	e.readOnly = on
	e.Refresh()
}

// SetTextSize sets the text size; 0 is the theme's.
func (e *Editor) SetTextSize(size float32) {
	e.grid.TextSize = size
	e.reveal()
}

// goTo moves the caret to a line and character, counted from 1, and scrolls there.
func (e *Editor) goTo(line, col int) {
	p := e.buf.clamp(textPos{Row: line - 1})
	for range col - 1 {
		p.Col = monogrid.After(e.buf.line(p.Row), p.Col)
	}
	e.sel.Clear(p)
	e.moved()
}

// Caret returns the position of the caret: line and character, counted from 1.
func (e *Editor) Caret() (line, col int) {
	text := e.buf.line(e.sel.Head.Row)
	col = 1
	for at := 0; at < e.sel.Head.Col; at = monogrid.After(text, at) {
		col++
	}
	return e.sel.Head.Row + 1, col
}

func (e *Editor) SelectedText() string { return e.buf.slice(e.sel.Range()) }

// Focused reports whether the editor has the focus.
func (e *Editor) Focused() bool { return e.focused }

// CaretArea returns the row of the caret, or the whole editor if it is read-only and has no caret.
func (e *Editor) CaretArea() (fyne.Position, fyne.Size) {
	if e.readOnly {
		return fyne.Position{}, e.Size()
	}
	top, height := e.grid.RowArea(e.sel.Head.Row)
	cell := monogrid.CellAt(e.buf.line(e.sel.Head.Row), e.sel.Head.Col)
	return fyne.NewPos(float32(cell)*e.grid.Cell().Width, e.grid.Raster.Position().Y+top), fyne.NewSize(1, height)
}

// moved shows the caret at its new position and scrolls there.
func (e *Editor) moved() {
	e.goal = -1
	e.reveal()
	if e.OnCaret != nil {
		e.OnCaret(e.Caret())
	}
}

func (e *Editor) reveal() {
	e.grid.Reveal(e.sel.Head, 0)
	e.Refresh()
}

func (e *Editor) CreateRenderer() fyne.WidgetRenderer { return &renderer{e} }

type renderer struct{ e *Editor }

func (r *renderer) Layout(size fyne.Size)        { r.e.pane.Layout(size) }
func (r *renderer) MinSize() fyne.Size           { return r.e.pane.MinSize() }
func (r *renderer) Objects() []fyne.CanvasObject { return r.e.pane.Objects() }
func (r *renderer) Destroy()                     {}

func (r *renderer) Refresh() {
	e := r.e
	e.palette = theme.For(e)
	p := e.palette
	e.grid.Colors = monogrid.Colors{
		Text: p.Text, Background: p.Surface, Gutter: p.Log.Gutter, GutterBackground: p.Log.GutterBackground,
		Separator: p.Separator, Caret: p.Accent,
	}
	e.grid.GutterSize = digits(len(e.buf.lines))
	e.grid.Caret, e.grid.ShowCaret = e.sel.Head, e.focused && !e.readOnly
	border := p.Border
	if e.readOnly {
		border = p.Separator
	}
	e.pane.Refresh(monogrid.PaneColors{Background: p.Surface, Thumb: p.ScrollBar, Border: border, Focus: p.Accent}, e.focused)
}
