package forms

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Fold is a section under a heading. Closed, it is one line that sums up what is inside.
type Fold struct {
	Summary func() string // asked when the section closes, and by Refresh

	head    *foldHead
	content fyne.CanvasObject
	box     *fyne.Container
	open    bool
}

// NewFold makes a section.
func NewFold(keys *Keys, title string, open bool, content fyne.CanvasObject) *Fold {
	f := &Fold{content: content, open: open}
	f.head = &foldHead{fold: f, keys: keys, title: title}
	f.head.ExtendBaseWidget(f.head)
	f.box = container.NewVBox(f.head, container.New(below{}, content))
	f.SetOpen(open)
	return f
}

// Content gives what to put into a form.
func (f *Fold) Content() fyne.CanvasObject { return f.box }

// Open reports whether the content is shown.
func (f *Fold) Open() bool { return f.open }

// SetOpen shows or hides the content.
func (f *Fold) SetOpen(open bool) {
	f.open = open
	inner := f.box.Objects[1]
	if open {
		inner.Show()
	} else {
		inner.Hide()
	}
	f.Refresh()
	f.box.Refresh()
}

// Refresh renews the summary.
func (f *Fold) Refresh() {
	f.head.summary = ""
	if !f.open && f.Summary != nil {
		f.head.summary = f.Summary()
	}
	f.head.Refresh()
}

// below leaves a little room under a section. Its fields stand in line with those outside.
type below struct{}

func (below) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
}

func (below) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Add(fyne.NewSize(0, 8))
}

type foldHead struct {
	widget.BaseWidget
	fold           *Fold
	title, summary string
	keys           *Keys
	focused, hover bool
}

var (
	_ fyne.Focusable    = (*foldHead)(nil)
	_ fyne.Tappable     = (*foldHead)(nil)
	_ desktop.Hoverable = (*foldHead)(nil)
)

func (h *foldHead) Tapped(*fyne.PointEvent)        { h.fold.SetOpen(!h.fold.open) }
func (h *foldHead) FocusGained()                   { h.focused = true; h.Refresh() }
func (h *foldHead) FocusLost()                     { h.focused = false; h.Refresh() }
func (h *foldHead) TypedRune(rune)                 {}
func (h *foldHead) MouseIn(*desktop.MouseEvent)    { h.hover = true; h.Refresh() }
func (h *foldHead) MouseMoved(*desktop.MouseEvent) {}
func (h *foldHead) MouseOut()                      { h.hover = false; h.Refresh() }

func (h *foldHead) TypedKey(ev *fyne.KeyEvent) {
	if h.keys.heard(h, ev, false) {
		return
	}
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		h.fold.SetOpen(!h.fold.open)
	case fyne.KeyRight:
		h.fold.SetOpen(true)
	case fyne.KeyLeft:
		h.fold.SetOpen(false)
	}
}

func (h *foldHead) CreateRenderer() fyne.WidgetRenderer {
	r := &foldRenderer{h: h, face: ground(), icon: canvas.NewImageFromResource(nil), title: canvas.NewText(h.title, nil), summary: widget.NewLabel("")}
	r.icon.FillMode = canvas.ImageFillContain
	r.summary.Importance, r.summary.Truncation = widget.LowImportance, fyne.TextTruncateEllipsis
	r.Refresh()
	return r
}

type foldRenderer struct {
	h       *foldHead
	face    *canvas.Rectangle
	icon    *canvas.Image
	title   *canvas.Text
	summary *widget.Label
}

func (r *foldRenderer) Layout(size fyne.Size) {
	icon := fynetheme.Size(fynetheme.SizeNameInlineIcon)
	r.face.Resize(size)
	r.icon.Move(fyne.NewPos(2, (size.Height-icon)/2))
	r.icon.Resize(fyne.NewSquareSize(icon))
	t := r.title.MinSize()
	r.title.Move(fyne.NewPos(icon+6, (size.Height-t.Height)/2))
	left, h := icon+6+t.Width+6, r.summary.MinSize().Height
	r.summary.Move(fyne.NewPos(left, (size.Height-h)/2))
	r.summary.Resize(fyne.NewSize(max(0, size.Width-left), h))
}

func (r *foldRenderer) MinSize() fyne.Size {
	return fyne.NewSize(120, r.title.MinSize().Height+12)
}

func (r *foldRenderer) Refresh() {
	p := palette(r.h)
	r.face.FillColor = none()
	switch {
	case r.h.focused:
		r.face.FillColor = p.Focus
	case r.h.hover:
		r.face.FillColor = p.Hover
	}
	icon := fynetheme.MenuExpandIcon()
	if r.h.fold.open {
		icon = fynetheme.MenuDropDownIcon()
	}
	r.icon.Resource = fynetheme.NewThemedResource(icon)
	r.title.Text, r.title.Color, r.title.TextStyle.Bold, r.title.TextSize = r.h.title, p.Text, true, fynetheme.Size(fynetheme.SizeNameText)+1
	r.summary.SetText(r.h.summary)
	r.face.Refresh()
	r.icon.Refresh()
	r.title.Refresh()
	r.Layout(r.h.Size())
}

func (r *foldRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.icon, r.title, r.summary}
}
func (r *foldRenderer) Destroy() {}
