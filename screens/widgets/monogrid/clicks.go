package monogrid

import (
	"time"

	"fyne.io/fyne/v2"
)

// Clicks counts quick presses at one spot: two select a word, three a line. Fyne's own double tap would delay every single click.
type Clicks struct {
	Now func() time.Time // nil: time.Now

	last  time.Time
	at    fyne.Position
	count int
}

// slop is how far the pointer may move between two clicks, in Fyne's units.
const slop = 4

// Press counts a press. It returns 1 for a single press, 2 for a double and 3 for a triple one.
func (c *Clicks) Press(at fyne.Position) int {
	now := time.Now()
	if c.Now != nil {
		now = c.Now()
	}
	near := at.X-c.at.X < slop && c.at.X-at.X < slop && at.Y-c.at.Y < slop && c.at.Y-at.Y < slop
	if near && now.Sub(c.last) <= fyne.CurrentApp().Driver().DoubleTapDelay() && c.count < 3 {
		c.count++
	} else {
		c.count = 1
	}
	c.last, c.at = now, at
	return c.count
}
