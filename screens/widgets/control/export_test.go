package control

import "fyne.io/fyne/v2/driver/desktop"

// Suggested is how many items are suggested at once.
const Suggested = suggested

// Suggested returns the items that are suggested below the field.
func (c *Combo) Suggested() []Item { return c.suggest.shown }

// Suggesting reports whether any are.
func (c *Combo) Suggesting() bool { return c.suggest.visible() }

// SuggestsMore reports whether it is said that there are more.
func (c *Combo) SuggestsMore() bool { return c.suggest.more.Visible() }

// Suggestion returns the row of a suggestion.
func (c *Combo) Suggestion(i int) desktop.Mouseable { return c.suggest.rows[i] }

// Filter returns the field over the open list.
func (c *Combo) Filter() *Entry { return c.list.filter }
