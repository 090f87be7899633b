package runner

import (
	"sync"
	"time"
)

// repeat calls do at that interval on a goroutine of its own until stop is called, which waits for the last call.
func repeat(every time.Duration, do func()) (stop func()) {
	var repeating sync.WaitGroup
	done := make(chan struct{})
	repeating.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				do()
			}
		}
	})
	return func() { close(done); repeating.Wait() }
}
