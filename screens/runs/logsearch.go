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

// logSearch searches the logs of runs for a text, one run after another.
type logSearch struct {
	text     string // empty: no search
	hits     map[int64]hit
	rows     []row // the runs with a hit, the newest first
	searched int   // number of runs
	total    int
	done     bool
	stopped  bool // by the user
	cancel   context.CancelFunc
}

// hit is the first match in a run's logs.
type hit struct {
	step int64
	line int64
	text string
}

// searchProgress is what a search has found since the last report.
type searchProgress struct {
	rows            []row
	hits            map[int64]hit
	searched, total int // since the beginning
	end             bool
	err             error // of a log that can't be read; the search continues
}

func (s *logSearch) active() bool { return s.text != "" }

// stop ends the search and drops its results.
func (s *logSearch) stop() {
	s.halt()
	*s = logSearch{}
}

// halt ends the search and keeps its results.
func (s *logSearch) halt() {
	if s.cancel != nil {
		s.cancel()
	}
	s.stopped, s.done = !s.done, true
}

// renew replaces found runs by their current state.
func (s *logSearch) renew(rows []row) {
	if len(s.rows) == 0 {
		return
	}
	current := make(map[int64]row, len(rows))
	for _, r := range rows {
		current[r.ID] = r
	}
	for i, r := range s.rows {
		if c, ok := current[r.ID]; ok {
			s.rows[i] = c
		}
	}
}

// searchLogs shows the runs of the chosen project and status whose logs contain text. The newest are searched first.
func (l *list) searchLogs(text string) {
	l.logs.stop()
	if text == "" {
		l.arrange()
		return
	}
	matcher, err := find.Query{Text: text}.Compile()
	if err != nil {
		return // never: plain text compiles
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.logs = logSearch{text: text, hits: map[int64]hit{}, cancel: cancel}
	l.arrange()
	go l.runSearch(ctx, l.filter(), matcher)
}

// runSearch searches the history a page at a time and reports its progress at intervals.
func (l *list) runSearch(ctx context.Context, filter model.RunFilter, matcher *find.Matcher) {
	const interval = 150 * time.Millisecond
	n := searchProgress{hits: map[int64]hit{}}
	last := time.Now()
	report := func() {
		last = time.Now()
		progress := n
		n.rows, n.hits, n.err = nil, map[int64]hit{}, nil
		fyne.Do(func() {
			if ctx.Err() == nil {
				l.addResults(progress)
			}
		})
	}
	n.total, n.err = l.store.CountRuns(ctx, filter)
	filter.Limit = page
	for !n.end && ctx.Err() == nil {
		rows, err := l.readRows(ctx, filter)
		if err != nil {
			n.err = err
		}
		for _, r := range rows {
			filter.Before = r.ID
			n.search(ctx, l.store, r, matcher)
			if time.Since(last) >= interval {
				report()
			}
		}
		n.end = len(rows) < page
	}
	report()
}

// search searches the logs of one run.
func (n *searchProgress) search(ctx context.Context, st Store, r row, matcher *find.Matcher) {
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
	n.searched++
	n.total = max(n.total, n.searched)
}

func (l *list) addResults(n searchProgress) {
	for id, h := range n.hits {
		l.logs.hits[id] = h
	}
	l.logs.rows = append(slices.Clip(l.logs.rows), n.rows...)
	l.logs.searched, l.logs.total, l.logs.done = n.searched, n.total, n.end
	if n.err != nil {
		dialog.ShowError(l.window, lang.L("Not every log could be searched"), n.err)
	}
	l.arrange()
}

// showSearch shows the progress of the search above the list.
func (l *list) showSearch() {
	setShown(l.halt, !l.logs.done)
	l.found.Show(l.logs.describe(), display.Neutral, l.halt, l.leave)
}

// firstHit finds the first match in a run's logs.
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

// describe formats the progress or the result.
func (s *logSearch) describe() string {
	with := map[string]any{"Text": s.text, "Found": len(s.hits), "Runs": grouped(s.total), "Searched": grouped(s.searched)}
	switch {
	case !s.done:
		return lang.L("Searching the logs for “{{.Text}}”: {{.Searched}} of {{.Runs}} runs, found in {{.Found}}", with)
	case s.stopped:
		return lang.L("Stopped after {{.Searched}} of {{.Runs}} runs: “{{.Text}}” is in the logs of {{.Found}}", with)
	}
	return lang.L("“{{.Text}}” is in the logs of {{.Found}} of {{.Runs}} runs", with)
}
