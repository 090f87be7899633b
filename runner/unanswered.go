package runner

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
)

// toldKey is the key of the function that TellWaiting gives to a context.
type toldKey struct{}

// TellWaiting returns a context whose requests tell what they wait for, and how long they will, when AWS has not answered for some
// seconds. It is told on another goroutine, in place of the Unanswered of [Deps].
func TellWaiting(ctx context.Context, tell func(notice *model.Error)) context.Context {
	return context.WithValue(ctx, toldKey{}, tell)
}

// Telling returns the function that TellWaiting gave to a context; nil if there is none.
func Telling(ctx context.Context) func(notice *model.Error) {
	tell, _ := ctx.Value(toldKey{}).(func(*model.Error))
	return tell
}
