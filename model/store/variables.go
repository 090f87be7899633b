package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/stepdeck/stepdeck/model"
)

// prompt is the stored form of [model.Prompt].
type prompt struct {
	Label    string            `json:"label,omitempty"`
	Help     string            `json:"help,omitempty"`
	Control  model.ControlType `json:"control"`
	Options  []string          `json:"options,omitempty"`
	Labels   []string          `json:"labels,omitempty"`
	Choices  *model.Choices    `json:"choices,omitempty"`
	Min      string            `json:"min,omitempty"`
	Max      string            `json:"max,omitempty"`
	Required bool              `json:"required,omitempty"`
}

// ownVariables are the variables and environment variables of a step, or of the project itself.
type ownVariables struct {
	values  []model.Variable
	envVars []model.EnvVar
}

// loadVariables returns a project's variables in order, by the step that they belong to; "" for the project's own.
func loadVariables(ctx context.Context, q querier, project model.ID) (map[model.ID]ownVariables, error) {
	scopes, err := loadScopes(ctx, q, project)
	if err != nil {
		return nil, err
	}
	byStep := map[model.ID]ownVariables{}
	_, err = all(ctx, q, func(row scanner) (none struct{}, err error) {
		var v model.Variable
		var step model.ID
		var promptText sql.NullString
		var ofEnvironment bool
		if err := row.Scan(&v.ID, &step, &v.Name, &v.Type, &v.Value, &v.Expect, &v.ValueSet, &promptText, &ofEnvironment); err != nil {
			return none, err
		}
		if promptText.Valid {
			var p prompt
			if err := json.Unmarshal([]byte(promptText.String), &p); err != nil {
				return none, fmt.Errorf("prompt of variable %s: %w", v.ID, err)
			}
			v.Prompt = (*model.Prompt)(&p)
		}
		v.Scope = scopes[v.ID]
		own := byStep[step]
		if ofEnvironment {
			own.envVars = append(own.envVars, envVarOf(v))
		} else {
			own.values = append(own.values, v)
		}
		byStep[step] = own
		return none, nil
	}, `SELECT v.id, coalesce(v.step_id, ''), v.name, v.type, coalesce(a.name, v.value), v.expect, v.value_set, v.prompt, v.of_environment
		FROM variables v LEFT JOIN accounts a ON a.id = v.account_id WHERE v.project_id = ? ORDER BY v.position`, project)
	return byStep, err
}

// loadScopes returns the names of the environments in each variable's scope, in the global order.
func loadScopes(ctx context.Context, q querier, project model.ID) (map[model.ID][]string, error) {
	scopes := map[model.ID][]string{}
	_, err := all(ctx, q, func(row scanner) (none struct{}, err error) {
		var variable model.ID
		var name string
		err = row.Scan(&variable, &name)
		scopes[variable] = append(scopes[variable], name)
		return none, err
	}, `SELECT s.variable_id, e.name FROM variables v JOIN variable_scopes s ON s.variable_id = v.id
		JOIN environments e ON e.id = s.environment_id WHERE v.project_id = ? ORDER BY e.position`, project)
	return scopes, err
}

// envVarOf returns the environment variable that is stored as v.
func envVarOf(v model.Variable) model.EnvVar {
	return model.EnvVar{ID: v.ID, Name: v.Name, Value: v.Value, Sensitive: v.Type == model.TypeSensitive, ValueSet: v.ValueSet}
}

// asVariable returns what an environment variable is stored as.
func asVariable(v model.EnvVar) model.Variable {
	kind := model.TypeText
	if v.Sensitive {
		kind = model.TypeSensitive
	}
	return model.Variable{ID: v.ID, Name: v.Name, Type: kind, Value: v.Value, ValueSet: v.ValueSet}
}

func saveVariable(ctx context.Context, tx *sql.Tx, project, step model.ID, position int, v model.Variable, ofEnvironment bool,
	environments map[string]model.ID) error {
	var account any
	if v.Type == model.TypeAWSAccount && v.Value != "" {
		var id model.ID
		err := tx.QueryRowContext(ctx, `SELECT id FROM accounts WHERE name_key = ?`, model.NameKey(v.Value)).Scan(&id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		account = orNull(id)
	}
	var promptText any
	if v.Prompt != nil {
		text, err := json.Marshal(prompt(*v.Prompt))
		if err != nil {
			return err
		}
		promptText = string(text)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO variables (id, project_id, step_id, position, name, name_key, type, value, account_id,
		expect, value_set, prompt, of_environment)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET step_id = excluded.step_id, position = excluded.position, name = excluded.name,
			name_key = excluded.name_key, type = excluded.type, value = excluded.value, account_id = excluded.account_id,
			expect = excluded.expect, value_set = excluded.value_set, prompt = excluded.prompt,
			of_environment = excluded.of_environment`,
		v.ID, project, orNull(step), position, v.Name, model.NameKey(v.Name), v.Type, v.Value, account, v.Expect, v.ValueSet, promptText,
		ofEnvironment)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM variable_scopes WHERE variable_id = ?`, v.ID); err != nil {
		return err
	}
	for _, e := range v.Scope {
		if _, err := tx.ExecContext(ctx, `INSERT INTO variable_scopes (variable_id, environment_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, v.ID,
			environments[model.NameKey(e)]); err != nil {
			return err
		}
	}
	return nil
}
