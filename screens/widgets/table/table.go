package table

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Cell is what a table shows in one column of a row.
type Cell struct {
	Text   string
	Bold   bool
	Muted  bool
	Mono   bool
	Badge  string
	Tone   display.Tone // of the badge
	Colour string       // of the badge: the name of a mark colour, which takes precedence over Tone
	Bar    string       // mark colour of a bar before the text, "-" for grey; empty: no bar
	Tick   Tick         // a box to tick, in place of everything else
}

// Tick is the state of a box in a cell.
type Tick int

const (
	NoTick Tick = iota // the cell has no box
	Unticked
	Ticked
)

// Column is a column of a table.
type Column[T any] struct {
	Title   string
	Width   float32 // 0: a share of the remaining width
	Cell    func(T) Cell
	Compare func(a, b T) int // as in package cmp; nil: by the text, ignoring case
	Fixed   bool             // the table can't be sorted by this column
}

// Table shows rows of any type. A tap on a heading sorts them, SetFilter filters them, and one of them can be selected.
type Table[T any] struct {
	Columns    []Column[T]
	OnSelected func(T)
	OnOpened   func(T)                           // double click or Enter
	OnShortcut func(row T, s fyne.Shortcut) bool // with a row selected; reports whether it was handled
	OnDelete   func(T)                           // the Delete key, with a row selected
	OnTicked   func(T)                           // a tap on a box, or Space with a row selected: the box is to change
	Pinned     func(T) bool                      // whether a row stays first, whatever the order
	OnMoved    func(row T, by int)               // a row was dragged down by that many rows (up: negative); nil: rows can't be dragged
	OnEnd      func()                            // the last row has scrolled into view
	OnSorted   func()                            // the person has chosen another order
	Same       func(a, b T) bool                 // whether a and b are the same row, even if changed; nil: if deeply equal

	rows     []T
	shown    []T
	selected int // index into shown, -1: none
	marked   T   // the selected row
	sort     int // index of the column, -1: the order given
	down     bool
	filter   string
	list     *rowList
	heads    []*tableHead
	drop     *dropLine
	content  *fyne.Container
}

func New[T any](columns ...Column[T]) *Table[T] {
	t := &Table[T]{Columns: columns, sort: -1, selected: -1}
	t.list = newRowList(t)
	widths := make([]float32, len(columns))
	head := container.New(columnLayout{widths})
	for i, c := range columns {
		widths[i] = c.Width
		h := newTableHead(c.Title, func() { t.sortBy(i) })
		h.fixed = c.Fixed
		t.heads = append(t.heads, h)
		head.Add(h)
	}
	t.drop = newDropLine()
	body := container.NewStack(t.list, container.NewWithoutLayout(t.drop))
	t.content = container.NewBorder(container.NewVBox(head, widget.NewSeparator()), nil, nil, nil, body)
	return t
}

func (t *Table[T]) Content() fyne.CanvasObject { return t.content }

// SetRows replaces the rows. The table does not scroll.
func (t *Table[T]) SetRows(rows []T) {
	at := t.list.GetScrollOffset()
	t.rows = rows
	t.arrange()
	t.list.ScrollToOffset(at)
}

// Sorted reports whether the person has chosen another order than the one given.
func (t *Table[T]) Sorted() bool { return t.sort >= 0 }

// Rows returns the rows that are shown, in order.
func (t *Table[T]) Rows() []T { return t.shown }

// SetFilter shows only rows that contain every word of text in some column.
func (t *Table[T]) SetFilter(text string) {
	t.filter = text
	t.arrange()
}

// Refresh shows the rows as they are now, and leaves the order, the filter and the selection.
func (t *Table[T]) Refresh() { t.list.Refresh() }

func (t *Table[T]) Selected() (row T, ok bool) {
	if t.selected < 0 || t.selected >= len(t.shown) {
		return row, false
	}
	return t.shown[t.selected], true
}

func (t *Table[T]) Select(fits func(T) bool) {
	if i := slices.IndexFunc(t.shown, fits); i >= 0 {
		t.list.Select(i)
	}
}

// Focus gives the focus to the table, unless something else on the screen has it.
func (t *Table[T]) Focus(w fyne.Window) { focus.Offer(w, t.list) }

func (t *Table[T]) sortBy(column int) {
	switch {
	case t.Columns[column].Fixed:
		return
	case t.sort != column:
		t.sort, t.down = column, false
	case !t.down:
		t.down = true
	default:
		t.sort, t.down = -1, false
	}
	for i, h := range t.heads {
		h.order = 0
		if i == t.sort {
			h.order = 1
			if t.down {
				h.order = -1
			}
		}
		h.Refresh()
	}
	t.arrange()
	if t.OnSorted != nil {
		t.OnSorted()
	}
}

func (t *Table[T]) arrange() {
	words := strings.Fields(strings.ToLower(t.filter))
	t.shown = t.shown[:0:0]
	for _, row := range t.rows {
		if t.matches(row, words) {
			t.shown = append(t.shown, row)
		}
	}
	if t.sort >= 0 {
		slices.SortStableFunc(t.shown, t.order)
	}
	marked, selected := t.marked, t.selected >= 0
	t.selected = -1
	t.list.UnselectAll()
	t.list.Refresh()
	if selected { // a new order or filter keeps the selection
		t.Select(func(row T) bool { return t.same(row, marked) })
	}
}

func (t *Table[T]) same(a, b T) bool {
	if t.Same != nil {
		return t.Same(a, b)
	}
	return reflect.DeepEqual(a, b)
}

func (t *Table[T]) order(a, b T) int {
	if t.Pinned != nil && t.Pinned(a) != t.Pinned(b) {
		if t.Pinned(a) {
			return -1
		}
		return 1
	}
	column := t.Columns[t.sort]
	var n int
	if column.Compare != nil {
		n = column.Compare(a, b)
	} else {
		n = strings.Compare(strings.ToLower(column.Cell(a).Text), strings.ToLower(column.Cell(b).Text))
	}
	if t.down {
		return -n
	}
	return n
}

func (t *Table[T]) matches(row T, words []string) bool {
	if len(words) == 0 {
		return true
	}
	var all strings.Builder
	for _, c := range t.Columns {
		cell := c.Cell(row)
		all.WriteString(strings.ToLower(cell.Text + " " + cell.Badge + "\n"))
	}
	for _, w := range words {
		if !strings.Contains(all.String(), w) {
			return false
		}
	}
	return true
}

// rowSource is a Table to its rowList, which is not generic.
type rowSource interface {
	length() int
	newRow(l *rowList) *tableRow
	fill(i int, row *tableRow)
	chosen(i int)
	opened(i int)
	ticked(i int)
	hasSelection() bool
	key(ev *fyne.KeyEvent)
	shortcut(s fyne.Shortcut) bool
	dragged(row *tableRow, by float32)
	dragEnd()
}

func (t *Table[T]) length() int { return len(t.shown) }

func (t *Table[T]) newRow(l *rowList) *tableRow {
	widths := make([]float32, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = c.Width
	}
	return newTableRow(l, widths)
}

func (t *Table[T]) fill(i int, row *tableRow) {
	row.index = i
	for c := range t.Columns {
		row.cells[c].set(t.Columns[c].Cell(t.shown[i]))
	}
	if t.OnEnd != nil && i == len(t.shown)-1 {
		t.OnEnd()
	}
}

func (t *Table[T]) chosen(i int) {
	t.selected = i
	if i < len(t.shown) {
		t.marked = t.shown[i]
	}
	if t.OnSelected != nil && i < len(t.shown) {
		t.OnSelected(t.shown[i])
	}
}

func (t *Table[T]) opened(i int) {
	if t.OnOpened != nil && i >= 0 && i < len(t.shown) {
		t.OnOpened(t.shown[i])
	}
}

func (t *Table[T]) ticked(i int) {
	if t.OnTicked != nil && i >= 0 && i < len(t.shown) {
		t.OnTicked(t.shown[i])
	}
}

func (t *Table[T]) hasSelection() bool {
	_, ok := t.Selected()
	return ok
}

func (t *Table[T]) key(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		t.opened(t.selected)
		return
	case fyne.KeySpace:
		t.ticked(t.selected)
		return
	case fyne.KeyDown, fyne.KeyUp:
		step := 1
		if ev.Name == fyne.KeyUp {
			step = -1
		}
		if n := len(t.shown); n > 0 {
			t.list.Select(max(0, min(n-1, t.selected+step)))
		}
		return
	}
	if row, ok := t.Selected(); ok && t.OnDelete != nil && ev.Name == fyne.KeyDelete {
		t.OnDelete(row)
		return
	}
	focus.PassEscape(t.list, ev)
}

func (t *Table[T]) shortcut(s fyne.Shortcut) bool {
	row, ok := t.Selected()
	return ok && t.OnShortcut != nil && t.OnShortcut(row, s)
}

// rowList is a list that passes its keys to the table.
type rowList struct {
	widget.List
	source   rowSource
	tapped   int // index of the row
	tappedAt time.Time
}

var _ fyne.Shortcutable = (*rowList)(nil)

func newRowList(source rowSource) *rowList {
	l := &rowList{source: source}
	l.Length = source.length
	l.CreateItem = func() fyne.CanvasObject { return source.newRow(l) }
	l.UpdateItem = func(i int, o fyne.CanvasObject) {
		if row, ok := o.(*tableRow); ok {
			source.fill(i, row)
		}
	}
	l.OnSelected = func(i int) {
		l.List.FocusLost() // the selected row shows where the focus is
		source.chosen(i)
	}
	l.ExtendBaseWidget(l)
	return l
}

// FocusGained leaves out the list's own mark, which would be on the first row.
func (l *rowList) FocusGained() {
	if !l.source.hasSelection() {
		l.List.FocusGained()
	}
}

// TypedKey replaces the list's own keys, which work on the row that it would mark. A hidden table ignores keys.
func (l *rowList) TypedKey(ev *fyne.KeyEvent) {
	if focus.Shown(l) {
		l.source.key(ev)
	}
}

// TypedShortcut passes shortcuts that the table does not handle on to the canvas.
func (l *rowList) TypedShortcut(s fyne.Shortcut) {
	if focus.Shown(l) && l.source.shortcut(s) {
		return
	}
	if cv, ok := focus.CanvasOf(l).(fyne.Shortcutable); ok {
		cv.TypedShortcut(s)
	}
}
