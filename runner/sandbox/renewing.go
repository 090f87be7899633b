package sandbox

import (
	"sync"
	"time"
)

// renewing are the keys of an instance or a container, which AWS renews at least five minutes before they expire.
type renewing struct {
	mu   sync.Mutex
	keys opened
}

// get returns keys of a role's session that live for a while, at most for d.
func (r *renewing) get(known *identities, role, session string, now time.Time, d time.Duration) opened {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys.expires.IsZero() || r.keys.expires.Sub(now) < min(5*time.Minute, d/2) {
		r.keys = known.open(grant{role: role, name: session, session: sessionUntil("", now, d)})
	}
	return r.keys
}
