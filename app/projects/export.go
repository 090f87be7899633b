package projects

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
)

// Export gives a project as a project file that is to lie in the folder dir, with the accounts that it uses and without
// any secret. The notes tell what it could not say.
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
	note := func(list []model.Variable) {
		for _, v := range list {
			if v.Type == model.TypeAWSAccount {
				used[model.NameKey(v.Value)] = true
			}
		}
	}
	note(p.Variables)
	for _, step := range p.Steps {
		note(step.Values)
	}
	for _, a := range accounts {
		if used[model.NameKey(a.Name)] && a.Kind != model.KindInstanceRole {
			f.Accounts = append(f.Accounts, document.Account{Account: a})
		}
	}
	text, err = document.Format(f)
	return text, notes, err
}

// nameFolders writes the folders of the steps as a project file in dir can name them. It tells of those it can't: they
// are left out.
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
			notes = append(notes, fmt.Sprintf("step %q: its folder %s lies outside of where the file is written, so the file doesn't name it", steps[i].Name, s.Folder))
		}
		s.Folder = ""
	}
	return notes, nil
}
