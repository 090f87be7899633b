package archive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/mholt/archiver/v3"
)

// tarSource is the uncompressed tar stream of a package. It reads ahead in its own goroutine, and stops when the
// context ends or more comes out than the limits allow, even if the tar reader skips it (padding, extended headers,
// what follows the end).
type tarSource struct {
	a      *Archive
	ctx    context.Context
	cancel context.CancelFunc
	packed atomic.Int64 // bytes read from the package file

	full    chan []byte
	empty   chan []byte
	current []byte // the unread rest of buffer
	buffer  []byte
	out     int64
	err     error // set before full is closed
}

const (
	pieces     = 4
	pieceBytes = 256 << 10
	// headerRoom is how many bytes a tar stream may need for an entry besides its data: headers, long names, padding.
	headerRoom = 8 << 10
)

func (a *Archive) openTarSource(ctx context.Context) *tarSource {
	s := &tarSource{a: a, full: make(chan []byte, pieces), empty: make(chan []byte, pieces)}
	s.ctx, s.cancel = context.WithCancel(ctx)
	for range pieces {
		s.empty <- make([]byte, 0, pieceBytes)
	}
	go s.unpack()
	return s
}

func (s *tarSource) unpack() {
	defer close(s.full)
	defer recoverTo(&s.err, s.a.name)
	// Buffered here, because decompressors read in pieces of 4 KiB, or byte by byte if they can.
	in := bufio.NewReaderSize(&countingReader{contextReader{s.ctx, s.a.content()}, &s.packed}, pieceBytes)
	out := &pieceWriter{s: s}
	switch s.a.format {
	case TarGz:
		// Single-threaded: a panic in a goroutine of the library could not be recovered.
		gz := archiver.NewGz()
		gz.SingleThreaded = true
		s.err = gz.Decompress(in, out)
	case TarBz2:
		s.err = archiver.NewBz2().Decompress(in, out)
	default:
		_, s.err = io.CopyBuffer(struct{ io.Writer }{out}, struct{ io.Reader }{in}, make([]byte, pieceBytes))
	}
	if flushErr := out.flush(); s.err == nil {
		s.err = flushErr
	}
}

// close stops the goroutine and waits for it.
func (s *tarSource) close() {
	s.cancel()
	for range s.full {
	}
}

func (s *tarSource) Read(p []byte) (int, error) {
	for len(s.current) == 0 {
		if s.buffer != nil {
			s.empty <- s.buffer[:0] // has capacity for all pieces
			s.buffer = nil
		}
		piece, ok := <-s.full
		if !ok {
			return 0, s.end()
		}
		s.buffer, s.current = piece, piece
	}
	n := copy(p, s.current)
	s.current = s.current[n:]
	s.out += int64(n)
	return n, s.checkLimits()
}

func (s *tarSource) end() error {
	if s.err == nil {
		return io.EOF
	}
	if errors.Is(s.err, io.EOF) { // the compressed stream ended too early
		return io.ErrUnexpectedEOF
	}
	return s.err
}

func (s *tarSource) checkLimits() error {
	l := s.a.limits
	if s.out > l.TotalBytes+int64(l.Entries)*headerRoom {
		return overLimit(SettingTotalBytes, s.a.name, l.TotalBytes)
	}
	if s.out > ratioFloor && exceeds(s.out-ratioFloor, s.a.info.Size(), l.Ratio) {
		return entryOverLimit(SettingRatio, s.a.name, "…", l.Ratio)
	}
	return nil
}

type countingReader struct {
	r io.Reader
	n *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// pieceWriter collects the output of a decompressor and passes it on in large pieces.
type pieceWriter struct {
	s     *tarSource
	piece []byte
}

func (w *pieceWriter) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		if w.piece == nil {
			select {
			case w.piece = <-w.s.empty:
			case <-w.s.ctx.Done():
				return 0, w.s.ctx.Err()
			}
		}
		n := min(len(p), pieceBytes-len(w.piece))
		w.piece = append(w.piece, p[:n]...)
		p = p[n:]
		if len(w.piece) == pieceBytes {
			if err := w.flush(); err != nil {
				return 0, err
			}
		}
	}
	return written, nil
}

func (w *pieceWriter) flush() error {
	if len(w.piece) == 0 {
		return nil
	}
	select {
	case w.s.full <- w.piece:
		w.piece = nil
		return nil
	case <-w.s.ctx.Done():
		return fmt.Errorf("unpacking: %w", w.s.ctx.Err())
	}
}
