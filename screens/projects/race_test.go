package projects

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
)

// slowStore blocks the saving of a project until goOn is closed.
type slowStore struct {
	Store
	saving, goOn chan struct{}
}

func (s slowStore) SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error {
	s.saving <- struct{}{}
	<-s.goOn
	return s.Store.SaveProject(ctx, p, typed)
}

// The list of a step's values is edited in place, but a save that has begun does not see later edits.
func TestASaveUsesTheSecretsOfItsStart(t *testing.T) {
	r := newRig(t, small, website())
	f := r.edit("Check")
	f.values.list = []value{
		{Variable: model.Variable{Name: "First", Type: model.TypeSensitive}, secret: "one"},
		{Variable: model.Variable{Name: "Second", Type: model.TypeSensitive}, secret: "two"},
	}
	f.values.show()
	slow := slowStore{r.place.deps.Store, make(chan struct{}), make(chan struct{})}
	r.place.queue = projects.NewQueue(slow, fyne.Do)
	f.Save(nil)
	<-slow.saving
	f.values.list[0].secret = "edited"
	f.values.list = f.values.list[:1]
	close(slow.goOn)
	r.idle()
	s, _ := r.stored().Step("Check")
	if len(s.Values) != 2 || r.vault.values[s.Values[0].ValueRef()] != "one" || r.vault.values[s.Values[1].ValueRef()] != "two" {
		t.Errorf("stored %+v, sealed %v", s.Values, r.vault.values)
	}
}
