package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// VariableType is the kind of value that a variable holds.
type VariableType string

// The types of variables. Octopus calls the last one "Amazon Web Services Account".
const (
	TypeText       VariableType = "text"
	TypeSensitive  VariableType = "sensitive"
	TypeAWSAccount VariableType = "aws-account"
)

// Variable is one value of a name. A name may have several values with different scopes; a value whose scope contains
// the run's environment takes precedence over one without a scope.
type Variable struct {
	ID     ID
	Name   string
	Type   VariableType
	Value  string   // text: the value; aws-account: the account's name; sensitive: empty, the value is in the vault
	Scope  []string // environments; empty for all of them
	Expect string   // aws-account: the AWS account id that it must lead to, or empty
	Prompt *Prompt  // nil if the value isn't asked for

	ValueSet bool // sensitive: the vault of this computer has the value; never in a file
}

// ValueRef names the value of a sensitive variable in the vault.
func (v Variable) ValueRef() SecretRef { return SecretRef{v.ID, ValueField} }

// Key is equal for values that people consider the same entry of a list: the same name with the same scope, whatever
// their spelling and the order of the environments.
func (v Variable) Key() string {
	keys := make([]string, len(v.Scope))
	for i, e := range v.Scope {
		keys[i] = NameKey(e)
	}
	slices.Sort(keys)
	return strings.Join(append([]string{NameKey(v.Name)}, slices.Compact(keys)...), "\x00")
}

// AppliesTo reports whether the value applies in environment (empty for a run without one).
func (v Variable) AppliesTo(environment string) bool {
	if len(v.Scope) == 0 {
		return true
	}
	return environment != "" && slices.ContainsFunc(v.Scope, func(s string) bool { return NameKey(s) == NameKey(environment) })
}

// checkVariableName returns what is wrong with the name of a variable. Characters that end or nest an expression are
// not allowed.
func checkVariableName(name string) error {
	trimmed := strings.TrimSpace(name)
	switch {
	case trimmed == "":
		return NewError(codeVariableNameEmpty, "The variable has no name. Give it one, such as aws.account.")
	case len([]rune(trimmed)) > MaxName:
		return NewError(codeVariableNameLong, "The name of the variable has %d characters. Use at most %d.", len([]rune(trimmed)), MaxName)
	case strings.ContainsAny(trimmed, "{}#|") ||
		strings.ContainsFunc(trimmed, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Bidi_Control) }):
		return NewError(codeVariableNameForm, "The name %q can't be used in #{…}. Use letters, digits, spaces and . - _ [ ].", trimmed)
	case isReserved(trimmed):
		return NewError(codeNameReserved, "%q is a reserved name. Choose another one for the variable.", trimmed)
	}
	return nil
}

// Check returns what is wrong with the value, field by field.
func (v Variable) Check() []Problem {
	var ps problems
	ps.add("name", checkVariableName(v.Name))
	switch v.Type {
	case TypeText:
	case TypeSensitive:
		if v.Value != "" {
			ps.add("value", NewError(codeSensitivePlain,
				"The sensitive variable %q has its value in plain text. Sensitive values are kept in the vault.", v.Name))
		}
	case TypeAWSAccount:
		if strings.TrimSpace(v.Value) == "" && v.Prompt == nil {
			ps.add("value", NewError(CodeVariableAccountEmpty, "The account variable %q names no account. Choose one.", v.Name))
		}
	default:
		ps.add("type", NewError("variable.type", "%q is not a type of variable. Use text, sensitive or aws-account.", v.Type))
	}
	if v.Expect != "" {
		if v.Type != TypeAWSAccount {
			ps.add("expect", NewError("variable.expect.type",
				"Variable %q expects an AWS account, but it is not an account variable. Remove expect.", v.Name))
		}
		ps.add("expect", CheckAWSAccountID(v.Expect))
	}
	if v.Prompt != nil {
		ps.addAll("prompt.", v.Prompt.check(v))
	}
	return ps.list
}

// overlaps finds values of one name that apply in the same environment, so that neither takes precedence.
func overlaps(vs []Variable) []Problem {
	var ps problems
	type scopedName struct{ name, environment string }
	first := map[scopedName]int{}
	for i, v := range vs {
		scope := v.Scope
		if len(scope) == 0 {
			scope = []string{""}
		}
		for _, e := range scope {
			key := scopedName{NameKey(v.Name), NameKey(e)}
			if _, exists := first[key]; !exists {
				first[key] = i
				continue
			}
			if e == "" {
				ps.add(fmt.Sprintf("variables[%d].scope", i),
					NewError(codeVariableTwice, "Variable %q has two values for all environments. Give one of them a scope or remove it.", v.Name))
			} else {
				ps.add(fmt.Sprintf("variables[%d].scope", i),
					NewError(codeVariableScopeTwice, "Variable %q has two values for environment %q. Change one of their scopes.", v.Name, e))
			}
			break
		}
	}
	return ps.list
}
