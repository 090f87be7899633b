package command

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// schema is the part of JSON Schema (draft 2020-12) that records need.
type schema struct {
	Dialect         string             `json:"$schema,omitempty"`
	Title           string             `json:"title,omitempty"`
	Description     string             `json:"description,omitempty"`
	Ref             string             `json:"$ref,omitempty"`
	Type            any                `json:"type,omitempty"` // a string or a []string
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

// schemaBuilder builds schemas of Go types from their json tags. Further tags: about is the description, enum lists the
// values of a string, null:"true" marks a list that may be null.
type schemaBuilder struct{ defs map[string]*schema }

// newSchema returns the schema of an object that is one of records.
func newSchema(title string, records []any) *schema {
	b := schemaBuilder{map[string]*schema{}}
	root := &schema{}
	for _, r := range records {
		root.AnyOf = append(root.AnyOf, b.of(reflect.TypeOf(r)))
	}
	if len(records) == 1 {
		root = root.AnyOf[0]
	}
	root.Dialect, root.Title, root.Defs = "https://json-schema.org/draft/2020-12/schema", title, b.defs
	return root
}

// of returns the schema of a type. A struct's schema is a reference to the definitions, where it is added.
func (b schemaBuilder) of(t reflect.Type) *schema {
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
		return &schema{Type: "array", Items: b.of(t.Elem())}
	case reflect.Pointer:
		return b.of(t.Elem())
	case reflect.Struct:
		name := strings.TrimSuffix(t.Name(), "Record")
		if b.defs[name] == nil {
			b.defs[name] = &schema{} // a struct may have a list of its own kind
			*b.defs[name] = *b.object(t)
		}
		return &schema{Ref: "#/$defs/" + name}
	}
	panic(fmt.Sprintf("no record has a %v", t)) // can't happen: a test builds the schemas of all records
}

// wordsOf returns the values of an enumeration, or nil for any other type.
func wordsOf(t reflect.Type) []string {
	switch t {
	case reflect.TypeFor[model.Status]():
		return words(append(model.Statuses(), model.Skipped))
	case reflect.TypeFor[model.SkipReason]():
		return words(model.SkipReasons())
	case reflect.TypeFor[model.StopStage]():
		return words(model.StopStages())
	}
	return nil
}

func words[T ~string](list []T) []string { return convert(list, func(t T) string { return string(t) }) }

func (b schemaBuilder) object(t reflect.Type) *schema {
	s := &schema{Type: "object", Properties: map[string]*schema{}, Additional: new(false)}
	if tagged, ok := reflect.Zero(t).Interface().(engine.Event); ok {
		s.Properties["type"], s.Required = &schema{Type: "string", Const: tagged.Kind()}, []string{"type"}
	}
	b.fields(s, t, true)
	return s
}

// fields adds the fields of struct t, embedded ones included, to s. always is false below an embedded pointer, which may
// be nil: its fields aren't required.
func (b schemaBuilder) fields(s *schema, t reflect.Type, always bool) {
	for i := range t.NumField() {
		field := t.Field(i)
		embedded := field.Type
		if field.Anonymous && embedded.Kind() == reflect.Pointer {
			b.fields(s, embedded.Elem(), false)
			continue
		}
		if field.Anonymous {
			b.fields(s, embedded, always)
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() { // not written
			continue
		}
		optional := strings.Contains(options, "omitempty")
		name = cmp.Or(name, field.Name) // without a tag
		s.Properties[name] = b.field(field, optional)
		if always && !optional {
			s.Required = append(s.Required, name)
		}
	}
}

// field returns the schema of a field. An optional field is left out rather than null.
func (b schemaBuilder) field(field reflect.StructField, optional bool) *schema {
	s := b.of(field.Type)
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
