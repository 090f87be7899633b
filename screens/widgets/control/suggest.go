package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// suggested is how many items are listed below a field at most.
const suggested = 6

// suggestions lists the items that match the text of a field, right below it. The focus stays in the field, and the form below makes
// room.
type suggestions struct {
	take  func(Item)
	rows  []*suggestRow
	more  *widget.Label
	shown []Item
	at    int // index of the item that Enter accepts, -1: none
	box   *fyne.Container
}

func newSuggestions(take func(Item)) *suggestions {
	s := &suggestions{take: take, at: -1, more: display.NewCaption(widget.LowImportance)}
	list := container.New(layout.NewCustomPaddedVBoxLayout(0))
	for i := range suggested {
		row := newSuggestRow(func() { s.pick(i) })
		s.rows = append(s.rows, row)
		list.Add(row)
	}
	list.Add(s.more)
	s.box = container.New(layout.NewCustomPaddedLayout(2, 0, 0, 0), display.Card(list))
	s.box.Hide()
	return s
}

func (s *suggestions) visible() bool { return s.box.Visible() }

// show lists items, none of them marked, or hides the list if there are none.
func (s *suggestions) show(items []Item) {
	s.shown, s.at = items, -1
	for i, row := range s.rows {
		if i < len(items) {
			row.item.set(items[i], i == 0 || items[i-1].Group != items[i].Group)
			row.Show()
		} else {
			row.Hide()
		}
		row.mark(false)
	}
	rest := ""
	if n := len(items) - suggested; n > 0 {
		rest = plural.N("{{.Count}} more: keep typing to find it", "{{.Count}} more: keep typing to find them", n)
	}
	display.SetCaption(s.more, rest)
	if len(items) == 0 {
		s.box.Hide()
		return
	}
	s.box.Show()
}

func (s *suggestions) hide() { s.show(nil) }

// move marks the item that many places further on.
func (s *suggestions) move(by int) {
	last := min(len(s.shown), suggested) - 1
	s.at = max(0, min(last, s.at+by))
	for i, row := range s.rows {
		row.mark(i == s.at)
	}
}

// pick accepts an item, and reports whether there is one.
func (s *suggestions) pick(i int) bool {
	if !s.visible() || i < 0 || i >= len(s.shown) {
		return false
	}
	item := s.shown[i]
	s.hide()
	s.take(item)
	return true
}

// suggestRow is one item. It is accepted when the mouse button goes down: when the button comes up, the field has lost the focus and
// the list is hidden.
type suggestRow struct {
	widget.BaseWidget
	item    *itemRow
	ground  *canvas.Rectangle
	pressed func()
	marked  bool
	hovered bool
}

var (
	_ desktop.Mouseable = (*suggestRow)(nil)
	_ desktop.Hoverable = (*suggestRow)(nil)
)

func newSuggestRow(pressed func()) *suggestRow {
	r := &suggestRow{item: newItemRow(), ground: canvas.NewRectangle(color.Transparent), pressed: pressed}
	r.ground.CornerRadius = fynetheme.Size(fynetheme.SizeNameSelectionRadius)
	r.ExtendBaseWidget(r)
	return r
}

func (r *suggestRow) mark(on bool) {
	if r.marked != on {
		r.marked = on
		r.Refresh()
	}
}

func (r *suggestRow) MouseDown(ev *desktop.MouseEvent) {
	if ev.Button == desktop.MouseButtonPrimary {
		r.pressed()
	}
}

func (r *suggestRow) MouseUp(*desktop.MouseEvent) {}

func (r *suggestRow) MouseIn(*desktop.MouseEvent) { r.hovered = true; r.Refresh() }

func (r *suggestRow) MouseMoved(*desktop.MouseEvent) {}

func (r *suggestRow) MouseOut() { r.hovered = false; r.Refresh() }

func (r *suggestRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return widget.NewSimpleRenderer(container.NewStack(r.ground, r.item))
}

func (r *suggestRow) Refresh() {
	r.paint()
	r.BaseWidget.Refresh()
}

func (r *suggestRow) paint() {
	p := theme.For(r)
	r.ground.FillColor = color.Transparent
	switch {
	case r.marked:
		r.ground.FillColor = p.Selection
	case r.hovered:
		r.ground.FillColor = p.Hover
	}
}
