// Package projects is what a person does with projects: edit and save them, import and export them as files, begin with a
// script or the sample.
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

// Deps is what the service works with.
type Deps struct {
	Store   *store.Store
	Secrets *secrets.Service
	Library *library.Library
	Tools   Tools
	Scripts Scripts
	Sample  fs.FS // the sample project's files
}

// Tools finds the programs that scripts need.
type Tools interface {
	runner.Tools
	Find(ctx context.Context, kind script.Kind) (script.Tool, error)
}

// Scripts remembers which scripts a person at this computer has read.
type Scripts interface {
	MarkSeen(ctx context.Context, hashes ...string) error
}

// Service keeps projects.
type Service struct {
	listings
	deps Deps
}

// listings are what is read and written as it is stored.
type listings interface {
	Projects(ctx context.Context) ([]model.ProjectInfo, error)
	Project(ctx context.Context, name string) (model.Project, error)
	Runs(ctx context.Context, filter model.RunFilter) ([]model.Run, error)
	Environments(ctx context.Context) ([]model.Environment, error)
	SaveEnvironment(ctx context.Context, e *model.Environment) error
	DeleteEnvironment(ctx context.Context, name string) error
	OrderEnvironments(ctx context.Context, names []string) error
}

// New makes the service.
func New(deps Deps) *Service { return &Service{deps.Store, deps} }

// SaveProject saves a project with what was typed for its sensitive variables, all of it or nothing. The secrets of what
// is gone leave the vault. Scripts that were written are marked as read: nobody has to be shown what they typed.
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

// written gives the hashes of the scripts that the stored project does not have in the same step.
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
		body, had := before[step.ID]
		if step.Script.Source == model.SourceInline && (!had || body != step.Script.Body) {
			hashes = append(hashes, model.ScriptHash(step.Script.Body))
		}
	}
	return hashes, nil
}

// stored gives the project of an id, whatever it is called now; an empty one for one that is not there.
func (s *Service) stored(ctx context.Context, id model.ID) (model.Project, error) {
	list, err := s.Projects(ctx)
	at := slices.IndexFunc(list, func(info model.ProjectInfo) bool { return info.ID == id && id != "" })
	if err != nil || at < 0 {
		return model.Project{}, err
	}
	return s.Project(ctx, list[at].Name)
}

// DeleteProject removes a project, and its secrets with it. Its history stays.
func (s *Service) DeleteProject(ctx context.Context, name string) error {
	gone, err := s.deps.Store.DeleteProject(ctx, name)
	if err != nil {
		return err
	}
	s.deps.Secrets.Forget(ctx, gone)
	return nil
}

// Schema is the JSON Schema of project files.
func Schema() ([]byte, error) { return document.Schema() }
