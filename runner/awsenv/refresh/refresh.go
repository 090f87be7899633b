// Package refresh keeps something that expires fresh, such as the tokens of a sign-in: however many ask at once, it is
// renewed once. A token that changes with each renewal allows no second one: the loser would be signed out.
package refresh

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Patience is how long one renewal may take, from getting the lock to saving.
const Patience = 2 * time.Minute

// Pause is how long after a renewal that failed the next one is tried, while what there is can still be used.
const Pause = 15 * time.Second

// Source says where a value is kept and how it is renewed.
type Source[T any] struct {
	// Load returns what is kept now. Another process may have renewed it.
	Load func(ctx context.Context) (T, error)
	// Save keeps a renewed value.
	Save func(ctx context.Context, value T) error
	// Lock keeps other processes from renewing until unlock is called. It is nil for what only this process renews.
	Lock func(ctx context.Context) (unlock func() error, err error)
	// Stale reports whether a value should be renewed.
	Stale func(value T) bool
	// Usable reports whether a stale value still serves. Nil means that none does.
	Usable func(value T) bool
	// Renew returns the successor of a value.
	Renew func(ctx context.Context, value T) (T, error)
	// Now returns the time. Nil means time.Now.
	Now func() time.Time
}

// Refresher hands out a value that is fresh. It is safe for concurrent use.
type Refresher[T any] struct {
	source Source[T]
	group  singleflight.Group

	mu      sync.Mutex
	last    T
	known   bool      // last holds a value
	failed  time.Time // when the last renewal failed; zero if it didn't
	problem error     // why it failed
}

// New returns a refresher of what source keeps.
func New[T any](source Source[T]) *Refresher[T] {
	if source.Now == nil {
		source.Now = time.Now
	}
	if source.Usable == nil {
		source.Usable = func(T) bool { return false }
	}
	return &Refresher[T]{source: source}
}

// Get returns a value that is not stale, or, if it can't be renewed at the moment, one that is usable. A renewal that
// has begun goes on to its end when ctx ends: the next value must be saved even if nobody waits for it any more.
func (r *Refresher[T]) Get(ctx context.Context) (T, error) {
	if value, ok := r.ready(); ok {
		return value, nil
	}
	done := r.group.DoChan("", func() (any, error) {
		if value, ok := r.ready(); ok { // another call has ended since
			return value, nil
		}
		detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), Patience)
		defer cancel()
		return r.renew(detached)
	})
	var none T
	select {
	case <-ctx.Done():
		return none, context.Cause(ctx)
	case result := <-done:
		value, ok := result.Val.(T)
		if !ok || result.Err != nil {
			return none, result.Err
		}
		return value, nil
	}
}

// Forget makes the next Get load the value anew, because it was changed elsewhere.
func (r *Refresher[T]) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known, r.failed, r.problem = false, time.Time{}, nil
}

// Problem returns why the last renewal failed although Get hands out the value before, which is still usable; nil if it didn't.
func (r *Refresher[T]) Problem() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.problem
}

// ready returns the value at hand if it needs no renewal now.
func (r *Refresher[T]) ready() (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	resting := !r.failed.IsZero() && r.source.Now().Sub(r.failed) < Pause && r.source.Usable(r.last)
	return r.last, r.known && (resting || !r.source.Stale(r.last))
}

func (r *Refresher[T]) renew(ctx context.Context) (value T, err error) {
	if r.source.Lock != nil {
		unlock, refused := r.source.Lock(ctx)
		if refused != nil {
			return value, refused
		}
		defer func() { err = errors.Join(err, unlock()) }()
	}
	current, err := r.source.Load(ctx)
	if err != nil {
		return value, err
	}
	if !r.source.Stale(current) {
		r.keep(current, time.Time{}, nil)
		return current, nil
	}
	next, err := r.source.Renew(ctx, current)
	switch {
	case err == nil:
		r.keep(next, time.Time{}, nil) // even if it can't be saved: current is spent
		return next, r.source.Save(ctx, next)
	case r.source.Usable(current):
		r.keep(current, r.source.Now(), err)
		return current, nil
	}
	return value, err
}

func (r *Refresher[T]) keep(value T, failed time.Time, problem error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last, r.known, r.failed, r.problem = value, true, failed, problem
}
