package sandbox

import (
	"sync"
	"time"
)

// limiter refuses requests above a number in any second.
type limiter struct {
	perSecond int // 0 for no limit

	mu      sync.Mutex
	recent  []time.Time // of the requests that were let through, at most perSecond
	refusal int
}

// take returns whether a request is let through.
func (l *limiter) take(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.perSecond == 0:
		return true
	case len(l.recent) < l.perSecond:
	case now.Sub(l.recent[0]) < time.Second:
		l.refusal++
		return false
	default:
		l.recent = l.recent[1:]
	}
	l.recent = append(l.recent, now)
	return true
}

func (l *limiter) refused() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refusal
}
