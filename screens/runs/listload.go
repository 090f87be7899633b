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

// history is what the store says of the runs that a filter leaves.
type history struct {
	took     time.Duration // to read it
	rows     []row
	total    int
	projects []string
}

// filter is what the person asks for, without what they typed: that may be looked for in the logs instead.
func (l *list) filter() model.RunFilter {
	return model.RunFilter{Project: l.project.Value(), Status: model.Status(l.status.Value())}
}

// words are what was typed into the filter. A word may mean a status by the name that the list has for it.
func (l *list) words() []model.RunWord {
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

// changed renews the list, unless that is under way: then once more afterwards, so that many changes never starve it. A busy run changes the
// database several times a second: reading takes a small part of the time, however long the history and slow the filter is.
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

// refilter begins at the newest run again, with another filter.
func (l *list) refilter() {
	l.want = page
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
		filter.Words = l.words()
	}
	if filter.Limit = l.want; l.table.Sorted() {
		filter.Limit = 0 // the first of another order may be the last of this one
	}
	async.Load(&l.latest, func(ctx context.Context) (history, error) { return l.look(ctx, filter) }, l.loaded)
}

// readMore reads on, unless that is under way or all is there.
func (l *list) readMore() {
	if l.logs.active() || len(l.rows) >= l.total || l.want > len(l.rows) {
		return
	}
	l.want = len(l.rows) + page
	l.load()
}

// sorted reads what another order needs.
func (l *list) sorted() {
	if l.table.Sorted() && len(l.rows) < l.total {
		l.load()
	}
}

func (l *list) look(ctx context.Context, filter model.RunFilter) (h history, err error) {
	began := time.Now()
	defer func() { h.took = time.Since(began) }()
	if h.rows, err = l.readRows(ctx, filter); err != nil {
		return h, err
	}
	if h.total = len(h.rows); filter.Limit > 0 && h.total >= filter.Limit {
		if h.total, err = l.place.deps.Store.CountRuns(ctx, filter); err != nil {
			return h, err
		}
	}
	h.projects, err = l.place.deps.Store.RunProjects(ctx)
	return h, err
}

func (l *list) readRows(ctx context.Context, filter model.RunFilter) ([]row, error) {
	runs, err := l.place.deps.Store.Runs(ctx, filter)
	if err != nil {
		return nil, err
	}
	accounts, err := l.place.deps.Store.AWSAccounts(ctx)
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
	l.offer(h.projects...)
	l.rows, l.total = h.rows, h.total
	l.read, l.took = time.Now(), h.took
	l.logs.renew(h.rows)
	l.arrange()
	if l.stale {
		l.changed()
	}
}

// arrange shows those of the known runs that are not deleted, or those whose logs hold what is looked for.
func (l *list) arrange() {
	rows := l.rows
	l.found.Hide()
	if l.logs.active() {
		rows = l.logs.rows
		l.tellOfSearch()
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return l.place.hidden[r.ID] })
	if len(rows) == 0 {
		l.empty()
	} else {
		l.table.SetRows(rows)
		l.stage.Show(l.table.Content())
	}
	l.tellTheRest() // last: what it changes draws the table, whose last row reads on
	l.buttons()
}

// tellTheRest says how many runs there are beside those that are shown.
func (l *list) tellTheRest() {
	more := !l.logs.active() && len(l.rows) < l.total
	if more {
		l.count.SetText(lang.L("{{.Shown}} of {{.Runs}} shown", map[string]any{"Shown": grouped(len(l.rows)), "Runs": grouped(l.total)}))
	}
	if more != l.rest.Visible() {
		setShown(l.rest, more)
		l.content.Refresh()
	}
}

// empty says why there is nothing, and what can be done.
func (l *list) empty() {
	asked := l.asked()
	switch {
	case l.logs.active() && !l.logs.done:
		l.stage.Loading()
	case l.logs.active():
		l.stage.Empty(lang.L("No log holds it"), l.logs.words())
	case len(asked) > 0:
		text := strings.Join(asked, " · ")
		if l.search.Text != "" {
			text += "\n" + lang.L("Press Enter in the filter to look for it in the logs.")
		}
		l.stage.Empty(lang.L("No run matches"), text, control.NewButton(nil, lang.L("Show all runs"), l.showAll))
	case l.of != "":
		l.stage.Empty(lang.L("“{{.Project}}” has not run yet", map[string]any{"Project": l.of}), lang.L("Press Run. Each run is kept here with its log."))
	default:
		l.stage.Empty(lang.L("Nothing has run yet"), lang.L("Open a project and press Run. Each run is kept here with its log."))
	}
}

// asked tells what the list is filtered by.
func (l *list) asked() []string {
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

// showAll takes all filters away.
func (l *list) showAll() {
	l.logs.stop()
	if l.of == "" {
		l.project.SetValue(all)
	}
	l.status.SetValue(all)
	l.search.SetText("") // which reads anew, unless it is empty already
	l.refilter()
}
