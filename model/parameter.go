package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// ArgumentKind is how an argument is given to a script.
type ArgumentKind string

// The kinds of arguments.
const (
	ArgumentText   ArgumentKind = "text"
	ArgumentSwitch ArgumentKind = "switch" // True or False: given without a value, or not at all
	ArgumentList   ArgumentKind = "list"   // several values, one per line
)

// ArgumentKinds lists the kinds of arguments.
func ArgumentKinds() []ArgumentKind {
	return []ArgumentKind{ArgumentText, ArgumentSwitch, ArgumentList}
}

// Argument is the value of one of a script's parameters, given by its name.
type Argument struct {
	Name  string       `json:"name"`
	Value string       `json:"value"` // may hold expressions
	As    ArgumentKind `json:"as"`
}

// Values returns the values of a list.
func (a Argument) Values() []string {
	text := strings.TrimRight(strings.ReplaceAll(a.Value, "\r\n", "\n"), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// IsEmpty reports whether an argument, in whose value nothing is left to expand, has no value: then the script does not get it.
func (a Argument) IsEmpty() bool {
	if a.As == ArgumentText {
		return a.Value == ""
	}
	return strings.TrimSpace(a.Value) == ""
}

// maxArguments is how many arguments a step can have.
const maxArguments = 200

// checkArguments returns what is wrong with the arguments of a script.
func (s Script) checkArguments() []Problem {
	var ps problems
	if len(s.Arguments) > 0 && strings.TrimSpace(s.Parameters) != "" {
		ps.add("arguments", NewError("script.arguments.both",
			"The step gives its parameters as text and as fields. Keep one of the two."))
	}
	if len(s.Arguments) > maxArguments {
		ps.add("arguments", NewError("script.arguments.many", "The step has %d parameters. A step can have %d.", len(s.Arguments), maxArguments))
		return ps.list
	}
	seen := map[string]bool{}
	for i, a := range s.Arguments {
		at := fmt.Sprintf("arguments[%d].", i)
		ps.add(at+"name", CheckArgumentName(a.Name))
		if seen[NameKey(a.Name)] {
			ps.add(at+"name", NewError("script.arguments.twice", "The parameter %q is given twice. Remove one.", a.Name))
		}
		seen[NameKey(a.Name)] = true
		ps.add(at+"value", CheckArgument(a))
		if !slices.Contains(ArgumentKinds(), a.As) {
			ps.add(at+"as", NewError("script.arguments.as", "%q is not a kind of parameter. Use text, switch or list.", a.As))
		}
	}
	return ps.list
}

// CheckArgumentName accepts what can stand behind a dash without quotes in every language.
func CheckArgumentName(name string) error {
	if name == "" {
		return NewError("script.arguments.name", "A parameter has no name. Give it the name by which the script knows it.")
	}
	for i, r := range name {
		letter := unicode.IsLetter(r) || r == '_'
		if !letter && (i == 0 || !unicode.IsDigit(r) && r != '-' && r != '.') {
			return NewError("script.arguments.name",
				"%q can't be the name of a parameter. Use letters, digits, - _ and . after a letter, and no dash before it.", name)
		}
	}
	return nil
}

// CheckArgument returns what is wrong with the value of an argument, whatever the script declares. Expressions in it are not known yet.
func CheckArgument(a Argument) error {
	switch {
	case strings.ContainsRune(a.Value, 0):
		return NewError("script.parameters.nul", "The parameter %q contains a NUL character. Type it again.", a.Name)
	case a.As == ArgumentSwitch && !HasExpression(a.Value):
		if _, err := acceptCheckbox(strings.TrimSpace(a.Value)); err != nil {
			return NewError("script.arguments.switch", "The switch %q is neither True nor False. Use one of them.", a.Name)
		}
	}
	return nil
}

// IsOn reports whether a switch is given. Its value has been checked.
func (a Argument) IsOn() bool { return strings.EqualFold(strings.TrimSpace(a.Value), CheckedValue) }
