package desktop

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/projects"
	"github.com/stepdeck/stepdeck/screens/runs"
)

// newProjects makes the place of the projects.
func (w *window) newProjects() *projects.Place {
	service := w.services.Projects()
	return projects.New(projects.Deps{
		Window: w.win, Store: service, Environments: service, Planner: w.services.Runs(),
		Accounts: w.accountDeps(), Packages: w.packageDeps(), Fonts: w.fonts, Opened: w.opened,
		Run: func(project, environment string, steps []string) {
			w.runs.Start(runs.Wanted{Project: project, Environment: environment, Steps: steps})
		},
		Runs: w.runs.OfProject, Import: w.chooseImport, Choose: w.choose, ChooseFolder: w.chooseFolder, Doors: w.welcome.StartPage, Begin: w.begin,
	})
}

// opened hears which project is open.
func (w *window) opened(project string, environments []string) {
	chosen := w.kept[settingEnvironment+model.NameKey(project)]
	if name, now := w.frame.Project(); name == project && now != "" {
		chosen = now
	}
	w.frame.SetProject(project, environments, chosen)
	_, environment := w.frame.Project()
	w.projects.SetEnvironment(environment)
}

// openProject shows a project.
func (w *window) openProject(name string) { w.frame.Go(placeProjects, name) }

// settingEnvironment, with a project's name behind it, keeps the environment that was chosen last.
const settingEnvironment = "window.environment."

func (w *window) choseEnvironment(name string) {
	w.projects.SetEnvironment(name)
	project, _ := w.frame.Project()
	key := settingEnvironment + model.NameKey(project)
	w.kept[key] = name
	go func() {
		if err := w.services.Settings().Keep(context.WithoutCancel(w.ctx), map[string]string{key: name}); err != nil {
			w.log.Warn("the chosen environment is not kept", "error", err)
		}
	}()
}

// chooseImport asks for a project file.
func (w *window) chooseImport() {
	w.choose([]string{".stepdeck"}, w.importFile)
}
