package model

import (
	"slices"
	"strings"
)

// ValueName says which value is meant: a step's own, or the project's. An environment variable is called env:NAME.
type ValueName struct {
	Step string // empty: the project's
	Name string
}

// Key is equal for names of the same value.
func (n ValueName) Key() string { return NameKey(n.Step) + "\x00" + NameKey(n.Name) }

// String returns the full name: STEP/NAME, or NAME of the project's.
func (n ValueName) String() string {
	if n.Step == "" {
		return n.Name
	}
	return n.Step + "/" + n.Name
}

// Has reports whether the project has a variable of that name in any scope, or an environment variable env:NAME.
func (p Project) Has(name string) bool { return hasValue(p.Variables, p.EnvVars, name) }

// Owns reports whether the step has a value of its own of that name, or an environment variable env:NAME.
func (s Step) Owns(name string) bool { return hasValue(s.Values, s.EnvVars, name) }

func hasValue(variables []Variable, envVars []EnvVar, name string) bool {
	key := NameKey(name)
	if slices.ContainsFunc(variables, func(v Variable) bool { return NameKey(v.Name) == key }) {
		return true
	}
	env, ok := cutEnvPrefix(name)
	return ok && slices.ContainsFunc(envVars, func(v EnvVar) bool { return v.Key() == (EnvVar{Name: env}).Key() })
}

// ValuesNamed returns the values that a text can mean as a person writes it: NAME that of the project and those of its steps, in their
// order; STEP/NAME that of a step, unless there are values that are called so as a whole.
func (p Project) ValuesNamed(text string) []ValueName {
	var list []ValueName
	if p.Has(text) {
		list = append(list, ValueName{Name: text})
	}
	for _, s := range p.Steps {
		if s.Owns(text) {
			list = append(list, ValueName{s.Name, text})
		}
	}
	if len(list) > 0 {
		return list
	}
	for at := len(text) - 1; at > 0; at-- { // both names may contain a slash: the longest name of a step wins
		if text[at] != '/' {
			continue
		}
		if s, index := p.Step(text[:at]); index >= 0 && s.Owns(text[at+1:]) {
			return []ValueName{{s.Name, strings.TrimSpace(text[at+1:])}}
		}
	}
	return nil
}

// ShortNames returns a function that returns the shortest text that means a value alone: NAME where only one step or the project has one
// of that name, or else STEP/NAME.
func (p Project) ShortNames() func(of ValueName) string {
	owners := map[string]int{}
	count := func(variables []Variable, envVars []EnvVar) {
		own := map[string]bool{}
		for _, v := range variables {
			own[NameKey(v.Name)] = true
		}
		for _, v := range envVars {
			own[NameKey(v.Title())] = true
		}
		for key := range own {
			owners[key]++
		}
	}
	count(p.Variables, p.EnvVars)
	for _, s := range p.Steps {
		count(s.Values, s.EnvVars)
	}
	return func(of ValueName) string {
		if owners[NameKey(of.Name)] < 2 {
			return of.Name
		}
		return of.String()
	}
}

// DeclaredAs returns the variable that a value is, in any scope; of an environment variable, what it is as a variable. The name is
// sensitive if one of its values is.
func (p Project) DeclaredAs(n ValueName) (Variable, bool) {
	only := Project{Variables: p.Variables, EnvVars: p.EnvVars}
	if n.Step != "" {
		s, _ := p.Step(n.Step)
		only = Project{Steps: []Step{s}}
	}
	return only.Declared(n.Name)
}

// DeclaredNamed is Declared for a text that a person writes, which may be STEP/NAME.
func (p Project) DeclaredNamed(text string) (Variable, bool) {
	if v, known := p.Declared(text); known {
		return v, true
	}
	named := p.ValuesNamed(text)
	if len(named) == 0 {
		return Variable{}, false
	}
	return p.DeclaredAs(named[0])
}
