package runs

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// page is the number of runs that the list reads at first, and again whenever its end is scrolled into view.
const page = 200

// listDeps is what a list of runs needs.
type listDeps struct {
	window    fyne.Window
	store     Store
	now       func() time.Time
	open      func(run int64)
	findInLog func(run, stepRun int64, text string)
	again     func(run int64)
	remove    func(run model.Run)
	menu      func(run model.Run) []*fyne.MenuItem
	hidden    func(run int64) bool // deleted, with the undo still open
	canStart  func() bool          // no click that was meant for something else can start a run
}

// list is the page with all runs, or with those of a project.
type list struct {
	listDeps
	projectPick fyne.CanvasObject
	table       *table.Table[row]
	stage       *feedback.LoadState
	project     *control.Select
	status      *control.Select
	search      *control.Entry
	againBtn    *control.Button
	showBtn     *control.Button
	moreBtn     *control.Button
	found       *feedback.Banner // the result of the search in the logs
	halt, leave *control.Button  // in it
	count       *widget.Label
	rest        *fyne.Container // the count and a button to read more
	rows        []row
	limit       int    // of the rows to read
	total       int    // of the runs that match the filter
	of          string // the project on whose page the list is; empty: it is the list of all runs
	logs        logSearch
	latest      async.Task
	content     fyne.CanvasObject
	stale       bool              // changes came while loading
	read        time.Time         // when it was last loaded
	took        time.Duration     // to load it
	wake        *time.Timer       // for the next load
	undo        *feedback.UndoBar // of this list; nil: the place's is used
}

// row is a run with its AWS accounts.
type row struct {
	model.Run
	accounts []model.AWSAccount
}

// all is the value of a filter that matches everything. No project has an empty name.
const all = ""

func newList(deps listDeps) *list {
	l := &list{listDeps: deps, stage: feedback.NewLoadState(), limit: page}
	l.makeFilters()
	l.found = feedback.NewBanner()
	l.halt = control.NewButton(nil, lang.L("Stop searching"), func() {
		l.logs.halt()
		l.arrange()
	})
	l.leave = control.NewButton(nil, lang.L("All runs"), l.showAll)
	l.makeTable()
	bar := l.toolbar()
	l.updateButtons()
	l.count = widget.NewLabel("")
	l.count.Importance = widget.LowImportance
	l.rest = container.NewHBox(l.count, control.NewButton(nil, lang.L("Show more"), l.readMore).Quiet())
	l.rest.Hide()
	l.content = container.NewBorder(container.NewVBox(container.NewPadded(bar), l.found.Content()), l.rest, nil, nil, l.stage.Content())
	return l
}

func (l *list) makeFilters() {
	keys := &control.Keys{}
	l.project = control.NewSelect(keys, control.Option{Value: all, Label: lang.L("All projects")})
	l.status = control.NewSelect(keys, statusOptions()...)
	l.project.SetValue(all)
	l.status.SetValue(all)
	l.project.OnChosen = func(string) { l.refilter() }
	l.status.OnChosen = func(string) { l.refilter() }
	searchKeys := &control.Keys{}
	l.search = control.NewEntry(searchKeys)
	l.search.SetPlaceHolder(lang.L("Filter · Enter: search the logs"))
	l.search.OnChanged = func(string) {
		l.logs.stop() // the new text filters the list
		l.refilter()
	}
	searchKeys.Enter = func() { l.searchLogs(strings.TrimSpace(l.search.Text)) }
	searchKeys.Escape = func() {
		l.logs.stop()
		l.search.SetText("")
		l.refilter()
	}
}

func (l *list) makeTable() {
	l.table = table.New(l.columns()...)
	l.table.OnOpened = l.openRow
	l.table.OnDelete = func(r row) { l.remove(r.Run) }
	l.table.OnSelected = func(row) { l.updateButtons() }
	l.table.Same = func(a, b row) bool { return a.ID == b.ID }
	l.table.OnEnd = l.readMore
	l.table.OnSorted = l.sorted
}

// toolbar returns the filters and the buttons for the selected run.
func (l *list) toolbar() fyne.CanvasObject {
	l.showBtn = control.NewButton(nil, lang.L("Show"), l.openSelected)
	l.againBtn = control.NewButton(nil, lang.L("Run again"), func() {
		if r, ok := l.table.Selected(); ok {
			l.again(r.ID)
		}
	})
	l.moreBtn = menuButton(nil, lang.L("More"), l.moreMenu)
	l.moreBtn.Importance = widget.MediumImportance
	l.projectPick = wide(140, l.project)
	picks := container.NewHBox(l.projectPick, wide(140, l.status))
	return container.NewBorder(nil, nil, picks, container.NewHBox(l.showBtn, l.againBtn, l.moreBtn), l.search)
}

func (l *list) focus() { l.stage.Focus(func() { l.table.Focus(l.window) }) }

// moreMenu returns the menu of the selected run.
func (l *list) moreMenu() []*fyne.MenuItem {
	r, ok := l.table.Selected()
	if !ok {
		return nil
	}
	return l.menu(r.Run)
}

func wide(width float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewGridWrapLayout(fyne.NewSize(width, o.MinSize().Height)), o)
}

func statusOptions() []control.Option {
	options := []control.Option{{Value: all, Label: lang.L("Every status")}}
	for _, s := range []model.Status{
		model.Running, model.Succeeded, model.Warning, model.Failed, model.Stopped, model.TimedOut, model.Interrupted,
	} {
		options = append(options, control.Option{Value: string(s), Label: faceOf(s).word})
	}
	return options
}

func (l *list) columns() []table.Column[row] {
	now := l.now
	byTime := func(a, b row) int { return a.Started.Compare(b.Started) }
	return []table.Column[row]{
		{Title: lang.L("Run"), Width: 58, Cell: numberCell, Compare: func(a, b row) int { return int(a.ID - b.ID) }},
		{Title: lang.L("Status"), Width: 122, Cell: func(r row) table.Cell {
			f := faceOf(r.Status)
			return table.Cell{Badge: f.sign + " " + f.word, Tone: f.tone}
		}},
		{Title: lang.L("Project"), Cell: projectCell},
		{Title: lang.L("Steps"), Cell: func(r row) table.Cell {
			if h, ok := l.logs.hits[r.ID]; ok {
				return table.Cell{Text: strings.TrimSpace(h.text), Mono: true}
			}
			return table.Cell{Text: stepsAndResult(r.Run), Muted: true}
		}},
		{Title: lang.L("AWS account"), Width: 124, Cell: accountCell},
		{Title: lang.L("Started"), Width: 104, Cell: func(r row) table.Cell { return table.Cell{Text: day(r.Started, now())} },
			Compare: byTime},
		{Title: lang.L("Took"), Width: 72, Cell: func(r row) table.Cell { return table.Cell{Text: lastedBriefly(r.Run, now())} },
			Compare: func(a, b row) int { return int(a.Finished.Sub(a.Started) - b.Finished.Sub(b.Started)) }},
		{Title: lang.L("Exit"), Width: 44, Cell: func(r row) table.Cell {
			if !r.Status.Over() {
				return table.Cell{}
			}
			return table.Cell{Text: strconv.Itoa(r.ExitCode)}
		}},
	}
}

func projectCell(r row) table.Cell {
	text := place(r.Run)
	if r.Rehearsal != nil {
		text += " · " + lang.L("rehearsal")
	}
	return table.Cell{Text: text, Bold: true}
}

func numberCell(r row) table.Cell {
	c := table.Cell{Text: "#" + strconv.FormatInt(r.ID, 10)}
	if r.Kept {
		c.Text += " ★"
	}
	return c
}

func accountCell(r row) table.Cell {
	if isSandbox(r.Run) {
		return table.Cell{Badge: "SANDBOX", Tone: display.Neutral}
	}
	if len(r.accounts) == 0 {
		return table.Cell{}
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
	return table.Cell{Text: strings.Join(texts, ", "), Bar: colour}
}

func (l *list) ofProject(name string) {
	l.setProjects(name)
	l.project.SetValue(name)
}

// setProjects sets the projects to filter by. The chosen one stays among them.
func (l *list) setProjects(names ...string) {
	if chosen := l.project.Value(); chosen != all && !slices.Contains(names, chosen) {
		names = append(names, chosen)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(model.NameKey(a), model.NameKey(b)) })
	options := []control.Option{{Value: all, Label: lang.L("All projects")}}
	for _, n := range names {
		options = append(options, control.Option{Value: n, Label: n})
	}
	l.project.SetChoices(options...)
}

func (l *list) updateButtons() {
	_, selected := l.table.Selected()
	setEnabled(l.showBtn, selected)
	setEnabled(l.moreBtn, selected)
	setEnabled(l.againBtn, selected && l.canStart())
}

func (l *list) openSelected() {
	if r, ok := l.table.Selected(); ok {
		l.openRow(r)
	}
}

// openRow shows a run, at the match if its logs were searched.
func (l *list) openRow(r row) {
	l.open(r.ID)
	if h, ok := l.logs.hits[r.ID]; ok {
		l.findInLog(r.ID, h.step, l.logs.text)
	}
}
