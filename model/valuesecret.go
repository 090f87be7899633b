package model

import "fmt"

// ValueSecret is what a person typed for a sensitive variable of a project. The variable's id is known once the project
// is saved.
type ValueSecret struct {
	Step  string // the step that owns the variable; empty for the project
	Key   string // the variable's Key
	Value string
}

// Owner returns the vault reference of the variable in the saved project.
func (s ValueSecret) Owner(p Project) (SecretRef, error) {
	list := p.Variables
	if s.Step != "" {
		step, _ := p.Step(s.Step)
		list = step.Values
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
