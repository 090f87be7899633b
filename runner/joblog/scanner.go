package joblog

// Scanner looks for the secrets of a Masker in a stream of bytes, as they would be hidden in a log. It is an [io.Writer] that never
// fails.
type Scanner struct {
	writer *maskWriter
	out    noSink
}

// Scanner returns a scanner for the secrets known by now and those that become known while it reads.
func (m *Masker) Scanner() *Scanner { return &Scanner{writer: newMaskWriter(m)} }

// Write looks through the bytes that follow.
func (s *Scanner) Write(p []byte) (int, error) {
	s.writer.write(p, s.out)
	return len(p), nil
}

// Close ends the stream, and reports whether a secret was in it.
func (s *Scanner) Close() (found bool) {
	s.writer.close(s.out)
	return s.writer.masks > 0
}

// noSink drops everything.
type noSink struct{}

func (noSink) text([]byte, int64) {}
func (noSink) mask(int64)         {}
