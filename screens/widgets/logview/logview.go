// Package logview shows a log of any length, with line numbers, times, colours, search, selection and copying, and follows its end. It
// reads pages from a Source and keeps only those around the visible lines, so a million lines cost no more than a thousand.
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

// View is the log view. All its methods but Changed must be called on the main goroutine.
//
// Keys: arrows, Page Up and Down, Home and End scroll, with Shift they select; Ctrl+C copies, Ctrl+A selects all; End follows again.
type View struct {
	widget.BaseWidget

	OnFollow func(on bool)     // following was switched on or off, by the person or the program
	OnFind   func(FindState)   // the state of the search has changed
	OnZoom   func(step int)    // Ctrl with plus (1), minus (-1) or zero (0)
	OnError  func(error)       // reading lines has failed
	OnCols   func()            // the number of cells that fit into a row has changed
	Menu     func() *fyne.Menu // the context menu; nil: none
	Location *time.Location    // for clock times; nil: the computer's own

	onCopied func(copied) // for tests

	src     Source
	n       int // lines shown; the source may have more
	changes int // counts the calls of Changed that were handled
	cache   *pages
	load    *loading
	failed  bool // the last request failed; the next change tries again
	widest  int  // width of the widest line loaded so far, in cells

	grid    *monogrid.Grid
	pane    *monogrid.Pane
	palette *theme.Palette
	times   Times
	start   time.Time // where elapsed times start; zero: at the first line
	first   time.Time // time of the first line, once it has been read
	follow  bool
	shown   int // the row that ShowRow marked, or -1
	cols    int // cells in a row when OnCols was last called

	sel     monogrid.Selector
	shift   bool
	focused bool
	search  search
	colours map[colourKey]colour

	dirty  atomic.Bool
	waker  atomic.Int64 // time of the last wake, in nanoseconds since 1970
	seenAt int          // grid.Painted at the last update, or -1
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

// New returns a view that follows the end of src. src may be nil until SetSource.
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

// SetSource shows another log, or the same one through another filter. It clears the selection and the search.
func (v *View) SetSource(src Source) {
	v.stop()
	v.src, v.n, v.widest, v.failed, v.shown = src, 0, 0, false, -1
	v.cache = newPages()
	v.sel.Clear(monogrid.TextPos{})
	v.search = search{}
	v.first = time.Time{}
	v.grid.Top, v.grid.Left = 0, 0
	v.fill()
	v.Refresh()
}

// stop ends the background work for the current source.
func (v *View) stop() {
	if v.load != nil {
		v.load.cancel()
		v.load = nil
	}
	v.search.stop()
}

// Rows returns the number of lines, including those out of view.
func (v *View) Rows() int { return v.n }

// SetTextSize sets the text size; 0 is the theme's.
func (v *View) SetTextSize(size float32) {
	v.grid.TextSize = size
	v.Refresh()
	v.fill()
	v.updateCols()
}

// SetTimes sets what the time column shows. Elapsed times count from start, or from the first line if start is zero.
func (v *View) SetTimes(t Times, start time.Time) {
	v.times, v.start = t, start
	v.Refresh()
	v.fill() // it may need the time of the first line
	v.updateCols()
}

// Following reports whether the view follows the end of the log.
func (v *View) Following() bool { return v.follow }

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

// scrolled is called when the person has scrolled. Scrolling up ends following, scrolling to the end resumes it.
func (v *View) scrolled() {
	const near = 0.01 // rows, because the position is a floating-point number
	v.SetFollow(v.grid.Top >= v.grid.MaxTop()-near)
}

// ShowRow scrolls to a line, counted from 0, and marks it.
func (v *View) ShowRow(row int) {
	if v.src != nil && row >= v.n {
		v.n = max(v.n, v.src.Len()) // the line may not have been shown yet
	}
	v.shown = row
	v.reveal(monogrid.TextPos{Row: row})
}

// ColsFor returns how many cells of text fit into a row of a log with that many lines, whose numbers take space too.
func (v *View) ColsFor(lines int) int {
	is := v.grid.GutterSize
	v.grid.GutterSize = v.gutterFor(lines)
	cols := v.grid.Cols()
	v.grid.GutterSize = is
	return cols
}

// TopLine returns the number, as in the gutter, of the first visible line, or 0 if the line is not loaded.
func (v *View) TopLine() int {
	first, end := v.grid.Visible()
	for i := first; i < end; i++ {
		if l, _ := v.cache.line(i); l != nil && l.N > 0 {
			return l.N
		}
	}
	return 0
}

// SetTop scrolls until a row, counted from 0, is the first visible one.
func (v *View) SetTop(row int) {
	if v.src != nil && row >= v.n {
		v.n = max(v.n, v.src.Len())
	}
	v.grid.AtEnd = false
	v.pane.ScrollTo(float64(row))
}

// reveal scrolls to a place and ends following, so that the view stays there.
func (v *View) reveal(p monogrid.TextPos) {
	const margin = 4 // rows of context
	v.grid.AtEnd = false
	v.grid.Reveal(p, margin)
	v.scrolled()
	v.fill()
	v.Refresh()
}

func (v *View) updateCols() {
	cols := v.ColsFor(0)
	if v.cols != 0 && cols != v.cols && v.OnCols != nil {
		v.OnCols()
	}
	v.cols = cols
}

// Close ends the background work. A closed view is empty; SetSource opens it again.
func (v *View) Close() { v.SetSource(nil) }

func (v *View) CreateRenderer() fyne.WidgetRenderer { return &renderer{v} }

type renderer struct{ v *View }

func (r *renderer) Layout(size fyne.Size) {
	r.v.pane.Layout(size)
	r.v.fill()
	r.v.updateCols()
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
		Text: p.Log.Info, Background: p.Surface, Gutter: p.Log.Gutter, GutterBackground: p.Log.GutterBackground,
		Separator: p.Separator, Caret: p.Accent,
	}
	v.grid.GutterSize = v.gutterSize()
	v.pane.Refresh(monogrid.PaneColors{Background: p.Surface, Thumb: p.ScrollBar, Border: p.Separator, Focus: p.Accent}, v.focused)
}
