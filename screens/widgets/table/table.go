package table

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/screens/widgets/display"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Cell is what stands at one place of a table.
type Cell struct {
	Text   string
	Bold   bool
	Muted  bool
	Mono   bool
	Badge  string
	Tone   display.Tone // of the badge
	Colour string       // of the badge, an AWS account's
	Bar    string       // colour of a bar before the text; "-" for grey
}

// Column says how a table shows one thing of its rows.
type Column[T any] struct {
	Title string
	Width float32 // 0: shares what is left
	Cell  func(T) Cell
	Less  func(a, b T) int // nil: by the text, in any case
	Fixed bool             // can't be sorted by
}

// Table shows rows of any kind: sorted by a tap on a heading, filtered by words, one of them selected.
type Table[T any] struct {
	Columns    []Column[T]
	OnSelected func(T)
	OnOpened   func(T)                              // double click or Enter
	OnShortcut func(row T, s fyne.Shortcut) bool    // with a row selected
	OnKey      func(row T, key *fyne.KeyEvent) bool // with a row selected
	Pinned     func(T) bool                         // rows that stay first, whatever the order
	OnMoved    func(row T, by int)                  // a row was dragged that many rows down, or up where negative; nil: they can't be
	OnEnd      func()                               // the last row has come into sight
	OnSorted   func()                               // the order is another one
	Same       func(a, b T) bool                    // whether two are the same row, which may have changed; nil: only where all of it is equal

	rows     []T
	shown    []T
	selected int
	marked   T   // the selected row
	sort     int // column, -1: the order given
	down     bool
	filter   string
	list     *rowList
	heads    []*tableHead
	drop     *dropLine
	content  *fyne.Container
}

// New returns a table without rows.
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
	t.content = container.NewBorder(container.NewVBox(head, widget.NewSeparator()), nil, nil, nil, container.NewStack(t.list, container.NewWithoutLayout(t.drop)))
	return t
}

// Content gives what to put into a window.
func (t *Table[T]) Content() fyne.CanvasObject { return t.content }

// SetRows replaces the rows. What is in sight stays there.
func (t *Table[T]) SetRows(rows []T) {
	at := t.list.GetScrollOffset()
	t.rows = rows
	t.arrange()
	t.list.ScrollToOffset(at)
}

// Sorted reports whether the rows stand in another order than the one that was given.
func (t *Table[T]) Sorted() bool { return t.sort >= 0 }

// Rows are those shown, in order.
func (t *Table[T]) Rows() []T { return t.shown }

// SetFilter keeps the rows with every word of text in some column.
func (t *Table[T]) SetFilter(text string) {
	t.filter = text
	t.arrange()
}

// Selected gives the selected row.
func (t *Table[T]) Selected() (row T, ok bool) {
	if t.selected < 0 || t.selected >= len(t.shown) {
		return row, false
	}
	return t.shown[t.selected], true
}

// Select selects the first row that fits.
func (t *Table[T]) Select(fits func(T) bool) {
	if i := slices.IndexFunc(t.shown, fits); i >= 0 {
		t.list.Select(i)
	}
}

// Focus gives the table the keyboard, unless something else on the screen has it.
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
		if t.holds(row, words) {
			t.shown = append(t.shown, row)
		}
	}
	if t.sort >= 0 {
		slices.SortStableFunc(t.shown, t.order)
	}
	was, had := t.marked, t.selected >= 0
	t.selected = -1
	t.list.UnselectAll()
	t.list.Refresh()
	if had { // another order or filter does not change what is selected
		t.Select(func(row T) bool { return t.same(row, was) })
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
	if column.Less != nil {
		n = column.Less(a, b)
	} else {
		n = strings.Compare(strings.ToLower(column.Cell(a).Text), strings.ToLower(column.Cell(b).Text))
	}
	if t.down {
		return -n
	}
	return n
}

func (t *Table[T]) holds(row T, words []string) bool {
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

// The list below is not generic; it asks the table through this.
type rowSource interface {
	length() int
	newRow(l *rowList) *tableRow
	fill(i int, row *tableRow)
	chosen(i int)
	opened(i int)
	any() bool
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

// any reports whether a row is selected.
func (t *Table[T]) any() bool {
	_, ok := t.Selected()
	return ok
}

func (t *Table[T]) key(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		t.opened(t.selected)
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
	if row, ok := t.Selected(); ok && t.OnKey != nil && t.OnKey(row, ev) {
		return
	}
	focus.PassEscape(t.list, ev)
}

func (t *Table[T]) shortcut(s fyne.Shortcut) bool {
	row, ok := t.Selected()
	return ok && t.OnShortcut != nil && t.OnShortcut(row, s)
}

// rowList is a list whose keys go to the table.
type rowList struct {
	widget.List
	source   rowSource
	tapped   int // row
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
		l.List.FocusLost() // the selected row shows where the keyboard is
		source.chosen(i)
	}
	l.ExtendBaseWidget(l)
	return l
}

// FocusGained implements fyne.Focusable. The list would mark its first row beside the selected one.
func (l *rowList) FocusGained() {
	if !l.source.any() {
		l.List.FocusGained()
	}
}

// TypedKey implements fyne.Focusable. The list's own keys work on the row that it would mark. Nobody can see what a key does to
// a table that is hidden, so it does nothing.
func (l *rowList) TypedKey(ev *fyne.KeyEvent) {
	if focus.Shown(l) {
		l.source.key(ev)
	}
}

// TypedShortcut implements fyne.Shortcutable; what the table does not know goes on to the canvas.
func (l *rowList) TypedShortcut(s fyne.Shortcut) {
	if focus.Shown(l) && l.source.shortcut(s) {
		return
	}
	if cv, ok := focus.CanvasOf(l).(fyne.Shortcutable); ok {
		cv.TypedShortcut(s)
	}
}
