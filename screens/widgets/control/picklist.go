package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// PickList shows all items as radio buttons, with a filter above them.
type PickList struct {
	OnPicked func(Item)

	keys    *Keys
	items   []Item
	shown   []Item
	value   string
	filter  *Entry
	list    *pickRows
	content *fyne.Container
}

// NewPickList returns a list that is the given number of rows high.
func NewPickList(keys *Keys, rows int) *PickList {
	p := &PickList{keys: keys, filter: NewEntry(keys)}
	p.filter.SetPlaceHolder(lang.L("Filter"))
	p.filter.OnChanged = func(string) { p.arrange() }
	p.filter.OnKey = func(ev *fyne.KeyEvent) bool {
		if ev.Name != fyne.KeyDown {
			return false
		}
		if cv := focus.CanvasOf(p.list); cv != nil {
			cv.Focus(p.list)
		}
		return true
	}
	p.list = newPickRows(p)
	height := float32(rows) * (newPickRow().MinSize().Height + fynetheme.Size(fynetheme.SizeNamePadding))
	p.content = container.NewBorder(p.filter, nil, nil, nil, container.New(display.MinHeight(height), p.list))
	return p
}

func (p *PickList) Content() fyne.CanvasObject { return p.content }

func (p *PickList) Value() string { return p.value }

// SetItems replaces the items and keeps the chosen value.
func (p *PickList) SetItems(items []Item) {
	p.items = items
	p.arrange()
}

// SetValue chooses a value without calling OnPicked.
func (p *PickList) SetValue(value string) {
	p.value = value
	p.list.Refresh()
}

// Pick chooses a value and calls OnPicked.
func (p *PickList) Pick(value string) {
	for _, i := range p.items {
		if i.Value != value {
			continue
		}
		p.SetValue(value)
		if p.OnPicked != nil {
			p.OnPicked(i)
		}
	}
}

func (p *PickList) arrange() {
	p.shown = filterItems(p.items, p.filter.Text)
	p.list.Refresh()
}

func (p *PickList) at() int {
	for i, item := range p.shown {
		if item.Value == p.value {
			return i
		}
	}
	return -1
}

type pickRows struct {
	widget.List
	picks *PickList
}

func newPickRows(p *PickList) *pickRows {
	l := &pickRows{picks: p}
	l.HideSeparators = true
	l.Length = func() int { return len(p.shown) }
	l.CreateItem = func() fyne.CanvasObject { return newPickRow() }
	l.UpdateItem = func(i int, o fyne.CanvasObject) {
		if row, ok := o.(*pickRow); ok {
			row.set(p.shown[i], p.shown[i].Value == p.value)
		}
	}
	l.OnSelected = func(i int) {
		l.UnselectAll()
		if i < len(p.shown) {
			p.Pick(p.shown[i].Value)
		}
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *pickRows) TypedKey(ev *fyne.KeyEvent) {
	if l.picks.keys.Handle(l, ev, true) {
		return
	}
	at := l.picks.at()
	switch ev.Name {
	case fyne.KeyDown:
		at++
	case fyne.KeyUp:
		at--
	default:
		return
	}
	if at >= 0 && at < len(l.picks.shown) {
		l.picks.Pick(l.picks.shown[at].Value)
		l.ScrollTo(at)
	}
}

// pickRow is an item with a radio button.
type pickRow struct {
	widget.BaseWidget
	mark *canvas.Image
	item *itemRow
}

func newPickRow() *pickRow {
	r := &pickRow{mark: canvas.NewImageFromResource(nil), item: newItemRow()}
	r.mark.FillMode = canvas.ImageFillContain
	r.ExtendBaseWidget(r)
	return r
}

func (r *pickRow) set(i Item, chosen bool) {
	r.mark.Resource = fynetheme.NewThemedResource(fynetheme.RadioButtonIcon())
	if chosen {
		r.mark.Resource = fynetheme.NewPrimaryThemedResource(fynetheme.RadioButtonCheckedIcon())
	}
	r.mark.Refresh()
	r.item.set(i, false)
}

func (r *pickRow) CreateRenderer() fyne.WidgetRenderer {
	size := fynetheme.Size(fynetheme.SizeNameInlineIcon)
	r.mark.SetMinSize(fyne.NewSquareSize(size))
	return widget.NewSimpleRenderer(container.NewBorder(nil, nil, container.NewCenter(r.mark), nil, r.item))
}
