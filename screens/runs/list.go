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
	"github.com/stepdeck/stepdeck/screens/widgets/forms"
)

// page is how many runs the list reads at first, and each time that its end comes into sight.
const page = 200

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
	halt, leave *forms.Button // in it
	count       *widget.Label
	rest        *fyne.Container // says how many there are, and reads more of them
	rows        []row
	want        int    // how many rows to read
	total       int    // that the filter leaves
	of          string // the project whose page the list is on; empty: it has a page of its own
	logs        logSearch
	latest      forms.Latest
	content     fyne.CanvasObject
	stale       bool      // something changed since the loading began
	read        time.Time // the last time
	took        time.Duration
	wake        *time.Timer    // to read again
	undo        *forms.UndoBar // of this list alone; nil: the place's
}

// row is a run with what the AWS accounts in it are known by.
type row struct {
	model.Run
	accounts []model.AWSAccount
}

// all is the value of a filter that lets everything through. A project can't have this name.
const all = ""

func newList(p *Place) *list {
	l := &list{place: p, stage: forms.NewStage(), want: page}
	keys := &forms.Keys{}
	l.project = forms.NewSelect(keys, forms.Option{Value: all, Label: lang.L("All projects")})
	l.status = forms.NewSelect(keys, statusOptions()...)
	l.project.SetValue(all)
	l.status.SetValue(all)
	l.project.OnChosen = func(string) { l.refilter() }
	l.status.OnChosen = func(string) { l.refilter() }
	found := &forms.Keys{}
	l.search = forms.NewEntry(found)
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
	l.found = forms.NewBanner()
	l.halt = forms.NewButton(nil, lang.L("Stop searching"), func() {
		l.logs.halt()
		l.arrange()
	})
	l.leave = forms.NewButton(nil, lang.L("All runs"), l.showAll)
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
	l.table.Same = func(a, b row) bool { return a.ID == b.ID }
	l.table.OnEnd = l.readMore
	l.table.OnSorted = l.sorted
	l.buttons()

	l.projectPick = wide(140, l.project)
	picks := container.NewHBox(l.projectPick, wide(140, l.status))
	bar := container.NewBorder(nil, nil, picks, container.NewHBox(l.show, l.again, l.more), l.search)
	l.count = widget.NewLabel("")
	l.count.Importance = widget.LowImportance
	l.rest = container.NewHBox(l.count, forms.NewButton(nil, lang.L("Show more"), l.readMore).Quiet())
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

// offer makes projects those to filter by, beside the chosen one.
func (l *list) offer(names ...string) {
	if chosen := l.project.Value(); chosen != all && !slices.Contains(names, chosen) {
		names = append(names, chosen)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(model.NameKey(a), model.NameKey(b)) })
	options := []forms.Option{{Value: all, Label: lang.L("All projects")}}
	for _, n := range names {
		options = append(options, forms.Option{Value: n, Label: n})
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
