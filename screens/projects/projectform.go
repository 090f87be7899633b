package projects

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// projectForm edits the name, the description and the environments of a project.
type projectForm struct {
	place       *Place
	deps        *Deps    // of the place
	lib         *choices // of the place
	project     model.Project
	form        *form.Form
	name        *control.Entry
	description *control.Entry
	checks      []*control.Check
	boxes       *fyne.Container
	added       *control.Entry
	envVars     *envVars
	result      *feedback.Banner
	dialog      *dialog.Dialog
	content     fyne.CanvasObject
}

func newProjectForm(p *Place, project model.Project) *projectForm {
	f := &projectForm{
		place: p, deps: &p.deps, lib: &p.lib, project: project, form: form.New(),
		boxes: container.New(layout.NewRowWrapLayout()), result: feedback.NewBanner(),
	}
	k := f.form.Keys
	f.name, f.description, f.added = control.NewEntry(k), control.NewMultiline(k, 3), control.NewEntry(k)
	f.added.SetPlaceHolder(lang.L("new environment, such as Staging"))
	add := control.NewButton(k, lang.L("Add"), f.addEnvironment)
	manage := control.NewButton(k, lang.L("Names and order…"), func() { EditEnvironments(p.deps, f.environmentsChanged) }).Quiet()
	f.added.OnKey = func(ev *fyne.KeyEvent) bool {
		if (ev.Name != fyne.KeyReturn && ev.Name != fyne.KeyEnter) || strings.TrimSpace(f.added.Text) == "" {
			return false
		}
		f.addEnvironment()
		return true
	}
	environments := f.form.Add("environments", lang.L("Environments"),
		lang.L("Optional. Variables can have a value for each environment."),
		container.NewVBox(f.boxes, container.NewBorder(nil, nil, nil, container.NewHBox(add, manage), f.added)))
	rows := form.Rows(f.form.Add("project", lang.L("Name"), "", f.name),
		f.form.Add("description", lang.L("Description"), "", f.description), environments)
	f.envVars = newEnvVars(f.form, p.deps.Window, lang.L("The scripts of all steps get these."), func() scope {
		return newScope(f.project.Variables, nil, p.environment)
	})
	section := form.NewSection(k, lang.L("Environment variables"), len(project.EnvVars) > 0, f.envVars.content)
	section.Summary = f.envVars.summary
	rows.Add(section.Content())
	f.content = container.NewBorder(nil, f.result.Content(), nil, nil, form.Scroll(rows))
	f.form.Check = func() []form.Problem {
		var list []form.Problem
		for _, p := range (model.Project{Name: f.name.Text, Environments: f.environments()}).Check() {
			list = append(list, form.Problem(p))
		}
		return list
	}
	f.form.Fill(func() {
		f.name.SetText(project.Name)
		f.description.SetText(project.Description)
	})
	f.envVars.fill(project.EnvVars)
	section.Refresh()
	f.showEnvironments(project.Environments)
	return f
}

func (f *projectForm) environments() []string {
	var list []string
	for _, c := range f.checks {
		if c.Checked {
			list = append(list, c.Text)
		}
	}
	return list
}

func (f *projectForm) showEnvironments(chosen []string) {
	has := func(name string) bool {
		return slices.ContainsFunc(chosen, func(c string) bool { return model.NameKey(c) == model.NameKey(name) })
	}
	var names []string
	for _, e := range f.lib.environments {
		names = append(names, e.Name)
	}
	for _, c := range chosen {
		if !slices.ContainsFunc(names, func(n string) bool { return model.NameKey(n) == model.NameKey(c) }) {
			names = append(names, c)
		}
	}
	f.checks, f.boxes.Objects = nil, nil
	for _, n := range names {
		c := control.NewCheck(f.form.Keys, n)
		c.Checked = has(n)
		c.OnChanged = func(bool) {
			f.form.Changed()
			f.form.Left("environments")
		}
		f.checks = append(f.checks, c)
		f.boxes.Add(c)
	}
	f.boxes.Refresh()
}

func (f *projectForm) addEnvironment() {
	name := strings.TrimSpace(f.added.Text)
	if err := model.CheckName("environment", name); err != nil {
		f.form.Explain("environments", err)
		return
	}
	f.added.SetText("")
	f.showEnvironments(append(f.environments(), name))
	f.form.Changed()
}

// environmentsChanged reloads the environments. Renamed ones have to be selected again.
func (f *projectForm) environmentsChanged() {
	async.Load(&f.place.load, f.place.readChoices, func(lib choices, err error) {
		if err != nil {
			f.result.Show(err.Error(), display.Bad)
			return
		}
		f.place.setChoices(lib)
		f.showEnvironments(slices.DeleteFunc(f.environments(), func(name string) bool {
			return !slices.ContainsFunc(lib.environments, func(e model.Environment) bool {
				return model.NameKey(e.Name) == model.NameKey(name)
			})
		}))
	})
}

// editProject opens the form of a project, or of a new one if project has no id.
func editProject(p *Place, project model.Project, created func(model.Project)) *projectForm {
	f := newProjectForm(p, project)
	title, confirm := lang.L("New project"), lang.L("Create")
	if project.ID != "" {
		title, confirm = lang.L("Project settings"), lang.L("Save")
	}
	f.dialog = &dialog.Dialog{
		Title: title, Keys: f.form.Keys, Content: f.content, Confirm: confirm, First: f.name, Size: fyne.NewSize(680, 480),
		Dirty: f.form.Dirty,
	}
	f.dialog.OnConfirm = func() {
		if f.form.ShowAll() == nil {
			f.save(created)
		}
	}
	f.dialog.Show(p.deps.Window)
	return f
}

func (f *projectForm) save(created func(model.Project)) {
	name, description, environments := strings.TrimSpace(f.name.Text), strings.TrimSpace(f.description.Text), f.environments()
	envVars := f.envVars.variables()
	c := projects.Change{
		Secrets: typedEnvSecrets("", f.envVars.list),
		Apply: func(p *model.Project) error {
			p.Name, p.Description, p.Environments, p.EnvVars = name, description, environments, envVars
			return nil
		},
	}
	done := func(p model.Project, err error) {
		f.dialog.SetBusy(false)
		if err != nil {
			if model.ErrorCode(err) == model.CodeProjectTaken {
				f.form.Explain("project", err)
			}
			f.result.Show(err.Error(), display.Bad)
			return
		}
		f.form.Saved()
		f.dialog.Close()
		if created != nil {
			created(p)
		}
	}
	f.dialog.SetBusy(true)
	c.Done = done
	if f.project.ID != "" {
		f.place.open.save(c)
		return
	}
	c.Apply = func(p *model.Project) error {
		// Without this check the change would apply to an existing project of that name.
		if _, err := f.deps.Store.Project(context.Background(), name); err == nil {
			return model.NewError(model.CodeProjectTaken, "There is another project called %q. Choose another name.", name)
		}
		p.Name, p.Description, p.Environments, p.EnvVars = name, description, environments, envVars
		return nil
	}
	f.place.queue.Add(c)
}
