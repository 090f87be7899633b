package control

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Item is an entry of a list to pick from.
type Item struct {
	Value  string
	Title  string
	Detail string // shown after the title, muted
	Group  string // heading of the group; items of a group follow each other
	Words  string // further search words, which are not shown
	Action func() // called instead of picking a value, as for "New account…"
}

func (i Item) matches(words []string) bool {
	text := strings.ToLower(i.Title + " " + i.Detail + " " + i.Words + " " + i.Value)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// filterItems returns the items that contain every word of text, ignoring case. Actions without a value always stay.
func filterItems(items []Item, text string) []Item {
	words := strings.Fields(strings.ToLower(text))
	var matching []Item
	for _, i := range items {
		if i.Action != nil && i.Value == "" || i.matches(words) {
			matching = append(matching, i)
		}
	}
	return matching
}

// dropList is the pop-up below a field with the items and a filter.
type dropList struct {
	items  []Item
	shown  []Item
	filter *Entry
	list   *widget.List
	none   *widget.Label
	popup  *widget.PopUp
	at     int
	pick   func(Item)
}

// openList shows items below anchor, with the item of value chosen marked.
func openList(anchor fyne.CanvasObject, items []Item, chosen string, pick func(Item)) *dropList {
	d := &dropList{items: items, pick: pick}
	cv := focus.CanvasOf(anchor)
	if cv == nil {
		return d
	}
	d.filter = NewEntry(&Keys{Escape: d.close, Enter: func() { d.take(d.at) }})
	d.filter.SetPlaceHolder(lang.L("Filter"))
	d.filter.OnKey = d.key
	d.filter.OnChanged = func(text string) { d.show(text, "") }
	d.none = widget.NewLabel(lang.L("No matches"))
	d.none.Importance = widget.LowImportance
	d.list = widget.NewList(func() int { return len(d.shown) }, func() fyne.CanvasObject { return newDropRow(d) }, d.update)
	d.list.HideSeparators = true
	d.list.OnSelected = func(i int) {
		if i != d.at || d.popup.Visible() {
			d.take(i)
		}
	}
	content := container.NewBorder(d.filter, nil, nil, nil, container.NewStack(d.none, d.list))
	d.popup = widget.NewPopUp(content, cv)
	d.show("", chosen)
	d.place(anchor, cv)
	cv.Focus(d.filter)
	d.list.ScrollTo(d.at)
	return d
}

func (d *dropList) update(i int, o fyne.CanvasObject) {
	if row, ok := o.(*dropRow); ok {
		row.at = i
		row.item.set(d.shown[i], i == 0 || d.shown[i-1].Group != d.shown[i].Group)
	}
}

// place shows the list below anchor, or above it if there is not enough room below.
func (d *dropList) place(anchor fyne.CanvasObject, cv fyne.Canvas) {
	width := max(anchor.Size().Width, 360)
	height := min(float32(len(d.items))*newItemRow().MinSize().Height+60, 320)
	position := fyne.CurrentApp().Driver().AbsolutePositionForObject(anchor)
	x, y := position.X, position.Y+anchor.Size().Height
	if y+height > cv.Size().Height && position.Y > height {
		y = position.Y - height
	}
	d.popup.ShowAtPosition(fyne.NewPos(min(x, max(0, cv.Size().Width-width-8)), max(0, min(y, cv.Size().Height-height))))
	d.popup.Resize(fyne.NewSize(width, height))
}

func (d *dropList) show(filter, chosen string) {
	d.shown = filterItems(d.items, filter)
	d.at = 0
	if filter == "" && chosen != "" {
		d.at = -1 // so that Enter does not replace the value by the first item
	}
	for i, item := range d.shown {
		if chosen != "" && item.Value == chosen {
			d.at = i
		}
	}
	if len(d.shown) == 0 {
		d.none.Show()
	} else {
		d.none.Hide()
	}
	d.mark()
	d.list.Refresh()
}

// mark shows which item Enter picks. OnSelected is off meanwhile: it would pick the item at once.
func (d *dropList) mark() {
	onSelected := d.list.OnSelected
	d.list.OnSelected = nil
	d.list.UnselectAll()
	if d.at >= 0 && d.at < len(d.shown) {
		d.list.Select(d.at)
	}
	d.list.OnSelected = onSelected
}

func (d *dropList) key(ev *fyne.KeyEvent) bool {
	var step int
	switch ev.Name {
	case fyne.KeyDown:
		step = 1
	case fyne.KeyUp:
		step = -1
	case fyne.KeyPageDown:
		step = 8
	case fyne.KeyPageUp:
		step = -8
	default:
		return false
	}
	d.at = max(0, min(len(d.shown)-1, d.at+step))
	d.mark()
	return true
}

func (d *dropList) take(i int) {
	if i < 0 || i >= len(d.shown) {
		return
	}
	item := d.shown[i]
	d.close()
	if item.Action != nil {
		item.Action()
		return
	}
	d.pick(item)
}

func (d *dropList) close() { d.popup.Hide() }

// dropRow is an item that a click picks. The list itself does not report a click on the item that is marked.
type dropRow struct {
	widget.BaseWidget
	list *dropList
	item *itemRow
	at   int
}

var _ fyne.Tappable = (*dropRow)(nil)

func newDropRow(d *dropList) *dropRow {
	r := &dropRow{list: d, item: newItemRow()}
	r.ExtendBaseWidget(r)
	return r
}

func (r *dropRow) Tapped(*fyne.PointEvent) { r.list.take(r.at) }

func (r *dropRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.item) }

// itemRow shows an item: title, detail, and the group's name where a group begins.
type itemRow struct {
	widget.BaseWidget
	title, detail *widget.Label
	group         *widget.Label
	box           *fyne.Container
}

func newItemRow() *itemRow {
	r := &itemRow{title: widget.NewLabel("A"), detail: widget.NewLabel(""), group: widget.NewLabel("")}
	r.title.Truncation = fyne.TextTruncateEllipsis
	r.detail.Importance, r.detail.Truncation = widget.LowImportance, fyne.TextTruncateEllipsis
	r.group.Importance, r.group.SizeName = widget.LowImportance, fynetheme.SizeNameCaptionText
	r.box = container.New(itemLayout{}, r.title, r.detail, r.group)
	r.ExtendBaseWidget(r)
	return r
}

func (r *itemRow) set(i Item, first bool) {
	r.title.SetText(i.Title)
	r.title.Importance = widget.MediumImportance
	if i.Action != nil && i.Value == "" {
		r.title.Importance = widget.HighImportance
	}
	r.title.Refresh()
	r.detail.SetText(i.Detail)
	if !first {
		i.Group = ""
	}
	r.group.SetText(i.Group)
	r.box.Refresh()
}

func (r *itemRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.box) }

// itemLayout puts the title first, the detail after it, and the group's name at the right edge.
type itemLayout struct{}

func (itemLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	title, detail, group := labelAt(objects, 0), labelAt(objects, 1), labelAt(objects, 2)
	pad := fynetheme.Size(fynetheme.SizeNameInnerPadding)
	width := func(l *widget.Label, text fyne.ThemeSizeName) float32 {
		if l.Text == "" {
			return 0
		}
		return fyne.MeasureText(l.Text, fynetheme.Size(text), l.TextStyle).Width + 2*pad + 1
	}
	g := width(group, fynetheme.SizeNameCaptionText)
	t := min(width(title, fynetheme.SizeNameText), size.Width-g)
	h := title.MinSize().Height
	title.Resize(fyne.NewSize(t, h))
	detail.Move(fyne.NewPos(t-pad, 0))
	detail.Resize(fyne.NewSize(max(0, size.Width-g-t+pad), h))
	group.Move(fyne.NewPos(size.Width-g, (h-group.MinSize().Height)/2))
	group.Resize(fyne.NewSize(g, group.MinSize().Height))
}

func (itemLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(80, objects[0].MinSize().Height)
}

func labelAt(objects []fyne.CanvasObject, i int) *widget.Label {
	l, _ := objects[i].(*widget.Label)
	return l
}
