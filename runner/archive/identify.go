package archive

import (
	"bytes"
	"context"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Package describes a package file to import.
type Package struct {
	ID             string
	Version        string // as written; "" for none
	IDGuessed      bool   // let the user correct it
	VersionGuessed bool
	Format         Format
	FileName       string
	Size           int64
	SHA256         string
	Files          int
}

// Identify describes a package, and rejects one that could not be unpacked. Id and version come from the manifest of a
// nupkg, otherwise from the file name. If the file name doesn't contain them (code [model.CodePackageName]), the
// Package returned with the error is complete except for these two.
func Identify(ctx context.Context, path string, limits Limits) (Package, error) {
	a, err := Open(path, "", limits)
	if err != nil {
		return Package{}, err
	}
	defer a.Close() //nolint:errcheck // read only
	return a.Identify(ctx)
}

// Identify is [Identify] for an open package.
func (a *Archive) Identify(ctx context.Context) (Package, error) {
	hash := inBackground(func() (string, error) { return a.SHA256(ctx) })
	listing, err := a.listDeep(ctx)
	sum, hashErr := hash()
	if err == nil {
		err = hashErr
	}
	if err != nil {
		return Package{}, err
	}
	pkg := Package{Format: a.format, FileName: a.name, Size: a.info.Size(), SHA256: sum, Files: len(listing.Entries)}
	if a.format == NuPkg {
		pkg.ID, pkg.Version, err = a.manifest(ctx)
		return pkg, err
	}
	name, err := ParseFileName(a.name)
	pkg.ID, pkg.Version, pkg.IDGuessed, pkg.VersionGuessed = name.ID, name.Version, name.Guessed, name.Guessed
	return pkg, err
}

func (a *Archive) listDeep(ctx context.Context) (Listing, error) {
	if a.format.isZip() {
		return a.listZip(ctx, true)
	}
	return a.listTar(ctx)
}

// manifest reads the nuspec: the one at the root, or else the first one.
func (a *Archive) manifest(ctx context.Context) (id, version string, err error) {
	entries, _, err := a.scanZip(ctx, true)
	if err != nil {
		return "", "", err
	}
	chosen := -1
	for i := range entries {
		e := &entries[i]
		if e.kind != file || !strings.HasSuffix(strings.ToLower(e.name), ".nuspec") {
			continue
		}
		if chosen < 0 || !strings.Contains(e.name, "/") && strings.Contains(entries[chosen].name, "/") {
			chosen = i
		}
	}
	if chosen < 0 {
		return "", "", model.NewError("archive.nuspec.missing",
			"The package %s has no manifest (.nuspec). Pack it again with NuGet, or as a zip file.", a.name)
	}
	var data bytes.Buffer
	if err := a.readZipEntry(ctx, entries, chosen, &data, maxNuspecBytes+1); err != nil {
		return "", "", err
	}
	if data.Len() > maxNuspecBytes {
		return "", "", a.badManifest(entries[chosen].raw)
	}
	if id, version, err = parseNuspec(data.Bytes()); err != nil {
		return "", "", a.badManifest(entries[chosen].raw).Because(err)
	}
	return id, version, nil
}

func (a *Archive) badManifest(entry string) *model.Error {
	return model.NewError("archive.nuspec", "The manifest %s of the package %s can't be read. Pack it again.", shown(entry), a.name)
}
