package desktop

import "sync/atomic"

// atomicError holds an error that any goroutine may set and read.
type atomicError struct{ value atomic.Pointer[error] }

func (e *atomicError) set(err error) { e.value.Store(&err) }

// err returns the error that was set last, or nil.
func (e *atomicError) err() error {
	if err := e.value.Load(); err != nil {
		return *err
	}
	return nil
}
