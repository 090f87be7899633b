// Package library stores packages, and reads them and plain folders.
package library

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/archive"
)

type (
	// Found is what a package file says about itself.
	Found = archive.Package
	// Listing is the entries of a package or folder.
	Listing = archive.Listing
	// Entry is a file in a listing.
	Entry = archive.Entry
)

// NameOf returns the id and version in the name of a package file, as far as it contains them. sure means that no one has to
// be asked: the name is unambiguous, or the package has a manifest, or the import will report what is wrong.
func NameOf(path string) (id, version string, sure bool) {
	name, err := archive.ParseFileName(filepath.Base(path))
	unnamed := model.ErrorCode(err) == model.CodePackageName
	return name.ID, name.Version, name.Format == archive.NuPkg || err != nil && !unnamed || !unnamed && !name.Guessed
}

// Library is the imported packages: their files, named by hash, and their metadata in the store.
type Library struct {
	records
	store *store.Store
	dir   string

	mu       sync.RWMutex
	limits   archive.Limits
	verified map[string]fileMark // files whose hash was checked, by hash
}

// records are the methods of the store that callers use directly.
type records interface {
	Packages(ctx context.Context) ([]model.Package, error)
	PackageUsers(ctx context.Context, id, version string) ([]string, error)
}

// New returns the library with its files in dir.
func New(st *store.Store, dir string) *Library {
	return &Library{records: st, store: st, dir: dir, limits: archive.DefaultLimits()}
}

func (l *Library) currentLimits() archive.Limits {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.limits
}

// SetLimits sets the limits for what is read from now on.
func (l *Library) SetLimits(limits archive.Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limits = limits
}

// ImportOptions of [Library.Import].
type ImportOptions struct {
	ID, Version string // instead of the package's own; the Version model.Unversioned means none
	Replace     bool   // replace a package with the same id and version and other contents
}

// Import adds a package file to the library. It copies the file first and checks the copy, so that later changes of the file
// don't matter. Importing a file again changes nothing.
func (l *Library) Import(ctx context.Context, path string, o ImportOptions) (model.Package, archive.Package, error) {
	copied, err := l.copy(ctx, path)
	if err != nil {
		return model.Package{}, archive.Package{}, err
	}
	// After a successful import the file itself has been moved out of the folder.
	defer func() { _ = runner.RemoveFolder(context.WithoutCancel(ctx), filepath.Dir(copied)) }()
	found, err := archive.Identify(ctx, copied, l.currentLimits())
	if err != nil && (o.ID == "" || model.ErrorCode(err) != model.CodePackageName) {
		return model.Package{}, found, err
	}
	p := model.Package{
		Name: found.ID, Version: found.Version, Format: string(found.Format), FileName: filepath.Base(path),
		Size: found.Size, SHA256: found.SHA256, Files: found.Files, Imported: time.Now(),
	}
	if o.ID != "" {
		p.Name = o.ID
	}
	switch {
	case model.NameKey(o.Version) == model.Unversioned:
		p.Version = ""
	case o.Version != "":
		p.Version = o.Version
	}
	if err := model.CheckName("package", p.Name); err != nil {
		return model.Package{}, found, err
	}
	if strings.ContainsAny(p.Name+p.Version, "/\\:*?\"<>|\t\n") || strings.ContainsAny(p.Version, " ") {
		return model.Package{}, found, model.NewError("package.id",
			"%q %q can't be a package's id and version. Use letters, digits and . - _ +.", p.Name, p.Version)
	}
	final := l.file(p.SHA256)
	if err := os.Rename(copied, final); err != nil {
		return model.Package{}, found, model.NewError("package.store",
			"The package %s can't be moved into the library %s. Free disk space, or check the folder's permissions.",
			p.FileName, l.dir).Because(err)
	}
	if err := l.store.SavePackage(ctx, &p, o.Replace); err != nil {
		return model.Package{}, found, err
	}
	return p, found, l.Sweep(ctx)
}

// copy copies the file into a new folder in the library and returns its path. It keeps the name, from which the format and
// perhaps the id and version follow.
func (l *Library) copy(ctx context.Context, path string) (string, error) {
	in, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", model.NewError("package.file.missing", "There is no file %s. Check its path.", path).Because(err)
	}
	if err != nil {
		return "", model.NewError("package.file.unreadable", "The file %s can't be read. Check its rights.", path).Because(err)
	}
	defer func() { _ = in.Close() }()
	info, err := in.Stat()
	if err != nil {
		return "", fmt.Errorf("import package %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return "", model.NewError("package.file.kind", "%s is not a file. Choose a package file: %s.", path, archive.Formats)
	}
	if limit := l.currentLimits().FileBytes; limit > 0 && info.Size() > limit {
		return "", model.NewError("archive.large", "The package %s has %d bytes, more than the setting %s allows (%d).",
			path, info.Size(), archive.SettingFileBytes, limit)
	}
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return "", model.NewError("package.store",
			"The library %s can't be created. Free disk space, or check the folder's permissions.", l.dir).Because(err)
	}
	dir, err := os.MkdirTemp(l.dir, "import-")
	if err != nil {
		return "", model.NewError("package.store",
			"The library %s can't be written to. Free disk space, or check the folder's permissions.", l.dir).Because(err)
	}
	target := filepath.Join(dir, filepath.Base(path))
	err = writeFile(ctx, target, in)
	if err != nil {
		err = model.NewError("package.copy", "The package %s can't be copied into the library. Free disk space.", path).Because(err)
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return target, nil
}

func writeFile(ctx context.Context, path string, from io.Reader) (err error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, reader{ctx, from}); err != nil {
		return err
	}
	return out.Sync()
}

// reader reads until its context ends.
type reader struct {
	ctx context.Context //nolint:containedctx // Read has no parameter for it
	io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

func (l *Library) file(hash string) string { return filepath.Join(l.dir, hash) }

// PackagePath returns the path of a package's file.
func (l *Library) PackagePath(p model.Package) string { return l.file(p.SHA256) }

// FindPackage returns the package with an id and a version, which may be a rule such as model.LatestVersion. An empty version
// means the latest.
func (l *Library) FindPackage(ctx context.Context, id, version string) (model.Package, error) {
	versions, err := l.store.PackageVersions(ctx, id)
	if err != nil {
		return model.Package{}, err
	}
	if len(versions) == 0 {
		return model.Package{}, l.unknown(ctx, id)
	}
	texts := make([]string, len(versions))
	for i, p := range versions {
		texts[i] = p.Version
	}
	switch model.NameKey(version) {
	case "", model.LatestVersion:
		newest, found := model.NewestVersion(texts, false)
		if !found {
			return model.Package{}, model.NewError("package.version.prerelease",
				"Package %q has only pre-releases. Choose the version latest-prerelease, or one of: %s.", id, versionList(versions))
		}
		version = newest
	case model.LatestPrereleaseVersion:
		return versions[0], nil // the newest first
	case model.Unversioned:
		version = ""
	}
	key := model.VersionKey(version)
	for _, p := range versions {
		if model.VersionKey(p.Version) == key {
			return p, nil
		}
	}
	return model.Package{}, model.NewError("package.version.unknown",
		"Package %q has no version %q in the library. It has: %s.", id, version, versionList(versions))
}

func (l *Library) unknown(ctx context.Context, id string) error {
	all, err := l.store.Packages(ctx)
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range all {
		ids = append(ids, p.Name)
	}
	if near := model.Nearest(id, ids); near != "" {
		return model.NewError("package.unknown", "Package %q is not in the library. Did you mean %q?", id, near)
	}
	return model.NewError("package.unknown", "Package %q is not in the library. Import it.", id)
}

func versionList(versions []model.Package) string {
	texts := make([]string, len(versions))
	for i, p := range versions {
		if texts[i] = p.Version; p.Version == "" {
			texts[i] = model.Unversioned
		}
	}
	return strings.Join(texts, ", ")
}

// Remove removes a version of a package from the library.
func (l *Library) Remove(ctx context.Context, id, version string) error {
	p, err := l.store.Package(ctx, id, version)
	if err != nil {
		return err
	}
	if err := l.store.DeletePackage(ctx, id, version); err != nil {
		return err
	}
	needed, err := l.store.PackageFiles(ctx)
	if err != nil {
		return err
	}
	if slices.Contains(needed, p.SHA256) {
		return nil
	}
	if err := os.Remove(l.file(p.SHA256)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return model.NewError("package.file.stays",
			"The package was removed from the library, but its file %s can't be removed.", l.file(p.SHA256)).Because(err)
	}
	return nil
}

// sweepAfter is the age of files that Sweep removes: newer ones may belong to an import in progress.
const sweepAfter = 24 * time.Hour

// Sweep removes files that no package needs, such as those of aborted imports.
func (l *Library) Sweep(ctx context.Context) error {
	needed, err := l.store.PackageFiles(ctx)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(l.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sweep the library: %w", err)
	}
	var failed []error
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || slices.Contains(needed, e.Name()) || time.Since(info.ModTime()) < sweepAfter {
			continue
		}
		if isHash(e.Name()) || e.IsDir() && strings.HasPrefix(e.Name(), "import-") {
			failed = append(failed, runner.RemoveFolder(ctx, filepath.Join(l.dir, e.Name())))
		}
	}
	return errors.Join(failed...)
}

func isHash(name string) bool {
	b, err := hex.DecodeString(name)
	return err == nil && len(b) == sha256.Size
}

// Look identifies a package file and reports whether the library has it already. If the library has its id and version with
// other contents, it returns an error with model.CodePackageConflict.
func (l *Library) Look(ctx context.Context, path string) (found archive.Package, known bool, err error) {
	found, err = archive.Identify(ctx, path, l.currentLimits())
	if err != nil {
		return found, false, err
	}
	versions, err := l.store.PackageVersions(ctx, found.ID)
	if err != nil {
		return found, false, err
	}
	for _, p := range versions {
		if model.VersionKey(p.Version) != model.VersionKey(found.Version) {
			continue
		}
		if p.SHA256 != found.SHA256 {
			return found, true, model.NewError(model.CodePackageConflict,
				"Package %s %s is in the library with other contents. Replace it, or give %s another version.", found.ID, found.Version, path)
		}
		return found, true, nil
	}
	return found, false, nil
}
