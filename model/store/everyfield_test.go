package store

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// TestTheRoundTripCoversEveryField fails on a field of a project that fullProject leaves empty: TestProjectRoundTrip would not
// notice that the store drops it.
func TestTheRoundTripCoversEveryField(t *testing.T) {
	s := open(t, t.TempDir())
	key := model.Account{Name: "Key", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}
	must(t, s.SaveAccount(context.Background(), &key))
	p := fullProject()
	_, err := s.SaveProject(context.Background(), &p) // which gives it its ids
	must(t, err)
	filled := map[string]bool{}
	markFilled(reflect.ValueOf(p), filled)
	for path, ok := range filled {
		if !ok {
			t.Errorf("%s is empty in fullProject (projects_test.go): fill it in, then have the store save and load it", path)
		}
	}
	for _, path := range []string{"Options.Timeout", "Variable.Prompt", "AssumeRole.Policy", "Project.ID"} {
		if _, seen := filled[path]; !seen {
			t.Errorf("the walk does not come to %s", path)
		}
	}
}

// markFilled records for each field of the structs in v, as TYPE.FIELD, whether it has a value anywhere.
func markFilled(v reflect.Value, filled map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			markFilled(v.Elem(), filled)
		}
	case reflect.Slice:
		for i := range v.Len() {
			markFilled(v.Index(i), filled)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			path := v.Type().Name() + "." + v.Type().Field(i).Name
			filled[path] = filled[path] || !v.Field(i).IsZero()
			markFilled(v.Field(i), filled)
		}
	}
}

func TestMarkFilled(t *testing.T) {
	type inner struct{ A, B string }
	type outer struct {
		List []inner
		Own  *inner
		None int
	}
	filled := map[string]bool{}
	markFilled(reflect.ValueOf(outer{List: []inner{{A: "a"}}, Own: &inner{}}), filled)
	var empty []string
	for path, ok := range filled {
		if !ok {
			empty = append(empty, path)
		}
	}
	slices.Sort(empty)
	if want := []string{"inner.B", "outer.None"}; !slices.Equal(empty, want) {
		t.Errorf("empty are %q, want %q", empty, want)
	}
}
