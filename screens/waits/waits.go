// Package waits shows what the window waits for while AWS doesn't answer.
package waits

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// Told returns a context for work of an async.Task that asks AWS. When AWS has not answered for some seconds, show is called on the main
// goroutine with what is waited for and how long it will be, unless the work has ended.
func Told(ctx context.Context, show func(text string)) context.Context {
	return runner.TellWaiting(ctx, func(notice *model.Error) {
		fyne.Do(func() {
			if ctx.Err() == nil {
				show(notice.Error())
			}
		})
	})
}
