package desktop

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/app/projects"
)

// A file can have hundreds of changes, after which removals would be overlooked.
func TestImportTextShowsRemovalsFirst(t *testing.T) {
	for _, row := range []struct {
		name string
		read projects.Import
		want string
	}{
		{"all kinds", projects.Import{
			Changes: []string{`step "New" is added`}, Removed: []string{`step "Old"`}, Notes: []string{"a secret is missing"},
		}, "Will be removed:\nstep \"Old\"\n\nNote:\na secret is missing\n\nChanges:\nstep \"New\" is added"},
		{"a note alone", projects.Import{Notes: []string{"a secret is missing"}}, "No changes.\n\nNote:\na secret is missing"},
		{"nothing", projects.Import{}, "No changes."},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := importText(&row.read); strings.TrimSpace(got) != row.want {
				t.Errorf("the dialog says %q, want %q", got, row.want)
			}
		})
	}
}
