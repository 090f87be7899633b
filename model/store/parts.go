package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// storedPart is a variable or step as stored before a save, as far as it matters for finding it again.
type storedPart struct {
	id       model.ID
	key      string // name key; for a variable also its step and scope
	valueSet bool
	secret   bool // a sensitive value
}

// saveProjectParts updates the stored steps and variables to those of p.
func (c *Change) saveProjectParts(ctx context.Context, p *model.Project, environments map[string]model.ID) error {
	oldSteps, err := all(ctx, c.tx, func(row scanner) (k storedPart, err error) {
		err = row.Scan(&k.id, &k.key)
		return k, err
	}, `SELECT id, name_key FROM steps WHERE project_id = ?`, p.ID)
	if err != nil {
		return err
	}
	oldVariables, err := storedVariables(ctx, c.tx, p.ID)
	if err != nil {
		return err
	}

	// Two steps may have swapped names, so all names are cleared first.
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
	for _, k := range variables.unmatched() {
		if k.secret {
			if err := c.dropSecret(ctx, model.Variable{ID: k.id}.ValueRef()); err != nil {
				return err
			}
		}
		if _, err := c.tx.ExecContext(ctx, `DELETE FROM variables WHERE id = ?`, k.id); err != nil {
			return err
		}
	}
	for _, k := range steps.unmatched() {
		if _, err := c.tx.ExecContext(ctx, `DELETE FROM steps WHERE id = ?`, k.id); err != nil {
			return err
		}
	}
	return nil
}

func storedVariables(ctx context.Context, tx *sql.Tx, project model.ID) ([]storedPart, error) {
	scopes, err := loadScopes(ctx, tx, project)
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, func(row scanner) (storedPart, error) {
		var k storedPart
		var step, name string
		if err := row.Scan(&k.id, &step, &name, &k.secret, &k.valueSet); err != nil {
			return k, err
		}
		k.key = ownedKey(model.ID(step), model.Variable{Name: name, Scope: scopes[k.id]})
		return k, nil
	}, `SELECT id, coalesce(step_id, ''), name, type = 'sensitive', value_set FROM variables WHERE project_id = ?`, project)
}

// ownedKey is equal for the same variable of one owner, which is the project or a step.
func ownedKey(step model.ID, v model.Variable) string { return string(step) + "\x00" + v.Key() }

// matcher finds the stored parts among those to be saved.
type matcher struct {
	byID  map[model.ID]storedPart
	byKey map[string]model.ID
	used  map[model.ID]bool
}

func newMatcher(old []storedPart) *matcher {
	m := &matcher{map[model.ID]storedPart{}, map[string]model.ID{}, map[model.ID]bool{}}
	for _, k := range old {
		m.byID[k.id] = k
		m.byKey[k.key] = k.id
	}
	return m
}

// match sets the ids of n parts: those with a stored id keep it, others get the id of the stored part with the same
// key, the rest get new ones. An id from elsewhere is never taken over: another thing's secret may be stored under it.
func (m *matcher) match(n int, part func(i int) (id *model.ID, key string)) {
	for i := range n {
		id, _ := part(i)
		if _, stored := m.byID[*id]; !stored || m.used[*id] {
			*id = ""
			continue
		}
		m.used[*id] = true
	}
	for i := range n {
		id, key := part(i)
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

// before returns the stored part; the zero value if it is new.
func (m *matcher) before(id model.ID) storedPart { return m.byID[id] }

// unmatched returns the stored parts that are no longer present.
func (m *matcher) unmatched() []storedPart {
	var list []storedPart
	for id, k := range m.byID {
		if !m.used[id] {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b storedPart) int { return strings.Compare(string(a.id), string(b.id)) })
	return list
}
