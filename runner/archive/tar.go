package archive

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"unicode/utf8"

	kgzip "github.com/klauspost/compress/gzip"
	"github.com/mholt/archiver/v3"
	"golang.org/x/text/encoding/charmap"
)

// tarReader returns the checked entries of a tar stream one after the other.
type tarReader struct {
	a      *Archive
	source *tarSource
	reader *archiver.Tar
	policy *policy
	last   string // the last entry's name, for an error in the middle of the stream

	entry  item
	target string // of a link
	data   io.Reader
}

func (a *Archive) openTar(ctx context.Context) (*tarReader, error) {
	t := &tarReader{
		a: a, source: a.openTarSource(ctx), reader: archiver.NewTar(),
		policy: newPolicy(a.name, a.format, a.limits, a.info.Size()),
	}
	if err := t.reader.Open(t.source, 0); err != nil {
		t.source.close()
		return nil, damaged(a.name, err)
	}
	return t, nil
}

func (t *tarReader) close() {
	_ = t.reader.Close()
	t.source.close()
}

// next moves to the next entry that is a file, a folder or a link. It returns io.EOF at the end, when everything was
// checked.
func (t *tarReader) next() error {
	for {
		f, err := t.reader.Read()
		if errors.Is(err, io.EOF) {
			return t.finish()
		}
		if err != nil {
			return t.broken(err)
		}
		header, ok := f.Header.(*tar.Header)
		if !ok {
			return t.broken(fmt.Errorf("a header of type %T", f.Header))
		}
		isEntry, err := t.take(header, f)
		if isEntry || err != nil {
			return err
		}
	}
}

func (t *tarReader) broken(err error) error {
	if t.last == "" {
		return damaged(t.a.name, err)
	}
	return corrupt(t.a.name, t.last, err)
}

// finish reads what follows the end of the tar stream, so that the checksum of the compression is verified.
func (t *tarReader) finish() error {
	if err := t.policy.checkLinks(t.source.ctx); err != nil {
		return err
	}
	if t.a.format != Tar {
		_, err := io.Copy(io.Discard, t.source)
		// Anything else after the compressed stream (a signature, padding) is ignored, as every tar does.
		if err != nil && !errors.Is(err, kgzip.ErrHeader) {
			return t.broken(err)
		}
	}
	return io.EOF
}

// take checks one header. It returns false for one that is not an entry.
func (t *tarReader) take(header *tar.Header, data io.Reader) (bool, error) {
	name := tarText(header.Name)
	t.last, t.data, t.target = name, data, ""
	t.entry = item{
		raw: name, kind: file, size: header.Size, packed: -1, exec: header.Mode&0o111 != 0, modified: header.ModTime,
	}
	switch header.Typeflag {
	case tar.TypeReg, tar.TypeRegA, tar.TypeCont, tar.TypeGNUSparse: //nolint:staticcheck // old tars have TypeRegA
	case tar.TypeDir:
		t.entry.kind, t.entry.size = folder, 0
	case tar.TypeSymlink:
		t.entry.kind, t.target = link, tarText(header.Linkname)
	case tar.TypeXGlobalHeader: // git archive stores the commit there
		return false, t.policy.countOnly()
	case 'V': // the name of the volume (tar --label)
		return false, t.policy.countOnly()
	case tar.TypeLink:
		return false, refuseEntry(codeHardLink, t.a.name, name, shown(tarText(header.Linkname)))
	default:
		return false, refuseEntry(codeSpecial, t.a.name, name, tarTypeName(header.Typeflag))
	}
	if err := t.policy.admit(&t.entry); err != nil {
		return false, err
	}
	if t.entry.kind == link {
		return true, t.policy.admitLink(&t.entry, t.target)
	}
	return true, nil
}

func tarTypeName(flag byte) string {
	switch flag {
	case tar.TypeChar, tar.TypeBlock:
		return "a device"
	case tar.TypeFifo:
		return "a named pipe"
	default:
		return fmt.Sprintf("of the unknown type %q", flag)
	}
}

// tarText decodes a name: a tar doesn't store the encoding of its names, and old ones are not UTF-8.
func tarText(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	return decodeWith(legacyPage([]string{name}, charmap.Windows1252), name)
}

// extractTar unpacks while it reads: what it wrote is removed if a later entry is rejected.
func (a *Archive) extractTar(ctx context.Context, x *extraction) (err error) {
	defer recoverTo(&err, a.name)
	x.meter.total.Store(a.info.Size())
	t, err := a.openTar(ctx)
	if err != nil {
		return err
	}
	defer t.close()
	w := x.newWriter(ctx)
	defer w.close()
	for {
		err := t.next()
		x.meter.done.Store(t.source.packed.Load())
		if errors.Is(err, io.EOF) {
			x.result.Files, x.result.Bytes = int(x.meter.files.Load()), x.meter.bytes.Load()
			return nil
		}
		if err != nil {
			return err
		}
		if err := x.makeFolders(ctx, t.policy.newFolders); err != nil {
			return err
		}
		switch t.entry.kind {
		case link:
			x.skipLink(&t.entry, t.target)
		case file:
			if err := w.write(&t.entry, t.data); err != nil {
				return t.explain(ctx, err)
			}
		}
	}
}

func (t *tarReader) explain(ctx context.Context, err error) error {
	var reading readError
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.As(err, &reading) {
		return corrupt(t.a.name, path.Clean(t.entry.raw), reading.cause)
	}
	return err
}
