package model

import "fmt"

// ValueSecret is what a person typed for a sensitive variable of a project. The variable's id is known once the project
// is saved.
type ValueSecret struct {
	Step  string // the step that owns the variable; empty for the project
	Key   string // the Key of the variable or environment variable
	Value string
}

// Owner returns the vault reference of the variable in the saved project.
func (s ValueSecret) Owner(p Project) (SecretRef, error) {
	list, envs := p.Variables, p.EnvVars
	if s.Step != "" {
		step, _ := p.Step(s.Step)
		list, envs = step.Values, step.EnvVars
	}
	for _, v := range envs {
		if v.Key() == s.Key && v.Sensitive {
			return v.ValueRef(), nil
		}
	}
	for _, v := range list {
		if v.Key() == s.Key && v.Type == TypeSensitive {
			return v.ValueRef(), nil
		}
	}
	return SecretRef{}, NewError("secret.variable",
		"%s has no sensitive variable for a value that was entered. Nothing was saved. Try again.", s.where(p))
}

func (s ValueSecret) where(p Project) string {
	if s.Step != "" {
		return fmt.Sprintf("The step %q", s.Step)
	}
	return fmt.Sprintf("The project %q", p.Name)
}
