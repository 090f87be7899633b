package feedback

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/control"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// State is which face a Stage shows.
type State int

// The states of a place.
const (
	StateLoading State = iota
	StateEmpty
	StateError
	StateReady
)

// LoadState shows content once it is loaded, and until then that it is loading, that there is none, or why it failed.
type LoadState struct {
	state   State
	box     *fyne.Container
	message string
	drawn   theme.Drawn // the content
	focus   func()      // gives the keyboard to the content
	owed    bool        // it is to have the keyboard once it is there
}

// NewLoadState returns a LoadState that is loading.
func NewLoadState() *LoadState {
	s := &LoadState{box: container.NewStack(), drawn: theme.DrawnNow()}
	s.Loading()
	return s
}

// Content gives what to put into a window.
func (s *LoadState) Content() fyne.CanvasObject { return s.box }

// Focus gives the keyboard to the content by give, now or once it is there.
func (s *LoadState) Focus(give func()) {
	s.focus, s.owed = give, true
	s.pay()
}

func (s *LoadState) pay() {
	if s.owed && s.state == StateReady && s.focus != nil {
		s.owed = false
		s.focus()
	}
}

// State is what is shown.
func (s *LoadState) State() State { return s.state }

// Message is what the state says: the heading of the empty state, or the error.
func (s *LoadState) Message() string { return s.message }

// Loading says that the content is on its way.
func (s *LoadState) Loading() {
	l := widget.NewLabel(lang.L("Loading…"))
	l.Importance = widget.LowImportance
	s.set(StateLoading, l.Text, container.NewCenter(l))
}

// Empty says what to do first.
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

// Error says what happened; retry tries again.
func (s *LoadState) Error(err error, retry func()) {
	text := widget.NewLabelWithStyle(err.Error(), fyne.TextAlignCenter, fyne.TextStyle{})
	text.Wrapping, text.Importance = fyne.TextWrapWord, widget.DangerImportance
	again := control.NewButton(nil, lang.L("Try again"), retry)
	copied := control.NewButton(nil, lang.L("Copy details"), func() { fyne.CurrentApp().Clipboard().SetContent(err.Error()) })
	s.set(StateError, err.Error(), container.NewVBox(layout.NewSpacer(), container.New(narrow{}, text),
		container.NewHBox(layout.NewSpacer(), again, copied, layout.NewSpacer()), layout.NewSpacer()))
}

// Show shows the content itself.
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
		s.owed = true // what was there comes back
	}
	s.pay()
}

// narrow keeps running text to a width that reads well, in the middle.
type narrow struct{}

func (narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := min(size.Width, 560)
	for _, o := range objects {
		o.Resize(fyne.NewSize(w, o.MinSize().Height))
		o.Resize(fyne.NewSize(w, o.MinSize().Height)) // now that its width tells its height
		o.Move(fyne.NewPos((size.Width-w)/2, 0))
	}
}

func (narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, objects[0].MinSize().Height)
}
