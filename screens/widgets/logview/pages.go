package logview

import (
	"time"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

const (
	pageSize  = 256     // lines per request
	keptPages = 24      // a few screens around the visible one
	keptBytes = 8 << 20 // of text, since lines can be long
)

// line is a Line prepared for display.
type line struct {
	Line
	text  string // without colour codes
	spans []ansi.Span
	after bool // continues the line before

	styled  []monogrid.Span // spans in the palette's colours
	palette *theme.Palette
}

// page is a loaded part of the log.
type page struct {
	index int
	lines []*line
	bytes int
	prior time.Time // time of the line before the first
	end   int       // number of lines in the log when the page was read
	open  bool      // the last line of the page was the last of the log, so it may have grown
	stale bool      // the last line may have grown, or there are more lines
	width int       // of the widest line, in cells
	used  int       // when the page was last used, to choose which one to drop
}

// prepare returns the page made of the lines that a source returned, the first of which has index from. One line before the page may be
// among them.
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
		l.Text = "" // text has the clean one
		p.lines[i] = &line{Line: l, text: text, spans: spans, after: after}
		after = l.Continued
		p.bytes += len(text) + 64
		p.width = max(p.width, monogrid.Cells(text))
	}
	return p
}

// pages is the cache. It drops the least recently used page.
type pages struct {
	by    map[int]*page
	bytes int
	clock int
}

func newPages() *pages { return &pages{by: map[int]*page{}} }

// line returns line i, or nil if it is not loaded, and the time of the line before.
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

// missing returns the pages of the lines first up to end that are not loaded or out of date.
func (c *pages) missing(first, end int) []int {
	var out []int
	for i := first / pageSize; i*pageSize < end; i++ {
		if p := c.by[i]; p == nil || p.stale || p.end < min(end, (i+1)*pageSize) {
			out = append(out, i)
		}
	}
	return out
}

// grown records that the log may have more lines now.
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
	for len(c.by) > 3 && (len(c.by) > keptPages || c.bytes > keptBytes) { // three pages hold any screen
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
