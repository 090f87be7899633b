package runs

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
	"github.com/stepdeck/stepdeck/screens/widgets/forms"
)

// logSearch looks for a text in the logs of many runs, one after another.
type logSearch struct {
	text   string // empty: nothing is looked for
	hits   map[int64]hit
	looked int // runs
	of     int
	done   bool
	cancel context.CancelFunc
}

// hit is where a run's logs hold the text first.
type hit struct {
	step int64
	line int64
	text string
}

func (s *logSearch) active() bool { return s.text != "" }

func (s *logSearch) stop() {
	if s.cancel != nil {
		s.cancel()
	}
	*s = logSearch{}
}

// searchLogs looks through the logs of the runs that the list knows, the newest first, and shows those that hold the text.
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
	found := map[int64]hit{}
	l.logs = logSearch{text: text, hits: found, of: len(l.rows), cancel: cancel}
	runs := make([]model.Run, len(l.rows))
	for i, r := range l.rows {
		runs[i] = r.Run
	}
	l.arrange()
	go l.lookThrough(ctx, runs, matcher)
}

func (l *list) lookThrough(ctx context.Context, runs []model.Run, matcher *find.Matcher) {
	const newsEvery = 150 * time.Millisecond
	found := map[int64]hit{}
	last := time.Now()
	var failed error
	for i, r := range runs {
		h, ok, err := firstHit(ctx, l.place.deps.Store, r, matcher)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			failed = err
		}
		if ok {
			found[r.ID] = h
		}
		if end := i == len(runs)-1; end || time.Since(last) >= newsEvery {
			last = time.Now()
			batch, looked, err := found, i+1, failed
			found, failed = map[int64]hit{}, nil
			fyne.Do(func() {
				if ctx.Err() == nil {
					l.searched(batch, looked, end, err)
				}
			})
		}
	}
}

func (l *list) searched(batch map[int64]hit, looked int, end bool, err error) {
	for id, h := range batch {
		l.logs.hits[id] = h
	}
	l.logs.looked, l.logs.done = looked, end
	if err != nil {
		forms.ShowError(l.place.deps.Window, lang.L("Not every log could be searched"), err)
	}
	l.arrange()
}

// firstHit finds the first line of a run's logs that holds the text.
func firstHit(ctx context.Context, st Store, r model.Run, matcher *find.Matcher) (h hit, ok bool, err error) {
	for _, step := range r.Steps {
		for from := int64(1); ; {
			lines, err := st.ReadLog(ctx, step.ID, from, exportPage)
			if err != nil && model.ErrorCode(err) != "log.damaged" {
				return h, false, err
			}
			if len(lines) == 0 {
				break
			}
			for _, line := range lines {
				text := joblog.StripSGR(joblog.Clean(line.Text))
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
	with := map[string]any{"Text": s.text, "Found": len(s.hits), "Runs": s.of, "Looked": s.looked}
	if !s.done {
		return lang.L("Looking for “{{.Text}}” in the logs: {{.Looked}} of {{.Runs}} runs, {{.Found}} found", with)
	}
	return lang.L("“{{.Text}}” is in the logs of {{.Found}} of {{.Runs}} runs", with)
}
