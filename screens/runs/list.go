package runs

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/screens/widgets/forms"
)

// listed is how many runs the list holds; older ones are found by project and status.
const listed = 500

// list is the page of all runs.
type list struct {
	place       *Place
	projectPick fyne.CanvasObject
	table       *forms.Table[row]
	stage       *forms.Stage
	project     *forms.Select
	status      *forms.Select
	search      *forms.Entry
	again       *forms.Button
	show        *forms.Button
	more        *forms.Button
	found       *forms.Banner // what the search in the logs has found
	rows        []row
	logs        logSearch
	latest      forms.Latest
	content     fyne.CanvasObject
	undo        *forms.UndoBar // of this list alone; nil: the place's
	filtered    bool
	stale       bool // something changed since the loading began
}

// row is a run with what the AWS accounts in it are known by.
type row struct {
	model.Run
	accounts []model.AWSAccount
}

// all is the value of a filter that lets everything through. A project can't have this name.
const all = ""

func newList(p *Place) *list {
	l := &list{place: p, stage: forms.NewStage()}
	keys := &forms.Keys{}
	l.project = forms.NewSelect(keys, forms.Option{Value: all, Label: lang.L("All projects")})
	l.status = forms.NewSelect(keys, statusOptions()...)
	l.project.SetValue(all)
	l.status.SetValue(all)
	l.project.OnChosen = func(string) { l.load() }
	l.status.OnChosen = func(string) { l.load() }
	found := &forms.Keys{}
	l.search = forms.NewEntry(found)
	l.search.SetPlaceHolder(lang.L("Filter · Enter: search the logs"))
	l.search.OnChanged = func(string) {
		if l.logs.active() {
			l.logs.stop() // another text is a filter again
		}
		l.arrange()
	}
	found.Enter = func() { l.searchLogs(strings.TrimSpace(l.search.Text)) }
	found.Escape = func() {
		l.logs.stop()
		l.search.SetText("")
		l.arrange()
	}
	l.found = forms.NewBanner()
	l.show = forms.NewButton(nil, lang.L("Show"), func() { l.open() })
	l.again = forms.NewButton(nil, lang.L("Run again"), func() {
		if r, ok := l.table.Selected(); ok {
			p.again(r.ID, false)
		}
	})
	l.more = menuButton(nil, lang.L("More"), l.moreMenu)
	l.more.Importance = widget.MediumImportance
	l.table = forms.NewTable(l.columns()...)
	l.table.OnOpened = l.openRow
	l.table.OnKey = func(r row, ev *fyne.KeyEvent) bool {
		if ev.Name == fyne.KeyDelete {
			p.remove(r.Run)
			return true
		}
		return false
	}
	l.table.OnSelected = func(row) { l.buttons() }
	l.buttons()

	l.projectPick = wide(140, l.project)
	picks := container.NewHBox(l.projectPick, wide(140, l.status))
	bar := container.NewBorder(nil, nil, picks, container.NewHBox(l.show, l.again, l.more), l.search)
	l.content = container.NewBorder(container.NewVBox(container.NewPadded(bar), l.found.Content()), nil, nil, nil, l.stage.Content())
	return l
}

func (l *list) focus() { l.stage.Focus(func() { l.table.Focus(l.place.deps.Window) }) }

// moreMenu is what else can be done with the selected run.
func (l *list) moreMenu() []*fyne.MenuItem {
	r, ok := l.table.Selected()
	if !ok {
		return nil
	}
	return l.place.runMenu(r.Run)
}

func wide(width float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewGridWrapLayout(fyne.NewSize(width, o.MinSize().Height)), o)
}

func statusOptions() []forms.Option {
	options := []forms.Option{{Value: all, Label: lang.L("Every status")}}
	for _, s := range []model.Status{model.Running, model.Succeeded, model.Warning, model.Failed, model.Stopped, model.TimedOut, model.Interrupted} {
		options = append(options, forms.Option{Value: string(s), Label: faceOf(s).word})
	}
	return options
}

func (l *list) columns() []forms.Column[row] {
	now := l.place.deps.Now
	byTime := func(a, b row) int { return a.Started.Compare(b.Started) }
	return []forms.Column[row]{
		{Title: lang.L("Run"), Width: 58, Cell: func(r row) forms.Cell {
			c := forms.Cell{Text: "#" + strconv.FormatInt(r.ID, 10)}
			if r.Kept {
				c.Text += " ★"
			}
			return c
		},
			Less: func(a, b row) int { return int(a.ID - b.ID) }},
		{Title: lang.L("Status"), Width: 122, Cell: func(r row) forms.Cell {
			f := faceOf(r.Status)
			return forms.Cell{Badge: f.sign + " " + f.word, Tone: f.tone}
		}},
		{Title: lang.L("Project"), Cell: func(r row) forms.Cell { return forms.Cell{Text: place(r.Run), Bold: true} }},
		{Title: lang.L("Steps"), Cell: func(r row) forms.Cell {
			if h, ok := l.logs.hits[r.ID]; ok {
				return forms.Cell{Text: strings.TrimSpace(h.text), Mono: true}
			}
			return forms.Cell{Text: stepNames(r.Run), Muted: true}
		}},
		{Title: lang.L("AWS account"), Width: 124, Cell: accountCell},
		{Title: lang.L("Started"), Width: 104, Cell: func(r row) forms.Cell { return forms.Cell{Text: day(r.Started, now())} }, Less: byTime},
		{Title: lang.L("Took"), Width: 58, Cell: func(r row) forms.Cell { return forms.Cell{Text: took(r.Started, r.Finished, now())} },
			Less: func(a, b row) int { return int(a.Finished.Sub(a.Started) - b.Finished.Sub(b.Started)) }},
		{Title: lang.L("Exit"), Width: 44, Cell: func(r row) forms.Cell {
			if !r.Status.Over() {
				return forms.Cell{}
			}
			return forms.Cell{Text: strconv.Itoa(r.ExitCode)}
		}},
	}
}

func accountCell(r row) forms.Cell {
	if isSandbox(r.Run) {
		return forms.Cell{Badge: "SANDBOX", Tone: forms.Neutral}
	}
	if len(r.accounts) == 0 {
		return forms.Cell{}
	}
	var texts []string
	for _, a := range r.accounts {
		text := a.Label
		if text == "" {
			text = a.ID
		}
		texts = append(texts, text)
	}
	colour := string(r.accounts[0].Colour)
	if colour == "" {
		colour = "-"
	}
	return forms.Cell{Text: strings.Join(texts, ", "), Bar: colour}
}

func (l *list) ofProject(name string) {
	l.offer(name)
	l.project.SetValue(name)
}

// offer makes a project one of those to filter by.
func (l *list) offer(names ...string) {
	var options []forms.Option
	have := append([]string{}, l.projects()...)
	for _, n := range names {
		if n != "" && !slices.Contains(have, n) {
			have = append(have, n)
		}
	}
	slices.SortFunc(have, func(a, b string) int { return strings.Compare(model.NameKey(a), model.NameKey(b)) })
	options = append(options, forms.Option{Value: all, Label: lang.L("All projects")})
	for _, n := range have {
		options = append(options, forms.Option{Value: n, Label: n})
	}
	l.project.SetChoices(options...)
}

func (l *list) projects() []string {
	var names []string
	for _, label := range l.project.Options {
		if label != lang.L("All projects") {
			names = append(names, label)
		}
	}
	return names
}

// changed renews the list, unless that is under way: then once more afterwards, so that many changes never starve it.
func (l *list) changed() {
	if l.latest.Busy() {
		l.stale = true
		return
	}
	l.load()
}

func (l *list) load() {
	l.stale = false
	filter := store.RunFilter{Project: l.project.Value(), Status: model.Status(l.status.Value()), Limit: listed}
	l.filtered = filter.Project != "" || filter.Status != ""
	forms.Load(&l.latest, func(ctx context.Context) ([]row, error) { return l.read(ctx, filter) }, l.loaded)
}

func (l *list) read(ctx context.Context, filter store.RunFilter) ([]row, error) {
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
		for _, id := range accountIDs(r) {
			a, ok := by[id]
			if !ok {
				a.ID = id
			}
			rows[i].accounts = append(rows[i].accounts, a)
		}
	}
	return rows, nil
}

func (l *list) loaded(rows []row, err error) {
	if err != nil {
		l.stage.Error(err, l.load)
		return
	}
	var names []string
	for _, r := range rows {
		names = append(names, r.Project)
	}
	l.offer(names...)
	l.rows = rows
	l.arrange()
	if l.stale {
		l.load()
	}
}

// arrange shows those of the known runs that the filter or the search in the logs leaves.
func (l *list) arrange() {
	var rows []row
	for _, r := range l.rows {
		_, found := l.logs.hits[r.ID]
		if !l.place.hidden[r.ID] && (found || !l.logs.active()) {
			rows = append(rows, r)
		}
	}
	l.found.Hide()
	filter := l.search.Text
	if l.logs.active() {
		filter = ""
		l.found.Show(l.logs.words(), forms.Neutral, forms.NewButton(nil, lang.L("All runs"), func() { l.search.SetText("") }))
	}
	switch {
	case len(rows) == 0 && l.logs.active():
		l.stage.Empty(lang.L("No log holds it"), l.logs.words())
		if !l.logs.done {
			l.stage.Loading()
		}
	case len(rows) == 0 && l.filtered:
		l.stage.Empty(lang.L("No run matches"), lang.L("Choose another project or status."))
	case len(rows) == 0:
		l.stage.Empty(lang.L("Nothing has run yet"), lang.L("Open a project and press Run. Each run is kept here with its log."))
	default:
		selected, had := l.table.Selected()
		l.table.SetFilter(filter)
		l.table.SetRows(rows)
		if had {
			l.table.Select(func(r row) bool { return r.ID == selected.ID })
		}
		l.stage.Show(l.table.Content())
	}
	l.buttons()
}

func (l *list) buttons() {
	_, some := l.table.Selected()
	for _, b := range []*forms.Button{l.show, l.again, l.more} {
		if some {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}

func (l *list) open() {
	if r, ok := l.table.Selected(); ok {
		l.openRow(r)
	}
}

// openRow shows a run; at what the logs were searched for, where they were.
func (l *list) openRow(r row) {
	l.place.deps.Navigate("runs", r.ID)
	if h, ok := l.logs.hits[r.ID]; ok && l.place.view.id == r.ID {
		l.place.view.lookFor(h.step, l.logs.text)
	}
}
