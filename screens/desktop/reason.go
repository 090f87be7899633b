package desktop

import "sync/atomic"

// reason is why something can't be done, once that is known. Any goroutine may set it and ask for it.
type reason struct{ known atomic.Pointer[error] }

func (r *reason) set(err error) { r.known.Store(&err) }

// err gives the reason, nil where there is none.
func (r *reason) err() error {
	if err := r.known.Load(); err != nil {
		return *err
	}
	return nil
}
