package script

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// CodeChosenTool is the code of the error when the path that somebody has chosen for a tool leads to none that works.
const CodeChosenTool = "tool.setting"

// Finder finds tools: where the settings say, on the PATH, in the usual folders of the system.
type Finder struct {
	Settings Settings
	Versions Versions // may be nil
	PATH     string   // empty for this process's
}

// missingTool is an error of a tool that was not found or doesn't work.
type missingTool struct {
	error
	kind Kind
}

func (m missingTool) Unwrap() error { return m.error }

// MissingKind returns the kind of the tool that was not found, or doesn't work, if that is what an error says.
func MissingKind(err error) (kind Kind, ok bool) {
	var m missingTool
	ok = errors.As(err, &m)
	return m.kind, ok
}

// Find returns the first tool of that kind that reports its version. The error, a [*model.Error], says where it was
// searched for and how to install it.
func (f Finder) Find(ctx context.Context, kind Kind) (Tool, error) {
	tool, err := f.find(ctx, kind)
	if err != nil && ctx.Err() == nil {
		err = missingTool{err, kind}
	}
	return tool, err
}

func (f Finder) find(ctx context.Context, kind Kind) (Tool, error) {
	if chosen := strings.TrimSpace(f.Settings[kind]); chosen != "" {
		tool, err := f.try(ctx, kind, chosen)
		if err != nil {
			if ctx.Err() != nil {
				return Tool{}, ctx.Err()
			}
			return Tool{}, model.NewError(CodeChosenTool,
				"%s can't be started from %s, the path in the settings. Choose another path there, or leave it empty to search for it.", kind.title(),
				chosen).Because(err)
		}
		return tool, nil
	}
	var failed []string
	for _, path := range f.candidates(ctx, kind) {
		tool, err := f.try(ctx, kind, path)
		switch {
		case err == nil:
			return tool, nil
		case ctx.Err() != nil:
			return Tool{}, ctx.Err()
		case !errors.Is(err, fs.ErrNotExist):
			failed = append(failed, fmt.Sprintf("%s (%v)", path, err))
		}
	}
	if len(failed) > 0 {
		return Tool{}, model.NewError("tool.silent",
			"%s was found but doesn't work: %s. Repair it, or %s; or choose another one in the settings.", kind.title(), strings.Join(failed, "; "),
			install(kind))
	}
	return Tool{}, model.NewError("tool.missing", "%s was not found on the PATH or in %s. To get it, %s; or enter its path in the settings.",
		kind.title(), strings.Join(once(usualFolders(kind, absolute(f.path()))), ", "), install(kind))
}

// candidates returns the paths where a tool may be, the preferred ones first.
func (f Finder) candidates(ctx context.Context, kind Kind) []string {
	folders := absolute(f.path())
	onPath := append(joined(folders, kind), launched(ctx, kind, folders)...)
	return once(arrange(kind, onPath, joined(usualFolders(kind, folders), kind)))
}

func (f Finder) path() string {
	if f.PATH == "" {
		return os.Getenv("PATH")
	}
	return f.PATH
}

// absolute returns the folders of a PATH but for relative ones, which would depend on the working folder.
func absolute(path string) []string {
	return slices.DeleteFunc(filepath.SplitList(path), func(folder string) bool { return !filepath.IsAbs(folder) })
}

// joined returns the paths that a tool has in folders.
func joined(folders []string, kind Kind) []string {
	var paths []string
	for _, folder := range folders {
		for _, name := range fileNames(kind) {
			paths = append(paths, filepath.Join(folder, name))
		}
	}
	return paths
}

// once removes duplicate paths.
func once(paths []string) []string {
	var first []string
	for _, p := range paths {
		if !slices.ContainsFunc(first, func(q string) bool { return samePath(p, q) }) {
			first = append(first, p)
		}
	}
	return first
}

// try returns the tool at path with its version, which it may remember.
func (f Finder) try(ctx context.Context, kind Kind, path string) (Tool, error) {
	info, err := os.Stat(path)
	if err != nil {
		if info, err = os.Lstat(path); err != nil || info.Mode().IsRegular() || info.Mode()&fs.ModeSymlink != 0 {
			return Tool{}, fs.ErrNotExist
		} // a Windows Store alias can be started although it can't be examined
	}
	if info.IsDir() || !executable(info) {
		return Tool{}, fs.ErrNotExist
	}
	if err := refused(kind, path); err != nil {
		return Tool{}, err
	}
	if f.Versions != nil {
		if version, ok := f.Versions.Get(path, info.Size(), info.ModTime()); ok {
			return Tool{Kind: kind, Path: path, Version: version}, nil
		}
	}
	version, err := askVersion(ctx, kind, path)
	if err != nil {
		return Tool{}, err
	}
	if kind == Python && !isPython38(version) {
		return Tool{}, fmt.Errorf("it is Python %s, and scripts need 3.8 or later", version)
	}
	if f.Versions != nil {
		f.Versions.Put(path, info.Size(), info.ModTime(), version)
	}
	return Tool{Kind: kind, Path: path, Version: version}, nil
}
