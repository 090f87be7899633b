package tabs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Tab is one page of Tabs.
type Tab struct {
	Title   string
	Content fyne.CanvasObject
	Focus   func() // gives the focus to the page's main control; nil: it has none
}

// Tabs shows one of its pages, under their titles. The titles are a single stop of the Tab key; the arrow keys move between them.
// Fyne's own tabs can't be reached by keyboard.
type Tabs struct {
	widget.BaseWidget
	OnSelected func(i int)

	tabs    []Tab
	drawn   []theme.Drawn // the pages
	current int
	focused map[int]fyne.Focusable // by page: what had the focus when the page was left
	strip   *tabStrip
	pages   *fyne.Container
}

var _ focus.Parent = (*Tabs)(nil)

// New returns tabs that show the first page.
func New(keys *control.Keys, tabs ...Tab) *Tabs {
	t := &Tabs{pages: container.NewStack(), focused: map[int]fyne.Focusable{}}
	t.strip = newTabStrip(t, keys)
	t.ExtendBaseWidget(t)
	for _, tab := range tabs {
		t.Append(tab)
	}
	return t
}

// Append adds a page after the others.
func (t *Tabs) Append(tab Tab) {
	if len(t.tabs) != t.current {
		tab.Content.Hide()
	}
	t.tabs = append(t.tabs, tab)
	t.drawn = append(t.drawn, theme.DrawnNow())
	t.pages.Add(tab.Content)
	t.strip.Refresh()
}

func (t *Tabs) SelectedIndex() int { return t.current }

// SelectIndex shows a page, and takes the focus from the previous one.
func (t *Tabs) SelectIndex(i int) {
	if i == t.current || i < 0 || i >= len(t.tabs) {
		return
	}
	t.tabs[t.current].Content.Hide()
	t.tabs[i].Content.Show()
	t.pages.Refresh()
	t.drawn[i].Shown()
	if cv := focus.CanvasOf(t); cv != nil {
		last := cv.Focused()
		delete(t.focused, t.current)
		if focus.Release(cv) {
			t.focused[t.current] = last
		}
	}
	t.current = i
	t.strip.Refresh()
	if t.OnSelected != nil {
		t.OnSelected(i)
	}
}

// Open shows a page and gives it the focus, as when a person chooses the page.
func (t *Tabs) Open(i int) {
	t.SelectIndex(i)
	cv, onStrip := focus.CanvasOf(t), t.strip.focused
	if cv == nil {
		return
	}
	cv.Unfocus()
	t.FocusPage()
	if onStrip && cv.Focused() == nil {
		cv.Focus(t.strip) // the page has nothing to focus
	}
}

// FocusPage gives the focus to the page that is shown: to what last had it there, or to its main control.
func (t *Tabs) FocusPage() {
	if cv := focus.CanvasOf(t); cv != nil && focus.Return(cv, t.focused[t.current]) {
		return
	}
	if give := t.tabs[t.current].Focus; give != nil {
		give()
	}
}

// Step opens the page that many places further on, wrapping around. If the titles have the focus they keep it.
func (t *Tabs) Step(by int) {
	n := len(t.tabs)
	to := ((t.current+by)%n + n) % n
	if t.strip.focused {
		t.SelectIndex(to)
		return
	}
	t.Open(to)
}

func (t *Tabs) Children() []fyne.CanvasObject { return []fyne.CanvasObject{t.strip, t.pages} }

func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	head := container.New(layout.NewCustomPaddedVBoxLayout(0), t.strip, widget.NewSeparator())
	// The order here is that of the Tab key.
	return widget.NewSimpleRenderer(container.New(layout.NewBorderLayout(head, nil, nil, nil), head, t.pages))
}

// In returns the tabs shown in root, or nil.
func In(root fyne.CanvasObject) *Tabs {
	t, _ := focus.Find(root, func(o fyne.CanvasObject) bool { _, ok := o.(*Tabs); return ok }).(*Tabs)
	return t
}
