package tabs

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

type tabStrip struct {
	widget.BaseWidget
	tabs    *Tabs
	keys    *control.Keys
	focused bool
	hovered int
	rights  []float32 // the right edge of each title
}

var (
	_ fyne.Focusable    = (*tabStrip)(nil)
	_ fyne.Tappable     = (*tabStrip)(nil)
	_ desktop.Hoverable = (*tabStrip)(nil)
)

func newTabStrip(t *Tabs, keys *control.Keys) *tabStrip {
	s := &tabStrip{tabs: t, keys: keys, hovered: -1}
	s.ExtendBaseWidget(s)
	return s
}

func (s *tabStrip) Tapped(ev *fyne.PointEvent) {
	if i := s.at(ev.Position.X); i >= 0 {
		s.tabs.Open(i)
	}
}

func (s *tabStrip) at(x float32) int {
	for i, right := range s.rights {
		if x < right {
			return i
		}
	}
	return -1
}

func (s *tabStrip) FocusGained() { s.focused = true; s.Refresh() }

func (s *tabStrip) FocusLost() { s.focused = false; s.Refresh() }

func (s *tabStrip) TypedRune(rune) {}

func (s *tabStrip) TypedKey(ev *fyne.KeyEvent) {
	if s.keys.Handle(s, ev, false) {
		return
	}
	switch last := len(s.tabs.tabs) - 1; ev.Name {
	case fyne.KeyLeft:
		s.tabs.SelectIndex(max(0, s.tabs.current-1))
	case fyne.KeyRight:
		s.tabs.SelectIndex(min(last, s.tabs.current+1))
	case fyne.KeyHome:
		s.tabs.SelectIndex(0)
	case fyne.KeyEnd:
		s.tabs.SelectIndex(last)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		s.tabs.Open(s.tabs.current)
	}
}

func (s *tabStrip) MouseIn(ev *desktop.MouseEvent) { s.MouseMoved(ev) }

func (s *tabStrip) MouseMoved(ev *desktop.MouseEvent) {
	if at := s.at(ev.Position.X); at != s.hovered {
		s.hovered = at
		s.Refresh()
	}
}

func (s *tabStrip) MouseOut() { s.hovered = -1; s.Refresh() }

func (s *tabStrip) CreateRenderer() fyne.WidgetRenderer {
	r := &stripRenderer{s: s, mark: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

type stripRenderer struct {
	s       *tabStrip
	grounds []*canvas.Rectangle
	texts   []*canvas.Text
	mark    *canvas.Rectangle // under the title of the page that is shown
}

// room returns the space around a title, and the height of the line under it.
func (r *stripRenderer) room() (beside, above, markHeight float32) {
	pad := fynetheme.Size(fynetheme.SizeNameInnerPadding)
	return 2 * pad, pad + 1, fynetheme.Size(fynetheme.SizeNamePadding) - 1
}

func (r *stripRenderer) Layout(size fyne.Size) {
	beside, _, mark := r.room()
	r.s.rights = r.s.rights[:0]
	var x float32
	for i, text := range r.texts {
		least := text.MinSize()
		width := least.Width + 2*beside
		r.grounds[i].Move(fyne.NewPos(x+1, 1))
		r.grounds[i].Resize(fyne.NewSize(width-2, size.Height-mark-3))
		text.Move(fyne.NewPos(x+beside, (size.Height-mark-least.Height)/2))
		text.Resize(least)
		if i == r.s.tabs.current {
			r.mark.Move(fyne.NewPos(x, size.Height-mark))
			r.mark.Resize(fyne.NewSize(width, mark))
		}
		x += width
		r.s.rights = append(r.s.rights, x)
	}
}

func (r *stripRenderer) MinSize() fyne.Size {
	beside, above, mark := r.room()
	size := fyne.NewSize(0, fynetheme.Size(fynetheme.SizeNameText)+2*above+mark)
	for _, text := range r.texts {
		least := text.MinSize()
		size.Width += least.Width + 2*beside
		size.Height = max(size.Height, least.Height+2*above+mark)
	}
	return size
}

func (r *stripRenderer) Refresh() {
	p := theme.For(r.s)
	for len(r.texts) < len(r.s.tabs.tabs) {
		r.grounds, r.texts = append(r.grounds, display.RoundedRect()), append(r.texts, canvas.NewText("", nil))
	}
	for i, tab := range r.s.tabs.tabs {
		r.texts[i].Text, r.texts[i].TextSize, r.texts[i].Color = tab.Title, fynetheme.Size(fynetheme.SizeNameText), p.Text
		r.grounds[i].FillColor, r.grounds[i].StrokeWidth = color.Transparent, 0
		switch {
		case i == r.s.tabs.current && r.s.focused:
			r.grounds[i].StrokeColor, r.grounds[i].StrokeWidth = p.Accent, 2
			fallthrough
		case i == r.s.tabs.current:
			r.texts[i].Color = p.Accent
		case i == r.s.hovered:
			r.grounds[i].FillColor = p.Hover
		}
		r.grounds[i].Refresh()
		r.texts[i].Refresh()
	}
	r.mark.FillColor = p.Accent
	r.mark.Refresh()
	r.Layout(r.s.Size())
}

func (r *stripRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.mark}
	for i := range r.texts {
		objects = append(objects, r.grounds[i], r.texts[i])
	}
	return objects
}

func (r *stripRenderer) Destroy() {}
