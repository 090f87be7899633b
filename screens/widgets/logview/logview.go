// Package logview shows a log of any length: line numbers, times, colours, following its end, search, selection and copying. It reads pages
// from a Source and keeps the few around what shows, so that a run of a million lines costs no more than one of a thousand.
package logview

import (
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// View is the log view. All of it but Changed belongs to the main goroutine.
//
// Keys: arrows, Page Up and Down, Home and End scroll; with Shift they select; Ctrl+C copies, Ctrl+A selects all; End follows again.
type View struct {
	widget.BaseWidget

	OnFollow func(on bool)     // following began or ended, by whomever
	OnFind   func(FindState)   // the search has news
	OnZoom   func(step int)    // Ctrl with plus (1), minus (-1) or nought (0)
	OnCopied func(Copied)      // the clipboard has been filled
	OnError  func(error)       // lines could not be read
	OnCols   func()            // rows have room for more cells now, or for fewer
	Menu     func() *fyne.Menu // what a secondary click offers; nil for nothing
	Location *time.Location    // for clock times; nil is the computer's own

	src     Source
	n       int // lines shown; the source may know of more
	changes int // of the source, told by Changed
	cache   *pages
	load    *loading
	failed  bool // the last page asked for could not be read; the next change tries again
	widest  int  // cells, of the lines seen so far

	grid    *monogrid.Grid
	pane    *monogrid.Pane
	palette *theme.Palette
	times   Times
	start   time.Time // that elapsed times count from; zero for that of the first line
	first   time.Time // of the first line, once it has been read
	follow  bool
	shown   int // the row that ShowRow points at, or -1
	cols    int // of a row, as OnCols knows it

	sel     monogrid.Selector
	shift   bool
	focused bool
	search  search
	colours map[colourKey]colour

	dirty  atomic.Bool
	waker  atomic.Int64 // when the last wake-up was, in nanoseconds since 1970
	seenAt int          // pictures painted when the last change was shown, or -1
}

var (
	_ fyne.Widget            = (*View)(nil)
	_ fyne.Scrollable        = (*View)(nil)
	_ fyne.Draggable         = (*View)(nil)
	_ fyne.Focusable         = (*View)(nil)
	_ fyne.Shortcutable      = (*View)(nil)
	_ fyne.SecondaryTappable = (*View)(nil)
	_ desktop.Mouseable      = (*View)(nil)
	_ desktop.Keyable        = (*View)(nil)
	_ desktop.Cursorable     = (*View)(nil)
)

// New shows a source, which may be nil for the time being, and follows its end.
func New(fonts *monogrid.Fonts, src Source) *View {
	v := &View{follow: true, shown: -1, seenAt: -1, cache: newPages(), colours: map[colourKey]colour{}}
	v.grid = monogrid.NewGrid((*rows)(v), fonts)
	v.grid.AtEnd = true
	v.pane = monogrid.NewPane(v.grid)
	v.sel.Text, v.sel.Rows = v.text, v.Rows
	v.pane.Scrolled = v.scrolled
	v.pane.Width = func() int { return v.widest }
	v.ExtendBaseWidget(v)
	v.palette = theme.For(v)
	v.SetSource(src)
	return v
}

// SetSource shows another log, or the same one through another filter. Selection and search end.
func (v *View) SetSource(src Source) {
	v.stop()
	v.src, v.n, v.widest, v.failed, v.shown = src, 0, 0, false, -1
	v.cache = newPages()
	v.sel.Clear(monogrid.Place{})
	v.search = search{}
	v.first = time.Time{}
	v.grid.Top, v.grid.Left = 0, 0
	v.fill()
	v.Refresh()
}

// stop ends what runs in the background for the current source.
func (v *View) stop() {
	if v.load != nil {
		v.load.cancel()
		v.load = nil
	}
	v.search.stop()
}

// Rows is how many lines show, those out of sight among them.
func (v *View) Rows() int { return v.n }

// SetTextSize changes the size of the text; 0 takes the theme's.
func (v *View) SetTextSize(size float32) {
	v.grid.TextSize = size
	v.Refresh()
	v.fill()
	v.tellCols()
}

// SetTimes chooses what the time column shows. Elapsed time counts from start; its zero value takes the first line's time.
func (v *View) SetTimes(t Times, start time.Time) {
	v.times, v.start = t, start
	v.Refresh()
	v.fill() // the first line's time may be asked for
	v.tellCols()
}

// Following tells whether the view stays at the end.
func (v *View) Following() bool { return v.follow }

// SetFollow turns following on or off.
func (v *View) SetFollow(on bool) {
	if v.follow != on {
		v.follow = on
		if v.OnFollow != nil {
			v.OnFollow(on)
		}
	}
	v.grid.AtEnd = on
	v.fill()
	v.pane.Update()
}

// scrolled hears that the person moved the view: up ends following, at the end it begins again.
func (v *View) scrolled() {
	const near = 0.01 // rows; the place is a floating-point number
	v.SetFollow(v.grid.Top >= v.grid.MaxTop()-near)
}

// ShowRow brings a line, counted from 0, into the view and marks it.
func (v *View) ShowRow(row int) {
	if v.src != nil && row >= v.n {
		v.n = max(v.n, v.src.Len()) // it may be too new to be shown yet
	}
	v.shown = row
	v.reveal(monogrid.Place{Row: row})
}

// ColsFor says how many cells of text fit into a row of a log with so many lines: their numbers take room too.
func (v *View) ColsFor(lines int) int {
	is := v.grid.GutterSize
	v.grid.GutterSize = v.gutterFor(lines)
	cols := v.grid.Cols()
	v.grid.GutterSize = is
	return cols
}

// TopLine is the number of the first line that shows, as its gutter says; 0 where that is not at hand.
func (v *View) TopLine() int {
	first, end := v.grid.Visible()
	for i := first; i < end; i++ {
		if l, _ := v.cache.line(i); l != nil && l.N > 0 {
			return l.N
		}
	}
	return 0
}

// SetTop scrolls so that a row, counted from 0, is the first one that shows.
func (v *View) SetTop(row int) {
	if v.src != nil && row >= v.n {
		v.n = max(v.n, v.src.Len())
	}
	v.grid.AtEnd = false
	v.pane.ScrollTo(float64(row))
}

// reveal scrolls to a place that the person asked for, and stays there.
func (v *View) reveal(p monogrid.Place) {
	const margin = 4 // rows of context
	v.grid.AtEnd = false
	v.grid.Reveal(p, margin)
	v.scrolled()
	v.fill()
	v.Refresh()
}

func (v *View) tellCols() {
	cols := v.ColsFor(0)
	if v.cols != 0 && cols != v.cols && v.OnCols != nil {
		v.OnCols()
	}
	v.cols = cols
}

// Close ends what runs in the background. A closed view shows nothing; SetSource opens it again.
func (v *View) Close() { v.SetSource(nil) }

func (v *View) CreateRenderer() fyne.WidgetRenderer { return &renderer{v} }

type renderer struct{ v *View }

func (r *renderer) Layout(size fyne.Size) {
	r.v.pane.Layout(size)
	r.v.fill()
	r.v.tellCols()
}
func (r *renderer) MinSize() fyne.Size           { return r.v.pane.MinSize() }
func (r *renderer) Objects() []fyne.CanvasObject { return r.v.pane.Objects() }
func (r *renderer) Destroy()                     {}

func (r *renderer) Refresh() {
	v := r.v
	if p := theme.For(v); p != v.palette && *p != *v.palette {
		v.palette = p
		clear(v.colours)
	}
	p := v.palette
	v.grid.Colors = monogrid.Colors{
		Text: p.Log.Info, Background: p.Surface, Gutter: p.Log.Gutter, GutterBackground: p.Log.GutterBackground, Separator: p.Separator, Caret: p.Accent,
	}
	v.grid.GutterSize = v.gutterSize()
	v.pane.Refresh(monogrid.PaneColors{Ground: p.Surface, Thumb: p.ScrollBar, Border: p.Separator, Focus: p.Accent}, v.focused)
}
