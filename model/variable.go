package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// VariableType is what a variable holds.
type VariableType string

// The types of variables. Octopus calls the last one "Amazon Web Services Account".
const (
	TypeText       VariableType = "text"
	TypeSensitive  VariableType = "sensitive"
	TypeAWSAccount VariableType = "aws-account"
)

// Variable is one value of a name. Several values of one name stand side by side with different scopes; the one whose
// scope names the environment of the run wins over one without scope.
type Variable struct {
	ID     ID
	Name   string
	Type   VariableType
	Value  string   // text: the value; aws-account: the account's name; sensitive: empty, the value is in the vault
	Scope  []string // environments; none: all of them
	Expect string   // aws-account: the AWS account id that it must lead to, empty for any
	Prompt *Prompt  // asked for at the run

	ValueSet bool // sensitive, local: the vault of this computer has the value
}

// ControlType is how a prompted value is asked for.
type ControlType string

// The controls of a prompt.
const (
	ControlText      ControlType = "text"
	ControlMultiline ControlType = "multiline"
	ControlSelect    ControlType = "select"
	ControlCheckbox  ControlType = "checkbox"
)

// Prompt says how a value is asked for when a run starts.
type Prompt struct {
	Label    string
	Help     string
	Control  ControlType
	Options  []string // of a select
	Required bool
}

// ValueRef names the value of a sensitive variable in the vault.
func (v Variable) ValueRef() SecretRef { return SecretRef{v.ID, ValueField} }

// Key is equal for two values that a person takes for the same one of a list: the same name with the same scope, however
// they are spelt and in whatever order the environments stand.
func (v Variable) Key() string {
	keys := make([]string, len(v.Scope))
	for i, e := range v.Scope {
		keys[i] = NameKey(e)
	}
	slices.Sort(keys)
	return strings.Join(append([]string{NameKey(v.Name)}, slices.Compact(keys)...), "\x00")
}

// AppliesTo reports whether the value counts in environment (empty: a run without one).
func (v Variable) AppliesTo(environment string) bool {
	if len(v.Scope) == 0 {
		return true
	}
	return environment != "" && slices.ContainsFunc(v.Scope, func(s string) bool { return NameKey(s) == NameKey(environment) })
}

// CheckVariableName says what is wrong with the name of a variable. Unlike other names it may be a reserved word, but
// not hold what ends or nests an expression.
func CheckVariableName(name string) error {
	trimmed := strings.TrimSpace(name)
	switch {
	case trimmed == "":
		return NewError("variable.name.empty", "The variable has no name. Give it one, such as aws.account.")
	case len([]rune(trimmed)) > MaxName:
		return NewError("variable.name.long", "The name of the variable has %d characters. Use at most %d.", len([]rune(trimmed)), MaxName)
	case strings.ContainsAny(trimmed, "{}#|") || strings.ContainsFunc(trimmed, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Bidi_Control) }):
		return NewError("variable.name.form", "The name %q can't stand in #{…}. Use letters, digits, blanks and . - _ [ ].", trimmed)
	case isReserved(trimmed):
		return NewError("name.reserved", "The name %q means something by itself. Choose another one for the variable.", trimmed)
	}
	return nil
}

// Check says what is wrong with the value, field by field.
func (v Variable) Check() []Problem {
	var ps problems
	ps.add("name", CheckVariableName(v.Name))
	switch v.Type {
	case TypeText:
	case TypeSensitive:
		if v.Value != "" {
			ps.add("value", NewError("variable.sensitive.plain", "The sensitive variable %q holds its value in plain text. Sensitive values are kept in the vault.", v.Name))
		}
	case TypeAWSAccount:
		if strings.TrimSpace(v.Value) == "" && v.Prompt == nil {
			ps.add("value", NewError("variable.account.empty", "The account variable %q names no account. Choose one.", v.Name))
		}
	default:
		ps.add("type", NewError("variable.type", "%q is not a type of variable. Use text, sensitive or aws-account.", v.Type))
	}
	if v.Expect != "" {
		if v.Type != TypeAWSAccount {
			ps.add("expect", NewError("variable.expect.type", "Variable %q expects an AWS account, but it is not an account variable. Take expect out.", v.Name))
		}
		ps.add("expect", CheckAWSAccountID(v.Expect))
	}
	if v.Prompt != nil {
		ps.addAll("prompt.", v.Prompt.check(v))
	}
	return ps.list
}

func (p Prompt) check(v Variable) []Problem {
	var ps problems
	switch p.Control {
	case ControlText, ControlMultiline, ControlCheckbox:
		if len(p.Options) > 0 {
			ps.add("options", NewError("prompt.options.unused", "The prompt of %q has options but is no select. Take them out or make it a select.", v.Name))
		}
	case ControlSelect:
		if len(p.Options) == 0 {
			ps.add("options", NewError("prompt.options.empty", "The prompt of %q is a select without options. Add some.", v.Name))
		}
	default:
		ps.add("control", NewError("prompt.control", "%q is not a control. Use text, multiline, select or checkbox.", p.Control))
	}
	return ps.list
}

// overlaps finds values of one name that count in the same environment, so that none of them wins.
func overlaps(vs []Variable) []Problem {
	var ps problems
	type place struct{ name, environment string }
	first := map[place]int{}
	for i, v := range vs {
		scope := v.Scope
		if len(scope) == 0 {
			scope = []string{""}
		}
		for _, e := range scope {
			at := place{NameKey(v.Name), NameKey(e)}
			if _, taken := first[at]; !taken {
				first[at] = i
				continue
			}
			if e == "" {
				ps.add(fmt.Sprintf("variables[%d].scope", i), NewError("variable.twice", "Variable %q has two values for all environments. Give one of them a scope or take it out.", v.Name))
			} else {
				ps.add(fmt.Sprintf("variables[%d].scope", i), NewError("variable.scope.twice", "Variable %q has two values for environment %q. Change one of their scopes.", v.Name, e))
			}
			break
		}
	}
	return ps.list
}
