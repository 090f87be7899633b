package desktop

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/app/projects"
)

// TestWhatAnImportRemovesComesFirst: a stranger's file can bring hundreds of changes, behind which nobody looks.
func TestWhatAnImportRemovesComesFirst(t *testing.T) {
	for _, row := range []struct {
		name string
		read projects.Import
		want string
	}{
		{"all kinds", projects.Import{Changes: []string{`step "New" is added`}, Removed: []string{`step "Old"`}, Notes: []string{"a secret is missing"}},
			"Is removed:\nstep \"Old\"\n\nTo know:\na secret is missing\n\nChanges:\nstep \"New\" is added"},
		{"a note alone", projects.Import{Notes: []string{"a secret is missing"}}, "Nothing is different.\n\nTo know:\na secret is missing"},
		{"nothing", projects.Import{}, "Nothing is different."},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := importText(&row.read); strings.TrimSpace(got) != row.want {
				t.Errorf("the question says %q, want %q", got, row.want)
			}
		})
	}
}
