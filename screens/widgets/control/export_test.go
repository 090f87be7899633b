package control

import "fyne.io/fyne/v2/driver/desktop"

const Suggested = suggested

func (c *Combo) Suggested() []Item { return c.suggest.shown }

func (c *Combo) Suggesting() bool { return c.suggest.visible() }

// SuggestsMore reports whether the field says that there are more.
func (c *Combo) SuggestsMore() bool { return c.suggest.more.Visible() }

func (c *Combo) Suggestion(i int) desktop.Mouseable { return c.suggest.rows[i] }

// Filter returns the filter above the open list.
func (c *Combo) Filter() *Entry { return c.list.filter }
