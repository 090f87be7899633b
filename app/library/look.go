package library

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/archive"
)

// fileMark shows whether a file has changed without reading it.
type fileMark struct {
	size     int64
	modified time.Time
}

// Open opens a package of the library. It returns an error if the file has changed since the import: it computes the hash
// once, and after that compares only size and time.
func (l *Library) Open(ctx context.Context, p model.Package) (*archive.Archive, error) {
	path := l.file(p.SHA256)
	info, err := os.Stat(path)
	var a *archive.Archive
	if err == nil {
		a, err = archive.Open(path, archive.Format(p.Format), l.currentLimits())
	}
	if err != nil {
		return nil, model.NewError("package.unreadable", "Package %s %s can't be read. Import it again.", p.Name, p.Version).Because(err)
	}
	mark := fileMark{info.Size(), info.ModTime()}
	l.mu.RLock()
	unchanged := l.verified[p.SHA256] == mark
	l.mu.RUnlock()
	if unchanged {
		return a, nil
	}
	hash, err := a.SHA256(ctx)
	if err == nil && hash != p.SHA256 {
		err = model.NewError("package.changed",
			"Package %s %s has changed on disk since it was imported. Import it again.", p.Name, p.Version)
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	l.mu.Lock()
	if l.verified == nil {
		l.verified = map[string]fileMark{}
	}
	l.verified[p.SHA256] = mark
	l.mu.Unlock()
	return a, nil
}

// List returns the entries of a package. A tar must be read from end to end for that, so its listing is kept in the store.
func (l *Library) List(ctx context.Context, p model.Package) (listing archive.Listing, err error) {
	streams := archive.Format(p.Format).Streams()
	if streams {
		if listing, ok := l.storedListing(ctx, p); ok {
			return listing, nil
		}
	}
	a, err := l.Open(ctx, p)
	if err != nil {
		return listing, err
	}
	listing, err = a.List(ctx)
	if err = errors.Join(err, a.Close()); err != nil || !streams {
		return listing, err
	}
	return listing, l.storeListing(ctx, p, listing)
}

// storedListing is a listing in the store. Those with another version than listingVersion are ignored.
type storedListing struct {
	Version int
	archive.Listing
}

const listingVersion = 1

func (l *Library) storedListing(ctx context.Context, p model.Package) (archive.Listing, bool) {
	if info, err := os.Stat(l.file(p.SHA256)); err != nil || info.Size() != p.Size {
		return archive.Listing{}, false // Open will report what is wrong
	}
	body, err := l.store.Listing(ctx, p.SHA256)
	if err != nil || body == nil {
		return archive.Listing{}, false
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return archive.Listing{}, false
	}
	var stored storedListing
	if err := json.NewDecoder(r).Decode(&stored); err != nil || stored.Version != listingVersion {
		return archive.Listing{}, false
	}
	return stored.Listing, true
}

func (l *Library) storeListing(ctx context.Context, p model.Package, listing archive.Listing) error {
	var body bytes.Buffer
	w := gzip.NewWriter(&body)
	if err := errors.Join(json.NewEncoder(w).Encode(storedListing{listingVersion, listing}), w.Close()); err != nil {
		return err
	}
	return l.store.SaveListing(ctx, p.SHA256, body.Bytes())
}

// ReadFile returns up to most bytes of a file in a package.
func (l *Library) ReadFile(ctx context.Context, p model.Package, name string, most int64) (data []byte, err error) {
	a, err := l.Open(ctx, p)
	if err != nil {
		return nil, err
	}
	data, err = a.ReadFile(ctx, name, most)
	return data, errors.Join(err, a.Close())
}

// ListFolder returns the entries of a plain folder. It returns an error for a folder that a step could not use.
func (l *Library) ListFolder(ctx context.Context, path string) (archive.Listing, error) {
	f, err := runner.OpenFolder(path, l.dir, l.currentLimits())
	if err != nil {
		return archive.Listing{}, err
	}
	listing, err := f.List(ctx)
	return listing, errors.Join(err, f.Close())
}

// ReadFolderFile returns up to most bytes of a file in a plain folder, by its name in the listing.
func (l *Library) ReadFolderFile(ctx context.Context, path, name string, most int64) ([]byte, error) {
	f, err := runner.OpenFolder(path, l.dir, l.currentLimits())
	if err != nil {
		return nil, err
	}
	data, err := f.ReadFile(ctx, name, most)
	return data, errors.Join(err, f.Close())
}
