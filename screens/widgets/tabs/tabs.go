package tabs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/control"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Tab is one page of Tabs.
type Tab struct {
	Title   string
	Content fyne.CanvasObject
	Focus   func() // gives the keyboard to what the page is for; nil: it has nothing to give it to
}

// Tabs shows one of its pages, under their titles. The titles are one stop of the Tab key, and the arrow keys lead from one to
// the next. The toolkit's own tabs can't be reached by keyboard.
type Tabs struct {
	widget.BaseWidget
	OnSelected func(i int)

	tabs  []Tab
	drawn []theme.Drawn // the pages
	at    int
	had   map[int]fyne.Focusable // what had the keyboard when a page was left
	strip *tabStrip
	pages *fyne.Container
}

var _ focus.Holder = (*Tabs)(nil)

// New returns tabs, the first of which is shown.
func New(keys *control.Keys, tabs ...Tab) *Tabs {
	t := &Tabs{pages: container.NewStack(), had: map[int]fyne.Focusable{}}
	t.strip = newTabStrip(t, keys)
	t.ExtendBaseWidget(t)
	for _, tab := range tabs {
		t.Append(tab)
	}
	return t
}

// Append adds a page behind the others.
func (t *Tabs) Append(tab Tab) {
	if len(t.tabs) != t.at {
		tab.Content.Hide()
	}
	t.tabs = append(t.tabs, tab)
	t.drawn = append(t.drawn, theme.DrawnNow())
	t.pages.Add(tab.Content)
	t.strip.Refresh()
}

// SelectedIndex says which page is shown.
func (t *Tabs) SelectedIndex() int { return t.at }

// SelectIndex shows a page; what was written in on the one before gives up the keyboard.
func (t *Tabs) SelectIndex(i int) {
	if i == t.at || i < 0 || i >= len(t.tabs) {
		return
	}
	t.tabs[t.at].Content.Hide()
	t.tabs[i].Content.Show()
	t.pages.Refresh()
	t.drawn[i].Shown()
	if cv := focus.CanvasOf(t); cv != nil {
		had := cv.Focused()
		delete(t.had, t.at)
		if focus.Release(cv) {
			t.had[t.at] = had
		}
	}
	t.at = i
	t.strip.Refresh()
	if t.OnSelected != nil {
		t.OnSelected(i)
	}
}

// Open shows a page and gives it the keyboard, as a person means it who chooses it.
func (t *Tabs) Open(i int) {
	t.SelectIndex(i)
	cv, had := focus.CanvasOf(t), t.strip.focused
	if cv == nil {
		return
	}
	cv.Unfocus()
	t.FocusPage()
	if had && cv.Focused() == nil {
		cv.Focus(t.strip) // the page has nothing to give it to
	}
}

// FocusPage gives the keyboard to the page that is shown: to what had it there the last time.
func (t *Tabs) FocusPage() {
	if cv := focus.CanvasOf(t); cv != nil && focus.Return(cv, t.had[t.at]) {
		return
	}
	if give := t.tabs[t.at].Focus; give != nil {
		give()
	}
}

// Step opens the page that many further; behind the last one comes the first. The keyboard stays with the titles if they have it.
func (t *Tabs) Step(by int) {
	n := len(t.tabs)
	to := ((t.at+by)%n + n) % n
	if t.strip.focused {
		t.SelectIndex(to)
		return
	}
	t.Open(to)
}

func (t *Tabs) Held() []fyne.CanvasObject { return []fyne.CanvasObject{t.strip, t.pages} }

func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	head := container.New(layout.NewCustomPaddedVBoxLayout(0), t.strip, widget.NewSeparator())
	// In this order, which is that of the Tab key.
	return widget.NewSimpleRenderer(container.New(layout.NewBorderLayout(head, nil, nil, nil), head, t.pages))
}

// In returns the tabs that are shown in an object, or nil.
func In(root fyne.CanvasObject) *Tabs {
	t, _ := focus.Find(root, func(o fyne.CanvasObject) bool { _, ok := o.(*Tabs); return ok }).(*Tabs)
	return t
}
