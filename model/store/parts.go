package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// kept is a variable or step as it stands in the table before a save, as far as it matters for finding it again.
type kept struct {
	id       model.ID
	key      string // name key; of a variable also its step and scope
	valueSet bool
	secret   bool // a sensitive value
}

// saveProjectParts makes the project's steps and variables what p says.
func (c *Change) saveProjectParts(ctx context.Context, p *model.Project, environments map[string]model.ID) error {
	oldSteps, err := all(ctx, c.tx, func(row scanner) (k kept, err error) {
		err = row.Scan(&k.id, &k.key)
		return k, err
	}, `SELECT id, name_key FROM steps WHERE project_id = ?`, p.ID)
	if err != nil {
		return err
	}
	oldVariables, err := keptVariables(ctx, c.tx, p.ID)
	if err != nil {
		return err
	}

	// Two steps may have changed names with each other, so all names are put out of the way first.
	if _, err := c.tx.ExecContext(ctx, `UPDATE steps SET name_key = id WHERE project_id = ?`, p.ID); err != nil {
		return err
	}
	steps := newMatcher(oldSteps)
	for i := range p.Steps {
		p.Steps[i].Name = strings.TrimSpace(p.Steps[i].Name)
	}
	steps.match(len(p.Steps), func(i int) (*model.ID, string) { return &p.Steps[i].ID, model.NameKey(p.Steps[i].Name) })
	for i := range p.Steps {
		if err := saveStep(ctx, c.tx, p.ID, i, p.Steps[i]); err != nil {
			return err
		}
	}

	type owned struct {
		variable *model.Variable
		step     model.ID
		position int
	}
	var list []owned
	for i := range p.Variables {
		list = append(list, owned{&p.Variables[i], "", i})
	}
	for i := range p.Steps {
		for j := range p.Steps[i].Values {
			list = append(list, owned{&p.Steps[i].Values[j], p.Steps[i].ID, j})
		}
	}
	variables := newMatcher(oldVariables)
	variables.match(len(list), func(i int) (*model.ID, string) {
		v := list[i].variable
		v.Name = strings.TrimSpace(v.Name)
		return &v.ID, ownedKey(list[i].step, *v)
	})
	for _, o := range list {
		v := o.variable
		before := variables.before(v.ID)
		switch {
		case v.Type != model.TypeSensitive:
			v.ValueSet = false
			if before.secret {
				if err := c.dropSecret(ctx, v.ValueRef()); err != nil {
					return err
				}
			}
		case before.secret:
			v.ValueSet = v.ValueSet || before.valueSet // a file without the secret keeps the stored one
		}
		if err := saveVariable(ctx, c.tx, p.ID, o.step, o.position, *v, environments); err != nil {
			return err
		}
	}
	for _, k := range variables.left() {
		if k.secret {
			if err := c.dropSecret(ctx, model.Variable{ID: k.id}.ValueRef()); err != nil {
				return err
			}
		}
		if _, err := c.tx.ExecContext(ctx, `DELETE FROM variables WHERE id = ?`, k.id); err != nil {
			return err
		}
	}
	for _, k := range steps.left() {
		if _, err := c.tx.ExecContext(ctx, `DELETE FROM steps WHERE id = ?`, k.id); err != nil {
			return err
		}
	}
	return nil
}

func keptVariables(ctx context.Context, tx *sql.Tx, project model.ID) ([]kept, error) {
	scopes, err := loadScopes(ctx, tx, project)
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, func(row scanner) (kept, error) {
		var k kept
		var step, name string
		if err := row.Scan(&k.id, &step, &name, &k.secret, &k.valueSet); err != nil {
			return k, err
		}
		k.key = ownedKey(model.ID(step), model.Variable{Name: name, Scope: scopes[k.id]})
		return k, nil
	}, `SELECT id, coalesce(step_id, ''), name, type = 'sensitive', value_set FROM variables WHERE project_id = ?`, project)
}

// ownedKey is equal for the same value of one owner: of the project, or of a step.
func ownedKey(step model.ID, v model.Variable) string { return string(step) + "\x00" + v.Key() }

// matcher finds what stands in the table already among what is to be saved.
type matcher struct {
	byID  map[model.ID]kept
	byKey map[string]model.ID
	used  map[model.ID]bool
}

func newMatcher(old []kept) *matcher {
	m := &matcher{map[model.ID]kept{}, map[string]model.ID{}, map[model.ID]bool{}}
	for _, k := range old {
		m.byID[k.id] = k
		m.byKey[k.key] = k.id
	}
	return m
}

// match sets the ids of n things: those that come with an id of the table keep it, others get that of the same key, the
// rest gets new ones. An id from elsewhere is never taken over: a secret of another thing may hang on it.
func (m *matcher) match(n int, thing func(i int) (id *model.ID, key string)) {
	for i := range n {
		id, _ := thing(i)
		if _, ours := m.byID[*id]; !ours || m.used[*id] {
			*id = ""
			continue
		}
		m.used[*id] = true
	}
	for i := range n {
		id, key := thing(i)
		if *id != "" {
			continue
		}
		if same, ok := m.byKey[key]; ok && !m.used[same] {
			*id = same
		} else {
			*id = newID()
		}
		m.used[*id] = true
	}
}

// before gives the thing as it stood in the table; of a new one, nothing.
func (m *matcher) before(id model.ID) kept { return m.byID[id] }

// left are those of the table that are no longer there.
func (m *matcher) left() []kept {
	var list []kept
	for id, k := range m.byID {
		if !m.used[id] {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b kept) int { return strings.Compare(string(a.id), string(b.id)) })
	return list
}
