package screens

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
)

// rail is the column of places.
type rail struct {
	items   []*railItem // by entry; those of entries with Of are not shown
	lines   []int       // by entry: the index of the item that marks it
	content *fyne.Container
}

func newRail(entries []Entry, chosen func(int)) *rail {
	r := &rail{}
	var top, bottom []fyne.CanvasObject
	r.lines = make([]int, len(entries))
	for i, e := range entries {
		r.lines[i] = i
		if e.Of != "" {
			r.lines[i] = slices.IndexFunc(entries, func(o Entry) bool { return o.Key == e.Of })
		}
		item := newRailItem(e.Label, e.Icon, func() { chosen(i) })
		r.items = append(r.items, item)
		if e.Of != "" {
			continue
		}
		if e.Bottom {
			bottom = append(bottom, item)
		} else {
			top = append(top, item)
		}
	}
	pad := func(objects []fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedVBoxLayout(2), objects...)
	}
	r.content = container.New(layout.NewCustomPaddedLayout(8, 8, 6, 6), container.NewBorder(pad(top), pad(bottom), nil, nil))
	return r
}

func (r *rail) choose(i int) {
	for k, item := range r.items {
		item.set(k == r.lines[i])
	}
}

// railItem is a line of the rail: a button that is marked while its place is shown.
type railItem struct {
	widget.BaseWidget
	label    string
	icon     fyne.Resource
	tapped   func()
	chosen   bool
	hovered  bool
	focused  bool
	ground   *canvas.Rectangle
	mark     *canvas.Rectangle
	text     *canvas.Text
	image    *widget.Icon
	rendered fyne.CanvasObject
}

var (
	_ fyne.Tappable     = (*railItem)(nil)
	_ fyne.Focusable    = (*railItem)(nil)
	_ desktop.Hoverable = (*railItem)(nil)
)

const (
	railWidth  = 124
	railHeight = 34
)

func newRailItem(label string, icon fyne.Resource, tapped func()) *railItem {
	r := &railItem{label: label, icon: icon, tapped: tapped}
	r.ground, r.mark = canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	r.ground.CornerRadius, r.mark.CornerRadius = 6, 2
	r.text = canvas.NewText(label, nil)
	r.image = widget.NewIcon(icon)
	r.rendered = container.New(&railLayout{}, r.ground, r.mark, r.image, r.text)
	r.ExtendBaseWidget(r)
	return r
}

func (r *railItem) set(chosen bool) {
	if r.chosen != chosen {
		r.chosen = chosen
		r.Refresh()
	}
}

func (r *railItem) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return widget.NewSimpleRenderer(r.rendered)
}

func (r *railItem) Refresh() {
	r.paint()
	r.BaseWidget.Refresh()
}

func (r *railItem) paint() {
	p := theme.For(r)
	unseen := p.Background
	unseen.A = 0
	r.ground.FillColor, r.mark.FillColor, r.ground.StrokeWidth = unseen, unseen, 0
	r.text.Color, r.text.TextSize = p.Text, fynetheme.TextSize()
	r.text.TextStyle.Bold = r.chosen
	switch {
	case r.chosen:
		r.ground.FillColor, r.mark.FillColor = p.Selection, p.Accent
	case r.hovered:
		r.ground.FillColor = p.Hover
	}
	if r.focused {
		r.ground.StrokeColor, r.ground.StrokeWidth = p.Accent, 1.5
	}
	r.image.SetResource(fynetheme.NewThemedResource(r.icon))
	if r.chosen {
		r.image.SetResource(fynetheme.NewPrimaryThemedResource(r.icon))
	}
}

func (r *railItem) Tapped(*fyne.PointEvent) { r.tapped() }

func (r *railItem) MouseIn(*desktop.MouseEvent) { r.hovered = true; r.Refresh() }

func (r *railItem) MouseMoved(*desktop.MouseEvent) {}

func (r *railItem) MouseOut() { r.hovered = false; r.Refresh() }

func (r *railItem) FocusGained() { r.focused = true; r.Refresh() }

func (r *railItem) FocusLost() { r.focused = false; r.Refresh() }

func (r *railItem) TypedRune(rune) {}

func (r *railItem) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		r.tapped()
	}
}

// railLayout lays out the background, mark, icon and text.
type railLayout struct{}

func (*railLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(max(railWidth, 38+o[3].MinSize().Width+10), max(railHeight, o[3].MinSize().Height+12))
}

func (*railLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Resize(size)
	o[1].Move(fyne.NewPos(0, size.Height/2-8))
	o[1].Resize(fyne.NewSize(3, 16))
	const icon = 18
	o[2].Move(fyne.NewPos(12, (size.Height-icon)/2))
	o[2].Resize(fyne.NewSquareSize(icon))
	h := o[3].MinSize().Height
	o[3].Move(fyne.NewPos(38, (size.Height-h)/2))
	o[3].Resize(fyne.NewSize(size.Width-38, h))
}
