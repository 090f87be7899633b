package runs

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
)

// logSearch looks for a text in the logs of many runs, one after another.
type logSearch struct {
	text    string // empty: nothing is looked for
	hits    map[int64]hit
	rows    []row // the runs that hold it, the newest first
	looked  int   // runs
	of      int
	done    bool
	stopped bool // before its end
	cancel  context.CancelFunc
}

// hit is where a run's logs hold the text first.
type hit struct {
	step int64
	line int64
	text string
}

// news is how far a search has come since the last news.
type news struct {
	rows       []row
	hits       map[int64]hit
	looked, of int // in all
	end        bool
	err        error // of a log that can't be read; the others are
}

func (s *logSearch) active() bool { return s.text != "" }

// stop forgets the search.
func (s *logSearch) stop() {
	s.halt()
	*s = logSearch{}
}

// halt ends the search and keeps what it has found.
func (s *logSearch) halt() {
	if s.cancel != nil {
		s.cancel()
	}
	s.stopped, s.done = !s.done, true
}

// renew takes what is known by now of runs that were found.
func (s *logSearch) renew(rows []row) {
	if len(s.rows) == 0 {
		return
	}
	now := make(map[int64]row, len(rows))
	for _, r := range rows {
		now[r.ID] = r
	}
	for i, r := range s.rows {
		if n, ok := now[r.ID]; ok {
			s.rows[i] = n
		}
	}
}

// searchLogs looks through the logs of all runs that the picked project and status leave, the newest first, and shows those that hold the text.
func (l *list) searchLogs(text string) {
	l.logs.stop()
	if text == "" {
		l.arrange()
		return
	}
	matcher, err := find.Query{Text: text}.Compile()
	if err != nil {
		return // a plain text always compiles
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.logs = logSearch{text: text, hits: map[int64]hit{}, cancel: cancel}
	l.arrange()
	go l.lookThrough(ctx, l.filter(), matcher)
}

// lookThrough reads the history a page at a time, and tells of what it finds now and then.
func (l *list) lookThrough(ctx context.Context, filter model.RunFilter, matcher *find.Matcher) {
	const newsEvery = 150 * time.Millisecond
	n := news{hits: map[int64]hit{}}
	last := time.Now()
	tell := func() {
		last = time.Now()
		told := n
		n.rows, n.hits, n.err = nil, map[int64]hit{}, nil
		fyne.Do(func() {
			if ctx.Err() == nil {
				l.searched(told)
			}
		})
	}
	n.of, n.err = l.place.deps.Store.CountRuns(ctx, filter)
	filter.Limit = page
	for !n.end && ctx.Err() == nil {
		rows, err := l.readRows(ctx, filter)
		if err != nil {
			n.err = err
		}
		for _, r := range rows {
			filter.Before = r.ID
			n.look(ctx, l.place.deps.Store, r, matcher)
			if time.Since(last) >= newsEvery {
				tell()
			}
		}
		n.end = len(rows) < page
	}
	tell()
}

// look looks through the logs of one run.
func (n *news) look(ctx context.Context, st Store, r row, matcher *find.Matcher) {
	if ctx.Err() != nil {
		return
	}
	h, ok, err := firstHit(ctx, st, r.Run, matcher)
	if err != nil {
		n.err = err
	}
	if ok {
		n.rows, n.hits[r.ID] = append(n.rows, r), h
	}
	n.looked++
	n.of = max(n.of, n.looked)
}

func (l *list) searched(n news) {
	for id, h := range n.hits {
		l.logs.hits[id] = h
	}
	l.logs.rows = append(slices.Clip(l.logs.rows), n.rows...)
	l.logs.looked, l.logs.of, l.logs.done = n.looked, n.of, n.end
	if n.err != nil {
		dialog.ShowError(l.place.deps.Window, lang.L("Not every log could be searched"), n.err)
	}
	l.arrange()
}

// tellOfSearch says above the list how far the search is.
func (l *list) tellOfSearch() {
	setShown(l.halt, !l.logs.done)
	l.found.Show(l.logs.words(), display.Neutral, l.halt, l.leave)
}

// firstHit finds the first line of a run's logs that holds the text.
func firstHit(ctx context.Context, st Store, r model.Run, matcher *find.Matcher) (h hit, ok bool, err error) {
	for _, step := range r.Steps {
		for from := int64(1); ; {
			lines, err := st.ReadLog(ctx, step.ID, from, exportPage)
			if err != nil && model.ErrorCode(err) != model.CodeLogDamaged {
				return h, false, err
			}
			if len(lines) == 0 {
				break
			}
			for _, line := range lines {
				text := runs.Plain(line.Text)
				matcher.Line(text, func(int, int) bool {
					h, ok = hit{step.ID, line.N, text}, true
					return false
				})
				if ok {
					return h, true, nil
				}
			}
			from = lines[len(lines)-1].N + 1
		}
	}
	return h, false, nil
}

// words tells how far the search is.
func (s *logSearch) words() string {
	with := map[string]any{"Text": s.text, "Found": len(s.hits), "Runs": grouped(s.of), "Looked": grouped(s.looked)}
	switch {
	case !s.done:
		return lang.L("Looking for “{{.Text}}” in the logs: {{.Looked}} of {{.Runs}} runs, {{.Found}} found", with)
	case s.stopped:
		return lang.L("Stopped after {{.Looked}} of {{.Runs}} runs: “{{.Text}}” is in the logs of {{.Found}}", with)
	}
	return lang.L("“{{.Text}}” is in the logs of {{.Found}} of {{.Runs}} runs", with)
}
