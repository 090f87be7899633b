package command

import (
	"testing"

	"github.com/stepdeck/stepdeck/runner"
)

func TestEveryFactHasAName(t *testing.T) {
	for _, kind := range runner.FactKinds() {
		if kind != runner.FactOption && factNames()[kind] == "" { // an option brings its own
			t.Errorf("the fact %q has no name in factNames", kind)
		}
	}
}
