package projects

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
)

// Export returns a project as a project file for the folder dir, with the accounts that it uses and without secrets. The
// notes describe what the file can't contain.
func (s *Service) Export(ctx context.Context, project, dir string) (text []byte, notes []string, err error) {
	p, err := s.Project(ctx, project)
	if err != nil {
		return nil, nil, err
	}
	if notes, err = nameFolders(p.Steps, dir); err != nil {
		return nil, nil, err
	}
	f := document.File{Project: p}
	accounts, err := s.deps.Store.Accounts(ctx)
	if err != nil {
		return nil, nil, err
	}
	used := map[string]bool{}
	collect := func(list []model.Variable) {
		for _, v := range list {
			if v.Type == model.TypeAWSAccount {
				used[model.NameKey(v.Value)] = true
			}
		}
	}
	collect(p.Variables)
	for _, step := range p.Steps {
		collect(step.Values)
	}
	for _, a := range accounts {
		if used[model.NameKey(a.Name)] && a.Kind != model.KindInstanceRole {
			f.Accounts = append(f.Accounts, document.Account{Account: a})
		}
	}
	text, err = document.Format(f)
	return text, notes, err
}

// nameFolders makes the steps' folders relative to dir. It leaves out those that are not in dir, with a note for each.
func nameFolders(steps []model.Step, dir string) (notes []string, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("find the folder of the export: %w", err)
	}
	for i := range steps {
		s := &steps[i].Script
		if s.Folder == "" {
			continue
		}
		rel, err := filepath.Rel(strings.ReplaceAll(dir, "#{", "##{"), s.Folder)
		if err == nil && filepath.IsLocal(rel) {
			s.Folder = filepath.ToSlash(rel)
			continue
		}
		if s.Source == model.SourceFolder {
			notes = append(notes, fmt.Sprintf(
				"step %q: its folder %s is not inside the folder of the exported file, so the file doesn't contain it",
				steps[i].Name, s.Folder))
		}
		s.Folder = ""
	}
	return notes, nil
}
