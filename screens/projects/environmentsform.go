package projects

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// environmentsForm edits the names and the order of the environments that all projects share.
type environmentsForm struct {
	deps    Deps
	work    async.Task
	table   *table.Table[model.Environment]
	name    *control.Entry
	result  *feedback.Banner
	list    []model.Environment
	changed func()
}

// EditEnvironments opens a dialog with the environments that all projects share. It calls changed, if not nil, after each change.
func EditEnvironments(deps Deps, changed func()) {
	f := newEnvironmentsForm(deps, changed)
	k := &control.Keys{}
	f.name = control.NewEntry(k)
	f.name.SetPlaceHolder(lang.L("Name"))
	with := func(do func(model.Environment)) func() {
		return func() {
			if e, ok := f.table.Selected(); ok {
				do(e)
			}
		}
	}
	up := control.NewIconButton(k, fynetheme.MoveUpIcon(), with(func(e model.Environment) { f.move(e, -1) }))
	down := control.NewIconButton(k, fynetheme.MoveDownIcon(), with(func(e model.Environment) { f.move(e, 1) }))
	rename := control.NewButton(k, lang.L("Rename"), with(func(e model.Environment) { f.save(e) }))
	add := control.NewButton(k, lang.L("Add"), func() { f.save(model.Environment{}) })
	remove := control.NewButton(k, lang.L("Delete"), with(f.remove))
	f.table.OnSelected = func(e model.Environment) { f.name.SetText(e.Name) }
	buttons := container.NewHBox(add, rename, remove, up, down)
	foot := container.NewVBox(container.NewBorder(nil, nil, nil, buttons, f.name), f.result.Content())
	d := &dialog.Dialog{
		Title: lang.L("Environments"), Keys: k, Cancel: lang.L("Close"), Size: fyne.NewSize(560, 420), First: f.name,
		Content: container.NewBorder(nil, foot, nil, nil, f.table.Content()), OnClosed: f.work.Cancel,
	}
	d.Show(deps.Window)
	f.reload()
}

func newEnvironmentsForm(deps Deps, changed func()) *environmentsForm {
	f := &environmentsForm{deps: deps, result: feedback.NewBanner(), changed: changed}
	f.table = table.New(table.Column[model.Environment]{Title: lang.L("Environment"), Fixed: true, Cell: func(e model.Environment) table.Cell {
		return table.Cell{Text: e.Name, Bold: true}
	}})
	return f
}

func (f *environmentsForm) reload() {
	async.Load(&f.work, f.deps.Environments.Environments, func(list []model.Environment, err error) {
		if err != nil {
			f.result.Show(err.Error(), display.Bad)
			return
		}
		selected, _ := f.table.Selected()
		f.list = list
		f.table.SetRows(list)
		f.table.Select(func(e model.Environment) bool { return e.ID == selected.ID })
	})
}

func (f *environmentsForm) do(work func(context.Context) error) {
	f.result.Hide()
	async.Do(&f.work, work, func(err error) {
		if err != nil {
			f.result.Show(err.Error(), display.Bad)
			return
		}
		f.reload()
		if f.changed != nil {
			f.changed()
		}
	})
}

func (f *environmentsForm) save(e model.Environment) {
	e.Name = f.name.Text
	f.do(func(ctx context.Context) error { return f.deps.Environments.SaveEnvironment(ctx, &e) })
}

func (f *environmentsForm) remove(e model.Environment) {
	f.do(func(ctx context.Context) error { return f.deps.Environments.DeleteEnvironment(ctx, e.Name) })
}

func (f *environmentsForm) move(e model.Environment, by int) {
	names := make([]string, len(f.list))
	at := -1
	for i, x := range f.list {
		names[i] = x.Name
		if x.ID == e.ID {
			at = i
		}
	}
	if at < 0 || at+by < 0 || at+by >= len(names) {
		return
	}
	names[at], names[at+by] = names[at+by], names[at]
	f.do(func(ctx context.Context) error { return f.deps.Environments.OrderEnvironments(ctx, names) })
}
