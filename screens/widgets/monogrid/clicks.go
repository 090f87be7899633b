package monogrid

import (
	"time"

	"fyne.io/fyne/v2"
)

// Clicks counts quick presses at one spot: two select a word, three a line. Fyne's own double tap would hold every single click back.
type Clicks struct {
	Now func() time.Time // the clock; nil takes the real one

	last  time.Time
	at    fyne.Position
	count int
}

// slop is how far the hand may move between two clicks, in units of the screen.
const slop = 4

// Press counts a press and says the how manieth of a quick row it is, from 1 to 3.
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
