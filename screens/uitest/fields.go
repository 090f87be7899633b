package uitest

import (
	"reflect"
	"time"
)

// Fields lists the paths of the fields of struct T, such as "AWS.Region": of a struct or pointer to one, the fields in it.
func Fields[T any]() []string { return fieldsOf("", reflect.TypeFor[T]()) }

// ChangedFields lists the paths of the fields, as Fields names them, that have another value in after than in before.
func ChangedFields[T any](before, after T) []string {
	return changedFields("", reflect.ValueOf(before), reflect.ValueOf(after))
}

// hasFields reports whether t is a struct whose fields count one by one.
func hasFields(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]()
}

func fieldsOf(path string, t reflect.Type) []string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !hasFields(t) {
		return []string{path}
	}
	var list []string
	for i := range t.NumField() {
		list = append(list, fieldsOf(join(path, t.Field(i).Name), t.Field(i).Type)...)
	}
	return list
}

func changedFields(path string, a, b reflect.Value) []string {
	if b.Kind() == reflect.Pointer {
		a, b = pointedTo(a), pointedTo(b)
	}
	if !hasFields(b.Type()) {
		if reflect.DeepEqual(a.Interface(), b.Interface()) {
			return nil
		}
		return []string{path}
	}
	var list []string
	for i := range b.NumField() {
		list = append(list, changedFields(join(path, b.Type().Field(i).Name), a.Field(i), b.Field(i))...)
	}
	return list
}

// pointedTo returns what p points to; for nil, the zero value of it.
func pointedTo(p reflect.Value) reflect.Value {
	if p.IsNil() {
		return reflect.Zero(p.Type().Elem())
	}
	return p.Elem()
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
