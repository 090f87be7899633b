package runner

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/script"
)

// MaxScript is the largest script file that is looked into before a run, in bytes.
const MaxScript = 16 << 20

// packaged finds a script inside a package.
func (p *planner) packaged(ctx context.Context, r resolver, sp *StepPlan) error {
	s := sp.Step.Script
	id := r.field(sp, "script.package", s.Package, nil)
	version := r.field(sp, "script.version", s.Version, nil)
	file := r.field(sp, "script.file", s.File, nil)
	if id == "" || file == "" {
		return nil
	}
	pkg, err := p.deps.Packages.FindPackage(ctx, id, version)
	if err != nil {
		if model.ErrorCode(err) == "" {
			return err
		}
		sp.problem("script.package", err)
		return nil
	}
	sp.Package = &pkg
	listing, err := p.deps.Packages.List(ctx, pkg)
	if err != nil {
		sp.problem("script.package", err)
		return nil
	}
	p.scriptFile(r, sp, listing, file, func(e archive.Entry) ([]byte, error) { return p.deps.Packages.ReadFile(ctx, pkg, e.Name, MaxScript) })
	return nil
}

// inFolder finds a script inside a plain folder.
func (p *planner) inFolder(ctx context.Context, r resolver, sp *StepPlan) {
	s := sp.Step.Script
	path := r.field(sp, "script.folder", s.Folder, nil)
	file := r.field(sp, "script.file", s.File, nil)
	if path == "" || file == "" {
		return
	}
	path, err := folderPath(s.Folder, path)
	if err != nil {
		sp.problem("script.folder", err)
		return
	}
	sp.Folder = path
	f, err := OpenFolder(path, p.deps.Recorder.WorkFolder(0, sp.Number), p.deps.Limits)
	if err != nil {
		sp.problem("script.folder", err)
		return
	}
	defer func() { _ = f.Close() }()
	listing, err := f.List(ctx)
	if err != nil {
		sp.problem("script.folder", err)
		return
	}
	p.scriptFile(r, sp, listing, file, func(e archive.Entry) ([]byte, error) { return f.ReadFile(ctx, e.Name, MaxScript) })
}

// OpenFolder opens a folder of scripts. It refuses one that own lies in, a path in Stepdeck's data.
func OpenFolder(path, own string, limits archive.Limits) (*archive.Folder, error) {
	f, err := archive.OpenFolder(path, limits)
	if err != nil {
		return nil, err
	}
	inside, err := f.Contains(own)
	if err == nil && inside {
		err = model.NewError("script.folder.own", "The folder %s holds Stepdeck's own data. Choose one that holds the script and what it needs, and nothing else.", path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// folderPath judges the path that the text of the field comes out as: a full one, and what expressions gave must not lead
// out of the part before them. A project file can thus name nothing outside its own folder.
func folderPath(written, path string) (string, error) {
	if !filepath.IsAbs(path) {
		return "", model.NewError("script.folder.relative", "The path %s is not the full one of a folder. Write it from the root on, such as %s.", path, fullPath())
	}
	written = strings.TrimSpace(written)
	fixed, _, has := strings.Cut(written, "#{")
	if !has {
		return filepath.Clean(path), nil
	}
	fixed = filepath.Dir(fixed + "x") // the last part may go on in the expression
	if inside, err := filepath.Rel(fixed, path); !filepath.IsAbs(fixed) || err != nil || !filepath.IsLocal(inside) {
		return "", model.NewError("script.folder.outside", "The path %s comes out as %s. An expression in the path of a folder can choose below the part before it only.", written, path)
	}
	return filepath.Clean(path), nil
}

// scriptFile looks into the script file among the entries of a package or folder.
func (p *planner) scriptFile(r resolver, sp *StepPlan, listing archive.Listing, file string, read func(archive.Entry) ([]byte, error)) {
	entry, err := listing.Find(file)
	if err != nil {
		sp.problem("script.file", err)
		return
	}
	sp.Entry = entry.Name
	if sp.Language = model.LanguageOf(entry.Name); sp.Language == "" {
		sp.problem("script.file", model.NewError("script.file.language", "%q tells no language. The script file must end in .ps1 or .sh.", entry.Name))
		return
	}
	if entry.Size > MaxScript {
		sp.problem("script.file", model.NewError("script.file.large", "The script file %q has %d bytes. A script may have %d.", entry.Name, entry.Size, MaxScript))
		return
	}
	raw, err := read(entry)
	if err != nil {
		sp.problem("script.file", err)
		return
	}
	sp.Written, _ = script.Decode(raw)
	sp.Script = r.text(sp, entry.Name, sp.Written)
}

// fullPath is an example.
func fullPath() string {
	if filepath.Separator == '\\' {
		return `C:\Scripts`
	}
	return "/home/me/scripts"
}
