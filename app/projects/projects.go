// Package projects is the service for projects: it saves them, imports and exports them as files, and creates one from a
// script or from the sample.
package projects

import (
	"context"
	"io/fs"
	"slices"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Deps are the dependencies of the Service.
type Deps struct {
	Store   *store.Store
	Secrets *secrets.Service
	Library *library.Library
	Tools   Tools
	Scripts Scripts
	Sample  fs.FS // the sample project's files

	Bootstraps script.Bootstraps // what scripts find
}

// Tools finds the programs that scripts need.
type Tools interface {
	runner.Tools
	Find(ctx context.Context, kind script.Kind) (script.Tool, error)
}

// Scripts remembers which scripts have been looked at on this computer.
type Scripts interface {
	MarkSeen(ctx context.Context, hashes ...string) error
}

// Service manages projects.
type Service struct {
	records
	deps Deps
}

// records are the methods of the store that callers use directly.
type records interface {
	Projects(ctx context.Context) ([]model.ProjectInfo, error)
	Project(ctx context.Context, name string) (model.Project, error)
	Runs(ctx context.Context, filter model.RunFilter) ([]model.Run, error)
	Environments(ctx context.Context) ([]model.Environment, error)
	SaveEnvironment(ctx context.Context, e *model.Environment) error
	DeleteEnvironment(ctx context.Context, name string) error
	OrderEnvironments(ctx context.Context, names []string) error
}

// New returns the service.
func New(deps Deps) *Service { return &Service{deps.Store, deps} }

// SaveProject saves a project with the values that were typed for its sensitive variables, all or nothing. It removes secrets
// that are no longer used from the vault, and marks new scripts as seen, since the person has just written them.
func (s *Service) SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error {
	written, err := s.written(ctx, p)
	if err != nil {
		return err
	}
	saved := *p
	err = s.deps.Secrets.Save(ctx, "save the project", secrets.OfProject(&saved, typed), func(c *store.Change) error {
		return c.SaveProject(ctx, &saved)
	})
	if err != nil {
		return err
	}
	*p = saved
	return s.deps.Scripts.MarkSeen(ctx, written...)
}

// written returns the hashes of the scripts that are not in the same step of the stored project.
func (s *Service) written(ctx context.Context, p *model.Project) ([]string, error) {
	before := map[model.ID]string{}
	old, err := s.stored(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	for _, step := range old.Steps {
		before[step.ID] = step.Script.Body
	}
	var hashes []string
	for _, step := range p.Steps {
		body, known := before[step.ID]
		if step.Script.Source == model.SourceInline && (!known || body != step.Script.Body) {
			hashes = append(hashes, model.ScriptHash(step.Script.Body))
		}
	}
	return hashes, nil
}

// stored returns the stored project with an id, or an empty one if there is none.
func (s *Service) stored(ctx context.Context, id model.ID) (model.Project, error) {
	list, err := s.Projects(ctx)
	i := slices.IndexFunc(list, func(info model.ProjectInfo) bool { return info.ID == id && id != "" })
	if err != nil || i < 0 {
		return model.Project{}, err
	}
	return s.Project(ctx, list[i].Name)
}

// DeleteProject deletes a project with its secrets, but keeps its runs.
func (s *Service) DeleteProject(ctx context.Context, name string) error {
	gone, err := s.deps.Store.DeleteProject(ctx, name)
	if err != nil {
		return err
	}
	s.deps.Secrets.Forget(ctx, gone)
	return nil
}

// Schema returns the JSON Schema of project files.
func Schema() ([]byte, error) { return document.Schema() }
