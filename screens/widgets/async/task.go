package async

import (
	"context"

	"fyne.io/fyne/v2"
)

// Task is a kind of background work, such as loading a list, of which only the latest counts: starting it again cancels the work that
// is running and drops its result. The zero value is ready to use, on the main goroutine only.
type Task struct {
	generation int // counts starts and cancellations, so that late results are dropped
	cancel     context.CancelFunc
}

// Cancel cancels the work that is running, if any, and drops its result.
func (t *Task) Cancel() {
	t.generation++
	if t.cancel != nil {
		t.cancel()
		t.cancel = nil
	}
}

func (t *Task) Busy() bool { return t.cancel != nil }

// Load runs work on a goroutine of its own, then done with its result on the main goroutine, unless t was cancelled or started again
// in the meantime.
func Load[T any](t *Task, work func(context.Context) (T, error), done func(T, error)) {
	t.Cancel()
	ctx, cancel := context.WithCancel(context.Background())
	t.cancel = cancel
	generation := t.generation
	go func() {
		result, err := work(ctx)
		if ctx.Err() != nil {
			return
		}
		fyne.Do(func() {
			if generation != t.generation {
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
