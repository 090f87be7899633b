package forms

import (
	"context"

	"fyne.io/fyne/v2"
)

// Latest runs work off the main goroutine, one at a time as far as anybody sees: what is asked for later cancels what came before, whose
// answer is not heard.
type Latest struct {
	turn   int
	cancel context.CancelFunc
}

// Cancel stops what is going on; its answer is not heard.
func (l *Latest) Cancel() {
	l.turn++
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
}

// Busy reports whether an answer is awaited.
func (l *Latest) Busy() bool { return l.cancel != nil }

// Load runs work in the background and done, with what it gave, on the main goroutine.
func Load[T any](l *Latest, work func(context.Context) (T, error), done func(T, error)) {
	l.Cancel()
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel = cancel
	turn := l.turn
	go func() {
		result, err := work(ctx)
		if ctx.Err() != nil { // nobody waits for it any more
			return
		}
		fyne.Do(func() {
			if turn != l.turn {
				return
			}
			l.Cancel()
			done(result, err)
		})
	}()
}

// Do is Load for work that gives nothing but an error.
func Do(l *Latest, work func(context.Context) error, done func(error)) {
	Load(l, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }, func(_ struct{}, err error) { done(err) })
}
