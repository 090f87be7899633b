package projects

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
)

// saver changes stored projects one change after another. Each works on the project as it is stored by then, so that
// what another window or a terminal has changed meanwhile stays.
type saver struct {
	store   Store
	queue   []change
	busy    bool
	waiting []func() // called when the change that is being saved is done
}

// change is one save. Apply runs in the background.
type change struct {
	project func() string                        // gives its name when its turn has come; nil: a new one
	apply   func(p *model.Project) error         // changes what is stored
	secrets []model.ValueSecret                  // what was typed for its sensitive variables
	done    func(saved model.Project, err error) // on the main goroutine
}

func (s *saver) add(c change) {
	s.queue = append(s.queue, c)
	s.next()
}

func (s *saver) next() {
	if s.busy || len(s.queue) == 0 {
		return
	}
	c := s.queue[0]
	s.queue = s.queue[1:]
	s.busy = true
	name := ""
	if c.project != nil {
		name = c.project()
	}
	go func() {
		p, err := s.save(context.Background(), name, c)
		fyne.Do(func() {
			s.busy = false
			c.done(p, err)
			waiting := s.waiting
			s.waiting = nil
			for _, then := range waiting {
				then()
			}
			s.next()
		})
	}()
}

func (s *saver) save(ctx context.Context, name string, c change) (p model.Project, err error) {
	if name != "" {
		if p, err = s.store.Project(ctx, name); err != nil {
			return p, err
		}
	}
	if err := c.apply(&p); err != nil {
		return p, err
	}
	if err := s.store.SaveProject(ctx, &p, c.secrets); err != nil {
		return p, err
	}
	return s.store.Project(ctx, p.Name)
}

// stepByID finds a step's place, or -1.
func stepByID(p *model.Project, id model.ID) int {
	return slices.IndexFunc(p.Steps, func(s model.Step) bool { return s.ID == id && id != "" })
}
