package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Picker shows the chosen item, and opens a list with a filter. It is for lists that may be long.
type Picker struct {
	widget.BaseWidget
	Items       func() []Item // called each time the list opens
	OnPicked    func(Item)
	Placeholder string

	chosen  Item
	keys    *Keys
	focused bool
	hovered bool
	list    *dropList
}

var (
	_ fyne.Focusable    = (*Picker)(nil)
	_ fyne.Tappable     = (*Picker)(nil)
	_ desktop.Hoverable = (*Picker)(nil)
)

func NewPicker(keys *Keys, items func() []Item) *Picker {
	p := &Picker{keys: keys, Items: items}
	p.ExtendBaseWidget(p)
	return p
}

func (p *Picker) Value() string { return p.chosen.Value }

// SetValue chooses a value without calling OnPicked. A value that is not in the list is kept and shown as it is.
func (p *Picker) SetValue(value string) {
	p.chosen = Item{Value: value, Title: value}
	if value == "" {
		p.chosen = Item{}
	}
	for _, i := range p.Items() {
		if i.Value == value && i.Action == nil {
			p.chosen = i
			break
		}
	}
	p.Refresh()
}

// Pick chooses an item and calls OnPicked.
func (p *Picker) Pick(i Item) {
	p.chosen = i
	p.Refresh()
	if p.OnPicked != nil {
		p.OnPicked(i)
	}
}

// Open shows the list.
func (p *Picker) Open() {
	p.list = openList(p, p.Items(), p.chosen.Value, func(i Item) {
		p.Pick(i)
		if cv := focus.CanvasOf(p); cv != nil {
			cv.Focus(p)
		}
	})
}

func (p *Picker) Tapped(*fyne.PointEvent) {
	if cv := focus.CanvasOf(p); cv != nil {
		cv.Focus(p)
	}
	p.Open()
}

func (p *Picker) FocusGained() { p.focused = true; p.Refresh() }

func (p *Picker) FocusLost() { p.focused = false; p.Refresh() }

// TypedRune opens the list and types into its filter.
func (p *Picker) TypedRune(r rune) {
	if !focus.Shown(p) {
		return
	}
	p.Open()
	if r != ' ' && p.list.filter != nil {
		p.list.filter.TypedRune(r)
	}
}

func (p *Picker) TypedKey(ev *fyne.KeyEvent) {
	if !p.keys.Handle(p, ev, true) && (ev.Name == fyne.KeyDown || ev.Name == fyne.KeyUp) {
		p.Open() // TypedRune handles Space
	}
}

func (p *Picker) MouseIn(*desktop.MouseEvent) { p.hovered = true; p.Refresh() }

func (p *Picker) MouseMoved(*desktop.MouseEvent) {}

func (p *Picker) MouseOut() { p.hovered = false; p.Refresh() }

func (p *Picker) CreateRenderer() fyne.WidgetRenderer {
	r := &pickerRenderer{p: p, face: display.RoundedRect(), row: newItemRow(), icon: canvas.NewImageFromResource(nil)}
	r.icon.FillMode = canvas.ImageFillContain
	r.Refresh()
	return r
}

type pickerRenderer struct {
	p    *Picker
	face *canvas.Rectangle
	row  *itemRow
	icon *canvas.Image
}

func (r *pickerRenderer) Layout(size fyne.Size) {
	icon := fynetheme.Size(fynetheme.SizeNameInlineIcon)
	r.face.Resize(size)
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(size.Width-icon-6, (size.Height-icon)/2))
	h := r.row.MinSize().Height
	r.row.Move(fyne.NewPos(0, (size.Height-h)/2))
	r.row.Resize(fyne.NewSize(size.Width-icon-8, h))
}

func (r *pickerRenderer) MinSize() fyne.Size {
	return fyne.NewSize(140, r.row.MinSize().Height)
}

func (r *pickerRenderer) Refresh() {
	p := theme.For(r.p)
	r.face.FillColor, r.face.StrokeColor, r.face.StrokeWidth = p.Surface, p.Border, 1
	if r.p.focused {
		r.face.StrokeColor, r.face.StrokeWidth = p.Accent, 2
	} else if r.p.hovered {
		r.face.StrokeColor = p.Text
	}
	r.face.Refresh()
	r.icon.Resource = fynetheme.NewThemedResource(fynetheme.MenuDropDownIcon())
	r.icon.Refresh()
	item := r.p.chosen
	item.Group = ""
	if item.Value == "" && item.Title == "" {
		r.row.title.Importance = widget.LowImportance
		r.row.title.SetText(r.p.Placeholder)
		r.row.detail.SetText("")
		r.row.box.Refresh()
		return
	}
	r.row.set(item, false)
}

func (r *pickerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.row, r.icon}
}
func (r *pickerRenderer) Destroy() {}
