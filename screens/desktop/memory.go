package desktop

import (
	"context"
	"runtime/debug"
	"time"
)

// A window lives for days and mostly waits. Its live heap is small, some 20 MB, most of it fonts; the usual 100 would let as much waste stand
// beside it.
const gcPercent = 50

// settled is when what the start needed once is no longer used.
const settled = 3 * time.Second

// giveBack returns to the system, once, what only the start needed. It takes some 20 ms on a goroutine of its own.
func giveBack(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(settled):
		debug.FreeOSMemory()
	}
}
