package projects

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
)

// Saver is where the changes of a queue go.
type Saver interface {
	Project(ctx context.Context, name string) (model.Project, error)
	SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error
}

// Queue saves changes of projects one after another. Each works on the project as it is stored by then, so that what
// another window or a terminal has changed meanwhile stays. One goroutine uses it; the saves themselves go on beside.
type Queue struct {
	saver   Saver
	do      func(func())
	queue   []Change
	busy    bool
	waiting []func() // called when the change that is being saved is done
}

// Change is one save.
type Change struct {
	Project func() string                        // gives its name when its turn has come; nil: a new one
	Apply   func(p *model.Project) error         // changes what is stored, in the background
	Secrets []model.ValueSecret                  // what was typed for its sensitive variables
	Done    func(saved model.Project, err error) // on the goroutine of the queue
}

// NewQueue makes a queue. do calls a function on the goroutine that uses the queue, such as fyne.Do.
func NewQueue(saver Saver, do func(func())) *Queue { return &Queue{saver: saver, do: do} }

// Add saves a change when those before it are saved.
func (q *Queue) Add(c Change) {
	q.queue = append(q.queue, c)
	q.next()
}

// Idle reports whether nothing is being saved.
func (q *Queue) Idle() bool { return !q.busy && len(q.queue) == 0 }

// Afterwards calls then when all that is in the queue is saved.
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
