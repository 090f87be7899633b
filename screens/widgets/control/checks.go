package control

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Checks offers a few options of which any number can be chosen, each with a box.
type Checks struct {
	OnChosen func() // called after the person has changed the choice

	values  []string
	boxes   []*Check
	quiet   bool
	content *fyne.Container
}

// NewChecks returns the boxes in one column, or in two if there are many.
func NewChecks(keys *Keys, options ...Option) *Checks {
	const many = 6
	c := &Checks{content: container.NewVBox()}
	if len(options) > many {
		c.content = container.NewGridWithColumns(2)
	}
	for _, o := range options {
		box := NewCheck(keys, o.Label)
		box.OnChanged = func(bool) {
			if c.OnChosen != nil && !c.quiet {
				c.OnChosen()
			}
		}
		c.values, c.boxes = append(c.values, o.Value), append(c.boxes, box)
		c.content.Add(box)
	}
	return c
}

func (c *Checks) Content() fyne.CanvasObject { return c.content }

// Values returns the chosen values, in the order of the options.
func (c *Checks) Values() []string {
	var chosen []string
	for i, box := range c.boxes {
		if box.Checked {
			chosen = append(chosen, c.values[i])
		}
	}
	return chosen
}

// SetValues chooses the options with these values without calling OnChosen.
func (c *Checks) SetValues(values []string) {
	c.quiet = true
	defer func() { c.quiet = false }()
	for i, box := range c.boxes {
		box.SetChecked(slices.Contains(values, c.values[i]))
	}
}
