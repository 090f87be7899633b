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

// Combo is a field for free text with a list to pick from. What is typed filters the list, which stands below the field meanwhile; Down
// and the arrow show all of it.
type Combo struct {
	*Entry
	Items func() []Item
	// Meant gives the value that a text stands for, which takes the text's place as the field is left; or why it stands for none. nil: itself.
	Meant func(text string) (value string, err error)

	list    *dropList
	suggest *suggestions
	box     *fyne.Container
}

// NewCombo makes an empty field.
func NewCombo(keys *Keys, items func() []Item) *Combo {
	c := &Combo{Entry: NewEntry(keys), Items: items}
	c.suggest = newSuggestions(c.taken)
	c.box = container.New(layout.NewCustomPaddedVBoxLayout(0), c.Entry, c.suggest.box)
	c.ActionItem = newTapIcon(c.Open)
	c.OnKey = c.key
	c.typed, c.leaving = c.offer, func() {
		c.suggest.hide()
		c.Settle()
	}
	return c
}

// key hears the keys before the field does.
func (c *Combo) key(ev *fyne.KeyEvent) bool {
	offered := c.suggest.visible()
	switch {
	case ev.Name == fyne.KeyDown && offered:
		c.suggest.move(1)
	case ev.Name == fyne.KeyUp && offered:
		c.suggest.move(-1)
	case ev.Name == fyne.KeyDown:
		c.Open()
	case ev.Name == fyne.KeyEscape && offered:
		c.suggest.hide()
	case ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter:
		return c.enter()
	default:
		return false
	}
	return true
}

// enter takes the marked item, or makes of the text what it stands for. Where there was nothing to do, Enter is the form's.
func (c *Combo) enter() bool {
	if c.suggest.pick(c.suggest.at) {
		return true
	}
	c.suggest.hide()
	if c.Err() != nil { // a text that may be several things is told of, not saved
		if c.OnLeave != nil {
			c.OnLeave()
		}
		return true
	}
	return c.Settle()
}

// offer shows what fits the text, unless that is one of the values already.
func (c *Combo) offer() {
	text := strings.TrimSpace(c.Text)
	var fits []Item
	if text != "" {
		for _, i := range Filter(c.Items(), text) {
			if i.Action == nil || i.Value != "" { // what makes something new fits every text
				fits = append(fits, i)
			}
			if i.Action == nil && i.Value == text {
				fits = nil
				break
			}
		}
	}
	c.suggest.show(fits)
}

// taken puts an item's value into the field, or does what the item is for.
func (c *Combo) taken(i Item) {
	if i.Action != nil {
		i.Action()
		return
	}
	c.SetText(i.Value)
	c.CursorColumn = len([]rune(i.Value))
	fyne.Do(c.refocus) // a press of the mouse takes the keyboard from the field after it was heard
}

func (c *Combo) refocus() {
	if cv := focus.CanvasOf(c.Entry); cv != nil {
		cv.Focus(c.Entry)
	}
}

// Settle puts in the place of the text what it stands for, and reports whether that is something else.
func (c *Combo) Settle() bool {
	if c.Meant == nil {
		return false
	}
	value, err := c.Meant(c.Text)
	if err != nil || value == c.Text {
		return false
	}
	c.SetText(value)
	c.CursorColumn = len([]rune(value))
	return true
}

// Err returns why the text means no item, or nil.
func (c *Combo) Err() error {
	if c.Meant == nil {
		return nil
	}
	_, err := c.Meant(c.Text)
	return err
}

// tapIcon opens a combo's list. It is no stop of the Tab key: Down in the field opens the list as well.
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

// Open shows the list.
func (c *Combo) Open() {
	c.suggest.hide()
	c.list = openList(c.Entry, c.Items(), strings.TrimSpace(c.Text), func(i Item) {
		c.SetText(i.Value)
		c.refocus()
	})
}
