package archive

import (
	"bytes"
	"io"
)

const (
	localHeaderBytes = 30
	// directorySlack is how many entries the reader may see twice, because it looks for the directory's end in the last 64
	// KiB.
	directorySlack = 4096
	// directoryBytes is the average size of a directory entry, far more than real ones need.
	directoryBytes = 512
)

// zipSource is between the file and the standard library's reader. While the reader scans the central directory, it
// stops the scan of one that is too large: the reader itself would keep any number of headers of up to 192 KiB each.
// Later it keeps the last local header that the reader requested, with the name after it.
type zipSource struct {
	r      io.ReaderAt
	limits Limits
	pkg    string

	scanned bool
	read    int64
	headers int
	tail    []byte // end of the previous read: a signature may span two reads
	tailEnd int64

	nameBytes int
	headerAt  int64
	header    []byte
}

func (s *zipSource) ReadAt(p []byte, off int64) (int, error) {
	if s.scanned {
		return s.readLocal(p, off)
	}
	n, err := s.r.ReadAt(p, off)
	s.read += int64(n)
	s.count(p[:n], off)
	if s.headers > s.limits.Entries+directorySlack || s.read > 1<<20+int64(s.limits.Entries)*directoryBytes {
		return 0, overLimit(SettingEntries, s.pkg, int64(s.limits.Entries))
	}
	return n, err
}

// count counts the signatures of directory headers.
func (s *zipSource) count(p []byte, off int64) {
	signature := []byte("PK\x01\x02")
	if len(s.tail) > 0 && s.tailEnd == off {
		s.headers += bytes.Count(append(s.tail, p[:min(3, len(p))]...), signature)
	}
	s.headers += bytes.Count(p, signature)
	s.tail = append(s.tail[:0], p[max(0, len(p)-3):]...)
	s.tailEnd = off + int64(len(p))
}

func (s *zipSource) readLocal(p []byte, off int64) (int, error) {
	if len(p) != localHeaderBytes {
		return s.r.ReadAt(p, off)
	}
	want := localHeaderBytes + s.nameBytes
	if cap(s.header) < want {
		s.header = make([]byte, want, want+256)
	}
	n, err := s.r.ReadAt(s.header[:want], off)
	s.headerAt, s.header = off, s.header[:n]
	if n >= len(p) {
		err = nil
	}
	return copy(p, s.header), err
}
