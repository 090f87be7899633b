package document_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
)

// The database and the records of the command keep these structs under the keys of the project file.
func TestJSONKeysAreThoseOfAFile(t *testing.T) {
	for _, tt := range []struct {
		path   string
		tagged reflect.Type
		apart  []string // keys of the file alone
	}{
		// Of the times the database and a record each have their own.
		{"steps[].options.", reflect.TypeFor[model.Options](), []string{"timeout", "retryPause"}},
		{"steps[].aws.assumeRole.", reflect.TypeFor[model.AssumeRole](), nil},
		{"steps[].aws.assumeRole.then[].tags[].", reflect.TypeFor[model.Tag](), nil},
		{"steps[].aws.assumeRole.tags[].", reflect.TypeFor[model.Tag](), nil},
	} {
		got, want := jsonKeys(tt.tagged), keysBelow(tt.path)
		want = slices.DeleteFunc(want, func(key string) bool { return slices.Contains(tt.apart, key) })
		if !slices.Equal(got, want) {
			t.Errorf("%v has the json tags %q, fields.go declares the keys %q: write them in the same way", tt.tagged, got, want)
		}
	}
}

// jsonKeys returns the keys of a struct's JSON, sorted.
func jsonKeys(of reflect.Type) (keys []string) {
	for _, f := range reflect.VisibleFields(of) {
		if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "-" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// keysBelow returns the keys of the object at path in a project file, sorted.
func keysBelow(path string) (keys []string) {
	for _, f := range document.Fields() {
		if below, ok := strings.CutPrefix(f.Path, path); ok {
			key, _, _ := strings.Cut(below, "[")
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
