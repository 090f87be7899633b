package archive

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/mholt/archiver/v3"
)

// ReadFile returns at most the first most bytes of one file in a package, for a preview. The name is resolved as by
// [Listing.Find].
func ReadFile(ctx context.Context, path, name string, most int64, limits Limits) ([]byte, error) {
	a, err := Open(path, "", limits)
	if err != nil {
		return nil, err
	}
	defer a.Close() //nolint:errcheck // read only
	return a.ReadFile(ctx, name, most)
}

// ReadFile is [ReadFile] for an open package.
func (a *Archive) ReadFile(ctx context.Context, name string, most int64) (_ []byte, err error) {
	defer recoverTo(&err, a.name)
	var data bytes.Buffer
	if a.format.isZip() {
		err = a.readZipFile(ctx, name, &data, most)
	} else {
		err = a.readTarFile(ctx, name, &data, most)
	}
	if err != nil {
		return nil, err
	}
	return data.Bytes(), nil
}

func (a *Archive) readZipFile(ctx context.Context, name string, to io.Writer, most int64) error {
	entries, _, err := a.scanZip(ctx, true)
	if err != nil {
		return err
	}
	var l Listing
	for i := range entries {
		l.add(&entries[i].item, "")
	}
	found, err := l.Find(name)
	if err != nil {
		return err
	}
	for i := range entries {
		if entries[i].kind == file && !entries[i].own && entries[i].name == found.Name {
			return a.readZipEntry(ctx, entries, i, to, most)
		}
	}
	return nil // not reached: the listing is made from the entries
}

// readZipEntry streams through the archive to one entry.
func (a *Archive) readZipEntry(ctx context.Context, entries []zipEntry, chosen int, to io.Writer, most int64) (err error) {
	defer recoverTo(&err, a.name)
	reader := archiver.NewZip()
	if err := reader.Open(a.content(), a.info.Size()); err != nil {
		return damaged(a.name, err)
	}
	defer reader.Close() //nolint:errcheck // reads only
	for i := 0; ; i++ {
		f, err := reader.Read()
		if err != nil {
			return corrupt(a.name, entries[chosen].raw, err)
		}
		if i < chosen {
			_ = f.Close()
			continue
		}
		_, err = io.Copy(to, io.LimitReader(contextReader{ctx, f}, min(most, entries[i].size)))
		_ = f.Close()
		if err != nil {
			return corrupt(a.name, entries[i].raw, err)
		}
		return nil
	}
}

// readTarFile reads the stream a second time if no file has exactly this name: which one is meant is known only when
// all names are.
func (a *Archive) readTarFile(ctx context.Context, name string, to io.Writer, most int64) error {
	listing, done, err := a.readTarEntry(ctx, name, to, most)
	if err != nil || done {
		return err
	}
	found, err := listing.Find(name)
	if err != nil {
		return err
	}
	if _, done, err = a.readTarEntry(ctx, found.Name, to, most); err == nil && !done {
		return changed(a.name)
	}
	return err
}

// readTarEntry reads the file with that cleaned name, or returns a listing instead.
func (a *Archive) readTarEntry(ctx context.Context, name string, to io.Writer, most int64) (l Listing, done bool, err error) {
	t, err := a.openTar(ctx)
	if err != nil {
		return l, false, err
	}
	defer t.close()
	for {
		switch err := t.next(); {
		case errors.Is(err, io.EOF):
			return l, false, nil
		case err != nil:
			return l, false, err
		case t.entry.kind != file:
			continue
		}
		if t.entry.name != name {
			l.add(&t.entry, "")
			continue
		}
		if _, err := io.Copy(to, io.LimitReader(t.data, most)); err != nil {
			return l, false, corrupt(a.name, t.entry.raw, err)
		}
		return l, true, nil
	}
}
