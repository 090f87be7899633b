package codeedit

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
	"github.com/stepdeck/stepdeck/screens/widgets/syntax"
)

type fixture struct {
	*Editor
	t     testing.TB
	app   *uitest.App
	win   fyne.Window
	now   time.Time
	calls int // of OnChanged
}

func open(t testing.TB, text string) *fixture {
	t.Helper()
	a := uitest.New(t)
	a.Settings().SetTheme(theme.New(theme.Light))
	fonts, err := monogrid.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	fonts.FindSystem = nil
	f := &fixture{Editor: New(fonts), t: t, app: a, now: time.Unix(1000, 0)}
	f.Now = func() time.Time { return f.now }
	f.sel.Clicks.Now = f.Now
	f.win = a.Show(f.Editor, fyne.NewSize(600, 300))
	f.SetLexer(syntax.Bash())
	f.SetText(text)
	f.OnChanged = func() { f.calls++ }
	return f
}

// at sets the text, with the caret where the bar is in marked, and the start of the selection where there is a caret sign: "a^b|c"
// selects b.
func (f *fixture) at(marked string) {
	f.t.Helper()
	head := strings.IndexByte(marked, '|')
	anchor := strings.IndexByte(marked, '^')
	text := strings.NewReplacer("|", "", "^", "").Replace(marked)
	f.SetText(text)
	if anchor < 0 {
		f.sel.Clear(textPosOf(text, head))
		return
	}
	if anchor < head {
		head--
	} else {
		anchor--
	}
	f.sel.Anchor, f.sel.Head = textPosOf(text, anchor), textPosOf(text, head)
}

func textPosOf(text string, offset int) textPos {
	before := text[:offset]
	return textPos{Row: strings.Count(before, "\n"), Col: offset - strings.LastIndexByte(before, '\n') - 1}
}

// marked returns the text with caret and selection, in the notation of at.
func (f *fixture) marked() string {
	lines := append([]string(nil), f.buf.lines...)
	put := func(p textPos, mark string) { lines[p.Row] = lines[p.Row][:p.Col] + mark + lines[p.Row][p.Col:] }
	a, h := f.sel.Anchor, f.sel.Head
	switch {
	case a == h:
		put(h, "|")
	case a.Before(h):
		put(h, "|")
		put(a, "^")
	default:
		put(a, "^")
		put(h, "|")
	}
	return strings.Join(lines, "\n")
}

func (f *fixture) key(names ...fyne.KeyName) {
	for _, n := range names {
		f.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func (f *fixture) shifted(names ...fyne.KeyName) {
	f.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	f.key(names...)
	f.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

func (f *fixture) ctrl(key fyne.KeyName, more fyne.KeyModifier) {
	f.TypedShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierControl | more})
}

const shift = fyne.KeyModifierShift

func TestKeys(t *testing.T) {
	f := open(t, "")
	for _, c := range []struct {
		name, from, want string
		do               func()
	}{
		{"typing", "a|c", "ab|c", func() { test.Type(f, "b") }},
		{"typing over a selection", "a^bc|d", "ax|d", func() { test.Type(f, "x") }},
		{"Return keeps the indentation", "    a|b", "    a\n    |b", func() { f.key(fyne.KeyReturn) }},
		{"Return behind an opener", "if x; then|", "if x; then\n    |", func() { f.key(fyne.KeyReturn) }},
		{"Return between brackets", "f() {|}", "f() {\n    |\n}", func() { f.key(fyne.KeyReturn) }},
		{"Return before the indentation", "|    a", "\n|    a", func() { f.key(fyne.KeyReturn) }},
		{"a closing bracket reduces the indentation", "f() {\n    |", "f() {\n}|", func() { test.Type(f, "}") }},
		{"a closing bracket after text keeps the indentation", "f() { a|", "f() { a}|", func() { test.Type(f, "}") }},
		{"Backspace", "ab|c", "a|c", func() { f.key(fyne.KeyBackspace) }},
		{"Backspace over a character of several runes", "ae\u0301|", "a|", func() { f.key(fyne.KeyBackspace) }},
		{"Backspace joins lines", "a\n|b", "a|b", func() { f.key(fyne.KeyBackspace) }},
		{"Backspace in the indentation", "        |a", "    |a", func() { f.key(fyne.KeyBackspace) }},
		{"Backspace at the start", "|a", "|a", func() { f.key(fyne.KeyBackspace) }},
		{"Backspace on a selection", "a^b\nc|d", "a|d", func() { f.key(fyne.KeyBackspace) }},
		{"Delete", "a|bc", "a|c", func() { f.key(fyne.KeyDelete) }},
		{"Delete joins lines", "a|\nb", "a|b", func() { f.key(fyne.KeyDelete) }},
		{"Delete at the end", "a|", "a|", func() { f.key(fyne.KeyDelete) }},
		{"Tab to the next stop", "a|b", "a   |b", func() { f.key(fyne.KeyTab) }},
		{"Tab indents lines", "a^\n\nb|", "    a^\n\n    b|", func() { f.key(fyne.KeyTab) }},
		{"Tab leaves a line that is only touched", "^a\n|b", "^    a\n|b", func() { f.key(fyne.KeyTab) }},
		{"Shift Tab takes a step back", "        a|b", "    a|b", func() { f.shifted(fyne.KeyTab) }},
		{"Shift Tab over lines", "    ^a\n   b\n\tc|", "^a\nb\nc|", func() { f.shifted(fyne.KeyTab) }},
		{"Left and right by characters", "日|本", "|日本", func() { f.key(fyne.KeyLeft, fyne.KeyLeft, fyne.KeyRight, fyne.KeyLeft) }},
		{"Left over a line end", "a\n|b", "a|\nb", func() { f.key(fyne.KeyLeft) }},
		{"Right over a line end", "a|\nb", "a\n|b", func() { f.key(fyne.KeyRight) }},
		{"Left drops a selection to its start", "a^bc|d", "a|bcd", func() { f.key(fyne.KeyLeft) }},
		{"Right drops a selection to its end", "a|bc^d", "abc|d", func() { f.key(fyne.KeyRight) }},
		{"Down keeps the column over a short line", "abcd|e\nf\nghijk", "abcde\nf\nghij|k", func() { f.key(fyne.KeyDown, fyne.KeyDown) }},
		{"Up on the first line", "ab|c", "|abc", func() { f.key(fyne.KeyUp) }},
		{"Down on the last line", "a|bc", "abc|", func() { f.key(fyne.KeyDown) }},
		{"Down by cells, not by bytes", "日本|x\nabcdef", "日本x\nabcd|ef", func() { f.key(fyne.KeyDown) }},
		{"Home goes to the text, then to the margin", "  ab|c", "|  abc", func() { f.key(fyne.KeyHome, fyne.KeyHome) }},
		{"End", "a|bc\nd", "abc|\nd", func() { f.key(fyne.KeyEnd) }},
		{"Shift selects", "a|bcd", "a^bc|d", func() { f.shifted(fyne.KeyRight, fyne.KeyRight) }},
		{"Shift Down selects lines", "a|b\ncd", "a^b\nc|d", func() { f.shifted(fyne.KeyDown) }},
		{"Page down", strings.Repeat("x\n", 5) + "|y\nz", strings.Repeat("x\n", 5) + "y\nz|", func() { f.key(fyne.KeyPageDown) }},
		{"word right", "ab| cd-e", "ab cd|-e", func() { f.ctrl(fyne.KeyRight, 0); f.ctrl(fyne.KeyRight, 0) }},
		{"word left", "ab cd|", "ab |cd", func() { f.ctrl(fyne.KeyLeft, 0) }},
		{"select a word", "ab |cd", "ab ^cd|", func() { f.ctrl(fyne.KeyRight, shift) }},
		{"delete a word left", "ab cd|", "ab |", func() { f.ctrl(fyne.KeyBackspace, 0) }},
		{"delete a word right", "|ab cd", "|cd", func() { f.ctrl(fyne.KeyDelete, 0) }},
		{"document's start", "a\nb|", "|a\nb", func() { f.ctrl(fyne.KeyHome, 0) }},
		{"select to the document's end", "a|\nb", "a^\nb|", func() { f.ctrl(fyne.KeyEnd, shift) }},
		{"comment several lines", "^a\n  b|", "^# a\n#   b|", func() { f.ctrl(fyne.KeySlash, 0) }},
		{"comment lines", "a|", "# a|", func() { f.ctrl(fyne.KeySlash, 0) }},
		{"comment and uncomment", "  a|\n", "  a|\n", func() { f.ctrl(fyne.KeySlash, 0); f.ctrl(fyne.KeySlash, 0) }},
		{"select all", "a|\nb", "^a\nb|", func() { f.TypedShortcut(&fyne.ShortcutSelectAll{}) }},
		{"Escape drops the selection", "a^b|", "ab|", func() { f.key(fyne.KeyEscape) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.at(c.from)
			c.do()
			if got := f.marked(); got != c.want {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestIndentationFollowsTheText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no indented line", "a\nb", "    "},
		{"tabs", "a\n\tb\n\tc\n  d", "\t"},
		{"two", "a\n  b\n    c", "  "},
		{"four", "a\n    b\n        c", "    "},
	} {
		if got := indentOf(strings.Split(c.text, "\n")); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	f := open(t, "\ta\n")
	f.sel.Clear(f.buf.last())
	f.key(fyne.KeyTab)
	if f.Text() != "\ta\n\t" {
		t.Errorf("%q", f.Text())
	}
}

func TestUndo(t *testing.T) {
	f := open(t, "one\ntwo")
	test.Type(f, "abc")
	f.now = f.now.Add(2 * time.Second)
	test.Type(f, "de")
	f.key(fyne.KeyReturn)
	f.TypedShortcut(&fyne.ShortcutSelectAll{})
	f.key(fyne.KeyTab)
	texts := []string{f.Text()}
	for range 5 {
		f.TypedShortcut(&fyne.ShortcutUndo{})
		texts = append(texts, f.Text())
	}
	want := []string{"    abcde\n    one\n    two", "abcde\none\ntwo", "abcdeone\ntwo", "abcone\ntwo", "one\ntwo", "one\ntwo"}
	if !reflect.DeepEqual(texts, want) {
		t.Errorf("undone to %q", texts)
	}
	for i := len(want) - 3; i >= 0; i-- {
		if i%2 == 0 {
			f.TypedShortcut(&fyne.ShortcutRedo{})
		} else {
			f.ctrl(fyne.KeyZ, shift)
		}
		if f.Text() != want[i] {
			t.Errorf("redone to %q, want %q", f.Text(), want[i])
		}
	}
	f.Undo()
	if f.marked() != "^abcde\none\ntwo|" {
		t.Errorf("the selection is not restored: %q", f.marked())
	}
	test.Type(f, "x")
	f.Redo()
	if f.Text() != "x" {
		t.Errorf("after an edit there is still something to redo: %q", f.Text())
	}
}

func TestARunOfDeletionsIsOneStep(t *testing.T) {
	f := open(t, "")
	f.at("abcd|")
	f.key(fyne.KeyBackspace, fyne.KeyBackspace, fyne.KeyBackspace)
	f.Undo()
	if f.marked() != "abcd|" {
		t.Errorf("%q", f.marked())
	}
	f.Redo()
	if f.marked() != "a|" {
		t.Errorf("%q", f.marked())
	}
}

func TestHistoryIsBounded(t *testing.T) {
	var h history
	for range keptSteps + 50 {
		h.record(step{changes: []change{{new: "x"}}})
	}
	if len(h.undo) != keptSteps || h.size != keptSteps {
		t.Errorf("%d steps, %d bytes", len(h.undo), h.size)
	}
	h.record(step{changes: []change{{new: strings.Repeat("x", keptText)}}})
	if len(h.undo) != 1 {
		t.Errorf("%d steps are kept beside a huge one", len(h.undo))
	}
}

func TestClipboard(t *testing.T) {
	f := open(t, "")
	f.at("a^bc|d")
	f.TypedShortcut(&fyne.ShortcutCopy{})
	if got := f.app.Clipboard().Content(); got != "bc" {
		t.Errorf("copied %q", got)
	}
	f.TypedShortcut(&fyne.ShortcutCut{})
	if f.marked() != "a|d" {
		t.Errorf("cut: %q", f.marked())
	}
	f.app.Clipboard().SetContent("1\r\n2\r3")
	f.TypedShortcut(&fyne.ShortcutPaste{})
	if f.marked() != "a1\n2\n3|d" {
		t.Errorf("pasted: %q", f.marked())
	}
	f.app.Clipboard().SetContent("kept")
	f.TypedShortcut(&fyne.ShortcutCopy{})
	if f.app.Clipboard().Content() != "kept" {
		t.Error("copying nothing empties the clipboard")
	}
}

func TestLineEndsArePreserved(t *testing.T) {
	f := open(t, "")
	for name, text := range map[string]string{
		"plain": "a\nb\n", "Windows": "a\r\nb\r\n", "both": "a\r\nb\n", "a lone return": "a\rb\r\nc", "none": "a", "a return at the end": "a\r",
		"nothing": "", "invalid bytes": "a\xff\x00\nb", "a byte order mark": "\ufeffa\nb",
	} {
		f.SetText(text)
		if got := f.Text(); got != text {
			t.Errorf("%s: %q became %q", name, text, got)
		}
	}
	f.SetText("a\r\nb\r\n")
	f.sel.Clear(textPos{Row: 0, Col: 1})
	f.key(fyne.KeyReturn)
	if got := f.Text(); got != "a\r\n\r\nb\r\n" {
		t.Errorf("a new line in a Windows text: %q", got)
	}
}

func TestReadOnly(t *testing.T) {
	f := open(t, "")
	f.at("a^bc|d")
	f.SetReadOnly(true)
	test.Type(f, "x}")
	f.key(fyne.KeyReturn, fyne.KeyTab, fyne.KeyBackspace, fyne.KeyDelete)
	f.TypedShortcut(&fyne.ShortcutPaste{})
	f.TypedShortcut(&fyne.ShortcutUndo{})
	f.TypedShortcut(&fyne.ShortcutCut{})
	if f.Text() != "abcd" || f.calls != 0 {
		t.Errorf("%q, %d calls of OnChanged", f.Text(), f.calls)
	}
	if f.app.Clipboard().Content() != "bc" {
		t.Error("nothing was copied")
	}
	if f.AcceptsTab() {
		t.Error("Tab does not leave a read-only editor")
	}
}

func TestEscapeThenTabLeaves(t *testing.T) {
	f := open(t, "a")
	field := widget.NewEntry()
	f.win.SetContent(container.NewVBox(f.Editor, field))
	c := f.win.Canvas()
	c.Focus(f.Editor)
	if !f.AcceptsTab() {
		t.Error("Tab does not indent")
	}
	f.key(fyne.KeyEscape)
	if f.AcceptsTab() {
		t.Error("Tab does not leave after Escape")
	}
	test.Type(f, "b")
	if !f.AcceptsTab() {
		t.Error("Tab leaves although something was typed after Escape")
	}
	f.key(fyne.KeyEscape)
	test.FocusNext(c)
	if c.Focused() != field || f.Focused() {
		t.Error("the focus did not move on")
	}
	c.Focus(f.Editor)
	if !f.AcceptsTab() {
		t.Error("Tab does not indent when the editor has the focus again")
	}
}

func TestMouse(t *testing.T) {
	f := open(t, "")
	c := f.grid.Cell()
	f.SetText("first line\nsecond line\n日本 last")
	at := func(cell float32, row int) fyne.Position {
		return fyne.NewPos(float32(digits(3)+3)*c.Width+1+cell*c.Width, float32(row)*c.Height+8)
	}
	press := func(cell float32, row int, mod fyne.KeyModifier) {
		f.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(cell, row)}, Button: desktop.MouseButtonPrimary, Modifier: mod})
		f.MouseUp(nil)
	}
	drag := func(cell float32, row int) {
		f.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(cell, row)}})
		f.DragEnd()
	}
	for _, s := range []struct {
		name, want string
		do         func()
	}{
		{"click", "first line\nsec|ond line\n日本 last", func() { press(3, 1, 0) }},
		{"click after the end", "first line|\nsecond line\n日本 last", func() { press(40, 0, 0) }},
		{"drag", "fir^st line\nsec|ond line\n日本 last", func() { press(3, 0, 0); drag(3, 1) }},
		{"shift click", "fi^rst| line\nsecond line\n日本 last", func() { press(2, 0, 0); f.now = f.now.Add(time.Second); press(5, 0, shift) }},
		{"double click", "first line\n^second| line\n日本 last", func() { press(3, 1, 0); press(3, 1, 0) }},
		{"triple click", "first line\n^second line\n|日本 last", func() { press(3, 1, 0); press(3, 1, 0); press(3, 1, 0) }},
		{"line number", "^first line\n|second line\n日本 last", func() { press(-3, 0, 0) }},
		{"wide characters", "first line\nsecond line\n日|本 last", func() { press(2.2, 2, 0) }},
	} {
		t.Run(s.name, func(t *testing.T) {
			f.now = f.now.Add(time.Minute)
			s.do()
			if got := f.marked(); got != s.want {
				t.Errorf("\n got %q\nwant %q", got, s.want)
			}
		})
	}
	if f.win.Canvas().Focused() != f.Editor {
		t.Error("a click does not give the focus")
	}
	f.SetText("")
	f.Placeholder = "a longer placeholder"
	press(10, 0, 0)
	test.Type(f, "x")
	if f.Text() != "x" {
		t.Errorf("typed into the placeholder: %q", f.Text())
	}
}

func TestFind(t *testing.T) {
	f := open(t, "aws s3\nAWS\nlaws")
	var states []FindState
	f.OnFind = func(s FindState) { states = append(states, s) }
	f.sel.Clear(textPos{Row: 1})
	f.Find(find.Query{Text: "aws"})
	if s := f.FindState(); s.Total != 3 || s.Current != 2 || f.marked() != "aws s3\n^AWS|\nlaws" {
		t.Errorf("%+v %q", s, f.marked())
	}
	f.FindNext()
	f.FindNext()
	if f.marked() != "^aws| s3\nAWS\nlaws" {
		t.Errorf("next wraps to %q", f.marked())
	}
	f.FindPrevious()
	if f.marked() != "aws s3\nAWS\nl^aws|" {
		t.Errorf("previous wraps to %q", f.marked())
	}
	test.Type(f, "x")
	if s := f.FindState(); s.Total != 2 {
		t.Errorf("after typing over a match: %+v", s)
	}
	if len(states) < 4 {
		t.Errorf("%d states were reported", len(states))
	}
	f.Find(find.Query{Text: "(", Regexp: true})
	if f.FindState().Err == nil {
		t.Error("an invalid expression is not reported")
	}
	f.FindNext()
	f.FindPrevious()
	f.Find(find.Query{})
	if f.FindState() != (FindState{}) {
		t.Error("the search does not end")
	}
}

func TestColoursFollowEdits(t *testing.T) {
	f := open(t, "echo a\necho b\necho c")
	f.win.Canvas().Capture()
	kind := func(row int) any {
		if s := (*rows)(f.Editor).Row(row).Spans; len(s) > 0 {
			return s[0].FG
		}
		return nil
	}
	p := theme.LightPalette().Syntax
	if kind(2) != p.Command {
		t.Fatalf("row 2 is %v", kind(2))
	}
	f.sel.Clear(textPos{Row: 0, Col: 5})
	test.Type(f, "'") // opens a string that spans all following lines
	if kind(2) != p.String {
		t.Errorf("row 2 is %v after an open quote", kind(2))
	}
	f.Undo()
	if kind(2) != p.Command {
		t.Errorf("row 2 is %v after the quote was deleted", kind(2))
	}
	f.sel.Clear(textPos{Row: 1})
	f.insert("cat <<X\nx\nX\n")
	if kind(2) != p.String || kind(5) != p.Command {
		t.Errorf("rows after inserted lines: %v, %v", kind(2), kind(5))
	}
	f.SetText("#{Name} x")
	if r := (*rows)(f.Editor).Row(0); kind(0) != p.Expression || len(r.Marks) != 1 || r.Marks[0].BG != p.ExpressionBackground {
		t.Errorf("expression: %+v", r)
	}
}

func TestMarkers(t *testing.T) {
	f := open(t, "one\n  two\nthree")
	p := theme.LightPalette()
	f.SetMarkers([]Marker{
		{Line: 1, From: 1, To: 2, Severity: Warning},
		{Line: 2, Severity: Warning}, {Line: 2, From: 2, To: 99, Severity: Error, Message: "bad"},
		{Line: 77, Severity: Error},
	})
	row := func(i int) monogrid.Row { return (*rows)(f.Editor).Row(i) }
	if r := row(0); r.Sign != p.Warning || len(r.Marks) != 1 || r.Marks[0].From != 1 || r.Marks[0].To != 2 || r.Marks[0].Wave != p.Warning {
		t.Errorf("row 1: %+v", r)
	}
	if r := row(1); r.Sign != p.Error || len(r.Marks) != 2 || r.Marks[0].From != 2 || r.Marks[1].To != 5 {
		t.Errorf("row 2: %+v", r)
	}
	if r := row(2); r.Sign != nil {
		t.Errorf("row 3: %+v", r)
	}
	if m := f.markers[1]; len(m) != 2 || m[1].Message != "bad" {
		t.Errorf("markers of row 2: %+v", m)
	}
	f.SetMarkers(nil)
	if row(0).Sign != nil {
		t.Error("the markers are still there")
	}
}

func TestCallbacksAndCaret(t *testing.T) {
	f := open(t, "日本\nb")
	line, col := 0, 0
	f.OnCaret = func(l, c int) { line, col = l, c }
	f.goTo(1, 3)
	if line != 1 || col != 3 || f.sel.Head.Col != 6 {
		t.Errorf("at %d:%d, byte %d", line, col, f.sel.Head.Col)
	}
	f.goTo(99, 99)
	if line != 2 || col != 2 {
		t.Errorf("beyond the end: %d:%d", line, col)
	}
	test.Type(f, "xy")
	if f.calls != 2 || col != 4 {
		t.Errorf("%d changes, column %d", f.calls, col)
	}
	f.SetText("new")
	if f.calls != 2 {
		t.Error("SetText calls OnChanged")
	}
	f.Undo()
	if f.Text() != "new" {
		t.Error("SetText can be undone")
	}
	var steps []int
	f.OnZoom = func(s int) { steps = append(steps, s) }
	for _, k := range []fyne.KeyName{fyne.KeyPlus, fyne.KeyMinus, fyne.Key0} {
		f.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault})
	}
	if !reflect.DeepEqual(steps, []int{1, -1, 0}) {
		t.Errorf("zoom steps %v", steps)
	}
	passed := false
	other := &desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierControl}
	f.win.Canvas().AddShortcut(other, func(fyne.Shortcut) { passed = true })
	f.TypedShortcut(other)
	if !passed {
		t.Error("a shortcut of the window was swallowed")
	}
}

func TestTheCaretStaysInView(t *testing.T) {
	f := open(t, strings.Repeat(strings.Repeat("wide ", 60)+"\n", 500))
	f.ctrl(fyne.KeyEnd, 0)
	f.key(fyne.KeyUp, fyne.KeyEnd)
	first, end := f.grid.Visible()
	if h := f.sel.Head; h.Row < first || h.Row >= end || f.grid.Left == 0 {
		t.Errorf("caret %v, rows %d to %d, left %d", h, first, end, f.grid.Left)
	}
	test.Scroll(f.win.Canvas(), fyne.NewPos(100, 100), 0, 100000)
	if f.grid.Top != 0 {
		t.Error("the wheel does not scroll")
	}
	f.SetTextSize(24)
	if first, end := f.grid.Visible(); f.sel.Head.Row < first || f.sel.Head.Row >= end {
		t.Error("the caret is out of view after a change of the text size")
	}
}
