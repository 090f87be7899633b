package projects

import (
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestMarksOfSteps(t *testing.T) {
	for name, tt := range map[string]struct {
		step model.Step
		want []string
	}{
		"in its turn": {model.Step{Enabled: true, Options: model.Options{Condition: model.ConditionSuccess}}, nil},
		"disabled":    {model.Step{Pinned: true, Options: model.Options{Condition: model.ConditionFailure}}, []string{"disabled"}},
		"all": {
			model.Step{Enabled: true, Pinned: true, Options: model.Options{Start: model.StartWithPrevious, Condition: model.ConditionFailure}},
			[]string{"pinned", "with the one before", "on failure"},
		},
		"always":    {model.Step{Enabled: true, Options: model.Options{Condition: model.ConditionAlways}}, []string{"always"}},
		"condition": {model.Step{Enabled: true, Options: model.Options{Condition: model.ConditionVariable}}, []string{"by a condition"}},
	} {
		if got := stepMarks(tt.step); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
