package archive

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// CopyFolder copies a plain folder as if it were a package: the same names are fine, links are left out or refused in the
// same way, dest is as it was after an error. The Result's SHA256 stands for names and contents (not times, not modes), so
// it is the same on every system.
func CopyFolder(ctx context.Context, src, dest string, opts Options) (Result, error) {
	source, err := os.OpenRoot(src)
	if err != nil {
		return Result{}, model.NewError("archive.folder", "The folder %s can't be read. Check its path.", src).Because(err)
	}
	defer source.Close() //nolint:errcheck // read only
	if err := refuseInside(src, dest); err != nil {
		return Result{}, err
	}
	return into(dest, func(root *os.Root) (Result, error) {
		limits := opts.Limits.orDefaults()
		c := &folderCopy{
			source: source, limits: limits,
			policy: newPolicy(filepath.Base(src), "", limits, 0),
			x:      newExtraction(filepath.Base(src), root, opts),
		}
		err := c.copy(ctx)
		if err == nil && opts.SHA256 != "" && !strings.EqualFold(c.x.result.SHA256, opts.SHA256) {
			err = model.NewError("archive.folder.hash", "The folder %s isn't what it was: its SHA-256 is %s, not %s.", src, c.x.result.SHA256, opts.SHA256)
		}
		c.x.meter.stop(err == nil)
		return c.x.result, err
	})
}

// refuseInside: a folder copied into itself would never end.
func refuseInside(src, dest string) error {
	from, err := os.Stat(src)
	if err != nil {
		return model.NewError("archive.folder", "The folder %s can't be read. Check its path.", src).Because(err)
	}
	at, err := filepath.Abs(dest)
	if err != nil {
		return err
	}
	for {
		if info, err := os.Stat(at); err == nil && os.SameFile(from, info) {
			return model.NewError("archive.folder.inside", "The folder %s can't be copied into %s, which lies inside it.", src, dest)
		}
		up := filepath.Dir(at)
		if up == at {
			return nil
		}
		at = up
	}
}

type folderCopy struct {
	source *os.Root
	limits Limits
	policy *policy
	x      *extraction
}

// found is one entry of the source folder.
type found struct {
	item
	path   string // in the source
	target string // of a link
}

func (c *folderCopy) copy(ctx context.Context) error {
	entries, err := c.survey(ctx)
	if err != nil {
		return err
	}
	c.x.meter.total.Store(c.policy.total)
	if err := c.x.makeFolders(c.policy.folders()); err != nil {
		return err
	}
	w := c.x.newWriter(ctx)
	defer w.close()
	sum := sha256.New()
	for i := range entries {
		e := &entries[i]
		switch e.kind {
		case link:
			c.x.skipLink(&e.item, e.target)
		case folder:
			addToHash(sum, 'd', e.name, nil)
		case file:
			content, err := c.copyFile(w, e)
			if err != nil {
				return err
			}
			addToHash(sum, 'f', e.name, content)
		}
	}
	c.x.result.Files, c.x.result.Bytes = int(c.x.meter.files.Load()), c.x.meter.bytes.Load()
	c.x.result.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// addToHash frames what it adds, so that no name can pass for content.
func addToHash(sum hash.Hash, what byte, name string, content []byte) {
	frame := binary.AppendUvarint([]byte{what}, uint64(len(name)))
	sum.Write(append(append(frame, name...), content...))
}

// survey judges everything before anything is copied, and sorts it by name.
func (c *folderCopy) survey(ctx context.Context) ([]found, error) {
	var entries []found
	err := fs.WalkDir(c.source.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return c.cantRead(path, err)
		case path == ".":
			return nil
		}
		e, err := c.judge(path, d)
		if err == nil {
			entries = append(entries, e)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(entries, func(a, b found) int { return strings.Compare(a.name, b.name) })
	return entries, c.policy.checkLinks()
}

func (c *folderCopy) judge(path string, d fs.DirEntry) (found, error) {
	info, err := d.Info()
	if err != nil {
		return found{}, c.cantRead(path, err)
	}
	e := found{path: path, item: item{raw: path, kind: file, packed: -1, exec: info.Mode()&0o111 != 0, modified: info.ModTime()}}
	switch mode := info.Mode(); {
	case mode.IsDir():
		e.kind = folder
	case mode.IsRegular():
		e.size = info.Size()
	case mode&fs.ModeSymlink != 0:
		e.kind = link
		if e.target, err = c.source.Readlink(path); err != nil {
			return found{}, c.cantRead(path, err)
		}
	default:
		return found{}, refuseEntry(codeSpecial, c.x.pkg, path, fileTypeName(mode))
	}
	if err := c.policy.admit(&e.item); err != nil {
		return found{}, err
	}
	if e.kind == link {
		return e, c.policy.admitLink(&e.item, e.target)
	}
	return e, nil
}

func fileTypeName(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	default:
		return "something that leads elsewhere" // a mount point or another reparse point of Windows
	}
}

// copyFile copies one file and gives the hash of what was copied.
func (c *folderCopy) copyFile(w *fileWriter, e *found) ([]byte, error) {
	f, err := c.source.Open(e.path)
	if err != nil {
		return nil, c.cantRead(e.path, err)
	}
	defer f.Close() //nolint:errcheck // read only
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, changed(c.x.pkg)
	}
	sum := sha256.New()
	err = w.write(&e.item, io.TeeReader(f, sum))
	var reading readError
	switch {
	case errors.Is(err, errSize):
		return nil, changed(c.x.pkg)
	case errors.As(err, &reading):
		return nil, c.cantRead(e.path, reading.cause)
	case err != nil:
		return nil, err
	}
	c.x.meter.done.Add(e.size)
	return sum.Sum(nil), nil
}

func (c *folderCopy) cantRead(path string, cause error) error {
	if isContextError(cause) {
		return cause
	}
	return model.NewError("archive.folder.file", "%s in the folder %s can't be read.", shown(path), c.x.pkg).Because(cause)
}
