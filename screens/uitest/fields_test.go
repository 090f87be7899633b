package uitest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

type outer struct {
	Name  string
	At    time.Time
	Inner *inner
}

type inner struct {
	List []string
	On   bool
}

func TestFields(t *testing.T) {
	if got, want := uitest.Fields[outer](), []string{"Name", "At", "Inner.List", "Inner.On"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for name, tt := range map[string]struct {
		before, after outer
		want          []string
	}{
		"the same":          {outer{Name: "a", Inner: &inner{On: true}}, outer{Name: "a", Inner: &inner{On: true}}, nil},
		"a text":            {outer{}, outer{Name: "a"}, []string{"Name"}},
		"a time":            {outer{}, outer{At: time.Unix(1, 0)}, []string{"At"}},
		"a new struct":      {outer{}, outer{Inner: &inner{List: []string{"a"}}}, []string{"Inner.List"}},
		"a struct left out": {outer{Inner: &inner{On: true}}, outer{}, []string{"Inner.On"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := uitest.ChangedFields(tt.before, tt.after); !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
