package model

import "fmt"

// Environment is a target that projects run against. The list of environments is global and ordered; each project uses
// a subset of it.
type Environment struct {
	ID   ID
	Name string
}

// Project is a process (its steps in order) with the variables that the steps use.
type Project struct {
	ID           ID
	Name         string
	Description  string
	Environments []string // names in the global order; if empty, the project runs without an environment
	Variables    []Variable
	EnvVars      []EnvVar // the environment of every step's script
	Steps        []Step
}

// Check returns what is wrong with the project as a whole and with each of its parts, field by field.
func (p Project) Check() []Problem {
	var ps problems
	ps.add("project", CheckName("project", p.Name))
	seen := map[string]bool{}
	for i, e := range p.Environments {
		field := fmt.Sprintf("environments[%d]", i)
		ps.add(field, CheckName("environment", e))
		if seen[NameKey(e)] {
			ps.add(field, NewError(codeEnvironmentTwice, "Environment %q is listed twice. Remove one.", e))
		}
		seen[NameKey(e)] = true
	}
	for i, v := range p.Variables {
		ps.addAll(fmt.Sprintf("variables[%d].", i), v.Check())
		for j, s := range v.Scope {
			if !seen[NameKey(s)] {
				ps.add(fmt.Sprintf("variables[%d].scope[%d]", i, j), NewError(codeVariableScopeUnknown,
					"Variable %q is scoped to %q, which is not among the project's environments. Add it there or change the scope.", v.Name, s))
			}
		}
	}
	ps.addAll("", overlaps(p.Variables))
	ps.addAll("", checkEnvVars(p.EnvVars))
	names := map[string]bool{}
	for i, s := range p.Steps {
		if names[NameKey(s.Name)] {
			ps.add(fmt.Sprintf("steps[%d].name", i), NewError(codeStepNameTwice, "Two steps are called %q. Give one of them another name.", s.Name))
		}
		names[NameKey(s.Name)] = true
		ps.addAll(fmt.Sprintf("steps[%d].", i), s.Check())
	}
	return ps.list
}

// Step returns the step of that name and its index, or -1.
func (p Project) Step(name string) (Step, int) {
	for i, s := range p.Steps {
		if NameKey(s.Name) == NameKey(name) {
			return s, i
		}
	}
	return Step{}, -1
}

// HasEnvironment reports whether the project uses the environment of that name.
func (p Project) HasEnvironment(name string) bool {
	for _, e := range p.Environments {
		if NameKey(e) == NameKey(name) {
			return true
		}
	}
	return false
}

// AccountVariable is what the documentation calls the variable that holds an account.
const AccountVariable = "aws.account"

// AccountVariable returns the variable that leads to the account in every environment: the only value of its name. Where
// there is none, found is false and name is a free one for such a variable.
func (p Project) AccountVariable(account string) (name string, found bool) {
	values := map[string]int{}
	for _, v := range p.Variables {
		values[NameKey(v.Name)]++
	}
	for _, v := range p.Variables {
		leads := v.Type == TypeAWSAccount && len(v.Scope) == 0 && NameKey(v.Value) == NameKey(account)
		if leads && values[NameKey(v.Name)] == 1 {
			return v.Name, true
		}
	}
	return freeName(AccountVariable, ".", func(name string) bool { return values[NameKey(name)] > 0 }), false
}
