package desktop

import (
	"context"
	"runtime/debug"
	"time"
)

// gcPercent is lower than Go's default of 100, which would let the window's heap of about 20 MB, mostly fonts, double before a collection.
const gcPercent = 50

// startTime is the time after which the memory that only the start needed can be freed.
const startTime = 3 * time.Second

// freeStartMemory returns the memory of the start to the system, once. The call takes about 20 ms, so it belongs on its own goroutine.
func freeStartMemory(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(startTime):
		debug.FreeOSMemory()
	}
}
