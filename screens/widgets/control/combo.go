package control

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Combo is a text field with suggestions. While a person types, the matching items are listed below the field; Down and the arrow open
// the whole list.
type Combo struct {
	*Entry
	Items func() []Item
	// Resolve returns the value that text stands for, such as the code of a region for its name. It replaces the text when the person
	// leaves the field. nil: any text is a value.
	Resolve func(text string) (value string, err error)

	list    *dropList
	suggest *suggestions
	box     *fyne.Container
}

func NewCombo(keys *Keys, items func() []Item) *Combo {
	c := &Combo{Entry: NewEntry(keys), Items: items}
	c.suggest = newSuggestions(c.accept)
	c.box = container.New(layout.NewCustomPaddedVBoxLayout(0), c.Entry, c.suggest.box)
	c.ActionItem = newTapIcon(c.Open)
	c.OnKey = c.key
	c.typed, c.leaving = c.suggestMatches, func() {
		c.suggest.hide()
		c.Settle()
	}
	return c
}

// key handles keys before the field does.
func (c *Combo) key(ev *fyne.KeyEvent) bool {
	listed := c.suggest.visible()
	switch {
	case ev.Name == fyne.KeyDown && listed:
		c.suggest.move(1)
	case ev.Name == fyne.KeyUp && listed:
		c.suggest.move(-1)
	case ev.Name == fyne.KeyDown:
		c.Open()
	case ev.Name == fyne.KeyEscape && listed:
		c.suggest.hide()
	case ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter:
		return c.enter()
	default:
		return false
	}
	return true
}

// enter accepts the marked item, or else resolves the text. If there was nothing to do it returns false, so that the form handles Enter.
func (c *Combo) enter() bool {
	if c.suggest.pick(c.suggest.at) {
		return true
	}
	c.suggest.hide()
	if c.Err() != nil { // show the error instead of saving
		if c.OnLeave != nil {
			c.OnLeave()
		}
		return true
	}
	return c.Settle()
}

// suggestMatches lists the items that match the text, unless the text is one of the values.
func (c *Combo) suggestMatches() {
	text := strings.TrimSpace(c.Text)
	var matches []Item
	if text != "" {
		for _, i := range filterItems(c.Items(), text) {
			if i.Action == nil || i.Value != "" { // an action such as "New account…" matches every text
				matches = append(matches, i)
			}
			if i.Action == nil && i.Value == text {
				matches = nil
				break
			}
		}
	}
	c.suggest.show(matches)
}

// Suggest lists the items that match the text, as when a person has typed it: for items that come later than that.
func (c *Combo) Suggest() { c.suggestMatches() }

// accept puts an item's value into the field, or runs its action.
func (c *Combo) accept(i Item) {
	if i.Action != nil {
		i.Action()
		return
	}
	c.SetText(i.Value)
	c.CursorColumn = len([]rune(i.Value))
	fyne.Do(c.refocus) // Fyne takes the focus from the field after it has handled the mouse button
}

func (c *Combo) refocus() {
	if cv := focus.CanvasOf(c.Entry); cv != nil {
		cv.Focus(c.Entry)
	}
}

// Settle replaces the text by the value it stands for. It reports whether that changed the text.
func (c *Combo) Settle() bool {
	if c.Resolve == nil {
		return false
	}
	value, err := c.Resolve(c.Text)
	if err != nil || value == c.Text {
		return false
	}
	c.SetText(value)
	c.CursorColumn = len([]rune(value))
	return true
}

// Err returns why the text stands for no value, or nil.
func (c *Combo) Err() error {
	if c.Resolve == nil {
		return nil
	}
	_, err := c.Resolve(c.Text)
	return err
}

// tapIcon opens a combo's list. The Tab key skips it, since Down in the field opens the list as well.
type tapIcon struct {
	widget.Icon
	tapped func()
}

var _ desktop.Cursorable = (*tapIcon)(nil)

func newTapIcon(tapped func()) *tapIcon {
	i := &tapIcon{tapped: tapped}
	i.Resource = fynetheme.NewThemedResource(fynetheme.MenuDropDownIcon())
	i.ExtendBaseWidget(i)
	return i
}

func (i *tapIcon) Tapped(*fyne.PointEvent) { i.tapped() }

func (i *tapIcon) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// Open shows the whole list.
func (c *Combo) Open() {
	c.suggest.hide()
	c.list = openList(c.Entry, c.Items(), strings.TrimSpace(c.Text), func(i Item) {
		c.SetText(i.Value)
		c.refocus()
	})
}
