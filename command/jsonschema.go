package command

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// schema is a JSON Schema (draft 2020-12), as far as records need it.
type schema struct {
	Dialect         string             `json:"$schema,omitempty"`
	Title           string             `json:"title,omitempty"`
	Description     string             `json:"description,omitempty"`
	Ref             string             `json:"$ref,omitempty"`
	Type            any                `json:"type,omitempty"` // a word or several
	Const           string             `json:"const,omitempty"`
	Enum            []string           `json:"enum,omitempty"`
	Format          string             `json:"format,omitempty"`
	ContentEncoding string             `json:"contentEncoding,omitempty"`
	Properties      map[string]*schema `json:"properties,omitempty"`
	Required        []string           `json:"required,omitempty"`
	Additional      *bool              `json:"additionalProperties,omitempty"`
	Items           *schema            `json:"items,omitempty"`
	AnyOf           []*schema          `json:"anyOf,omitempty"`
	Defs            map[string]*schema `json:"$defs,omitempty"`
}

// schemaMaker makes schemas of Go types, from the very tags by which they are encoded. More tags: about is the description,
// enum lists the words of a text, null:"true" is a list that may be null.
type schemaMaker struct{ defs map[string]*schema }

// newSchema makes the schema of an object that is one of records.
func newSchema(title string, records []any) *schema {
	m := schemaMaker{map[string]*schema{}}
	root := &schema{}
	for _, r := range records {
		root.AnyOf = append(root.AnyOf, m.of(reflect.TypeOf(r)))
	}
	if len(records) == 1 {
		root = root.AnyOf[0]
	}
	root.Dialect, root.Title, root.Defs = "https://json-schema.org/draft/2020-12/schema", title, m.defs
	return root
}

// of makes the schema of a type. That of a struct stands among the definitions.
func (m schemaMaker) of(t reflect.Type) *schema {
	switch {
	case t == reflect.TypeFor[engine.Time]():
		return &schema{Type: []string{"string", "null"}, Format: "date-time"}
	case t == reflect.TypeFor[engine.Stamp]():
		return &schema{Type: "string", Format: "date-time"}
	case t == reflect.TypeFor[[]byte]():
		return &schema{Type: "string", ContentEncoding: "base64"}
	}
	switch t.Kind() {
	case reflect.String:
		return &schema{Type: "string", Enum: wordsOf(t)}
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.Int, reflect.Int64:
		return &schema{Type: "integer"}
	case reflect.Slice:
		return &schema{Type: "array", Items: m.of(t.Elem())}
	case reflect.Pointer:
		return m.of(t.Elem())
	case reflect.Struct:
		name := strings.TrimSuffix(t.Name(), "Record")
		if m.defs[name] == nil {
			m.defs[name] = m.object(t)
		}
		return &schema{Ref: "#/$defs/" + name}
	}
	panic(fmt.Sprintf("no record has a %v", t)) // a test makes the schemas of all of them
}

// wordsOf lists the values of a type that has few.
func wordsOf(t reflect.Type) []string {
	switch t {
	case reflect.TypeFor[model.Status]():
		return words(append(model.Statuses(), model.Skipped))
	case reflect.TypeFor[model.StopStage]():
		return words(model.StopStages())
	}
	return nil
}

func words[T ~string](list []T) []string { return records(list, func(t T) string { return string(t) }) }

func (m schemaMaker) object(t reflect.Type) *schema {
	s := &schema{Type: "object", Properties: map[string]*schema{}, Additional: new(false)}
	if tagged, ok := reflect.Zero(t).Interface().(engine.Event); ok {
		s.Properties["type"], s.Required = &schema{Type: "string", Const: tagged.Kind()}, []string{"type"}
	}
	m.fields(s, t, true)
	return s
}

// fields adds the fields of a struct, and of what it embeds, to an object.
func (m schemaMaker) fields(s *schema, t reflect.Type, always bool) {
	for i := range t.NumField() {
		field := t.Field(i)
		embedded := field.Type
		if field.Anonymous && embedded.Kind() == reflect.Pointer {
			m.fields(s, embedded.Elem(), false)
			continue
		}
		if field.Anonymous {
			m.fields(s, embedded, always)
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() { // not written
			continue
		}
		optional := strings.Contains(options, "omitempty")
		name = cmp.Or(name, field.Name) // as it is written without a tag
		s.Properties[name] = m.field(field, optional)
		if always && !optional {
			s.Required = append(s.Required, name)
		}
	}
}

// field makes the schema of a field. One that is left out where it has no value is never null.
func (m schemaMaker) field(field reflect.StructField, optional bool) *schema {
	s := m.of(field.Type)
	if words := field.Tag.Get("enum"); words != "" {
		s.Enum = strings.Split(words, ",")
	}
	switch {
	case field.Tag.Get("null") != "", field.Type.Kind() == reflect.Pointer && !optional:
		s = s.orNull()
	}
	s.Description = field.Tag.Get("about")
	return s
}

func (s *schema) orNull() *schema {
	if word, ok := s.Type.(string); ok {
		s.Type = []string{word, "null"}
		return s
	}
	return &schema{AnyOf: []*schema{s, {Type: "null"}}}
}
