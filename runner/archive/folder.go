package archive

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Folder is an open plain folder that is used like a package: its entries must pass the same policy, and nothing
// outside of it is read.
type Folder struct {
	root   *os.Root
	path   string
	name   string // for error sentences
	limits Limits
}

// OpenFolder opens a folder. It follows a path that is a link.
func OpenFolder(path string, limits Limits) (*Folder, error) {
	info, err := os.Stat(path) // first, because opening a named pipe would block
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, model.NewError("archive.folder.missing", "There is no folder %s. Check its path.", path).Because(err)
	case err == nil && !info.IsDir():
		return nil, model.NewError("archive.folder.kind", "%s is not a folder. Choose the folder that contains the script.", path)
	}
	var root *os.Root
	if err == nil {
		root, err = os.OpenRoot(path)
	}
	if err != nil {
		return nil, model.NewError("archive.folder", "The folder %s can't be read. Check its permissions.", path).Because(err)
	}
	return &Folder{root: root, path: path, name: filepath.Base(path), limits: limits.orDefaults()}, nil
}

// Close closes the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Contains reports whether path, which need not exist, is the folder itself or inside it, through any links.
func (f *Folder) Contains(path string) (bool, error) {
	self, err := f.root.Stat(".")
	if err != nil {
		return false, f.cantRead(".", err)
	}
	at, err := filepath.Abs(path)
	if err != nil {
		return false, err
	}
	resolved := false
	for {
		if !resolved {
			if target, err := filepath.EvalSymlinks(at); err == nil {
				at, resolved = target, true
			}
		}
		if info, err := os.Stat(at); err == nil && os.SameFile(self, info) {
			return true, nil
		}
		up := filepath.Dir(at)
		if up == at {
			return false, nil
		}
		at = up
	}
}

// List returns what copying the folder would create, sorted by name.
func (f *Folder) List(ctx context.Context) (Listing, error) {
	entries, p, err := f.survey(ctx)
	if err != nil {
		return Listing{}, err
	}
	l := Listing{Folders: p.folders()}
	for i := range entries {
		l.add(&entries[i].item, entries[i].target)
	}
	return l, nil
}

// ReadFile returns at most the first most bytes of one file, whose name is as in List.
func (f *Folder) ReadFile(ctx context.Context, name string, most int64) ([]byte, error) {
	// A listed name differs from the one on disk if that contains a "\", which some systems allow.
	at := filepath.FromSlash(name)
	if _, err := f.root.Lstat(at); err != nil {
		entries, _, err := f.survey(ctx)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			if entries[i].name == name {
				at = entries[i].path
			}
		}
	}
	in, err := f.openFile(at)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // read only
	var data bytes.Buffer
	if _, err := io.Copy(&data, io.LimitReader(contextReader{ctx, in}, most)); err != nil {
		return nil, f.cantRead(name, err)
	}
	return data.Bytes(), nil
}

// openFile opens a regular file only: anything else could block or lead elsewhere.
func (f *Folder) openFile(path string) (*os.File, error) {
	if info, err := f.root.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return nil, f.changed(err)
	}
	in, err := f.root.Open(path)
	if err != nil {
		return nil, f.cantRead(path, err)
	}
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		_ = in.Close()
		return nil, f.changed(err)
	}
	return in, nil
}

// found is one entry of the folder.
type found struct {
	item
	path   string // in the folder, as the system writes it
	target string // of a link
}

// survey checks all entries and sorts them by name.
func (f *Folder) survey(ctx context.Context) ([]found, *policy, error) {
	s := survey{Folder: f, policy: newPolicy(f.name, "", f.limits, 0)}
	err := s.folder(ctx, ".")
	if err == nil {
		err = s.policy.checkLinks(ctx)
	}
	if err != nil {
		return nil, nil, ofFolder(err)
	}
	slices.SortFunc(s.entries, func(a, b found) int { return strings.Compare(a.name, b.name) })
	return s.entries, s.policy, nil
}

// survey is one walk through a folder.
type survey struct {
	*Folder
	policy  *policy
	entries []found
}

// folder checks the entries of one folder, sorted by name, and then its subfolders.
func (s *survey) folder(ctx context.Context, path string) error {
	entries, err := s.read(ctx, path)
	if err != nil {
		return err
	}
	for _, d := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		below := d.Name()
		if path != "." {
			below = path + "/" + below
		}
		e, err := s.check(s.policy, below, d)
		if err != nil {
			return err
		}
		s.entries = append(s.entries, e)
		if e.kind != folder {
			continue
		}
		if err := s.folder(ctx, below); err != nil {
			return err
		}
	}
	return nil
}

// entriesAtOnce is how many entries of a folder are read before the limit and the context are checked.
const entriesAtOnce = 1024

// read returns the entries of one folder, sorted by name. It stops if there are more than the limit.
func (s *survey) read(ctx context.Context, path string) (entries []fs.DirEntry, err error) {
	dir, err := s.root.Open(path)
	if err != nil {
		return nil, s.cantRead(path, err)
	}
	defer dir.Close() //nolint:errcheck // read only
	for {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		batch, err := dir.ReadDir(entriesAtOnce)
		entries = append(entries, batch...)
		switch {
		case len(entries) > s.limits.Entries:
			return nil, overLimit(SettingEntries, s.name, int64(s.limits.Entries))
		case errors.Is(err, io.EOF):
			slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
			return entries, nil
		case err != nil:
			return nil, s.cantRead(path, err)
		}
	}
}

func (f *Folder) check(p *policy, path string, d fs.DirEntry) (found, error) {
	info, err := d.Info()
	if err != nil {
		return found{}, f.cantRead(path, err)
	}
	e := found{path: path, item: item{raw: path, kind: file, packed: -1, exec: info.Mode()&0o111 != 0, modified: info.ModTime()}}
	switch mode := info.Mode(); {
	case mode.IsDir():
		e.kind = folder
	case mode.IsRegular():
		e.size = info.Size()
	case mode&fs.ModeSymlink != 0:
		e.kind = link
		if e.target, err = f.root.Readlink(path); err != nil {
			return found{}, f.cantRead(path, err)
		}
	default:
		return found{}, refuseEntry(codeSpecial, f.name, path, fileTypeName(mode))
	}
	if err := p.admit(&e.item); err != nil {
		return found{}, err
	}
	if e.kind == link {
		return e, p.admitLink(&e.item, e.target)
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
		return "something that leads elsewhere" // a mount point or another Windows reparse point
	}
}

func (f *Folder) cantRead(path string, cause error) error {
	if isContextError(cause) {
		return cause
	}
	return model.NewError("archive.folder.file", "%s in the folder %s can't be read. Check its permissions.",
		shown(path), f.name).Because(cause)
}

// changed returns the error for a folder that is written to while it is read.
func (f *Folder) changed(cause error) error {
	err := model.NewError("archive.folder.changed",
		"The folder %s changed while it was being read. Try again once nothing writes to it.", f.name)
	if cause != nil {
		return err.Because(cause)
	}
	return err
}

var folderSentences = map[string]string{
	codeAbsolute:  "The folder %s can't be used: the name of its entry %s leads elsewhere on Windows. Rename it.",
	codeEscapes:   "The folder %s can't be used: the name of its entry %s leads elsewhere on Windows. Rename it.",
	codeName:      "The folder %s can't be used: its entry %s has a name that can't be kept everywhere: %s. Rename it.",
	codeReserved:  "The folder %s can't be used: its entry %s contains the name %s, which is reserved on Windows. Rename it.",
	codeCollision: "The folder %s can't be used: its entries %s and %s would be the same file or folder on some systems. Rename one of them.",
	codeLink: "The folder %s can't be used: its entry %s is a symbolic link to %s, which leads outside the folder. Put its target " +
		"there, or remove it.",
	codeSpecial: "The folder %s can't be used: its entry %s is %s, not a file or folder. Remove it.",

	limitCode(SettingEntries): "The folder %s can't be used: it has more than %s. The setting %s allows no more.",
	limitCode(SettingTotalBytes): "The folder %s can't be used: its files are larger than %s together. The setting %s " +
		"allows no more.",
	limitCode(SettingEntryBytes): "The folder %s can't be used: its entry %s is larger than %s. The setting %s allows no more.",
	limitCode(SettingNameBytes): "The folder %s can't be used: the name of its entry %s is longer than %s. The setting %s " +
		"allows no more.",
	limitCode(SettingComponentBytes): "The folder %s can't be used: a part of the name of its entry %s is longer than %s. The setting " +
		"%s allows no more.",
	limitCode(SettingDepth): "The folder %s can't be used: its entry %s is more than %s deep. The setting %s allows no more.",
}

// ofFolder turns the policy's error about a package into one about a folder.
func ofFolder(err error) error {
	var e *model.Error
	if !errors.As(err, &e) {
		return err
	}
	sentence, known := folderSentences[e.Code]
	if !known {
		return err
	}
	return model.NewError(e.Code, sentence, e.Args...).Because(e.Cause)
}
