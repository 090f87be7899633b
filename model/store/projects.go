package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Projects lists the projects by name.
func (s *Store) Projects(ctx context.Context) (list []model.ProjectInfo, err error) {
	err = s.read(ctx, "read the projects", func(q querier) error {
		list, err = all(ctx, q, func(row scanner) (p model.ProjectInfo, err error) {
			err = row.Scan(&p.ID, &p.Name, &p.Description, &p.Steps)
			return p, err
		}, `SELECT id, name, description, (SELECT count(*) FROM steps WHERE project_id = projects.id) FROM projects ORDER BY name_key`)
		return err
	})
	return list, err
}

// Project returns the project of that name with all its parts.
func (s *Store) Project(ctx context.Context, name string) (p model.Project, err error) {
	err = s.read(ctx, "read the project", func(q querier) error {
		p, err = projectByName(ctx, q, name)
		return err
	})
	return p, err
}

func projectByName(ctx context.Context, q querier, name string) (p model.Project, err error) {
	err = q.QueryRowContext(ctx, `SELECT id, name, description FROM projects WHERE name_key = ?`, model.NameKey(name)).Scan(&p.ID, &p.Name,
		&p.Description)
	if errors.Is(err, sql.ErrNoRows) {
		known, err := all(ctx, q, plain[string], `SELECT name FROM projects ORDER BY name_key`)
		if err != nil {
			return p, err
		}
		return p, notFound(model.CodeProjectUnknown, "project", name, known)
	}
	if err != nil {
		return p, err
	}
	p.Environments, err = all(ctx, q, plain[string], `SELECT name FROM project_environments
		JOIN environments ON id = environment_id WHERE project_id = ? ORDER BY position`, p.ID)
	if err != nil {
		return p, err
	}
	variables, err := loadVariables(ctx, q, p.ID)
	if err != nil {
		return p, err
	}
	p.Variables, p.EnvVars = variables[""].values, variables[""].envVars
	if p.Steps, err = loadSteps(ctx, q, p.ID); err != nil {
		return p, err
	}
	for i := range p.Steps {
		own := variables[p.Steps[i].ID]
		p.Steps[i].Values, p.Steps[i].EnvVars = own.values, own.envVars
	}
	return p, nil
}

// SaveProject updates the stored project to p and sets the ids in p. It is the project with p's id, else the one with
// its name, else a new one. Variables and steps are matched by id, else by name (and scope), and keep their ids, under
// which secrets and history are stored. Missing environments are created. Steps with problems can be saved. It returns
// the secrets to delete from the vault.
func (s *Store) SaveProject(ctx context.Context, p *model.Project) (gone []model.SecretRef, err error) {
	err = s.Change(ctx, "save the project", func(c *Change) error {
		defer func() { gone = c.Gone }()
		return c.SaveProject(ctx, p)
	})
	if err != nil {
		return nil, err
	}
	return gone, nil
}

// SaveProject is [Store.SaveProject] as part of a change.
func (c *Change) SaveProject(ctx context.Context, given *model.Project) error {
	p := cloneProject(*given)
	p.Name = strings.TrimSpace(p.Name)
	if err := savable(p); err != nil {
		return err
	}
	if err := c.saveProjectRow(ctx, &p); err != nil {
		return err
	}
	environments, err := c.saveProjectEnvironments(ctx, p)
	if err != nil {
		return err
	}
	// Variables go first: they may belong to a step that is to be removed, and their secrets must be reported.
	if err := c.saveProjectParts(ctx, &p, environments); err != nil {
		return err
	}
	*given = p
	return nil
}

// cloneProject copies everything that saving sets, so that a failure leaves the caller's project unchanged.
func cloneProject(p model.Project) model.Project {
	p.Variables, p.EnvVars = slices.Clone(p.Variables), slices.Clone(p.EnvVars)
	p.Steps = slices.Clone(p.Steps)
	for i := range p.Steps {
		p.Steps[i].Values, p.Steps[i].EnvVars = slices.Clone(p.Steps[i].Values), slices.Clone(p.Steps[i].EnvVars)
	}
	return p
}

// savable returns an error for what can't be stored at all. Other problems keep a step from being run, not from being
// saved.
func savable(p model.Project) error {
	var list []model.Problem
	for _, problem := range p.Check() {
		if problem.Unsavable() {
			list = append(list, problem)
		}
	}
	if len(list) == 0 {
		return nil
	}
	sentences := make([]string, len(list))
	for i, problem := range list {
		sentences[i] = problem.Err.Error()
	}
	return model.NewError(model.CodeProjectUnsavable, "The project %q can't be saved. %s", p.Name,
		strings.Join(atMost(sentences, 5), " ")).Because(list[0].Err)
}

func (c *Change) saveProjectRow(ctx context.Context, p *model.Project) error {
	key := model.NameKey(p.Name)
	var sameName model.ID
	err := c.tx.QueryRowContext(ctx, `SELECT id FROM projects WHERE name_key = ?`, key).Scan(&sameName)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	switch {
	case p.ID == "" && sameName != "":
		p.ID = sameName
	case p.ID == "":
		p.ID = newID()
	case sameName != "" && sameName != p.ID:
		return nameTaken(model.CodeProjectTaken, "project", p.Name)
	}
	_, err = c.tx.ExecContext(ctx, `INSERT INTO projects (id, name, name_key, description) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, description = excluded.description`,
		p.ID, p.Name, key, p.Description)
	return err
}

// saveProjectEnvironments updates the project's set of environments and returns the ids of all environments by name
// key.
func (c *Change) saveProjectEnvironments(ctx context.Context, p model.Project) (map[string]model.ID, error) {
	known, err := environments(ctx, c.tx)
	if err != nil {
		return nil, err
	}
	ids := map[string]model.ID{}
	for _, e := range known {
		ids[model.NameKey(e.Name)] = e.ID
	}
	if _, err := c.tx.ExecContext(ctx, `DELETE FROM project_environments WHERE project_id = ?`, p.ID); err != nil {
		return nil, err
	}
	for _, name := range p.Environments {
		key := model.NameKey(name)
		if ids[key] == "" {
			if ids[key], err = addEnvironment(ctx, c.tx, strings.TrimSpace(name)); err != nil {
				return nil, err
			}
		}
		if _, err := c.tx.ExecContext(ctx, `INSERT INTO project_environments (project_id, environment_id) VALUES (?, ?)`, p.ID,
			ids[key]); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// DeleteProject removes a project with its variables and steps. Its history stays. It returns the secrets to delete
// from the vault.
func (s *Store) DeleteProject(ctx context.Context, name string) (gone []model.SecretRef, err error) {
	err = s.Change(ctx, "delete the project", func(c *Change) error {
		defer func() { gone = c.Gone }()
		p, err := projectByName(ctx, c.tx, name)
		if err != nil {
			return err
		}
		owners, err := all(ctx, c.tx, plain[model.ID], `SELECT id FROM variables WHERE project_id = ? AND type = ?`, p.ID, model.TypeSensitive)
		if err != nil {
			return err
		}
		for _, id := range owners {
			if err := c.dropSecret(ctx, model.Variable{ID: id}.ValueRef()); err != nil {
				return err
			}
		}
		_, err = c.tx.ExecContext(ctx, `DELETE FROM projects WHERE id = ?`, p.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return gone, nil
}
