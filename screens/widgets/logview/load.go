package logview

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
)

const (
	wakeEvery   = 100 * time.Millisecond // how often a growing log is shown
	unseenEvery = 400 * time.Millisecond // and how often one is looked at that is on no screen: a hidden tab, a minimised window
)

// Changed says that the source has grown. Any goroutine may call it, as often as it likes: the view looks at most ten times a second.
func (v *View) Changed() {
	if v.dirty.CompareAndSwap(false, true) {
		v.wakeIn(wakeEvery)
	}
}

// wakeIn has the view look at its source, once every has passed since the last time. No timer runs while nothing changes.
func (v *View) wakeIn(every time.Duration) {
	since := time.Since(time.Unix(0, v.waker.Load()))
	time.AfterFunc(max(0, every-since), func() { fyne.Do(v.wake) })
}

func (v *View) wake() {
	v.waker.Store(time.Now().UnixNano())
	if v.seenAt == v.grid.Painted() { // what was last changed has not been painted: nobody can see the view
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

// loading is a request for pages under way.
type loading struct {
	cancel  context.CancelFunc
	pages   []int
	changes int // of the source that were known of
}

// fill sees to it that what is to be shown is at hand. New lines count as shown once they are, so that a log that is followed never
// flashes empty rows.
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
			return // it comes back here when it is done
		}
		v.load.cancel() // the person has moved on
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

// window gives the lines that are to be at hand if n are known: those that show, and a few around them.
func (v *View) window(n int) (first, end int) {
	const around = 8
	rows := int(v.grid.Rows()) + 2
	if v.follow {
		return max(0, n-rows-around), n
	}
	first, _ = v.grid.Visible()
	return max(0, first-around), min(n, first+rows+around)
}

// within tells whether every one of wanted is among pages.
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
	asked := &loading{cancel, wanted, v.changes}
	v.load = asked
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
			if v.load != asked {
				return // of no use any more
			}
			for _, p := range got {
				p.stale = p.open && asked.changes != v.changes
			}
			v.loaded(got, n, err)
		})
	}()
}

// read fetches a page and the line before it, whose time and continuation its first line needs.
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

// updated shows what has changed.
func (v *View) updated() {
	v.seenAt = v.grid.Painted()
	v.grid.GutterSize = v.gutterSize()
	v.pane.Update()
}
