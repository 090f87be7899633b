package desktop

import (
	"context"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/screens/projects"
	"github.com/stepdeck/stepdeck/screens/runs"
)

// newProjects makes the place of the projects.
func (w *window) newProjects() *projects.Place {
	st := w.services.Store
	return projects.New(projects.Deps{
		Window: w.win, Store: projectStore{st, w.services, w.scripts}, Environments: st, Known: st, Planner: w.services,
		Accounts: w.accountDeps(), Packages: w.packageDeps(), Fonts: w.fonts, Opened: w.opened,
		Run: func(project, environment string, steps []string) {
			w.runs.Start(runs.Wanted{Project: project, Environment: environment, Steps: steps})
		},
		Runs: w.runs.OfProject, Import: w.chooseImport, Choose: w.choose, ChooseFolder: w.chooseFolder, Doors: w.welcome.Doors, Begin: w.begin,
	})
}

// projectStore marks scripts that were written in this window as seen: nobody has to be shown what they typed.
type projectStore struct {
	*store.Store
	services *app.Services
	scripts  *seenScripts
}

// DeleteProject implements projects.Store.
func (s projectStore) DeleteProject(ctx context.Context, name string) error {
	return s.services.DeleteProject(ctx, name)
}

// SaveProject implements projects.Store.
func (s projectStore) SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error {
	before := map[model.ID]string{}
	if old, err := s.Project(ctx, p.Name); err == nil {
		for _, step := range old.Steps {
			before[step.ID] = step.Script.Body
		}
	}
	if err := s.services.SaveProject(ctx, p, typed); err != nil {
		return err
	}
	var written []string
	for _, step := range p.Steps {
		body, had := before[step.ID]
		if step.Script.Source == model.SourceInline && (!had || body != step.Script.Body) {
			written = append(written, model.ScriptHash(step.Script.Body))
		}
	}
	return s.scripts.MarkSeen(ctx, written...)
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
		if err := w.services.Store.SaveSettings(context.WithoutCancel(w.ctx), map[string]string{key: name}); err != nil {
			w.log.Warn("the chosen environment is not kept", "error", err)
		}
	}()
}

// chooseImport asks for a project file.
func (w *window) chooseImport() {
	w.choose([]string{".stepdeck"}, w.importFile)
}
