package projects

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/tabs"
)

// project is the open project with its tabs.
type project struct {
	place   *Place
	deps    *Deps // of the place
	name    string
	project model.Project
	load    async.Task
	stage   *feedback.LoadState

	process   *process
	variables *variables
	form      *StepForm // over the process; nil: the list of steps is shown
	settings  *projectForm
	steps     *fyne.Container // the list of steps or the form
	tabs      *tabs.Tabs
	drawn     theme.Drawn // the process
	body      fyne.CanvasObject
	want      string // the step, or "variables", to open after loading
	announced bool   // by Deps.Opened
}

func newProject(p *Place, name, want string) *project {
	o := &project{place: p, deps: &p.deps, name: name, want: want, stage: feedback.NewLoadState()}
	o.drawn = theme.DrawnNow()
	o.process = newProcess(o.pageDeps())
	o.variables = newVariables(o.pageDeps())
	o.steps = container.NewStack(o.process.content)
	o.tabs = tabs.New(nil,
		tabs.Tab{Title: lang.L("Process"), Content: o.steps, Focus: o.focusSteps},
		tabs.Tab{Title: lang.L("Variables"), Content: o.variables.content, Focus: o.variables.focus},
	)
	if p.deps.Runs != nil {
		o.addRuns()
	}
	settings := control.NewButton(nil, lang.L("Project settings…"), o.editSettings).Quiet()
	settings.SetIcon(fynetheme.SettingsIcon())
	o.body = container.NewStack(o.tabs, container.New(topRight{}, settings))
	return o
}

// addRuns adds the tab of the project's runs, which are loaded when the tab is first selected.
func (o *project) addRuns() {
	box := container.NewStack()
	focusRuns := func() {}
	o.tabs.Append(tabs.Tab{Title: lang.L("Runs"), Content: box, Focus: func() { focusRuns() }})
	const runs = 2
	o.tabs.OnSelected = func(i int) {
		if i == runs && len(box.Objects) == 0 {
			var content fyne.CanvasObject
			content, focusRuns = o.deps.Runs(o.project.Name)
			focus.Swap(box, content)
		}
	}
}

// focusSteps moves the focus to the list of steps, or to the open step.
func (o *project) focusSteps() {
	if o.form != nil {
		focus.Offer(o.deps.Window, o.form.name)
		return
	}
	o.process.stage.Focus(func() { o.process.table.Focus(o.deps.Window) })
}

// topRight places its object in the top right corner, beside the tabs' titles.
type topRight struct{}

func (topRight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	least := objects[0].MinSize()
	objects[0].Resize(least)
	objects[0].Move(fyne.NewPos(size.Width-least.Width-4, 0))
}

func (topRight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// reload loads the project and the choices.
func (o *project) reload() {
	type loaded struct {
		project model.Project
		lib     choices
	}
	name := o.name // a change may rename the project meanwhile
	async.Load(&o.load, func(ctx context.Context) (l loaded, err error) {
		if l.project, err = o.deps.Store.Project(ctx, name); err != nil {
			return l, err
		}
		l.lib, err = o.place.readChoices(ctx)
		return l, err
	}, func(l loaded, err error) {
		if err != nil {
			o.stage.Error(err, func() { o.stage.Loading(); o.reload() })
			return
		}
		o.place.setChoices(l.lib)
		o.show(l.project)
	})
}

// show shows the stored project.
func (o *project) show(p model.Project) {
	changed := !o.announced || o.name != p.Name || !slices.Equal(o.project.Environments, p.Environments)
	o.project, o.name, o.announced = p, p.Name, true
	if changed && o.deps.Opened != nil {
		o.deps.Opened(p.Name, p.Environments)
	}
	o.stage.Show(o.body)
	o.process.show()
	o.variables.show()
	if o.form != nil {
		o.form.libraryChanged()
	}
	if o.want != "" {
		want := o.want
		o.want = ""
		if want == "variables" {
			o.tabs.SelectIndex(1)
		} else if s, at := p.Step(want); at >= 0 {
			o.openStep(s)
		}
	}
}

// save changes the stored project and shows the result.
func (o *project) save(c projects.Change) {
	c.Project = func() string { return o.name } // an earlier change in the queue may rename it
	done := c.Done
	c.Done = func(p model.Project, err error) {
		if err == nil {
			o.load.Cancel() // it is loading an older state
			o.show(p)
		}
		if done != nil {
			done(p, err)
		} else if err != nil {
			o.place.failed(err)
			o.reload()
		}
	}
	o.place.queue.Add(c)
}

func (o *project) environmentChanged() {
	o.process.show()
	o.variables.show()
	if o.form != nil {
		o.form.environmentChanged()
	}
}

func (o *project) dirty() bool { return o.form != nil && o.form.Dirty() }

func (o *project) discard() { o.closeStep() }

// openStep shows the form of a step instead of the list of steps. A step without an id is new.
func (o *project) openStep(s model.Step) {
	o.place.undo.Flush()
	o.form = newStepForm(o.pageDeps(), s)
	focus.Swap(o.steps, o.form.content)
	o.tabs.SelectIndex(0)
	o.focusSteps()
}

// leaveStep returns to the list of steps, and asks first if there are unsaved edits.
func (o *project) leaveStep() {
	if o.dirty() {
		dialog.AskDiscard(o.deps.Window, o.closeStep)
		return
	}
	o.closeStep()
}

func (o *project) closeStep() {
	if o.form != nil {
		o.form.close()
	}
	o.form = nil
	focus.Swap(o.steps, o.process.content)
	o.drawn.Shown()
	o.process.show()
	o.focusSteps()
}

func (o *project) editSettings() {
	o.settings = editProject(o.place, o.project, nil)
}
