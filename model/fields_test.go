package model

import (
	"reflect"
	"slices"
	"testing"
)

// The walk of the model: every exported field has a tag that names its key, and Fields lists exactly those keys.
func TestFieldsListTheWholeModel(t *testing.T) {
	var walked []string
	walk(t, "", reflect.TypeOf(Project{}), &walked)
	walk(t, "accounts[].", reflect.TypeOf(Account{}), &walked)
	walk(t, "awsAccounts[].", reflect.TypeOf(AWSAccount{}), &walked)

	listed := map[string]bool{}
	for _, f := range Fields() {
		if listed[f.Path] {
			t.Errorf("%s is listed twice", f.Path)
		}
		listed[f.Path] = true
		if !slices.Contains(walked, f.Path) {
			t.Errorf("%s is listed, but the model has no such field", f.Path)
		}
	}
	for _, path := range walked {
		if !listed[path] {
			t.Errorf("the model has %s, but Fields does not list it", path)
		}
	}
}

// Scopes belong to the project's variables alone.
const stepValueScope = "steps[].values[].scope"

func walk(t *testing.T, prefix string, typ reflect.Type, into *[]string) {
	t.Helper()
	for i := range typ.NumField() {
		f := typ.Field(i)
		tag, tagged := f.Tag.Lookup("file")
		if !tagged {
			t.Errorf("%s.%s has no file tag", typ.Name(), f.Name)
			continue
		}
		if tag == "-" || prefix+tag == stepValueScope {
			continue
		}
		inner, suffix := f.Type, ""
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Struct {
			inner, suffix = inner.Elem(), "[]"
		}
		if inner.Kind() == reflect.Struct && inner != reflect.TypeOf(Verification{}) {
			walk(t, prefix+tag+suffix+".", inner, into)
			continue
		}
		*into = append(*into, prefix+tag)
	}
}
