package feedback

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

func TestUndoBar(t *testing.T) {
	uitest.New(t)
	b := NewUndoBar()
	var log []string
	note := func(s string) func() { return func() { log = append(log, s) } }
	b.Show("one", note("undo 1"), note("final 1"))
	b.Show("two", note("undo 2"), note("final 2"))
	b.Undo()
	b.Undo()
	b.Show("three", note("undo 3"), note("final 3"))
	b.Flush()
	b.Flush()
	if got := strings.Join(log, ", "); got != "final 1, undo 2, final 3" || b.Visible() {
		t.Errorf("%s; visible %v", got, b.Visible())
	}
}

func TestLoadStates(t *testing.T) {
	a := uitest.New(t)
	s := NewLoadState()
	w := a.Show(s.Content(), fyne.NewSize(500, 300))
	if s.State() != StateLoading {
		t.Error("the first state is not loading")
	}
	retried := false
	s.Error(errors.New("no disk"), func() { retried = true })
	for _, o := range test.LaidOutObjects(w.Content()) {
		if b, ok := o.(*control.Button); ok && b.Text == "Try again" {
			test.Tap(b)
		}
	}
	if !retried || s.Message() != "no disk" {
		t.Errorf("retried %v, message %q", retried, s.Message())
	}
}

func TestAPageTakesTheFocusOnceItsContentIsLoaded(t *testing.T) {
	a := uitest.New(t)
	s := NewLoadState()
	e, beside := control.NewEntry(nil), control.NewEntry(nil)
	w := a.Show(container.NewBorder(beside, nil, nil, nil, s.Content()), fyne.NewSize(300, 200))
	page := container.NewPadded(e)
	take := func() {
		if w.Canvas().Focused() == nil {
			w.Canvas().Focus(e)
		}
	}
	s.Focus(take)
	if w.Canvas().Focused() != nil {
		t.Fatal("something has the focus while the page loads")
	}
	s.Show(page)
	if w.Canvas().Focused() != e {
		t.Error("the content did not get the focus")
	}
	s.Loading()
	if w.Canvas().Focused() != nil {
		t.Error("hidden content keeps the focus")
	}
	s.Show(page)
	if w.Canvas().Focused() != e {
		t.Error("content that is shown again does not get the focus back")
	}
	s.Loading()
	w.Canvas().Focus(beside)
	s.Show(page)
	if w.Canvas().Focused() != beside {
		t.Error("the focus was taken from where the person had moved it meanwhile")
	}
}
