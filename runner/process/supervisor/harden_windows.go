package supervisor

// Harden does nothing on Windows: Go's runtime turns error reporting off, so no dump of this process is written, and its
// access token decides which programs can read its memory.
func Harden() error { return nil }

func hardenSupervisor() {}
