package control

import (
	"image/color"

	"github.com/stepdeck/stepdeck/screens/widgets/display"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
)

// suggested is how many items stand below a field while somebody types; typing on leaves fewer.
const suggested = 6

// suggestions lists, right below a field, what fits the text in it. The keyboard stays in the field, and the form below makes room.
type suggestions struct {
	take  func(Item)
	rows  []*suggestRow
	more  *widget.Label
	shown []Item
	at    int // the one that Enter takes, -1: none
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

// show lists items, none of them marked; without any it hides.
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
		rest = lang.L("{{.Count}} more: type on to find them", map[string]any{"Count": n})
	}
	display.SetCaption(s.more, rest)
	if len(items) == 0 {
		s.box.Hide()
		return
	}
	s.box.Show()
}

func (s *suggestions) hide() { s.show(nil) }

// move marks another item.
func (s *suggestions) move(by int) {
	last := min(len(s.shown), suggested) - 1
	s.at = max(0, min(last, s.at+by))
	for i, row := range s.rows {
		row.mark(i == s.at)
	}
}

// pick takes an item; false: there is none.
func (s *suggestions) pick(i int) bool {
	if !s.visible() || i < 0 || i >= len(s.shown) {
		return false
	}
	item := s.shown[i]
	s.hide()
	s.take(item)
	return true
}

// suggestRow is one item. It is taken as the button goes down: by the time that it comes up, the field has lost the keyboard and the list is gone.
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
