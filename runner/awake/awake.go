// Package awake keeps the system from going to sleep by itself. It asks for no more than that: closing the lid and choosing
// Sleep work as ever, and the screen may turn off.
package awake

import (
	"context"
	"log/slog"
	"sync"
)

// Options are what Keep needs.
type Options struct {
	Bus string       // Linux: address of the system's message bus; empty: its usual one
	Log *slog.Logger // is told if the system can't be kept awake
}

// Keep asks the system to stay awake until release is called, ctx ends or this process does, however that happens. It doesn't
// wait for the answer: a system that can't be kept awake, such as a server without a desktop, holds nobody up.
func Keep(ctx context.Context, o Options) (release func()) {
	ctx, cancel := context.WithCancel(ctx)
	var holding sync.WaitGroup
	holding.Go(func() {
		if err := hold(ctx, o); err != nil && ctx.Err() == nil {
			o.Log.DebugContext(ctx, "keep the system awake", "error", err)
		}
	})
	return func() {
		cancel()
		holding.Wait()
	}
}
