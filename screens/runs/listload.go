package runs

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// history is the runs of a filter as read from the store.
type history struct {
	took     time.Duration // to read them
	rows     []row
	total    int
	projects []string
}

// filter returns the chosen project and status. The text of the search field may be meant for the logs.
func (l *list) filter() model.RunFilter {
	return model.RunFilter{Project: l.project.Value(), Status: model.Status(l.status.Value())}
}

// filterWords returns the words of the search field. A word also matches the statuses whose name on the screen contains it.
func (l *list) filterWords() []model.RunWord {
	var words []model.RunWord
	for _, text := range strings.Fields(l.search.Text) {
		word := model.RunWord{Text: text}
		for _, s := range model.Statuses() {
			if f := faceOf(s); strings.Contains(model.NameKey(f.sign+" "+f.word), model.NameKey(text)) {
				word.Statuses = append(word.Statuses, s)
			}
		}
		words = append(words, word)
	}
	return words
}

// changed reloads the list, or notes to do so if it is loading. A run changes the database several times a second, so the list
// pauses after each load for share times as long as the load took.
func (l *list) changed() {
	const share = 10
	wait := share*l.took - time.Since(l.read)
	switch {
	case l.latest.Busy():
		l.stale = true
	case wait <= 0 || l.took == 0:
		l.load()
	case l.wake == nil:
		l.wake = time.AfterFunc(wait, func() {
			fyne.Do(func() {
				l.wake = nil
				l.changed()
			})
		})
	}
}

// refilter loads the first page of the changed filter.
func (l *list) refilter() {
	l.limit = page
	if l.logs.active() {
		l.searchLogs(l.logs.text)
		return
	}
	l.load()
}

func (l *list) load() {
	l.stale = false
	filter := l.filter()
	if !l.logs.active() {
		filter.Words = l.filterWords()
	}
	if filter.Limit = l.limit; l.table.Sorted() {
		filter.Limit = 0 // the first run in another order may be the oldest
	}
	async.Load(&l.latest, func(ctx context.Context) (history, error) { return l.readHistory(ctx, filter) }, l.loaded)
}

// readMore loads the next page, unless it is loading or there is none.
func (l *list) readMore() {
	if l.logs.active() || len(l.rows) >= l.total || l.limit > len(l.rows) {
		return
	}
	l.limit = len(l.rows) + page
	l.load()
}

// sorted loads all runs if another order needs them.
func (l *list) sorted() {
	if l.table.Sorted() && len(l.rows) < l.total {
		l.load()
	}
}

func (l *list) readHistory(ctx context.Context, filter model.RunFilter) (h history, err error) {
	began := time.Now()
	defer func() { h.took = time.Since(began) }()
	if h.rows, err = l.readRows(ctx, filter); err != nil {
		return h, err
	}
	if h.total = len(h.rows); filter.Limit > 0 && h.total >= filter.Limit {
		if h.total, err = l.store.CountRuns(ctx, filter); err != nil {
			return h, err
		}
	}
	h.projects, err = l.store.RunProjects(ctx)
	return h, err
}

func (l *list) readRows(ctx context.Context, filter model.RunFilter) ([]row, error) {
	runs, err := l.store.Runs(ctx, filter)
	if err != nil {
		return nil, err
	}
	accounts, err := l.store.AWSAccounts(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string]model.AWSAccount{}
	for _, a := range accounts {
		by[a.ID] = a
	}
	rows := make([]row, len(runs))
	for i, r := range runs {
		rows[i].Run = r
		for _, id := range r.AWSAccounts() {
			a, ok := by[id]
			if !ok {
				a.ID = id
			}
			rows[i].accounts = append(rows[i].accounts, a)
		}
	}
	return rows, nil
}

func (l *list) loaded(h history, err error) {
	if err != nil {
		l.stage.Error(err, l.load)
		return
	}
	l.setProjects(h.projects...)
	l.rows, l.total = h.rows, h.total
	l.read, l.took = time.Now(), h.took
	l.logs.renew(h.rows)
	l.arrange()
	if l.stale {
		l.changed()
	}
}

// arrange shows the loaded runs, or the results of the search in the logs, without deleted ones.
func (l *list) arrange() {
	rows := l.rows
	l.found.Hide()
	if l.logs.active() {
		rows = l.logs.rows
		l.showSearch()
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return l.hidden(r.ID) })
	if len(rows) == 0 {
		l.empty()
	} else {
		l.table.SetRows(rows)
		l.stage.Show(l.table.Content())
	}
	l.showCount() // last: it redraws the table, whose last row calls readMore
	l.updateButtons()
}

// showCount shows how many of the runs are listed, unless all are.
func (l *list) showCount() {
	more := !l.logs.active() && len(l.rows) < l.total
	if more {
		l.count.SetText(lang.L("{{.Shown}} of {{.Runs}} shown",
			map[string]any{"Shown": grouped(len(l.rows)), "Runs": grouped(l.total)}))
	}
	if more != l.rest.Visible() {
		setShown(l.rest, more)
		l.content.Refresh()
	}
}

// empty explains why the list is empty.
func (l *list) empty() {
	filters := l.filterTexts()
	switch {
	case l.logs.active() && !l.logs.done:
		l.stage.Loading()
	case l.logs.active():
		l.stage.Empty(lang.L("Not found in any log"), l.logs.describe())
	case len(filters) > 0:
		text := strings.Join(filters, " · ")
		if l.search.Text != "" {
			text += "\n" + lang.L("Press Enter in the filter to search the logs.")
		}
		l.stage.Empty(lang.L("No run matches"), text, control.NewButton(nil, lang.L("Show all runs"), l.showAll))
	case l.of != "":
		l.stage.Empty(lang.L("“{{.Project}}” has not run yet", map[string]any{"Project": l.of}),
			lang.L("Press Run. Each run is kept here with its log."))
	default:
		l.stage.Empty(lang.L("Nothing has run yet"), lang.L("Open a project and press Run. Each run is kept here with its log."))
	}
}

// filterTexts describes the active filters.
func (l *list) filterTexts() []string {
	var parts []string
	if text := strings.TrimSpace(l.search.Text); text != "" {
		parts = append(parts, "“"+text+"”")
	}
	if name := l.project.Value(); name != all && l.of == "" {
		parts = append(parts, lang.L("Project")+": "+name)
	}
	if s := l.status.Value(); s != all {
		parts = append(parts, lang.L("Status")+": "+faceOf(model.Status(s)).word)
	}
	return parts
}

// showAll removes all filters.
func (l *list) showAll() {
	l.logs.stop()
	if l.of == "" {
		l.project.SetValue(all)
	}
	l.status.SetValue(all)
	l.search.SetText("") // reloads only if it was not empty
	l.refilter()
}
