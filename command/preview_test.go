package command

import (
	"testing"

	"github.com/stepdeck/stepdeck/runner"
)

func TestEveryFactHasAName(t *testing.T) {
	for _, kind := range runner.FactKinds() {
		if factNames()[kind] == "" {
			t.Errorf("the fact %q has no name in factNames", kind)
		}
	}
}
