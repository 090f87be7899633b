package async

import (
	"context"

	"fyne.io/fyne/v2"
)

// Task is the latest piece of background work of its kind, such as the loading of a list. Starting the next one cancels the one
// before, whose result is dropped. The zero value is ready to use, on the main goroutine only.
type Task struct {
	turn   int
	cancel context.CancelFunc
}

// Cancel cancels the work that is running, if any, and drops its result.
func (t *Task) Cancel() {
	t.turn++
	if t.cancel != nil {
		t.cancel()
		t.cancel = nil
	}
}

// Busy reports whether work is running.
func (t *Task) Busy() bool { return t.cancel != nil }

// Load runs work on a goroutine of its own, then done with its result on the main goroutine, unless t was cancelled or started
// again meanwhile.
func Load[T any](t *Task, work func(context.Context) (T, error), done func(T, error)) {
	t.Cancel()
	ctx, cancel := context.WithCancel(context.Background())
	t.cancel = cancel
	turn := t.turn
	go func() {
		result, err := work(ctx)
		if ctx.Err() != nil { // its result is dropped
			return
		}
		fyne.Do(func() {
			if turn != t.turn {
				return
			}
			t.Cancel()
			done(result, err)
		})
	}()
}

// Do is Load for work without a result.
func Do(t *Task, work func(context.Context) error, done func(error)) {
	Load(t, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }, func(_ struct{}, err error) { done(err) })
}
