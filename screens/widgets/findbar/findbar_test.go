package findbar

import (
	"errors"
	"reflect"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
)

func open(t *testing.T) (*Bar, *uitest.App, fyne.Window) {
	a := uitest.New(t)
	a.Settings().SetTheme(theme.New(theme.Light))
	b := New(Words{
		Placeholder: "Find", None: "no matches", Of: func(current, total string) string { return current + " of " + total },
		Case: "Aa", Regexp: ".*", Invalid: "not a valid expression",
	})
	return b, a, a.Show(b.Content(), fyne.NewSize(520, 40))
}

func TestTypingAndOptionsChangeTheQuery(t *testing.T) {
	b, _, _ := open(t)
	var queries []find.Query
	b.OnQuery = func(q find.Query) { queries = append(queries, q) }
	test.Type(b.entry, "ab")
	test.Tap(b.matchCase)
	test.Tap(b.expr)
	test.Tap(b.matchCase)
	want := []find.Query{
		{Text: "a"}, {Text: "ab"}, {Text: "ab", Case: true}, {Text: "ab", Case: true, Regexp: true}, {Text: "ab", Regexp: true},
	}
	if !reflect.DeepEqual(queries, want) {
		t.Errorf("queries %+v", queries)
	}
	if b.Query() != want[4] {
		t.Errorf("query %+v", b.Query())
	}
}

func TestKeysAndButtonsStep(t *testing.T) {
	b, _, w := open(t)
	var did []string
	b.OnNext = func() { did = append(did, "next") }
	b.OnPrevious = func() { did = append(did, "previous") }
	b.OnClose = func() { did = append(did, "close") }
	b.SetText("x")
	b.Focus(w.Canvas())
	if w.Canvas().Focused() != b.entry || b.entry.SelectedText() != "x" {
		t.Error("Focus does not select the field's text")
	}
	b.Show(State{Query: b.Query(), Total: 2})
	key := func(n fyne.KeyName) { b.entry.TypedKey(&fyne.KeyEvent{Name: n}) }
	key(fyne.KeyReturn)
	b.entry.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	key(fyne.KeyReturn)
	b.entry.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	test.Tap(b.next)
	test.Tap(b.previous)
	key(fyne.KeyEscape)
	if want := []string{"next", "previous", "next", "previous", "close"}; !reflect.DeepEqual(did, want) {
		t.Errorf("did %v", did)
	}
}

func TestCount(t *testing.T) {
	b, _, _ := open(t)
	q := find.Query{Text: "x"}
	for _, c := range []struct {
		name  string
		state State
		want  string
		steps bool
	}{
		{"empty", State{}, "", false},
		{"none", State{Query: q}, "no matches", false},
		{"none yet", State{Query: q, Running: true}, "– of 0…", false},
		{"some", State{Query: q, Current: 3, Total: 17}, "3 of 17", true},
		{"many, and more to come", State{Query: q, Current: 1204, Total: 1234567, Running: true}, "1\u202f204 of 1\u202f234\u202f567…", true},
		{"broken", State{Query: q, Err: errors.New("missing )")}, "not a valid expression", false},
	} {
		b.Show(c.state)
		if b.count.Text != c.want || b.next.Disabled() == c.steps || b.previous.Disabled() == c.steps {
			t.Errorf("%s: %q, next disabled: %v", c.name, b.count.Text, b.next.Disabled())
		}
	}
}

func TestPicture(t *testing.T) {
	b, _, w := open(t)
	b.SetText("AccessDenied")
	test.Tap(b.matchCase)
	b.Show(State{Query: b.Query(), Current: 3, Total: 1204})
	test.AssertRendersToImage(t, "findbar.png", w.Canvas())
}
