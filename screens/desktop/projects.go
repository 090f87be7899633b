package desktop

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/projects"
	"github.com/stepdeck/stepdeck/screens/runs"
)

func (w *window) newProjects() *projects.Place {
	service := w.services.Projects()
	return projects.New(projects.Deps{
		Window: w.win, Store: service, Environments: service, Planner: w.services.Runs(),
		Accounts: w.accountDeps(), Packages: w.packageDeps(), Fonts: w.fonts, Opened: w.opened,
		Run: func(project, environment string, steps []string) {
			w.runs.Start(runs.Wanted{Project: project, RunOptions: model.RunOptions{Environment: environment, Steps: steps}})
		},
		Runs: w.runs.OfProject, Import: w.chooseImport, Choose: w.choose, ChooseFolder: w.chooseFolder,
		Parameters: w.services.Declared().Parameters, ArgumentsText: w.services.Declared().ArgumentsText,
		TextArguments: w.services.Declared().TextArguments, ParameterFaults: w.services.Declared().Faults,
		StartPage: w.welcome.StartPage, OpenWelcome: w.openWelcome,
	})
}

// opened shows the project that was opened and its environments in the header.
func (w *window) opened(project string, environments []string) {
	chosen := w.saved[settingEnvironment+model.NameKey(project)]
	if name, current := w.frame.Project(); name == project && current != "" {
		chosen = current
	}
	w.frame.SetProject(project, environments, chosen)
	_, environment := w.frame.Project()
	w.projects.SetEnvironment(environment)
}

func (w *window) openProject(name string) { w.frame.Go(placeProjects, name) }

// settingEnvironment plus the key of a project's name is the setting with the environment that was chosen last.
const settingEnvironment = "window.environment."

func (w *window) choseEnvironment(name string) {
	w.projects.SetEnvironment(name)
	project, _ := w.frame.Project()
	key := settingEnvironment + model.NameKey(project)
	w.saved[key] = name
	go func() {
		if err := w.services.Settings().Keep(context.WithoutCancel(w.ctx), map[string]string{key: name}); err != nil {
			w.log.Warn("the chosen environment is not saved", "error", err)
		}
	}()
}

func (w *window) chooseImport() {
	w.choose([]string{".stepdeck", ".json"}, func(path string) { w.importFiles([]string{path}) })
}
