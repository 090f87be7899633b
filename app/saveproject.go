package app

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// SaveProject is Store.SaveProject with what was typed for sensitive variables. The secrets of what is gone leave the vault.
func (s *Services) SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error {
	saved := *p
	secrets := make([]newSecret, len(typed))
	for i, secret := range typed {
		secrets[i] = newSecret{model.ValueField, secret.Value, func() (model.SecretRef, error) { return secret.Owner(saved) }}
	}
	err := s.keep(ctx, "save the project", secrets, func(c *store.Change) error { return c.SaveProject(ctx, &saved) })
	if err == nil {
		*p = saved
	}
	return err
}

// DeleteProject removes a project, and its secrets with it. Its history stays.
func (s *Services) DeleteProject(ctx context.Context, name string) error {
	gone, err := s.Store.DeleteProject(ctx, name)
	if err != nil {
		return err
	}
	s.forget(ctx, gone)
	return nil
}
