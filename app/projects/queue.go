package projects

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
)

// Saver saves the changes of a queue.
type Saver interface {
	Project(ctx context.Context, name string) (model.Project, error)
	SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error
}

// Queue saves changes of projects one after another, in the background. Each is applied to the project as it is stored by
// then, so that changes of other windows and terminals are kept. It must be used from one goroutine.
type Queue struct {
	saver   Saver
	do      func(func())
	queue   []Change
	busy    bool
	waiting []func() // called when the change that is being saved is done
}

// Change is one save.
type Change struct {
	Project func() string                        // returns its name when the change is saved; nil: a new project
	Apply   func(p *model.Project) error         // changes the stored project; called in the background
	Secrets []model.ValueSecret                  // typed for its sensitive variables
	Done    func(saved model.Project, err error) // called on the queue's goroutine
}

// NewQueue returns a queue. do calls a function on the goroutine that uses the queue, as fyne.Do does.
func NewQueue(saver Saver, do func(func())) *Queue { return &Queue{saver: saver, do: do} }

// Add adds a change, which is saved after those before it.
func (q *Queue) Add(c Change) {
	q.queue = append(q.queue, c)
	q.next()
}

// Idle reports whether nothing is being saved.
func (q *Queue) Idle() bool { return !q.busy && len(q.queue) == 0 }

// Afterwards calls then when everything in the queue is saved.
func (q *Queue) Afterwards(then func()) {
	switch {
	case q.Idle():
		then()
	case len(q.queue) > 0:
		last := &q.queue[len(q.queue)-1]
		done := last.Done
		last.Done = func(p model.Project, err error) { done(p, err); then() }
	default:
		q.waiting = append(q.waiting, then)
	}
}

func (q *Queue) next() {
	if q.busy || len(q.queue) == 0 {
		return
	}
	c := q.queue[0]
	q.queue = q.queue[1:]
	q.busy = true
	name := ""
	if c.Project != nil {
		name = c.Project()
	}
	go func() {
		p, err := q.save(context.Background(), name, c)
		q.do(func() { q.saved(c, p, err) })
	}()
}

func (q *Queue) saved(c Change, p model.Project, err error) {
	q.busy = false
	c.Done(p, err)
	waiting := q.waiting
	q.waiting = nil
	for _, then := range waiting {
		then()
	}
	q.next()
}

func (q *Queue) save(ctx context.Context, name string, c Change) (p model.Project, err error) {
	if name != "" {
		if p, err = q.saver.Project(ctx, name); err != nil {
			return p, err
		}
	}
	if err := c.Apply(&p); err != nil {
		return p, err
	}
	if err := q.saver.SaveProject(ctx, &p, c.Secrets); err != nil {
		return p, err
	}
	return q.saver.Project(ctx, p.Name)
}
