package logview

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
)

const (
	wakeEvery   = 100 * time.Millisecond // minimum interval between updates of a growing log
	unseenEvery = 400 * time.Millisecond // the same for a log that is not on the screen: in a hidden tab or a minimised window
)

// Changed tells the view that the source has grown. It is safe on any goroutine and cheap: the view updates at most ten times a second.
func (v *View) Changed() {
	if v.dirty.CompareAndSwap(false, true) {
		v.wakeIn(wakeEvery)
	}
}

// wakeIn schedules wake for when every has passed since the last one. No timer runs while nothing changes.
func (v *View) wakeIn(every time.Duration) {
	since := time.Since(time.Unix(0, v.waker.Load()))
	time.AfterFunc(max(0, every-since), func() { fyne.Do(v.wake) })
}

func (v *View) wake() {
	v.waker.Store(time.Now().UnixNano())
	if v.seenAt == v.grid.Painted() { // the last update has not been painted: the view is not on the screen
		v.seenAt = -1
		v.wakeIn(unseenEvery)
		return
	}
	v.dirty.Store(false)
	v.changes++
	v.cache.grown()
	v.failed = false
	v.fill()
	v.searchOn()
}

// loading is a running request for pages.
type loading struct {
	cancel  context.CancelFunc
	pages   []int
	changes int // v.changes when it began
}

// fill requests the pages that the view needs. New lines are not shown before they are loaded, so that a followed log never flashes
// empty rows.
func (v *View) fill() {
	if v.src == nil || v.failed {
		return
	}
	n := v.src.Len()
	first, end := v.window(n)
	missing := v.cache.missing(first, end)
	if v.times == Elapsed && v.start.IsZero() && v.first.IsZero() && v.cache.by[0] == nil && n > 0 {
		missing = append(missing, 0)
	}
	if v.load != nil {
		if len(missing) == 0 || within(v.load.pages, missing) {
			return // loaded calls fill again
		}
		v.load.cancel() // the person has scrolled on
		v.load = nil
	}
	if len(missing) == 0 {
		if n != v.n {
			v.n = n
			v.updated()
		}
		return
	}
	v.request(missing, n)
}

// window returns the lines to have loaded if there are n: the visible ones and a few around them.
func (v *View) window(n int) (first, end int) {
	const around = 8
	rows := int(v.grid.Rows()) + 2
	if v.follow {
		return max(0, n-rows-around), n
	}
	first, _ = v.grid.Visible()
	return max(0, first-around), min(n, first+rows+around)
}

// within reports whether pages contains all of wanted.
func within(pages, wanted []int) bool {
	for _, w := range wanted {
		found := false
		for _, p := range pages {
			found = found || p == w
		}
		if !found {
			return false
		}
	}
	return true
}

func (v *View) request(wanted []int, n int) {
	ctx, cancel := context.WithCancel(context.Background())
	load := &loading{cancel, wanted, v.changes}
	v.load = load
	src := v.src
	go func() {
		defer cancel()
		var got []*page
		var err error
		for _, i := range wanted {
			var p *page
			if p, err = read(ctx, src, i, n); err != nil {
				break
			}
			got = append(got, p)
		}
		fyne.Do(func() {
			if v.load != load {
				return // cancelled or superseded
			}
			for _, p := range got {
				p.stale = p.open && load.changes != v.changes
			}
			v.loaded(got, n, err)
		})
	}()
}

// read fetches a page and the line before it, which the first line needs for its time and for continuations.
func read(ctx context.Context, src Source, index, n int) (*page, error) {
	from := max(0, index*pageSize-1)
	got, err := src.Page(ctx, from, min(n, (index+1)*pageSize)-from)
	if err != nil {
		return nil, err
	}
	return prepare(index, from, got, n), nil
}

func (v *View) loaded(got []*page, n int, err error) {
	v.load = nil
	for _, p := range got {
		v.cache.put(p)
		v.widest = max(v.widest, p.width)
		if p.index == 0 && len(p.lines) > 0 {
			v.first = p.lines[0].Time
		}
	}
	if err != nil {
		v.failed = true
		if v.OnError != nil {
			v.OnError(err)
		}
	}
	v.n = n
	v.updated()
	v.fill() // the view may have moved, the log may have grown
}

// updated repaints the view after a change.
func (v *View) updated() {
	v.seenAt = v.grid.Painted()
	v.grid.GutterSize = v.gutterSize()
	v.pane.Update()
}
