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

// page is how many runs the list reads at first, and each time that its end comes into sight.
const page = 200

// list is the page of all runs.
type list struct {
	place       *Place
	projectPick fyne.CanvasObject
	table       *table.Table[row]
	stage       *feedback.LoadState
	project     *control.Select
	status      *control.Select
	search      *control.Entry
	again       *control.Button
	show        *control.Button
	more        *control.Button
	found       *feedback.Banner // what the search in the logs has found
	halt, leave *control.Button  // in it
	count       *widget.Label
	rest        *fyne.Container // says how many there are, and reads more of them
	rows        []row
	want        int    // how many rows to read
	total       int    // that the filter leaves
	of          string // the project whose page the list is on; empty: it has a page of its own
	logs        logSearch
	latest      async.Task
	content     fyne.CanvasObject
	stale       bool      // something changed since the loading began
	read        time.Time // the last time
	took        time.Duration
	wake        *time.Timer       // to read again
	undo        *feedback.UndoBar // of this list alone; nil: the place's
}

// row is a run with what the AWS accounts in it are known by.
type row struct {
	model.Run
	accounts []model.AWSAccount
}

// all is the value of a filter that lets everything through. A project can't have this name.
const all = ""

func newList(p *Place) *list {
	l := &list{place: p, stage: feedback.NewLoadState(), want: page}
	keys := &control.Keys{}
	l.project = control.NewSelect(keys, control.Option{Value: all, Label: lang.L("All projects")})
	l.status = control.NewSelect(keys, statusOptions()...)
	l.project.SetValue(all)
	l.status.SetValue(all)
	l.project.OnChosen = func(string) { l.refilter() }
	l.status.OnChosen = func(string) { l.refilter() }
	found := &control.Keys{}
	l.search = control.NewEntry(found)
	l.search.SetPlaceHolder(lang.L("Filter · Enter: search the logs"))
	l.search.OnChanged = func(string) {
		l.logs.stop() // another text is a filter again
		l.refilter()
	}
	found.Enter = func() { l.searchLogs(strings.TrimSpace(l.search.Text)) }
	found.Escape = func() {
		l.logs.stop()
		l.search.SetText("")
		l.refilter()
	}
	l.found = feedback.NewBanner()
	l.halt = control.NewButton(nil, lang.L("Stop searching"), func() {
		l.logs.halt()
		l.arrange()
	})
	l.leave = control.NewButton(nil, lang.L("All runs"), l.showAll)
	l.show = control.NewButton(nil, lang.L("Show"), func() { l.open() })
	l.again = control.NewButton(nil, lang.L("Run again"), func() {
		if r, ok := l.table.Selected(); ok {
			p.again(r.ID, false)
		}
	})
	l.more = menuButton(nil, lang.L("More"), l.moreMenu)
	l.more.Importance = widget.MediumImportance
	l.table = table.New(l.columns()...)
	l.table.OnOpened = l.openRow
	l.table.OnDelete = func(r row) { p.remove(r.Run) }
	l.table.OnSelected = func(row) { l.buttons() }
	l.table.Same = func(a, b row) bool { return a.ID == b.ID }
	l.table.OnEnd = l.readMore
	l.table.OnSorted = l.sorted
	l.buttons()

	l.projectPick = wide(140, l.project)
	picks := container.NewHBox(l.projectPick, wide(140, l.status))
	bar := container.NewBorder(nil, nil, picks, container.NewHBox(l.show, l.again, l.more), l.search)
	l.count = widget.NewLabel("")
	l.count.Importance = widget.LowImportance
	l.rest = container.NewHBox(l.count, control.NewButton(nil, lang.L("Show more"), l.readMore).Quiet())
	l.rest.Hide()
	l.content = container.NewBorder(container.NewVBox(container.NewPadded(bar), l.found.Content()), l.rest, nil, nil, l.stage.Content())
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

func statusOptions() []control.Option {
	options := []control.Option{{Value: all, Label: lang.L("Every status")}}
	for _, s := range []model.Status{model.Running, model.Succeeded, model.Warning, model.Failed, model.Stopped, model.TimedOut, model.Interrupted} {
		options = append(options, control.Option{Value: string(s), Label: faceOf(s).word})
	}
	return options
}

func (l *list) columns() []table.Column[row] {
	now := l.place.deps.Now
	byTime := func(a, b row) int { return a.Started.Compare(b.Started) }
	return []table.Column[row]{
		{Title: lang.L("Run"), Width: 58, Cell: func(r row) table.Cell {
			c := table.Cell{Text: "#" + strconv.FormatInt(r.ID, 10)}
			if r.Kept {
				c.Text += " ★"
			}
			return c
		},
			Compare: func(a, b row) int { return int(a.ID - b.ID) }},
		{Title: lang.L("Status"), Width: 122, Cell: func(r row) table.Cell {
			f := faceOf(r.Status)
			return table.Cell{Badge: f.sign + " " + f.word, Tone: f.tone}
		}},
		{Title: lang.L("Project"), Cell: func(r row) table.Cell { return table.Cell{Text: place(r.Run), Bold: true} }},
		{Title: lang.L("Steps"), Cell: func(r row) table.Cell {
			if h, ok := l.logs.hits[r.ID]; ok {
				return table.Cell{Text: strings.TrimSpace(h.text), Mono: true}
			}
			return table.Cell{Text: stepNames(r.Run), Muted: true}
		}},
		{Title: lang.L("AWS account"), Width: 124, Cell: accountCell},
		{Title: lang.L("Started"), Width: 104, Cell: func(r row) table.Cell { return table.Cell{Text: day(r.Started, now())} }, Compare: byTime},
		{Title: lang.L("Took"), Width: 58, Cell: func(r row) table.Cell { return table.Cell{Text: took(r.Started, r.Finished, now())} },
			Compare: func(a, b row) int { return int(a.Finished.Sub(a.Started) - b.Finished.Sub(b.Started)) }},
		{Title: lang.L("Exit"), Width: 44, Cell: func(r row) table.Cell {
			if !r.Status.Over() {
				return table.Cell{}
			}
			return table.Cell{Text: strconv.Itoa(r.ExitCode)}
		}},
	}
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
	l.offer(name)
	l.project.SetValue(name)
}

// offer makes projects those to filter by, beside the chosen one.
func (l *list) offer(names ...string) {
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

func (l *list) buttons() {
	_, some := l.table.Selected()
	setEnabled(l.show, some)
	setEnabled(l.more, some)
	setEnabled(l.again, some && l.place.settled() && l.place.calm())
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
