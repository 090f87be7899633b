package form

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// Section is a collapsible part of a form. Collapsed, it is one line with a summary.
type Section struct {
	Summary func() string // called when the section collapses, and by Refresh

	head    *sectionHead
	content fyne.CanvasObject
	box     *fyne.Container
	open    bool
}

func NewSection(keys *control.Keys, title string, open bool, content fyne.CanvasObject) *Section {
	s := &Section{content: content, open: open}
	s.head = &sectionHead{section: s, keys: keys, title: title}
	s.head.ExtendBaseWidget(s.head)
	s.box = container.NewVBox(s.head, container.New(below{}, content))
	s.SetOpen(open)
	return s
}

func (s *Section) Content() fyne.CanvasObject { return s.box }

func (s *Section) Open() bool { return s.open }

func (s *Section) SetOpen(open bool) {
	s.open = open
	inner := s.box.Objects[1]
	if open {
		inner.Show()
	} else {
		inner.Hide()
	}
	s.Refresh()
	s.box.Refresh()
}

// Refresh updates the summary.
func (s *Section) Refresh() {
	s.head.summary = ""
	if !s.open && s.Summary != nil {
		s.head.summary = s.Summary()
	}
	s.head.Refresh()
}

// below leaves some space under a section, and none beside it: its fields line up with those outside.
type below struct{}

func (below) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
}

func (below) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Add(fyne.NewSize(0, 8))
}

type sectionHead struct {
	widget.BaseWidget
	section        *Section
	title, summary string
	keys           *control.Keys
	focused, hover bool
}

var (
	_ fyne.Focusable    = (*sectionHead)(nil)
	_ fyne.Tappable     = (*sectionHead)(nil)
	_ desktop.Hoverable = (*sectionHead)(nil)
)

func (h *sectionHead) Tapped(*fyne.PointEvent)        { h.section.SetOpen(!h.section.open) }
func (h *sectionHead) FocusGained()                   { h.focused = true; h.Refresh() }
func (h *sectionHead) FocusLost()                     { h.focused = false; h.Refresh() }
func (h *sectionHead) TypedRune(rune)                 {}
func (h *sectionHead) MouseIn(*desktop.MouseEvent)    { h.hover = true; h.Refresh() }
func (h *sectionHead) MouseMoved(*desktop.MouseEvent) {}
func (h *sectionHead) MouseOut()                      { h.hover = false; h.Refresh() }

func (h *sectionHead) TypedKey(ev *fyne.KeyEvent) {
	if h.keys.Handle(h, ev, false) {
		return
	}
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		h.section.SetOpen(!h.section.open)
	case fyne.KeyRight:
		h.section.SetOpen(true)
	case fyne.KeyLeft:
		h.section.SetOpen(false)
	}
}

func (h *sectionHead) CreateRenderer() fyne.WidgetRenderer {
	r := &sectionRenderer{
		h: h, face: display.RoundedRect(), icon: canvas.NewImageFromResource(nil), title: canvas.NewText(h.title, nil),
		summary: widget.NewLabel(""),
	}
	r.icon.FillMode = canvas.ImageFillContain
	r.summary.Importance, r.summary.Truncation = widget.LowImportance, fyne.TextTruncateEllipsis
	r.Refresh()
	return r
}

type sectionRenderer struct {
	h       *sectionHead
	face    *canvas.Rectangle
	icon    *canvas.Image
	title   *canvas.Text
	summary *widget.Label
}

func (r *sectionRenderer) Layout(size fyne.Size) {
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

func (r *sectionRenderer) MinSize() fyne.Size {
	return fyne.NewSize(120, r.title.MinSize().Height+12)
}

func (r *sectionRenderer) Refresh() {
	p := theme.For(r.h)
	r.face.FillColor = color.Transparent
	switch {
	case r.h.focused:
		r.face.FillColor = p.Focus
	case r.h.hover:
		r.face.FillColor = p.Hover
	}
	icon := fynetheme.MenuExpandIcon()
	if r.h.section.open {
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

func (r *sectionRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.icon, r.title, r.summary}
}
func (r *sectionRenderer) Destroy() {}
