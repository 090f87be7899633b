package desktop

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/screens"
	"github.com/stepdeck/stepdeck/screens/widgets/forms"
)

// projectList lists the projects; opening one shows its pickers and its steps.
type projectList struct {
	window  *window
	stage   *forms.Stage
	table   *forms.Table[store.ProjectInfo]
	latest  forms.Latest
	content fyne.CanvasObject
}

func (w *window) projects() screens.Place {
	p := &projectList{window: w, stage: forms.NewStage()}
	p.table = forms.NewTable(
		forms.Column[store.ProjectInfo]{Title: lang.L("Project"), Cell: func(i store.ProjectInfo) forms.Cell { return forms.Cell{Text: i.Name, Bold: true} }},
		forms.Column[store.ProjectInfo]{Title: lang.L("Steps"), Width: 90, Cell: func(i store.ProjectInfo) forms.Cell { return forms.Cell{Text: strconv.Itoa(i.Steps)} }},
	)
	p.table.OnSelected = func(i store.ProjectInfo) { w.openProject(i.Name) }
	head := widget.NewLabelWithStyle(lang.L("Projects"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head.SizeName = fynetheme.SizeNameHeadingText
	p.content = container.New(layout.NewCustomPaddedLayout(10, 10, 14, 14), container.NewBorder(head, nil, nil, nil, p.stage.Content()))
	return p
}

// Content implements screens.Place.
func (p *projectList) Content() fyne.CanvasObject { return p.content }

// Shown implements screens.Shower.
func (p *projectList) Shown() { p.Changed() }

// Changed implements screens.Follower.
func (p *projectList) Changed() {
	forms.Load(&p.latest, p.window.services.Store.Projects, func(list []store.ProjectInfo, err error) {
		switch {
		case err != nil:
			p.stage.Error(err, p.Changed)
		case len(list) == 0:
			p.stage.Empty(lang.L("No project yet"), lang.L("Drop a Stepdeck file here to import one."))
		default:
			p.table.SetRows(list)
			p.stage.Show(p.table.Content())
		}
	})
}

// openProject shows the pickers of a project.
func (w *window) openProject(name string) {
	go func() {
		project, err := w.services.Store.Project(w.ctx, name)
		fyne.Do(func() {
			if err != nil {
				forms.ShowError(w.win, lang.L("The project can't be opened"), err)
				return
			}
			w.showProject(project)
		})
	}()
}

func (w *window) showProject(p model.Project) {
	w.frame.SetProject(p.Name, p.Environments, w.kept[settingEnvironment+string(p.ID)])
	w.project = p.ID
}

// settingEnvironment, with a project's id behind it, keeps the environment that was chosen last.
const settingEnvironment = "window.environment."

func (w *window) choseEnvironment(name string) {
	key := settingEnvironment + string(w.project)
	w.kept[key] = name
	go func() {
		if err := w.services.Store.SaveSettings(context.WithoutCancel(w.ctx), map[string]string{key: name}); err != nil {
			w.log.Warn("the chosen environment is not kept", "error", err)
		}
	}()
}

// editStep leads to a step's form.
func (w *window) editStep() func(project, step string) { return nil }

// openFile takes a file that was dropped or handed over.
func (w *window) openFile(path string) {
	if !isProjectFile(path) {
		forms.ShowError(w.win, lang.L("This file can't be opened"), model.NewError("window.file", "%s", lang.L("Stepdeck opens .stepdeck files. Packages are imported under Packages.")))
		return
	}
	w.importFile(path)
}
