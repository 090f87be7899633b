package octopusjson

import (
	"bytes"
	"encoding/json"
	"strings"
)

// String is a text. Anything else is taken as the text of its JSON, and null is empty.
type String string

// UnmarshalJSON takes any value.
func (s *String) UnmarshalJSON(data []byte) error {
	var t Text
	err := t.UnmarshalJSON(data)
	*s = String(t.Value)
	return err
}

// Text is the value of a property, parameter or variable.
type Text struct {
	Value  string
	Hidden bool // it is sensitive: Octopus has a value, which no export contains
	Other  bool // it is neither a text nor null; the value is the text of its JSON
}

// UnmarshalJSON takes any value: sensitive ones are objects that say whether Octopus has a value, and others than texts are taken
// as they are written.
func (t *Text) UnmarshalJSON(data []byte) error {
	*t = Text{}
	switch data[0] {
	case '"':
		return json.Unmarshal(data, &t.Value)
	case 'n':
		return nil
	case 't', 'f':
		t.Value, t.Other = map[byte]string{'t': "True", 'f': "False"}[data[0]], true
		return nil
	case '{':
		var sensitive struct{ HasValue *bool }
		if err := json.Unmarshal(data, &sensitive); err == nil && sensitive.HasValue != nil {
			t.Hidden = *sensitive.HasValue
			return nil
		}
	}
	var compact bytes.Buffer
	err := json.Compact(&compact, data)
	t.Value, t.Other = compact.String(), true
	return err
}

// Texts are values by their names.
type Texts map[string]Text

// UnmarshalJSON passes over anything that is no object.
func (t *Texts) UnmarshalJSON(data []byte) error {
	type plain Texts
	return lenient(data, (*plain)(t))
}

// Text returns a value, without the spaces around it.
func (t Texts) Text(name string) string { return strings.TrimSpace(t[name].Value) }

// Is reports whether a value is True.
func (t Texts) Is(name string) bool { return strings.EqualFold(t.Text(name), "true") }

// Flag is true or false, also as a text.
type Flag bool

// UnmarshalJSON takes any value; all but true are false.
func (f *Flag) UnmarshalJSON(data []byte) error {
	*f = Flag(strings.EqualFold(strings.Trim(string(data), `"`), "true"))
	return nil
}

// List is a list. A single value is taken as a list of one.
type List[T any] []T

// UnmarshalJSON takes a list, one value, or null.
func (l *List[T]) UnmarshalJSON(data []byte) error {
	*l = nil
	switch data[0] {
	case '[':
		var items []T
		err := json.Unmarshal(data, &items)
		*l = items
		return err
	case 'n':
		return nil
	}
	var one T
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*l = List[T]{one}
	return nil
}

// lenient reads an object into value and passes over anything else.
func lenient(data []byte, value any) error {
	if data[0] != '{' {
		return nil
	}
	return json.Unmarshal(data, value)
}
