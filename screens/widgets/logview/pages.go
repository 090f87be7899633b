package logview

import (
	"time"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

const (
	pageSize  = 256     // lines that are asked for at once
	keptPages = 24      // some screens around the one that shows
	keptBytes = 8 << 20 // of text; lines can be long
)

// line is a Line made ready to be shown.
type line struct {
	Line
	text  string // without colour codes
	spans []ansi.Span
	after bool // goes on with the line before

	styled  []monogrid.Span // spans in the palette's colours
	palette *theme.Palette
}

// page is a part of the log at hand.
type page struct {
	index int
	lines []*line
	prior time.Time // of the line before the first
	end   int       // how many lines the log had when the page was read
	open  bool      // its last line was the log's last one then: it may have grown
	stale bool      // and has, or more lines have come
	bytes int
	width int // cells of the widest line
	used  int // when it was last looked at, for the choice of what to forget
}

// prepare makes a page of what a source gave for lines from on, where one line more than the page's own may stand before.
func prepare(index, from int, got []Line, end int) *page {
	first := index * pageSize
	p := &page{index: index, end: end, open: first+pageSize >= end}
	after := false
	if from < first && len(got) > 0 {
		p.prior, after = got[0].Time, got[0].Continued
		got = got[1:]
	}
	p.lines = make([]*line, len(got))
	for i, l := range got {
		text, spans := ansi.Parse(l.Text)
		l.Text = "" // the clean one is kept instead
		p.lines[i] = &line{Line: l, text: text, spans: spans, after: after}
		after = l.Continued
		p.bytes += len(text) + 64
		p.width = max(p.width, monogrid.Cells(text))
	}
	return p
}

// pages is the cache. It forgets the page that was not looked at for longest.
type pages struct {
	by    map[int]*page
	bytes int
	clock int
}

func newPages() *pages { return &pages{by: map[int]*page{}} }

// line finds line i, if it is at hand, and the time of the line before.
func (c *pages) line(i int) (l *line, prior time.Time) {
	p := c.by[i/pageSize]
	if p == nil || i%pageSize >= len(p.lines) {
		return nil, time.Time{}
	}
	c.clock++
	p.used = c.clock
	if k := i % pageSize; k > 0 {
		prior = p.lines[k-1].Time
	} else {
		prior = p.prior
	}
	return p.lines[i%pageSize], prior
}

// missing lists the pages of lines first up to end that are not at hand or out of date.
func (c *pages) missing(first, end int) []int {
	var out []int
	for i := first / pageSize; i*pageSize < end; i++ {
		if p := c.by[i]; p == nil || p.stale || p.end < min(end, (i+1)*pageSize) {
			out = append(out, i)
		}
	}
	return out
}

// grown says that the log may have more lines now.
func (c *pages) grown() {
	for _, p := range c.by {
		p.stale = p.stale || p.open
	}
}

func (c *pages) put(p *page) {
	c.drop(p.index)
	c.clock++
	p.used = c.clock
	c.by[p.index] = p
	c.bytes += p.bytes
	for len(c.by) > 3 && (len(c.by) > keptPages || c.bytes > keptBytes) { // three hold any screen
		oldest := p
		for _, q := range c.by {
			if q.used < oldest.used {
				oldest = q
			}
		}
		c.drop(oldest.index)
	}
}

func (c *pages) drop(index int) {
	if p := c.by[index]; p != nil {
		c.bytes -= p.bytes
		delete(c.by, index)
	}
}
