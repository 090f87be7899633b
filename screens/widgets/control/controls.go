package control

import (
	"slices"

	"github.com/stepdeck/stepdeck/screens/widgets/display"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Button is a button that Enter presses, as people expect of the one that has the focus, and that lets Escape through.
type Button struct {
	widget.Button
	keys *Keys
}

// NewButton makes a button.
func NewButton(keys *Keys, label string, tapped func()) *Button {
	b := &Button{keys: keys}
	b.Text, b.OnTapped = label, tapped
	b.ExtendBaseWidget(b)
	return b
}

// NewIconButton makes a quiet button that is only a picture.
func NewIconButton(keys *Keys, icon fyne.Resource, tapped func()) *Button {
	b := &Button{keys: keys}
	b.Icon, b.OnTapped, b.Importance = icon, tapped, widget.LowImportance
	b.ExtendBaseWidget(b)
	return b
}

// Important makes it the one that stands out, and returns it.
func (b *Button) Important() *Button {
	b.Importance = widget.HighImportance
	return b
}

// Quiet makes it look like text, and returns it.
func (b *Button) Quiet() *Button {
	b.Importance = widget.LowImportance
	return b
}

func (b *Button) TypedKey(ev *fyne.KeyEvent) {
	switch {
	case b.keys.Heard(b, ev, false):
	case (ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter) && !b.Disabled() && b.OnTapped != nil:
		b.OnTapped()
	default:
		b.Button.TypedKey(ev)
	}
}

// Check is a box to tick.
type Check struct {
	widget.Check
	keys *Keys
}

// NewCheck makes a box to tick.
func NewCheck(keys *Keys, label string) *Check {
	c := &Check{keys: keys}
	c.Text = label
	c.ExtendBaseWidget(c)
	return c
}

func (c *Check) TypedKey(ev *fyne.KeyEvent) {
	if !c.keys.Heard(c, ev, true) {
		c.Check.TypedKey(ev)
	}
}

// TypedRune implements fyne.Focusable: a space ticks the box.
func (c *Check) TypedRune(r rune) {
	if focus.Shown(c) {
		c.Check.TypedRune(r)
	}
}

// Option is a value with the words that stand for it.
type Option struct {
	Value, Label string
}

// Select offers a few values in a menu.
type Select struct {
	widget.Select
	OnChosen func(value string)
	options  []Option
	keys     *Keys
	quiet    bool
}

// NewSelect makes a menu of options.
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

// SetChoices replaces the options; the chosen value stays if it is among them.
func (s *Select) SetChoices(options ...Option) {
	was := s.Value()
	s.options = options
	labels := make([]string, len(options))
	for i, o := range options {
		labels[i] = o.Label
	}
	s.Select.SetOptions(labels)
	s.SetValue(was)
}

// Value is the chosen option's, or empty.
func (s *Select) Value() string {
	for _, o := range s.options {
		if o.Label == s.Selected {
			return o.Value
		}
	}
	return ""
}

// SetValue chooses without telling.
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

// CreateRenderer implements fyne.Widget. Fyne draws a select without an edge, which is lost on a ground of the same colour.
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
	if !s.keys.Heard(s, ev, true) {
		s.Select.TypedKey(ev)
	}
}
