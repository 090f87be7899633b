package archive

import (
	"context"
	"errors"
	"hash/crc32"
	"io"
	"sync"
	"sync/atomic"

	klauspost "github.com/klauspost/compress/zip"
	"github.com/mholt/archiver/v3"
)

// extractZip checks all headers, creates all folders, and then streams the entries with several readers in parallel.
func (a *Archive) extractZip(ctx context.Context, x *extraction) error {
	entries, p, folders, err := a.scanForExtraction(ctx)
	if err != nil {
		return err
	}
	for i := range entries {
		switch e := &entries[i]; {
		case e.own:
		case e.kind == file:
			x.meter.total.Add(e.size)
		case e.kind == link:
			x.skipLink(&e.item, e.target)
		}
	}
	if err := x.makeFolders(ctx, folders); err != nil {
		return err
	}
	z := &zipExtraction{a: a, x: x, entries: entries, total: p.total, batches: batchesOf(entries)}
	if err := z.run(ctx); err != nil {
		return err
	}
	x.result.Files, x.result.Bytes = int(x.meter.files.Load()), x.meter.bytes.Load()
	return nil
}

// scanForExtraction also returns the folders, parents first.
func (a *Archive) scanForExtraction(ctx context.Context) ([]zipEntry, *policy, []string, error) {
	entries, p, err := a.scanZip(ctx, true)
	if err != nil {
		return nil, nil, nil, err
	}
	folders := p.folders()
	p.seen, p.links, p.linked = nil, nil, linkNode{} // can be large, and are no longer needed
	return entries, p, folders, nil
}

// zipExtraction is shared by the workers.
type zipExtraction struct {
	a       *Archive
	x       *extraction
	entries []zipEntry
	batches []batch
	total   int64 // bytes

	next atomic.Int32 // batch
}

// batch is a run of entries for one worker: neighbours are adjacent in the archive and in the folders.
type batch struct{ from, to int }

const (
	batchEntries = 64
	batchBytes   = 1 << 20
	// Below serialBytes and serialEntries a second reader costs more than it gains.
	serialBytes   = 256 << 10
	serialEntries = 64
	// readerEntries is the maximum number of entries of all readers together: each reader holds the whole directory, some
	// 300 bytes per entry.
	readerEntries = 50_000
)

func batchesOf(entries []zipEntry) []batch {
	var batches []batch
	from, size := 0, int64(0)
	for i := range entries {
		size += entries[i].size
		if size >= batchBytes || i-from+1 >= batchEntries || i == len(entries)-1 {
			batches = append(batches, batch{from, i + 1})
			from, size = i+1, 0
		}
	}
	return batches
}

func (z *zipExtraction) run(ctx context.Context) error {
	workers := min(z.x.workers, len(z.batches), max(1, readerEntries/max(1, len(z.entries))))
	if z.total < serialBytes && len(z.entries) < serialEntries {
		workers = min(workers, 1)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			if err := z.work(ctx); err != nil {
				cancel(err) // the first one counts
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// work streams through the archive with its own reader, and skips what other workers take.
func (z *zipExtraction) work(ctx context.Context) (err error) {
	defer recoverTo(&err, z.a.name)
	source := &windowReader{r: z.a.file, size: z.a.info.Size()}
	reader := archiver.NewZip()
	if err := reader.Open(io.NewSectionReader(source, 0, z.a.info.Size()), z.a.info.Size()); err != nil {
		return damaged(z.a.name, err)
	}
	defer reader.Close() //nolint:errcheck // reads only
	w := z.x.newWriter(ctx)
	defer w.close()
	at := 0
	for ctx.Err() == nil {
		n := int(z.next.Add(1)) - 1
		if n >= len(z.batches) {
			return z.atEnd(reader, at)
		}
		b := z.batches[n]
		for ; at < b.to; at++ {
			source.direct = at < b.from
			if err := z.step(ctx, reader, w, at, at >= b.from); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// atEnd rejects an archive in which the reader sees more entries than were checked.
func (z *zipExtraction) atEnd(reader *archiver.Zip, at int) error {
	if at < len(z.entries) {
		return nil
	}
	if f, err := reader.Read(); !errors.Is(err, io.EOF) {
		if err == nil {
			_ = f.Close()
		}
		return damaged(z.a.name, errors.New("the readers count different entries"))
	}
	return nil
}

func (z *zipExtraction) step(ctx context.Context, reader *archiver.Zip, w *fileWriter, at int, mine bool) error {
	e := &z.entries[at]
	f, err := reader.Read()
	if err != nil {
		return corrupt(z.a.name, e.raw, err)
	}
	defer f.Close() //nolint:errcheck // reads only
	header, ok := f.Header.(klauspost.FileHeader)
	if !ok || header.Name != e.stored || header.Method != e.method || header.CRC32 != e.crc ||
		clampSize(header.UncompressedSize64) != e.size || clampSize(header.CompressedSize64) != e.packed {
		return refuseEntry(codeHeader, z.a.name, e.raw, "two readers see different things")
	}
	if !mine || e.own || e.kind != file {
		return nil
	}
	if err := w.write(&e.item, e.checked(f)); err != nil {
		return z.explain(ctx, e, err)
	}
	z.x.meter.done.Add(e.size)
	return nil
}

func (z *zipExtraction) explain(ctx context.Context, e *zipEntry, err error) error {
	var reading readError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errSize):
		return refuseEntry(codeSize, z.a.name, e.raw)
	case errors.As(err, &reading):
		return corrupt(z.a.name, e.raw, reading.cause)
	default:
		return err
	}
}

// checked verifies a checksum that is zero: the library takes it for "none".
func (e *zipEntry) checked(r io.Reader) io.Reader {
	if e.crc != 0 || e.size == 0 {
		return r
	}
	return &zeroChecksum{r: r}
}

type zeroChecksum struct {
	r   io.Reader
	sum uint32
}

func (c *zeroChecksum) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.sum = crc32.Update(c.sum, crc32.IEEETable, p[:n])
	if errors.Is(err, io.EOF) && c.sum != 0 {
		return n, errors.New("the checksum is wrong")
	}
	return n, err
}

// windowReader reads ahead: the library requests an entry in three or four small pieces.
type windowReader struct {
	r      io.ReaderAt
	size   int64
	direct bool // the next reads are far apart
	window []byte
	at     int64
}

const windowBytes = 128 << 10

func (w *windowReader) ReadAt(p []byte, off int64) (int, error) {
	if w.direct || len(p) >= windowBytes/2 {
		return w.r.ReadAt(p, off)
	}
	if off < w.at || off+int64(len(p)) > w.at+int64(len(w.window)) {
		if w.window == nil {
			w.window = make([]byte, windowBytes)
		}
		n, err := w.r.ReadAt(w.window[:windowBytes], off)
		w.window, w.at = w.window[:n], off
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
	}
	n := copy(p, w.window[off-w.at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
