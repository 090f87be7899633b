package projects

import (
	"context"

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
	want      string // what to open once the project is read
	told      bool
}

func newProject(p *Place, name, want string) *project {
	o := &project{place: p, name: name, want: want, stage: feedback.NewLoadState()}
	o.drawn = theme.DrawnNow()
	o.process = newProcess(o)
	o.variables = newVariables(o)
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

// addRuns adds the tab of the project's runs, which are read when it is chosen first.
func (o *project) addRuns() {
	box := container.NewStack()
	give := func() {}
	o.tabs.Append(tabs.Tab{Title: lang.L("Runs"), Content: box, Focus: func() { give() }})
	const runs = 2
	o.tabs.OnSelected = func(i int) {
		if i == runs && len(box.Objects) == 0 {
			var content fyne.CanvasObject
			content, give = o.place.deps.Runs(o.project.Name)
			focus.Swap(box, content)
		}
	}
}

// focusSteps gives the keyboard to the list of steps, or to the form of the open one.
func (o *project) focusSteps() {
	if o.form != nil {
		focus.Offer(o.place.deps.Window, o.form.name)
		return
	}
	o.process.stage.Focus(func() { o.process.table.Focus(o.place.deps.Window) })
}

// topRight puts its object beside the tabs' titles.
type topRight struct{}

func (topRight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	least := objects[0].MinSize()
	objects[0].Resize(least)
	objects[0].Move(fyne.NewPos(size.Width-least.Width-4, 0))
}

func (topRight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// reload reads the project and what there is to choose from.
func (o *project) reload() {
	type all struct {
		project model.Project
		lib     choices
	}
	name := o.name // which a change may replace meanwhile
	async.Load(&o.load, func(ctx context.Context) (a all, err error) {
		if a.project, err = o.place.deps.Store.Project(ctx, name); err != nil {
			return a, err
		}
		a.lib, err = o.place.readChoices(ctx)
		return a, err
	}, func(a all, err error) {
		if err != nil {
			o.stage.Error(err, func() { o.stage.Loading(); o.reload() })
			return
		}
		o.place.lib = a.lib
		o.show(a.project)
	})
}

// show shows the project as it is stored.
func (o *project) show(p model.Project) {
	news := !o.told || o.name != p.Name || !same(o.project.Environments, p.Environments)
	o.project, o.name, o.told = p, p.Name, true
	if news && o.place.deps.Opened != nil {
		o.place.deps.Opened(p.Name, p.Environments)
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

func same(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// save changes the stored project and shows what became of it.
func (o *project) save(c projects.Change) {
	c.Project = func() string { return o.name } // an earlier change may rename it
	done := c.Done
	c.Done = func(p model.Project, err error) {
		if err == nil {
			o.load.Cancel() // what is being read is older
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

// openStep shows a step's form in place of the list of steps; one without id is new.
func (o *project) openStep(s model.Step) {
	o.place.undo.Flush()
	o.form = newStepForm(o, s)
	focus.Swap(o.steps, o.form.content)
	o.tabs.SelectIndex(0)
	o.focusSteps()
}

// leaveStep goes back to the list of steps, and asks first where something would be lost.
func (o *project) leaveStep() {
	if o.dirty() {
		dialog.AskDiscard(o.place.deps.Window, o.closeStep)
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
