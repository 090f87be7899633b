package loopback

// WithoutSocket returns a listener that nothing can reach, for tests in simulated time.
func WithoutSocket() *Listener { return newListener() }

// Read takes an answer out of a query.
func Read(query, state string) (code string, err error, ok bool) {
	a, ok := read(query, state)
	return a.code, a.err, ok
}
