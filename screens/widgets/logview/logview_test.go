package logview

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

var begin = time.Date(2026, 11, 23, 12, 0, 1, 123e6, time.UTC)

// store is a log in memory.
type store struct {
	mu    sync.Mutex
	lines []Line
	err   error
	pages int           // number of calls of Page
	hold  chan struct{} // if set, Page waits for it
	early bool          // Page reads the lines before it waits
	deaf  bool          // Page goes on waiting when it is cancelled
}

func (s *store) Len() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.lines) }

func (s *store) Page(ctx context.Context, from, count int) ([]Line, error) {
	s.mu.Lock()
	s.pages++
	hold, early, deaf := s.hold, s.early, s.deaf
	got := append([]Line(nil), s.lines[from:min(len(s.lines), from+count)]...)
	s.mu.Unlock()
	if hold != nil {
		stop := ctx.Done()
		if deaf {
			stop = nil
		}
		select {
		case <-hold:
		case <-stop:
			return nil, ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	if early {
		return got, nil
	}
	return append([]Line(nil), s.lines[from:min(len(s.lines), from+count)]...), nil
}

func (s *store) add(text ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range text {
		n := len(s.lines)
		at := begin.Add(time.Duration(n) * 217 * time.Millisecond)
		s.lines = append(s.lines, Line{N: n + 1, Time: at, Stream: Stdout, Level: Info, Text: t})
	}
}

func (s *store) set(f func()) { s.mu.Lock(); defer s.mu.Unlock(); f() }

func numbered(n int) *store {
	s := &store{}
	for i := range n {
		s.add(fmt.Sprintf("line %d", i))
	}
	return s
}

// endless is a log of any length that uses no memory.
type endless int

func (e endless) Len() int { return int(e) }
func (e endless) Page(_ context.Context, from, count int) ([]Line, error) {
	out := make([]Line, 0, count)
	for i := from; i < min(from+count, int(e)); i++ {
		text := fmt.Sprintf("2026-11-23 upload: ./site/package-%d.tar.gz to s3://bucket/site/package-%d.tar.gz (12.4 MiB)", i, i)
		out = append(out, Line{N: i + 1, Time: begin, Stream: Stdout, Level: Info, Text: text})
	}
	return out, nil
}

type fixture struct {
	*View
	t   testing.TB
	app *uitest.App
	win fyne.Window
}

func open(t testing.TB, src Source) *fixture {
	t.Helper()
	a := uitest.New(t)
	a.Settings().SetTheme(theme.New(theme.Light))
	fonts, err := monogrid.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	fonts.FindSystem = nil
	v := New(fonts, src)
	v.Location = time.UTC
	f := &fixture{View: v, t: t, app: a}
	f.win = a.Show(v, fyne.NewSize(800, 300))
	t.Cleanup(v.Close)
	if src != nil && src.Len() > 0 {
		f.until("the first lines", func() bool { return v.n > 0 })
	}
	return f
}

func (f *fixture) until(what string, cond func() bool) { f.t.Helper(); f.app.Until(what, cond) }

// shows returns the texts of the visible rows.
func (f *fixture) shows() []string {
	first, end := f.grid.Visible()
	var out []string
	for i := first; i < end; i++ {
		out = append(out, (*rows)(f.View).Row(i).Text)
	}
	return out
}

func (f *fixture) last() string {
	s := f.shows()
	if len(s) == 0 {
		return ""
	}
	return s[len(s)-1]
}

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func TestFollowsTheEnd(t *testing.T) {
	src := numbered(1000)
	f := open(t, src)
	var follows []bool
	f.OnFollow = func(on bool) { follows = append(follows, on) }
	if f.last() != "line 999" {
		t.Fatalf("the last line shown at the start is %q", f.last())
	}
	src.add("one more")
	f.Changed()
	f.until("the new line", func() bool { return f.last() == "one more" })

	test.Scroll(f.win.Canvas(), fyne.NewPos(50, 50), 0, 40)
	if f.Following() {
		t.Error("still follows after scrolling up")
	}
	before := f.shows()
	src.add("and another")
	f.Changed()
	f.until("the count", func() bool { return f.Rows() == 1002 })
	if !reflect.DeepEqual(f.shows(), before) {
		t.Error("the text moved although the view does not follow")
	}
	test.Scroll(f.win.Canvas(), fyne.NewPos(50, 50), 0, -400)
	if !f.Following() || f.last() != "and another" {
		t.Errorf("at the end again: following %v, shows %q", f.Following(), f.last())
	}
	if !reflect.DeepEqual(follows, []bool{false, true}) {
		t.Errorf("OnFollow was called with %v", follows)
	}
	f.SetFollow(false)
	f.TypedKey(key(fyne.KeyEnd))
	if !f.Following() {
		t.Error("the End key does not follow")
	}
}

func TestNewLinesAreNeverShownEmpty(t *testing.T) {
	src := numbered(100)
	f := open(t, src)
	f.win.Canvas().Capture()
	hold := make(chan struct{})
	src.set(func() { src.hold = hold })
	src.add("late")
	f.Changed()
	f.until("the page to be requested", func() bool { return f.load != nil })
	if f.last() != "line 99" || f.Rows() != 100 {
		t.Errorf("shows %q of %d lines while the next page is read", f.last(), f.Rows())
	}
	src.set(func() { src.hold = nil })
	close(hold)
	f.until("the late line", func() bool { return f.last() == "late" })
}

func TestTheLastLineMayGrow(t *testing.T) {
	src := numbered(3)
	f := open(t, src)
	src.set(func() { src.lines[2].Text = "line 2 has grown" })
	f.Changed()
	f.until("the longer line", func() bool { return f.last() == "line 2 has grown" })
}

func TestChangesDuringAReadAreReadAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(f *fixture, src *store)
		want   string
	}{
		{"the last line grows", func(f *fixture, src *store) {
			src.set(func() { src.lines[3].Text = "late, and longer" })
			changes := f.changes
			f.Changed()
			f.until("the view to notice the change", func() bool { return f.changes > changes })
		}, "late, and longer"},
		{"a line comes", func(_ *fixture, src *store) { src.add("later") }, "later"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := numbered(3)
			f := open(t, src)
			f.win.Canvas().Capture()
			hold := make(chan struct{})
			src.set(func() { src.hold, src.early = hold, true })
			src.add("late")
			f.Changed()
			f.until("the page to be requested", func() bool { src.mu.Lock(); defer src.mu.Unlock(); return src.pages == 2 })
			c.change(f, src)
			src.set(func() { src.hold = nil })
			close(hold)
			f.until("the change", func() bool {
				if f.last() == "…" {
					t.Error("an empty row is shown")
				}
				return f.last() == c.want
			})
		})
	}
}

func TestScrollingReadsOnlyVisibleLines(t *testing.T) {
	f := open(t, endless(1_000_000))
	f.pane.ScrollTo(500_000)
	f.until("the middle", func() bool { return strings.Contains(f.shows()[0], "package-500000") })
	for i := range 200 {
		f.pane.ScrollTo(float64(i) * 4000)
		f.app.Pump()
	}
	f.until("the view to be idle", func() bool { return f.load == nil })
	if n := len(f.cache.by); n > keptPages {
		t.Errorf("%d pages are kept", n)
	}
	if f.cache.bytes > keptBytes {
		t.Errorf("%d bytes are kept", f.cache.bytes)
	}
	if got := f.shows()[0]; !strings.Contains(got, "package-796000.tar") {
		t.Errorf("shows %q", got)
	}
}

func TestTheCacheIsLimitedInBytesToo(t *testing.T) {
	src := &store{}
	for range 40 * pageSize {
		src.add(strings.Repeat("x", 4000))
	}
	f := open(t, src)
	for i := range 40 {
		f.pane.ScrollTo(float64(i * pageSize))
		f.until("the page", func() bool { return f.load == nil })
	}
	if f.cache.bytes > keptBytes+pageSize*4100 {
		t.Errorf("%d bytes are kept", f.cache.bytes)
	}
}

func TestAFailedReadIsReportedAndTriedAgain(t *testing.T) {
	src := numbered(10)
	src.err = errors.New("disk is gone")
	var errs []error
	f := open(t, nil)
	f.OnError = func(err error) { errs = append(errs, err) }
	f.SetSource(src)
	f.until("the error", func() bool { return len(errs) == 1 })
	if got := f.last(); got != "…" {
		t.Errorf("shows %q", got)
	}
	src.set(func() { src.err = nil })
	f.Changed()
	f.until("the lines", func() bool { return f.last() == "line 9" })
	if len(errs) != 1 {
		t.Errorf("%d errors were reported", len(errs))
	}
}

func TestPagesOfAnEarlierSourceAreDropped(t *testing.T) {
	old := numbered(10)
	old.hold, old.deaf = make(chan struct{}), true
	f := open(t, nil)
	f.SetSource(old)
	src := &store{}
	src.add("new 0", "new 1", "new 2")
	f.SetSource(src)
	f.until("the new lines", func() bool { return f.Rows() == 3 })
	close(old.hold)
	f.app.PumpFor(50 * time.Millisecond)
	if f.Rows() != 3 || f.last() != "new 2" {
		t.Errorf("shows %q of %d", f.last(), f.Rows())
	}
}

func TestChangedIsCheapAndThrottled(t *testing.T) {
	src := numbered(10)
	f := open(t, src)
	start := time.Now()
	var g sync.WaitGroup
	for range 4 {
		g.Add(1)
		go func() {
			defer g.Done()
			for range 20_000 {
				src.add("x")
				f.Changed()
			}
		}()
	}
	g.Wait()
	f.until("all lines", func() bool { return f.Rows() == 80_010 })
	if most := int(time.Since(start)/wakeEvery)*3 + 10; src.pages > most { // each wake-up reads one or two pages
		t.Errorf("%d pages were read, more than %d", src.pages, most)
	}
}

func TestAViewOffTheScreenUpdatesLessOften(t *testing.T) {
	src := numbered(10)
	f := open(t, src)
	wakes := 0
	for range 8 { // nothing paints the window in this test
		src.add("x")
		f.Changed()
		before := f.changes
		f.app.PumpFor(wakeEvery)
		if f.changes != before {
			wakes++
		}
	}
	if wakes > 5 {
		t.Errorf("woke %d times in 8 intervals", wakes)
	}
	f.until("all of them in the end", func() bool { return f.Rows() == 18 })
}

func TestLevelsColoursAndNumbers(t *testing.T) {
	src := &store{lines: []Line{
		{N: 7, Level: Info, Stream: Stdout, Text: "info \x1b[31mred\x1b[0m"},
		{N: 9, Level: Warning, Stream: Stdout, Text: "warning"},
		{N: 10, Level: Error, Stream: Stderr, Text: "error, cut", Continued: true},
		{N: 11, Level: Error, Stream: Stderr, Text: " in two"},
		{N: 12, Level: Info, Stream: Stderr, Text: "on standard error"},
		{N: 13, Level: Highlight, Stream: Stdout, Text: "highlight"},
	}}
	f := open(t, src)
	p := theme.LightPalette()
	row := func(i int) monogrid.Row { return (*rows)(f.View).Row(i) }
	if r := row(0); r.Text != "info red" || len(r.Spans) != 1 || r.Spans[0].FG != p.ANSI[1] || r.Colour != p.Log.Info || r.Bar != nil {
		t.Errorf("info: %+v", r)
	}
	if r := row(1); r.Colour != p.Log.Warning || r.Bar != p.Warning || r.Gutter[0].Text != "9" {
		t.Errorf("warning: %+v", r)
	}
	if r := row(3); r.Colour != p.Log.Error || r.Gutter[0].Text != "" {
		t.Errorf("second part of a cut line: %+v", r)
	}
	if r := row(4); r.Colour != p.Log.Info || r.Bar != p.Log.StderrBar {
		t.Errorf("standard error: %+v", r)
	}
	if r := row(5); len(r.Spans) != 1 || !r.Spans[0].Bold {
		t.Errorf("highlight: %+v", r)
	}
	f.app.Settings().SetTheme(theme.New(theme.Dark))
	f.Refresh()
	if r := row(0); r.Spans[0].FG != theme.DarkPalette().ANSI[1] {
		t.Error("the colours do not follow the theme")
	}
}

func TestTerminalColoursStayReadable(t *testing.T) {
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		src := &store{}
		for i := range 256 {
			const text = "\x1b[38;5;%dmfg\x1b[0m \x1b[48;5;%dmbg\x1b[0m \x1b[7;38;5;%dmreverse\x1b[0m \x1b[38;2;%d;%d;%dmrgb"
			src.add(fmt.Sprintf(text, i, i, i, i, 255-i, i/2))
		}
		f := open(t, src)
		f.app.Settings().SetTheme(theme.New(mode))
		f.Refresh()
		p := theme.For(f)
		for i := range 256 {
			l, _ := f.cache.line(i)
			if l == nil {
				continue
			}
			for _, s := range f.styled(l) {
				bg := p.Surface
				if s.BG != nil {
					bg = theme.Over(s.BG.(color.NRGBA), p.Surface)
				}
				if got := theme.Contrast(s.FG, bg); got < theme.Readable {
					t.Errorf("colour %d: %.2f:1 for %+v", i, got, s)
				}
			}
		}
	}
}

func TestSelectAndCopy(t *testing.T) {
	src := &store{}
	src.add("first line", "\x1b[31msecond\x1b[0m line", "third, cut ", "in two", "日本 last")
	src.lines[2].Continued = true
	f := open(t, src)
	c := f.grid.Cell()
	x0 := float32((f.gutterSize()+3))*c.Width + 1 // gutter, its margins, the text's margin, the frame
	at := func(cell float32, row int) fyne.Position {
		return fyne.NewPos(x0+cell*c.Width, float32(row)*c.Height+8)
	}
	press := func(cell float32, row int, mod fyne.KeyModifier) {
		f.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(cell, row)}, Button: desktop.MouseButtonPrimary, Modifier: mod})
		f.MouseUp(nil)
	}
	drag := func(cell float32, row int) {
		f.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(cell, row)}})
	}
	copied := func() string {
		t.Helper()
		done := false
		f.onCopied = func(c copied) { done = true }
		f.TypedShortcut(&fyne.ShortcutCopy{})
		f.until("the copy", func() bool { return done })
		return f.app.Clipboard().Content()
	}
	far := 2 * time.Second
	now := begin
	f.sel.Clicks.Now = func() time.Time { return now }

	for _, s := range []struct {
		name, want string
		do         func()
	}{
		{"drag over lines", "line\nsecond", func() { press(6, 0, 0); drag(6, 1) }},
		{"drag backwards", "line\nsecond", func() { press(6, 1, 0); drag(6, 0) }},
		{"cut lines are joined", "third, cut in two", func() { press(0, 2, 0); drag(20, 3) }},
		{"wide characters", "本 l", func() { press(2, 4, 0); drag(6, 4) }},
		{"click and shift click", "rst line\nsec", func() { press(2, 0, 0); now = now.Add(far); press(3, 1, fyne.KeyModifierShift) }},
		{"double click", "second", func() { press(2, 1, 0); press(2, 1, 0) }},
		{"double click and drag by words", "second line", func() { press(2, 1, 0); press(2, 1, 0); drag(8, 1) }},
		{"drag by words backwards", "second line", func() { press(8, 1, 0); press(8, 1, 0); drag(2, 1) }},
		{"triple click", "first line\n", func() { press(2, 0, 0); press(2, 0, 0); press(2, 0, 0) }},
		{"click on a line number", "second line\n", func() { press(-4, 1, 0) }},
		{"all", "first line\nsecond line\nthird, cut in two\n日本 last", func() { f.TypedShortcut(&fyne.ShortcutSelectAll{}) }},
		{"by keys", "irst l", func() {
			press(1, 0, 0)
			f.KeyDown(key(desktop.KeyShiftLeft))
			for range 6 {
				f.TypedKey(key(fyne.KeyRight))
			}
			f.KeyUp(key(desktop.KeyShiftLeft))
		}},
		{"by keys over lines", "irst line\nsecond line", func() {
			press(1, 0, 0)
			f.KeyDown(key(desktop.KeyShiftRight))
			f.TypedKey(key(fyne.KeyDown))
			f.TypedKey(key(fyne.KeyEnd))
			f.KeyUp(key(desktop.KeyShiftRight))
		}},
	} {
		t.Run(s.name, func(t *testing.T) {
			now = now.Add(far)
			s.do()
			if got := copied(); got != s.want {
				t.Errorf("copied %q, want %q", got, s.want)
			}
		})
	}
	f.TypedKey(key(fyne.KeyEscape))
	if f.HasSelection() {
		t.Error("Escape does not clear the selection")
	}
}

func TestCopyingEverythingStopsAtTheCap(t *testing.T) {
	f := open(t, endless(1_000_000))
	f.SelectAll()
	var got *copied
	f.onCopied = func(c copied) { got = &c }
	f.Copy()
	f.until("the copy", func() bool { return got != nil })
	if text := f.app.Clipboard().Content(); !got.cut || len(text) > copyCap || len(text) < copyCap*9/10 {
		t.Errorf("%+v, %d bytes", got, len(text))
	}
}

func TestACopyThatFailsLeavesTheClipboard(t *testing.T) {
	src := numbered(10)
	f := open(t, src)
	f.app.Clipboard().SetContent("before")
	f.SelectAll()
	src.set(func() { src.err = errors.New("disk is gone") })
	var got *copied
	f.onCopied = func(c copied) { got = &c }
	f.Copy()
	f.until("the copy", func() bool { return got != nil })
	if got.err == nil || f.app.Clipboard().Content() != "before" {
		t.Errorf("%+v, clipboard %q", got, f.app.Clipboard().Content())
	}
}

func TestFind(t *testing.T) {
	src := numbered(1000)
	f := open(t, src)
	var states []FindState
	f.OnFind = func(s FindState) { states = append(states, s) }
	settled := func() { t.Helper(); f.until("the search", func() bool { return !f.FindState().Running }) }
	current := func() string {
		s := f.FindState()
		if s.Current == 0 {
			return ""
		}
		m := f.search.matches[s.Current-1]
		if f.text(m.Row) == "" {
			return "a page that is not at hand"
		}
		return f.text(m.Row)[m.From:m.To] + " in " + f.text(m.Row)
	}
	f.pane.ScrollTo(500)
	f.Find(find.Query{Text: "LINE 5"})
	settled()
	if s := f.FindState(); s.Total != 111 || s.Current != 12 || s.More || s.Err != nil {
		t.Errorf("%+v", s)
	}
	f.until("the match's page", func() bool { return current() == "line 5 in line 500" })
	if f.Following() {
		t.Error("follows while it shows a match")
	}
	f.FindNext()
	if current() != "line 5 in line 501" {
		t.Errorf("next is %q", current())
	}
	f.FindPrevious()
	f.FindPrevious()
	f.until("the match's page", func() bool { return current() == "line 5 in line 59" })
	f.FindNext()
	for range 99 {
		f.FindNext()
	}
	f.until("the match's page", func() bool { return current() == "line 5 in line 599" })
	f.FindNext() // wraps
	f.until("the match's page", func() bool { return current() == "line 5 in line 5" })
	if m := (*rows)(f.View).Row(5).Marks; len(m) != 1 || m[0].From != 0 || m[0].To != 6 || m[0].BG != theme.LightPalette().Log.CurrentHit {
		t.Errorf("marks %+v", m)
	}

	src.add("line 5 again", "no hit")
	f.Changed()
	f.until("the new match", func() bool { return f.FindState().Total == 112 })

	f.Find(find.Query{Text: "a(", Regexp: true})
	settled()
	if f.FindState().Err == nil || states[len(states)-1].Err == nil {
		t.Error("an invalid expression is not reported")
	}
	f.FindNext() // nothing to show
	f.Find(find.Query{})
	if s := f.FindState(); s != (FindState{}) {
		t.Errorf("after the end %+v", s)
	}
}

func TestFindSearchesNewLines(t *testing.T) {
	src := numbered(3)
	f := open(t, src)
	f.Find(find.Query{Text: "line 2|grown", Regexp: true})
	f.until("the search", func() bool { s := f.FindState(); return !s.Running && s.Total == 1 })
	src.set(func() { src.lines[2].Text = "line 2 has grown" }) // the match that is there already must not count twice
	src.add("more")
	f.Changed()
	f.until("the match in the longer line", func() bool { s := f.FindState(); return !s.Running && s.Total == 2 })
}

func TestFindCountsMoreThanItKeeps(t *testing.T) {
	f := open(t, endless(300_000))
	f.Find(find.Query{Text: "upload", Case: true})
	f.until("the search", func() bool { return !f.FindState().Running })
	if s := f.FindState(); s.Total != 300_000 || !s.More || len(f.search.matches) != keptMatches {
		t.Errorf("%+v, %d kept", s, len(f.search.matches))
	}
}

// slowFinder ends only when it is cancelled.
type slowFinder struct {
	*store
	ended chan error
}

func (s slowFinder) Find(ctx context.Context, _ find.Query, _ int, found func([]Match)) error {
	found([]Match{{3, 0, 4}})
	<-ctx.Done()
	s.ended <- ctx.Err()
	return ctx.Err()
}

func TestASearchShowsItsFirstMatchAtOnceAndCanBeCancelled(t *testing.T) {
	src := slowFinder{numbered(10), make(chan error, 1)}
	f := open(t, src)
	f.SetFollow(false)
	f.Find(find.Query{Text: "line"})
	f.until("the first match", func() bool { return f.FindState().Current == 1 })
	if !f.FindState().Running {
		t.Error("the search is reported as finished")
	}
	f.Find(find.Query{})
	if err := <-src.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

func TestShowRow(t *testing.T) {
	f := open(t, numbered(1000))
	f.ShowRow(300)
	f.until("the row", func() bool {
		first, end := f.grid.Visible()
		return first <= 300 && 300 < end && f.text(300) == "line 300"
	})
	if r := (*rows)(f.View).Row(300); r.Ground == nil {
		t.Error("the row is not marked")
	}
	if f.Following() {
		t.Error("the view still follows")
	}
}

func TestZoomAndOtherShortcuts(t *testing.T) {
	f := open(t, numbered(3))
	var steps []int
	f.OnZoom = func(s int) { steps = append(steps, s) }
	for _, k := range []fyne.KeyName{fyne.KeyPlus, fyne.KeyEqual, fyne.KeyMinus, fyne.Key0} {
		f.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault})
	}
	if !reflect.DeepEqual(steps, []int{1, 1, -1, 0}) {
		t.Errorf("steps %v", steps)
	}
	before := f.grid.Cell().Height
	f.SetTextSize(20)
	if f.grid.Cell().Height <= before {
		t.Error("the text did not grow")
	}
	passed := false
	other := &desktop.CustomShortcut{KeyName: fyne.KeyF, Modifier: fyne.KeyModifierShortcutDefault}
	f.win.Canvas().AddShortcut(other, func(fyne.Shortcut) { passed = true })
	f.TypedShortcut(other)
	if !passed {
		t.Error("a shortcut of the window was swallowed")
	}
}

func TestTimes(t *testing.T) {
	at := begin.Add(3*time.Hour + 7*time.Second + 5*time.Millisecond)
	for _, c := range []struct {
		name         string
		times        Times
		at, prior, s time.Time
		want         string
	}{
		{"none", NoTimes, at, begin, begin, ""},
		{"clock", Clock, at, begin, begin, "15:00:08.128"},
		{"elapsed hours", Elapsed, at, begin, begin, "3:00:07.005"},
		{"elapsed without a start", Elapsed, at, begin, time.Time{}, ""},
		{"elapsed minutes", Elapsed, begin.Add(61 * time.Second), begin, begin, "1:01.000"},
		{"delta", Delta, begin.Add(40 * time.Millisecond), begin, begin, "+0.040"},
		{"delta of the first line", Delta, begin, time.Time{}, begin, ""},
		{"a clock set back", Delta, begin, at, begin, "+0.000"},
		{"a line without a time", Clock, time.Time{}, begin, begin, ""},
	} {
		if got := c.times.format(c.at, c.prior, c.s, time.UTC); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		} else if len(got) > c.times.width() {
			t.Errorf("%s: %q does not fit %d cells", c.name, got, c.times.width())
		}
	}
	f := open(t, numbered(pageSize+3))
	f.SetTimes(Elapsed, time.Time{})
	f.until("the first line's time", func() bool { return !f.first.IsZero() })
	if got := (*rows)(f.View).Row(pageSize).Gutter[1].Text; got != "55.552" {
		t.Errorf("elapsed: %q", got)
	}
	f.SetTimes(Delta, time.Time{})
	if got := (*rows)(f.View).Row(pageSize).Gutter[1].Text; got != "+0.217" { // the line before is on another page
		t.Errorf("first line of a page: %q", got)
	}
}

func TestFocusIsShown(t *testing.T) {
	f := open(t, numbered(3))
	f.win.Canvas().Focus(f.View)
	if !f.focused {
		t.Fatal("no focus")
	}
	f.KeyDown(key(desktop.KeyShiftLeft))
	f.win.Canvas().Unfocus()
	if f.focused || f.shift {
		t.Error("the focus ring or the held Shift key is still there")
	}
}

func TestMenu(t *testing.T) {
	f := open(t, numbered(3))
	test.TapSecondary(f.View) // there is no menu
	if f.win.Canvas().Overlays().Top() != nil {
		t.Error("an empty menu opened")
	}
	f.Menu = func() *fyne.Menu { return fyne.NewMenu("", fyne.NewMenuItem("Copy", f.Copy)) }
	test.TapSecondary(f.View)
	if f.win.Canvas().Overlays().Top() == nil {
		t.Error("no menu")
	}
}
