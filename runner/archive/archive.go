// Package archive reads packages: zip, nupkg and tar files. It identifies them, lists and previews their files, and
// unpacks them into a folder.
//
// A package may come from anywhere, so every name, size and link must pass one policy before anything of it is written,
// and all writing goes through an os.Root. Zip headers are first checked with the standard library's reader; then
// archiver streams the entries, each of which must match what was checked. Only archiver's streaming calls (Open, Read,
// Decompress) are used: its others (Unarchive, Extract, Walk, anything RAR) follow links out of the folder
// (CVE-2024-0406, CVE-2025-3445), and read files by path.
package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/stepdeck/stepdeck/model"
)

// Archive is an open package file. All its methods read through the descriptor that Open got, so what was checked is
// what is unpacked, whatever happens to the path meanwhile.
type Archive struct {
	file   *os.File
	info   fs.FileInfo
	name   string // for error sentences
	format Format
	limits Limits
}

// Open opens a package. If format is "", it follows from the file name, or from the content if the name has no
// extension. (A library that names its files by hash should pass the format: a nupkg can't be reliably distinguished
// from a zip.)
func Open(path string, format Format, limits Limits) (*Archive, error) {
	before, err := os.Stat(path) // first, because opening a named pipe would block
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !before.Mode().IsRegular() {
		return nil, model.NewError("archive.kind", "%s is not a file. Choose a package file: %s.", path, Formats)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	a := &Archive{file: f, name: filepath.Base(path), limits: limits.orDefaults()}
	if err := a.prepare(before, format); err != nil {
		_ = f.Close()
		return nil, err
	}
	return a, nil
}

func (a *Archive) prepare(before fs.FileInfo, format Format) error {
	var err error
	if a.info, err = a.file.Stat(); err != nil {
		return unreadable(a.file.Name(), err)
	}
	switch {
	case !os.SameFile(before, a.info) || !a.info.Mode().IsRegular():
		return changed(a.name)
	case a.info.Size() > a.limits.FileBytes:
		return overLimit(SettingFileBytes, a.name, a.limits.FileBytes)
	case a.info.Size() == 0:
		return model.NewError("archive.empty", "The package file %s is empty. Get the file again.", a.name)
	}
	head := make([]byte, 512)
	n, err := a.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return unreadable(a.file.Name(), err)
	}
	a.format, err = a.formatOf(format, contentName(head[:n]))
	return err
}

// formatOf combines the format given by the name (or the caller) with the content. Among the tar formats the content
// decides: many a .tar is a .tar.gz.
func (a *Archive) formatOf(named Format, content string) (Format, error) {
	if named == "" {
		_, named = splitFormat(a.name)
	}
	if named == "" && filepath.Ext(a.name) != "" && content == "" {
		return "", model.NewError("archive.format", "%s has no known extension. Packages are %s.", shown(a.name), Formats)
	}
	switch content {
	case "gzip", "bzip2", "tar":
		if !named.isZip() {
			return map[string]Format{"gzip": TarGz, "bzip2": TarBz2, "tar": Tar}[content], nil
		}
	case "zip":
		if named == "" {
			return a.zipOrNuPkg()
		}
		if named.isZip() {
			return named, nil
		}
	case "":
		if named.isZip() || named == Tar { // a zip may begin with anything, an old tar has no signature
			return named, nil
		}
	}
	if content == "" {
		content = "unknown"
	}
	return "", model.NewError("archive.content",
		"The content of %s is %s, which doesn't match its extension or isn't supported. Packages are %s.",
		shown(a.name), content, Formats)
}

// Name returns the file's name without folders.
func (a *Archive) Name() string { return a.name }

// Format returns the detected format.
func (a *Archive) Format() Format { return a.format }

// Close closes the file.
func (a *Archive) Close() error { return a.file.Close() }

// SHA256 returns the hash of the whole file in hexadecimal.
func (a *Archive) SHA256(ctx context.Context) (string, error) {
	h := sha256.New()
	if _, err := io.CopyBuffer(h, struct{ io.Reader }{contextReader{ctx, a.content()}}, make([]byte, 256<<10)); err != nil {
		return "", damaged(a.name, err)
	}
	return hex.EncodeToString(h.Sum(nil)), a.unchanged()
}

// unchanged returns an error if the file was written to since it was opened.
func (a *Archive) unchanged() error {
	now, err := a.file.Stat()
	if err != nil {
		return unreadable(a.file.Name(), err)
	}
	if now.Size() != a.info.Size() || !now.ModTime().Equal(a.info.ModTime()) {
		return changed(a.name)
	}
	return nil
}

// content returns a new reader over the whole file.
func (a *Archive) content() *io.SectionReader { return io.NewSectionReader(a.file, 0, a.info.Size()) }

// contextReader stops reading when ctx ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
