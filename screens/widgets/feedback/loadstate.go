package feedback

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// State is what a LoadState shows.
type State int

const (
	StateLoading State = iota
	StateEmpty
	StateError
	StateReady
)

// LoadState shows content once it is loaded. Until then it says that the content is loading, that there is none, or why it failed.
type LoadState struct {
	state        State
	box          *fyne.Container
	message      string
	drawn        theme.Drawn // the content
	focus        func()      // gives the focus to the content
	focusPending bool        // focus is to be called once the content is shown
}

func NewLoadState() *LoadState {
	s := &LoadState{box: container.NewStack(), drawn: theme.DrawnNow()}
	s.Loading()
	return s
}

func (s *LoadState) Content() fyne.CanvasObject { return s.box }

// Focus calls give, which gives the focus to the content, now or once the content is shown.
func (s *LoadState) Focus(give func()) {
	s.focus, s.focusPending = give, true
	s.giveFocus()
}

func (s *LoadState) giveFocus() {
	if s.focusPending && s.state == StateReady && s.focus != nil {
		s.focusPending = false
		s.focus()
	}
}

func (s *LoadState) State() State { return s.state }

// Message returns the heading of the empty state, or the error.
func (s *LoadState) Message() string { return s.message }

func (s *LoadState) Loading() {
	l := widget.NewLabel(lang.L("Loading…"))
	l.Importance = widget.LowImportance
	s.set(StateLoading, l.Text, container.NewCenter(l))
}

// Empty shows a heading, a text and actions that say what to do first.
func (s *LoadState) Empty(title, text string, actions ...fyne.CanvasObject) {
	head := widget.NewLabelWithStyle(title, fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	head.SizeName = fynetheme.SizeNameSubHeadingText
	body := widget.NewLabelWithStyle(text, fyne.TextAlignCenter, fyne.TextStyle{})
	body.Importance, body.Wrapping = widget.LowImportance, fyne.TextWrapWord
	row := container.NewHBox(layout.NewSpacer())
	for _, a := range actions {
		row.Add(a)
	}
	row.Add(layout.NewSpacer())
	s.set(StateEmpty, title, container.NewVBox(layout.NewSpacer(), head, container.New(narrow{}, body), row, layout.NewSpacer()))
}

// Error shows err with a button that calls retry.
func (s *LoadState) Error(err error, retry func()) {
	text := widget.NewLabelWithStyle(err.Error(), fyne.TextAlignCenter, fyne.TextStyle{})
	text.Wrapping, text.Importance = fyne.TextWrapWord, widget.DangerImportance
	again := control.NewButton(nil, lang.L("Try again"), retry)
	copied := control.NewButton(nil, lang.L("Copy details"), func() { fyne.CurrentApp().Clipboard().SetContent(err.Error()) })
	s.set(StateError, err.Error(), container.NewVBox(layout.NewSpacer(), container.New(narrow{}, text),
		container.NewHBox(layout.NewSpacer(), again, copied, layout.NewSpacer()), layout.NewSpacer()))
}

func (s *LoadState) Show(content fyne.CanvasObject) {
	if s.state == StateReady && len(s.box.Objects) == 1 && s.box.Objects[0] == content {
		return
	}
	s.set(StateReady, "", content)
	s.drawn.Shown()
}

func (s *LoadState) set(state State, message string, content fyne.CanvasObject) {
	s.state, s.message = state, message
	if focus.Swap(s.box, content) {
		s.focusPending = true // until the content is shown again
	}
	s.giveFocus()
}

// narrow centres text and limits it to a readable width.
type narrow struct{}

func (narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := min(size.Width, 560)
	for _, o := range objects {
		o.Resize(fyne.NewSize(w, o.MinSize().Height))
		o.Resize(fyne.NewSize(w, o.MinSize().Height)) // wrapped text knows its height only at its final width
		o.Move(fyne.NewPos((size.Width-w)/2, 0))
	}
}

func (narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, objects[0].MinSize().Height)
}
