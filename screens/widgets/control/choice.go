package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Choice shows a few options side by side as radio buttons. It is a single stop of the Tab key; the arrow keys choose an option.
type Choice struct {
	widget.BaseWidget
	OnChosen func(value string)

	options []Option
	chosen  int
	focused bool
	hovered int
	keys    *Keys
	rights  []float32 // the right edge of each option
}

var (
	_ fyne.Focusable    = (*Choice)(nil)
	_ fyne.Tappable     = (*Choice)(nil)
	_ desktop.Hoverable = (*Choice)(nil)
)

// NewChoice returns a choice with the first option chosen.
func NewChoice(keys *Keys, options ...Option) *Choice {
	c := &Choice{keys: keys, options: options, hovered: -1}
	c.ExtendBaseWidget(c)
	return c
}

func (c *Choice) Value() string { return c.options[c.chosen].Value }

// SetValue chooses an option without calling OnChosen.
func (c *Choice) SetValue(value string) {
	for i, o := range c.options {
		if o.Value == value {
			c.chosen = i
		}
	}
	c.Refresh()
}

// SetOptions changes the options. The value stays, if it is still one of them.
func (c *Choice) SetOptions(options ...Option) {
	value := c.Value()
	c.options, c.chosen = options, 0
	c.SetValue(value)
}

// Choose chooses an option and calls OnChosen if it is another one.
func (c *Choice) Choose(value string) {
	before := c.chosen
	c.SetValue(value)
	if c.chosen != before && c.OnChosen != nil {
		c.OnChosen(c.Value())
	}
}

func (c *Choice) Tapped(ev *fyne.PointEvent) {
	if cv := focus.CanvasOf(c); cv != nil {
		cv.Focus(c)
	}
	if i := c.at(ev.Position.X); i >= 0 {
		c.Choose(c.options[i].Value)
	}
}

func (c *Choice) at(x float32) int {
	for i, right := range c.rights {
		if x < right {
			return i
		}
	}
	return -1
}

func (c *Choice) FocusGained() { c.focused = true; c.Refresh() }

func (c *Choice) FocusLost() { c.focused = false; c.Refresh() }

func (c *Choice) TypedRune(rune) {}

func (c *Choice) TypedKey(ev *fyne.KeyEvent) {
	if c.keys.Handle(c, ev, true) {
		return
	}
	switch ev.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		c.Choose(c.options[max(0, c.chosen-1)].Value)
	case fyne.KeyRight, fyne.KeyDown:
		c.Choose(c.options[min(len(c.options)-1, c.chosen+1)].Value)
	}
}

func (c *Choice) MouseIn(ev *desktop.MouseEvent) { c.MouseMoved(ev) }

func (c *Choice) MouseMoved(ev *desktop.MouseEvent) {
	if i := c.at(ev.Position.X); i != c.hovered {
		c.hovered = i
		c.Refresh()
	}
}

func (c *Choice) MouseOut() { c.hovered = -1; c.Refresh() }

func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceRenderer{c: c}
	r.Refresh()
	return r
}

type choiceRenderer struct {
	c       *Choice
	grounds []*canvas.Rectangle
	icons   []*canvas.Image
	texts   []*canvas.Text
	objects []fyne.CanvasObject
}

// match makes as many parts as there are options.
func (r *choiceRenderer) match() {
	if len(r.texts) == len(r.c.options) {
		return
	}
	r.grounds, r.icons, r.texts, r.objects = nil, nil, nil, nil
	for range r.c.options {
		ground := canvas.NewRectangle(nil)
		ground.CornerRadius = 5
		icon := canvas.NewImageFromResource(fynetheme.RadioButtonIcon())
		icon.FillMode = canvas.ImageFillContain
		text := canvas.NewText("", nil)
		r.grounds, r.icons, r.texts = append(r.grounds, ground), append(r.icons, icon), append(r.texts, text)
		r.objects = append(r.objects, ground, icon, text)
	}
}

func (r *choiceRenderer) sizes() (icon, pad, gap, height float32) {
	icon, pad = fynetheme.Size(fynetheme.SizeNameInlineIcon), fynetheme.Size(fynetheme.SizeNamePadding)
	return icon, pad, 2 * pad, fynetheme.Size(fynetheme.SizeNameText) + 2*fynetheme.Size(fynetheme.SizeNameInnerPadding) + pad
}

func (r *choiceRenderer) Layout(size fyne.Size) {
	icon, pad, gap, _ := r.sizes()
	r.c.rights = r.c.rights[:0]
	var x float32
	for i := range r.texts {
		text := r.texts[i].MinSize()
		width := icon + text.Width + 3*pad
		r.grounds[i].Move(fyne.NewPos(x, 2))
		r.grounds[i].Resize(fyne.NewSize(width, size.Height-4))
		r.icons[i].Move(fyne.NewPos(x+pad, (size.Height-icon)/2))
		r.icons[i].Resize(fyne.NewSquareSize(icon))
		r.texts[i].Move(fyne.NewPos(x+2*pad+icon, (size.Height-text.Height)/2))
		r.texts[i].Resize(text)
		x += width + gap
		r.c.rights = append(r.c.rights, x)
	}
}

func (r *choiceRenderer) MinSize() fyne.Size {
	icon, pad, gap, height := r.sizes()
	var width float32
	for _, t := range r.texts {
		width += icon + t.MinSize().Width + 3*pad + gap
	}
	return fyne.NewSize(width, height)
}

func (r *choiceRenderer) Refresh() {
	r.match()
	p := theme.For(r.c)
	for i, o := range r.c.options {
		r.texts[i].Text, r.texts[i].TextSize, r.texts[i].Color = o.Label, fynetheme.Size(fynetheme.SizeNameText), p.Text
		r.icons[i].Resource = fynetheme.NewThemedResource(fynetheme.RadioButtonIcon())
		if i == r.c.chosen {
			r.icons[i].Resource = fynetheme.NewPrimaryThemedResource(fynetheme.RadioButtonCheckedIcon())
		}
		r.grounds[i].FillColor = nil
		switch {
		case i == r.c.chosen && r.c.focused:
			r.grounds[i].FillColor = p.Focus
		case i == r.c.hovered:
			r.grounds[i].FillColor = p.Hover
		}
		r.grounds[i].Refresh()
		r.icons[i].Refresh()
		r.texts[i].Refresh()
	}
	r.Layout(r.c.Size())
}

func (r *choiceRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *choiceRenderer) Destroy()                     {}
