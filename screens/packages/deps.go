// Package packages is the place of the library: the imported packages, their files, and the steps that use them.
package packages

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// Store lists the packages of the library.
type Store interface {
	Packages(ctx context.Context) ([]model.Package, error)
	PackageUsers(ctx context.Context, id, version string) ([]string, error)
}

// Library has the packages themselves.
type Library interface {
	// Look reports what package a file is, and whether the library has it already. Its error has the code package.other if the library has
	// that id and version with other contents, and archive.filename if the id is unknown.
	Look(ctx context.Context, path string) (found library.Found, known bool, err error)
	Import(ctx context.Context, path string, o library.ImportOptions) (model.Package, library.Found, error)
	Remove(ctx context.Context, id, version string) error
	List(ctx context.Context, p model.Package) (library.Listing, error)
	ReadFile(ctx context.Context, p model.Package, name string, most int64) ([]byte, error)
	// ListFolder and ReadFolderFile do for a plain folder what List and ReadFile do for a package.
	ListFolder(ctx context.Context, path string) (library.Listing, error)
	ReadFolderFile(ctx context.Context, path, name string, most int64) ([]byte, error)
}

// Deps is what the place needs.
type Deps struct {
	Window  fyne.Window
	Store   Store
	Library Library
	Fonts   *monogrid.Fonts
	Choose  func(endings []string, done func(path string)) // asks for a file; nil: Fyne's own dialog
	Now     func() time.Time                               // nil: time.Now
	Changed func()                                         // the library has changed; may be nil
}

// Endings returns the file name extensions for a file dialog, which looks only at the last one of .tar.gz.
func Endings() []string { return []string{".zip", ".nupkg", ".tar", ".gz", ".tgz", ".bz2", ".tbz2"} }
