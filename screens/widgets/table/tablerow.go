package table

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// tableRow is a row on the screen. The list reuses it for other rows as it scrolls.
type tableRow struct {
	widget.BaseWidget
	list  *rowList
	index int
	cells []*tableCell
	box   *fyne.Container
}

var (
	_ fyne.Tappable  = (*tableRow)(nil)
	_ fyne.Draggable = (*tableRow)(nil)
)

func newTableRow(l *rowList, widths []float32) *tableRow {
	r := &tableRow{list: l, box: container.New(columnLayout{widths})}
	for range widths {
		c := newTableCell()
		r.cells = append(r.cells, c)
		r.box.Add(c.box)
	}
	r.ExtendBaseWidget(r)
	return r
}

// Tapped selects the row, and changes the box that was hit. A second tap elsewhere soon after the first opens the row: Fyne's own double
// taps would delay every single tap until it is clear that no second one follows, and lose a tap on another row in the meantime.
func (r *tableRow) Tapped(ev *fyne.PointEvent) {
	l := r.list
	if cv := focus.CanvasOf(l); cv != nil {
		cv.Focus(l)
	}
	l.Select(r.index)
	if r.hitsTick(ev.Position.X) {
		l.tappedAt = time.Time{}
		l.source.ticked(r.index)
		return
	}
	now := time.Now()
	if l.tapped == r.index && now.Sub(l.tappedAt) <= fyne.CurrentApp().Driver().DoubleTapDelay() {
		l.tappedAt = time.Time{}
		l.source.opened(r.index)
		return
	}
	l.tapped, l.tappedAt = r.index, now
}

// hitsTick reports whether a cell with a box is at x.
func (r *tableRow) hitsTick(x float32) bool {
	for _, c := range r.cells {
		if left := c.box.Position().X; c.tick.Visible() && x >= left && x < left+c.box.Size().Width {
			return true
		}
	}
	return false
}

func (r *tableRow) Dragged(e *fyne.DragEvent) { r.list.source.dragged(r, e.Dragged.DY) }

func (r *tableRow) DragEnd() { r.list.source.dragEnd() }

func (r *tableRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.box) }

type tableCell struct {
	bar   *display.Bar
	label *widget.Label
	badge *display.Badge
	tick  *widget.Icon
	box   *fyne.Container
}

func newTableCell() *tableCell {
	c := &tableCell{bar: display.NewBar(), label: widget.NewLabel(""), badge: display.NewBadge("", display.Neutral)}
	c.label.Truncation = fyne.TextTruncateEllipsis
	c.tick = widget.NewIcon(nil)
	c.tick.Hide()
	c.box = container.New(cellLayout{c}, c.bar, c.label, c.badge, c.tick)
	return c
}

func (c *tableCell) set(cell Cell) {
	style := fyne.TextStyle{Bold: cell.Bold, Monospace: cell.Mono}
	importance := widget.MediumImportance
	if cell.Muted {
		importance = widget.LowImportance
	}
	if c.label.TextStyle != style || c.label.Importance != importance || c.label.Text != cell.Text {
		c.label.TextStyle, c.label.Importance = style, importance
		c.label.SetText(cell.Text)
	}
	c.badge.Set(cell.Badge, cell.Tone, cell.Colour)
	c.bar.SetColour(cell.Bar, cell.Bar != "")
	c.setTick(cell.Tick)
	cellLayout{c}.Layout(nil, c.box.Size())
}

func (c *tableCell) setTick(t Tick) {
	switch t {
	case NoTick:
		c.tick.Hide()
		return
	case Ticked:
		c.tick.SetResource(fynetheme.NewPrimaryThemedResource(fynetheme.CheckButtonCheckedIcon()))
	case Unticked:
		c.tick.SetResource(fynetheme.NewThemedResource(fynetheme.CheckButtonIcon()))
	}
	c.tick.Show()
}

// cellLayout puts the bar first, then the text, and the badge right after the text.
type cellLayout struct{ c *tableCell }

func (l cellLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	c := l.c
	if c.tick.Visible() {
		icon := fynetheme.Size(fynetheme.SizeNameInlineIcon)
		c.tick.Move(fyne.NewPos(fynetheme.Size(fynetheme.SizeNameInnerPadding), (size.Height-icon)/2))
		c.tick.Resize(fyne.NewSquareSize(icon))
	}
	left := float32(0)
	if c.bar.Shown() {
		c.bar.Move(fyne.NewPos(4, 6))
		c.bar.Resize(fyne.NewSize(4, size.Height-12))
		left = 8
	}
	badge := c.badge.MinSize()
	pad := fynetheme.Size(fynetheme.SizeNameInnerPadding)
	text := fyne.MeasureText(c.label.Text, fynetheme.Size(fynetheme.SizeNameText), c.label.TextStyle).Width + 2*pad + 1
	if c.label.Text == "" {
		text = pad
	}
	room := max(0, size.Width-left)
	if badge.Width > 0 {
		text = max(0, min(text, room-badge.Width))
		c.badge.Move(fyne.NewPos(left+text, (size.Height-badge.Height)/2))
		c.badge.Resize(badge)
	} else {
		text = room
	}
	c.label.Move(fyne.NewPos(left, 0))
	c.label.Resize(fyne.NewSize(text, size.Height))
}

func (l cellLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(20, l.c.label.MinSize().Height)
}

// columnLayout gives columns their widths. Those of width 0 share the rest.
type columnLayout struct{ widths []float32 }

func (l columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	fixed, free := float32(0), 0
	for _, w := range l.widths {
		fixed += w
		if w == 0 {
			free++
		}
	}
	share := float32(0)
	if free > 0 {
		share = max(60, (size.Width-fixed)/float32(free))
	}
	x := float32(0)
	for i, o := range objects {
		w := l.widths[i]
		if w == 0 {
			w = share
		}
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(w, size.Height))
		x += w
	}
}

func (l columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var height, width float32
	for i, o := range objects {
		height = max(height, o.MinSize().Height)
		width += max(60, l.widths[i])
	}
	return fyne.NewSize(width, height)
}
