package model

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
)

// Parameter is a parameter that a script declares.
type Parameter struct {
	Name      string       `json:"name"`
	Aliases   []string     `json:"aliases,omitempty"` // other names of it
	Type      string       `json:"type"`              // in the script's words, such as int or string[]; empty if it says none
	As        ArgumentKind `json:"as"`
	Control   ControlType  `json:"control"` // for a value: text, number, date, file, select or checkbox
	Mandatory bool         `json:"mandatory,omitempty"`
	Default   string       `json:"default,omitempty"` // as the script has it; empty for none
	Options   []string     `json:"options,omitempty"` // the only values, if there are any
	Min       string       `json:"min,omitempty"`
	Max       string       `json:"max,omitempty"`
	Whole     bool         `json:"whole,omitempty"`    // of a number: it has no fraction
	Rounds    bool         `json:"rounds,omitempty"`   // of a number: the script gets it rounded to a whole one
	DateTime  bool         `json:"dateTime,omitempty"` // PowerShell reads a date or time from it, in one of many forms
	Length    Span         `json:"length,omitzero"`    // how many characters a value can have
	Count     Span         `json:"count,omitzero"`     // how many values a list can have
	Pattern   string       `json:"pattern,omitempty"`  // a regular expression of .NET that each value matches; empty: none
	Help      string       `json:"help,omitempty"`
	CodeOnly  bool         `json:"codeOnly,omitempty"` // no text can be its value, as of a script block
}

// Span is how few and how many of something there can be. The zero value is no limit.
type Span struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

func (s Span) allows(n int) bool { return s == Span{} || n >= s.Min && n <= s.Max }

// FindParameter returns the parameter of a name or an alias, in any case.
func FindParameter(list []Parameter, name string) (p Parameter, found bool) {
	i := slices.IndexFunc(list, func(p Parameter) bool { return p.Is(name) })
	if i < 0 {
		return p, false
	}
	return list[i], true
}

// Is reports whether the parameter has that name or alias, in any case.
func (p Parameter) Is(name string) bool {
	same := func(own string) bool { return NameKey(own) == NameKey(name) }
	return same(p.Name) || slices.ContainsFunc(p.Aliases, same)
}

// Argument returns the parameter with a value.
func (p Parameter) Argument(value string) Argument { return Argument{p.Name, value, p.As} }

// Values returns the values in a value without expressions: several of a list.
func (p Parameter) Values(value string) []string {
	if p.As == ArgumentList {
		return p.Argument(value).Values()
	}
	return []string{value}
}

// CheckValue says why a value without expressions can't be the parameter's, or returns nil. It looks for no files, and ignores Pattern.
func (p Parameter) CheckValue(value string) error {
	values := p.Values(value)
	if p.CodeOnly && len(values) > 0 {
		return NewError("script.arguments.code", "The parameter %s takes a %s, which only code can give. Use parameters as text.", p.Name, p.Type)
	}
	if p.As == ArgumentList && !p.Count.allows(len(values)) {
		return NewError("script.arguments.count", "The parameter %s has %s. Give it from %d to %d.",
			p.Name, Count(len(values), "value", "values"), p.Count.Min, p.Count.Max)
	}
	for _, v := range values {
		if err := p.check(v); err != nil {
			return NewError(ErrorCode(err), "The parameter %s can't have that value: %s", p.Name, err)
		}
	}
	return nil
}

// check says why one value can't be the parameter's.
func (p Parameter) check(value string) error {
	prompt := Prompt{Control: p.Control, Options: p.Options, Min: p.Min, Max: p.Max}
	if len(p.Options) > 0 {
		prompt.Control = ControlSelect
	}
	if rounded, ok := p.Rounded(value); ok {
		value = rounded
	}
	if _, err := prompt.Accept(p.spelt(value)); err != nil {
		return err
	}
	switch units := len(utf16.Encode([]rune(value))); {
	case p.Whole && strings.Contains(value, "."):
		return NewError("script.arguments.whole", "%q is not a whole number. Leave the fraction out.", value)
	case p.DateTime && !mayBeDate(value):
		return NewError("script.arguments.date", "%q is not a date. Use one such as 2026-01-31.", value)
	case !p.Length.allows(units):
		return NewError("script.arguments.length", "It has %s. Use from %d to %d.",
			Count(units, "character", "characters"), p.Length.Min, p.Length.Max)
	}
	return nil
}

// Rounded returns the whole number that PowerShell makes of a value with a fraction. ok is false if the value is used as it is.
func (p Parameter) Rounded(value string) (whole string, ok bool) {
	text := strings.TrimSpace(value)
	if !p.Rounds || !strings.Contains(text, ".") || !numberForm().MatchString(text) {
		return "", false
	}
	return roundHalfToEven(text), true
}

// dateForm is the beginning of a date by which a text can be judged.
var dateForm = pattern(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}`)

// mayBeDate reports whether .NET may read a date or time from a text. It has many forms of both, but none is a number alone or without a
// digit.
func mayBeDate(text string) bool {
	text = strings.TrimSpace(text)
	if begin := dateForm().FindString(text); begin != "" {
		_, err := time.Parse("2006-1-2", begin)
		return err == nil
	}
	return strings.ContainsFunc(text, unicode.IsDigit) && strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) })
}

// spelt returns the option that value means in another case, as PowerShell takes it, else value itself.
func (p Parameter) spelt(value string) string {
	for _, o := range p.Options {
		if strings.EqualFold(o, value) {
			return o
		}
	}
	return value
}
