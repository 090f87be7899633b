package runs

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/findbar"
	"github.com/stepdeck/stepdeck/screens/widgets/logview"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// logPane is the log of one step run with its tools: search, levels, times, wrapping, going to the first error.
type logPane struct {
	window fyne.Window
	store  Store
	keys   *control.Keys

	base   *source
	shaped *logview.Shaped // base with the chosen levels and wrapping; this is what the log shows
	end    context.CancelFunc
	busy   bool   // shaped is reading new lines
	more   bool   // further lines have come since
	ready  func() // called once when all lines are read
	facts  logview.Facts
	hidden logview.Levels
	wrap   bool
	times  logview.Times
	size   float32 // of the text; 0: the default
	resize int     // number of changes of the width
	over   bool    // no more lines will come
	wanted int     // the line to show once it is read; 0: none

	find    *findbar.Bar
	follow  *control.Check
	first   *control.Button
	levels  *control.Button
	clock   *control.Button
	cut     *control.Button
	log     *logview.View
	content fyne.CanvasObject

	onFacts func(logview.Facts)
	onError func(error)
	export  func()
}

func newLogPane(window fyne.Window, store Store, fonts *monogrid.Fonts) *logPane {
	l := &logPane{
		window: window, store: store, keys: &control.Keys{}, times: logview.Clock,
		onFacts: func(logview.Facts) {}, onError: func(error) {}, export: func() {},
	}
	l.log = logview.New(fonts, nil)
	l.log.SetTimes(l.times, time.Time{})
	l.log.OnFollow = func(on bool) { l.follow.SetChecked(on) }
	l.log.OnFind = l.showFind
	l.log.OnZoom = l.zoom
	l.log.OnError = func(err error) { l.onError(err) }
	l.log.OnCols = l.colsChanged
	l.log.Menu = l.menu
	l.find = l.newFindBar()
	l.follow = control.NewCheck(l.keys, lang.L("Follow"))
	l.follow.SetChecked(true)
	l.follow.OnChanged = func(on bool) {
		if on != l.log.Following() {
			l.log.SetFollow(on)
		}
	}
	l.first = control.NewButton(l.keys, lang.L("First error"), func() { l.goTo(l.facts.FirstError) }).Quiet()
	l.levels = menuButton(l.keys, lang.L("Levels"), l.levelMenu)
	l.clock = menuButton(l.keys, lang.L("Time"), l.timeMenu)
	l.cut = control.NewButton(l.keys, lang.L("Wrap"), func() { l.setWrap(!l.wrap) }).Quiet()
	copyAll := control.NewButton(l.keys, lang.L("Copy"), l.copy).Quiet()
	export := control.NewButton(l.keys, lang.L("Export…"), func() { l.export() }).Quiet()
	tools := container.New(layout.NewCustomPaddedHBoxLayout(0), l.follow, l.first, l.levels, l.clock, l.cut, copyAll, export)
	l.content = container.New(barOver{}, l.find.Content(), tools, l.log)
	return l
}

func (l *logPane) newFindBar() *findbar.Bar {
	bar := findbar.New(findbar.Words{
		Placeholder: lang.L("Find in the log"), None: lang.L("no matches"),
		Of:   func(current, total string) string { return current + " / " + total },
		Case: "Aa", Regexp: ".*", Invalid: lang.L("not a valid expression"),
	})
	bar.OnQuery, bar.OnNext, bar.OnPrevious = l.log.Find, l.log.FindNext, l.log.FindPrevious
	bar.OnClose = func() {
		bar.SetText("")
		l.window.Canvas().Focus(l.log)
	}
	return bar
}

// showFind shows the progress of the search. It runs on while lines are still being read.
func (l *logPane) showFind(s logview.FindState) {
	running := s.Running || l.busy || l.ready != nil
	l.find.Show(findbar.State{Query: s.Query, Current: s.Current, Total: s.Total, Running: running, Err: s.Err})
}

// barOver places the search and the tools above the log: side by side, or one below the other in a narrow window.
type barOver struct{}

func (barOver) Layout(o []fyne.CanvasObject, size fyne.Size) {
	find, tools, log := o[0], o[1], o[2]
	a, b := find.MinSize(), tools.MinSize()
	find.Resize(a)
	find.Move(fyne.NewPos(0, 0))
	tools.Resize(b)
	top := max(a.Height, b.Height)
	const gap, below = 12, 4
	if a.Width+b.Width+gap <= size.Width {
		tools.Move(fyne.NewPos(size.Width-b.Width, 0))
	} else {
		tools.Move(fyne.NewPos(0, top))
		top += b.Height
	}
	log.Move(fyne.NewPos(0, top+below))
	log.Resize(fyne.NewSize(size.Width, max(0, size.Height-top-below)))
}

func (barOver) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b, c := o[0].MinSize(), o[1].MinSize(), o[2].MinSize()
	return fyne.NewSize(max(a.Width, b.Width, c.Width), a.Height+b.Height+c.Height)
}

// show shows the log of a step run.
func (l *logPane) show(step int64, follow bool) {
	l.base = &source{store: l.store, step: step}
	l.facts = logview.Facts{}
	l.first.Disable()
	l.shape(func() {
		if query := l.find.Query(); query.Text != "" {
			l.log.Find(query)
		}
	})
	l.log.SetFollow(follow)
}

func (l *logPane) clear() {
	l.stop()
	l.base, l.shaped, l.facts = nil, nil, logview.Facts{}
	l.log.SetSource(nil)
	l.find.SetText("")
}

func (l *logPane) stop() {
	if l.end != nil {
		l.end()
		l.end = nil
	}
	l.busy, l.more, l.ready, l.wanted = false, false, nil, 0
}

// grown reads new lines: the store now has that many.
func (l *logPane) grown(lines int64) {
	if l.base == nil || lines <= l.base.lines.Load() {
		return
	}
	l.base.lines.Store(lines)
	l.readNew()
}

// readNew reads the lines that have come, in the background.
func (l *logPane) readNew() {
	if l.busy {
		l.more = true
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	shaped := l.shaped
	l.end, l.busy, l.more = cancel, true, false
	go func() {
		err := shaped.Grow(ctx, l.log.Changed)
		fyne.Do(func() {
			if shaped != l.shaped {
				return
			}
			cancel()
			l.busy = false
			l.caughtUp(err)
		})
	}()
}

func (l *logPane) caughtUp(err error) {
	if err != nil {
		l.onError(err)
		return
	}
	if f := l.shaped.Facts(); f != l.facts {
		l.facts = f
		if f.FirstError > 0 {
			l.first.Enable()
		}
		l.onFacts(f)
	}
	if l.more {
		l.readNew()
		return
	}
	l.goToWanted()
	if then := l.ready; then != nil {
		l.ready = nil
		then()
	}
	l.showFind(l.log.FindState())
}

// seek finds the row of a line in the background and passes it to then.
func (l *logPane) seek(line int, then func(row int)) {
	shaped := l.shaped
	go func() {
		row, err := shaped.RowOf(context.Background(), line)
		fyne.Do(func() {
			switch {
			case shaped != l.shaped:
			case err != nil:
				l.onError(err)
			default:
				then(row)
			}
		})
	}()
}

// goToSoon does goTo once the line has been read.
func (l *logPane) goToSoon(line int) {
	l.wanted = line
	l.goToWanted()
}

func (l *logPane) goToWanted() {
	if line := l.wanted; line > 0 && l.base != nil && l.shaped != nil && int64(line) <= l.base.lines.Load() && !l.busy {
		l.wanted = 0
		l.goTo(line)
	}
}

// goTo scrolls to a line and marks it.
func (l *logPane) goTo(line int) {
	if line == 0 || l.shaped == nil {
		return
	}
	l.seek(line, l.log.ShowRow)
}

func (l *logPane) copy() {
	if !l.log.HasSelection() {
		l.log.SelectAll()
	}
	l.log.Copy()
}

// zoom changes the size of the log's text; step 0 resets it.
func (l *logPane) zoom(step int) {
	const least, most = 8, 28
	usual := fynetheme.Size(fynetheme.SizeNameText)
	if l.size == 0 {
		l.size = usual
	}
	l.size = max(least, min(most, l.size+float32(step)))
	if step == 0 {
		l.size = usual
	}
	l.log.SetTextSize(l.size)
}
