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

	list := ownedVariables(p)
	variables := newMatcher(oldVariables)
	variables.match(len(list), func(i int) (*model.ID, string) { return &list[i].variable.ID, list[i].key() })
	for i := range list {
		o := &list[i]
		v := &o.variable
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
		if err := saveVariable(ctx, c.tx, p.ID, o.step, o.position, *v, o.env != nil, environments); err != nil {
			return err
		}
		o.giveBack()
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
		var ofEnvironment bool
		if err := row.Scan(&k.id, &step, &name, &k.secret, &k.valueSet, &ofEnvironment); err != nil {
			return k, err
		}
		k.key = ownedKey(model.ID(step), model.Variable{Name: name, Scope: scopes[k.id]}.Key())
		if ofEnvironment {
			k.key = ownedKey(model.ID(step), model.EnvVar{Name: name}.Key())
		}
		return k, nil
	}, `SELECT id, coalesce(step_id, ''), name, type = 'sensitive', value_set, of_environment FROM variables WHERE project_id = ?`, project)
}

// ownedKey is equal for the same variable of one owner, which is the project or a step.
func ownedKey(step model.ID, key string) string { return string(step) + "\x00" + key }

// ownedVariable is a variable or an environment variable that is going to be stored.
type ownedVariable struct {
	variable model.Variable // as it is stored
	value    *model.Variable
	env      *model.EnvVar // one of the two: where it comes from, and what gets its id
	step     model.ID
	position int
}

// ownedVariables returns all variables of a project whose steps have their ids.
func ownedVariables(p *model.Project) []ownedVariable {
	var list []ownedVariable
	add := func(step model.ID, values []model.Variable, envVars []model.EnvVar) {
		for i := range values {
			values[i].Name = strings.TrimSpace(values[i].Name)
			list = append(list, ownedVariable{variable: values[i], value: &values[i], step: step, position: i})
		}
		for i := range envVars {
			envVars[i].Name = strings.TrimSpace(envVars[i].Name)
			list = append(list, ownedVariable{variable: asVariable(envVars[i]), env: &envVars[i], step: step, position: i})
		}
	}
	add("", p.Variables, p.EnvVars)
	for i := range p.Steps {
		add(p.Steps[i].ID, p.Steps[i].Values, p.Steps[i].EnvVars)
	}
	return list
}

func (o ownedVariable) key() string {
	if o.env != nil {
		return ownedKey(o.step, o.env.Key())
	}
	return ownedKey(o.step, o.variable.Key())
}

// giveBack tells the project how the variable was stored.
func (o ownedVariable) giveBack() {
	if o.env != nil {
		*o.env = envVarOf(o.variable)
		return
	}
	*o.value = o.variable
}

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
