package control

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Button is a button that Enter presses while it has the focus, and that passes Escape on.
type Button struct {
	widget.Button
	keys *Keys
}

func NewButton(keys *Keys, label string, tapped func()) *Button {
	b := &Button{keys: keys}
	b.Text, b.OnTapped = label, tapped
	b.ExtendBaseWidget(b)
	return b
}

// NewIconButton returns a low-importance button with an icon only.
func NewIconButton(keys *Keys, icon fyne.Resource, tapped func()) *Button {
	b := &Button{keys: keys}
	b.Icon, b.OnTapped, b.Importance = icon, tapped, widget.LowImportance
	b.ExtendBaseWidget(b)
	return b
}

// Important gives b high importance, and returns it.
func (b *Button) Important() *Button {
	b.Importance = widget.HighImportance
	return b
}

// Quiet gives b low importance, so that it looks like text, and returns it.
func (b *Button) Quiet() *Button {
	b.Importance = widget.LowImportance
	return b
}

func (b *Button) TypedKey(ev *fyne.KeyEvent) {
	switch {
	case b.keys.Handle(b, ev, false):
	case (ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter) && !b.Disabled() && b.OnTapped != nil:
		b.OnTapped()
	default:
		b.Button.TypedKey(ev)
	}
}

type Check struct {
	widget.Check
	keys *Keys
}

func NewCheck(keys *Keys, label string) *Check {
	c := &Check{keys: keys}
	c.Text = label
	c.ExtendBaseWidget(c)
	return c
}

func (c *Check) TypedKey(ev *fyne.KeyEvent) {
	if !c.keys.Handle(c, ev, true) {
		c.Check.TypedKey(ev)
	}
}

// TypedRune ticks the box for a space.
func (c *Check) TypedRune(r rune) {
	if focus.Shown(c) {
		c.Check.TypedRune(r)
	}
}

// Option is a value with its label.
type Option struct {
	Value, Label string
}

// Select offers a few options in a menu.
type Select struct {
	widget.Select
	OnChosen func(value string)
	options  []Option
	keys     *Keys
	quiet    bool
}

func NewSelect(keys *Keys, options ...Option) *Select {
	s := &Select{keys: keys}
	s.ExtendBaseWidget(s)
	s.SetChoices(options...)
	s.OnChanged = func(string) {
		if s.OnChosen != nil && !s.quiet {
			s.OnChosen(s.Value())
		}
	}
	return s
}

// SetChoices replaces the options, and keeps the chosen value if it is among them.
func (s *Select) SetChoices(options ...Option) {
	value := s.Value()
	s.options = options
	labels := make([]string, len(options))
	for i, o := range options {
		labels[i] = o.Label
	}
	s.Select.SetOptions(labels)
	s.SetValue(value)
}

// Value returns the chosen value, or nothing.
func (s *Select) Value() string {
	for _, o := range s.options {
		if o.Label == s.Selected {
			return o.Value
		}
	}
	return ""
}

// SetValue chooses an option without calling OnChosen.
func (s *Select) SetValue(value string) {
	s.quiet = true
	defer func() { s.quiet = false }()
	for _, o := range s.options {
		if o.Value == value {
			s.SetSelected(o.Label)
			return
		}
	}
	s.ClearSelected()
}

// CreateRenderer adds a border: without one, a select can't be seen on a background of its own colour.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	edge := display.RoundedRect()
	edge.StrokeWidth = 1
	r := &edged{s.Select.CreateRenderer(), s, edge}
	r.Refresh()
	return r
}

type edged struct {
	fyne.WidgetRenderer
	of   fyne.CanvasObject
	edge *canvas.Rectangle
}

func (r *edged) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.edge.Resize(size)
}

func (r *edged) Refresh() {
	r.WidgetRenderer.Refresh()
	r.edge.StrokeColor = theme.For(r.of).Border
	r.edge.Refresh()
}

func (r *edged) Objects() []fyne.CanvasObject {
	return append(slices.Clone(r.WidgetRenderer.Objects()), r.edge)
}

func (s *Select) TypedKey(ev *fyne.KeyEvent) {
	if !s.keys.Handle(s, ev, true) {
		s.Select.TypedKey(ev)
	}
}
