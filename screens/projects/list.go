package projects

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// list shows the pinned steps and then the projects.
type list struct {
	place   *Place
	deps    *Deps // of the place
	load    async.Task
	stage   *feedback.LoadState
	table   *table.Table[model.ProjectInfo]
	pinned  *fyne.Container
	remove  *control.Button
	openBtn *control.Button
	body    fyne.CanvasObject
	hidden  map[string]bool // deleted, with the undo still open
	data    listData
	form    *projectForm
}

// listData is what the list shows.
type listData struct {
	projects []model.ProjectInfo
	pins     []pin
}

func newList(p *Place) *list {
	l := &list{place: p, deps: &p.deps, stage: feedback.NewLoadState(), pinned: container.NewVBox(), hidden: map[string]bool{}}
	l.makeTable()
	l.body = container.NewBorder(container.NewVBox(container.NewPadded(l.toolbar()), l.pinned), nil, nil, nil, l.table.Content())
	return l
}

func (l *list) makeTable() {
	l.table = table.New(
		table.Column[model.ProjectInfo]{Title: lang.L("Project"), Cell: func(i model.ProjectInfo) table.Cell {
			return table.Cell{Text: i.Name, Bold: true}
		}},
		table.Column[model.ProjectInfo]{Title: lang.L("Description"), Cell: func(i model.ProjectInfo) table.Cell {
			return table.Cell{Text: strings.Join(strings.Fields(i.Description), " "), Muted: true}
		}},
		table.Column[model.ProjectInfo]{Title: lang.L("Steps"), Width: 90, Cell: func(i model.ProjectInfo) table.Cell {
			return table.Cell{Text: strconv.Itoa(i.Steps), Muted: true}
		}, Compare: func(a, b model.ProjectInfo) int { return a.Steps - b.Steps }},
	)
	l.table.OnOpened = func(i model.ProjectInfo) { l.place.openProject(i.Name, "") }
	l.table.OnSelected = func(model.ProjectInfo) { l.openBtn.Enable(); l.remove.Enable() }
	l.table.OnDelete = l.delete
}

func (l *list) toolbar() fyne.CanvasObject {
	add := control.NewButton(nil, lang.L("New project"), l.add).Important()
	add.SetIcon(fynetheme.ContentAddIcon())
	l.openBtn = control.NewButton(nil, lang.L("Open"), func() {
		if i, ok := l.table.Selected(); ok {
			l.place.openProject(i.Name, "")
		}
	})
	l.remove = control.NewButton(nil, lang.L("Delete"), func() {
		if i, ok := l.table.Selected(); ok {
			l.delete(i)
		}
	})
	bar := container.NewHBox(add, l.openBtn, l.remove, layout.NewSpacer())
	if l.deps.OpenWelcome != nil {
		bar.Add(control.NewButton(nil, lang.L("From script or package…"), l.deps.OpenWelcome))
	}
	if l.deps.Import != nil {
		bar.Add(control.NewButton(nil, lang.L("Import…"), l.deps.Import))
	}
	filter := control.NewEntry(nil)
	filter.SetPlaceHolder(lang.L("Filter"))
	filter.OnChanged = l.table.SetFilter
	bar.Add(container.NewGridWrap(fyne.NewSize(200, filter.MinSize().Height), filter))
	return bar
}

func (l *list) reload() {
	async.Load(&l.load, func(ctx context.Context) (data listData, err error) {
		if data.projects, err = l.deps.Store.Projects(ctx); err != nil {
			return data, err
		}
		data.pins, err = l.place.readPins(ctx, data.projects)
		return data, err
	}, func(data listData, err error) {
		if err != nil {
			l.stage.Error(err, func() { l.stage.Loading(); l.reload() })
			return
		}
		l.data = data
		l.show()
	})
}

func (l *list) show() {
	var rows []model.ProjectInfo
	for _, i := range l.data.projects {
		if !l.hidden[i.Name] {
			rows = append(rows, i)
		}
	}
	selected, _ := l.table.Selected()
	l.openBtn.Disable()
	l.remove.Disable()
	l.table.SetRows(rows) // calls OnSelected for the remaining selection, which enables the buttons
	l.table.Select(func(i model.ProjectInfo) bool { return i.ID == selected.ID })
	l.showPins()
	if len(rows) == 0 && l.deps.StartPage != nil && !l.place.undo.Visible() {
		l.stage.Show(l.deps.StartPage())
		return
	}
	if len(rows) == 0 {
		actions := []fyne.CanvasObject{control.NewButton(nil, lang.L("New project"), l.add).Important()}
		if l.deps.Import != nil {
			actions = append(actions, control.NewButton(nil, lang.L("Import…"), l.deps.Import))
		}
		l.stage.Empty(lang.L("No projects yet"), lang.L("A project has steps, which are AWS CLI scripts with an account, role and region, "+
			"and the variables that the steps use."), actions...)
		return
	}
	l.stage.Show(l.body)
}

func (l *list) showPins() {
	l.pinned.Objects = nil
	for _, p := range l.data.pins {
		if !l.hidden[p.project] {
			l.pinned.Add(l.card(p))
		}
	}
	l.pinned.Refresh()
}

// add asks for the name of a new project and opens it.
func (l *list) add() {
	async.Load(&l.place.load, l.place.readChoices, func(lib choices, err error) {
		if err != nil {
			l.place.failed(err)
			return
		}
		l.place.setChoices(lib)
		l.form = editProject(l.place, model.Project{}, func(p model.Project) { l.place.openProject(p.Name, "") })
	})
}

func (l *list) delete(i model.ProjectInfo) {
	l.place.undo.Flush()
	l.hidden[i.Name] = true
	l.place.undo.Show(lang.L("The project “{{.Project}}” was deleted.", map[string]any{"Project": i.Name}), func() {
		delete(l.hidden, i.Name)
		l.show()
	}, func() { l.deleteForGood(i.Name) })
	l.show()
}

func (l *list) deleteForGood(name string) {
	go func() {
		ctx := context.Background() // the window may close before it is done
		err := l.deps.Store.DeleteProject(ctx, name)
		fyne.Do(func() {
			delete(l.hidden, name)
			if err != nil {
				dialog.ShowError(l.deps.Window, lang.L("The project “{{.Project}}” can't be deleted", map[string]any{"Project": name}), err)
			}
			l.reload()
		})
	}()
}
