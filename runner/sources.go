package runner

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/octopus"
	"github.com/stepdeck/stepdeck/runner/script"
)

// MaxScript is the maximum size of a script file, in bytes.
const MaxScript = 16 << 20

// sources reads what the steps of a request need, each thing only once. It must not be used by several goroutines at once.
type sources struct {
	deps     Deps
	accounts []model.Account
	packages map[packageKey]model.Package
	listings map[packageKey]archive.Listing
	files    map[fileKey]scriptFile
	tools    map[toolKey]foundTool
	uses     map[scriptText]octopus.Uses
}

// scriptText is the text of a script.
type scriptText struct {
	language model.Language
	text     string
}

// packageKey is a package as a step names it.
type packageKey struct{ id, version string }

// fileKey is a script file as a step names it. The folder is empty if the file is in a package.
type fileKey struct {
	packageKey
	folder, file string
}

// scriptFile is a script in a package or folder.
type scriptFile struct {
	entry    string // its path there, spelt as it is there
	language model.Language
	text     string
}

// toolKey is an interpreter as a step needs it; the zero value is aws.
type toolKey struct {
	language model.Language
	edition  model.Edition
}

type foundTool struct {
	script.Tool
	err error // why none was found
}

func newSources(ctx context.Context, deps Deps) (*sources, error) {
	accounts, err := deps.Configuration.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	return &sources{
		deps: deps, accounts: accounts, packages: map[packageKey]model.Package{}, listings: map[packageKey]archive.Listing{},
		files: map[fileKey]scriptFile{}, tools: map[toolKey]foundTool{},
		uses: map[scriptText]octopus.Uses{},
	}, nil
}

// packageNamed finds a package. The error is a model.Problem if a person can do something about it.
func (s *sources) packageNamed(ctx context.Context, key packageKey) (model.Package, error) {
	if known, ok := s.packages[key]; ok {
		return known, nil
	}
	pkg, err := s.deps.Packages.FindPackage(ctx, key.id, key.version)
	switch {
	case err == nil:
		s.packages[key] = pkg
	case model.ErrorCode(err) != "":
		err = model.Problem{Field: "script.package", Err: err}
	}
	return pkg, err
}

// inPackage reads a script file of a package that packageNamed has found. The error is a model.Problem.
func (s *sources) inPackage(ctx context.Context, key packageKey, file string) (scriptFile, error) {
	full := fileKey{packageKey: key, file: file}
	if known, ok := s.files[full]; ok {
		return known, nil
	}
	pkg := s.packages[key]
	listing, ok := s.listings[key]
	if !ok {
		var err error
		if listing, err = s.deps.Packages.List(ctx, pkg); err != nil {
			return scriptFile{}, model.Problem{Field: "script.package", Err: err}
		}
		s.listings[key] = listing
	}
	f, err := readScript(listing, file, func(e archive.Entry) ([]byte, error) {
		return s.deps.Packages.ReadFile(ctx, pkg, e.Name, MaxScript)
	})
	if err == nil {
		s.files[full] = f
	}
	return f, err
}

// inFolder reads a script file of a plain folder. own is a path in Stepdeck's data folder. The error is a model.Problem.
func (s *sources) inFolder(ctx context.Context, folder, file, own string) (scriptFile, error) {
	key := fileKey{folder: folder, file: file}
	if known, ok := s.files[key]; ok {
		return known, nil
	}
	f, err := OpenFolder(folder, own, s.deps.Limits)
	if err != nil {
		return scriptFile{}, model.Problem{Field: "script.folder", Err: err}
	}
	defer func() { _ = f.Close() }()
	listing, err := f.List(ctx)
	if err != nil {
		return scriptFile{}, model.Problem{Field: "script.folder", Err: err}
	}
	read, err := readScript(listing, file, func(e archive.Entry) ([]byte, error) { return f.ReadFile(ctx, e.Name, MaxScript) })
	if err == nil {
		s.files[key] = read
	}
	return read, err
}

// forgetFolders makes the scripts in folders be read again, since an earlier step may have changed them.
func (s *sources) forgetFolders() {
	maps.DeleteFunc(s.files, func(key fileKey, _ scriptFile) bool { return key.folder != "" })
}

// interpreter finds the program that runs scripts of a language.
func (s *sources) interpreter(ctx context.Context, language model.Language, edition model.Edition) (script.Tool, error) {
	find := func() (script.Tool, error) { return s.deps.Tools.Interpreter(ctx, language, edition) }
	return s.tool(ctx, toolKey{language, edition}, find)
}

// aws finds the AWS CLI.
func (s *sources) aws(ctx context.Context) (script.Tool, error) {
	return s.tool(ctx, toolKey{}, func() (script.Tool, error) { return s.deps.Tools.AWS(ctx) })
}

func (s *sources) tool(ctx context.Context, key toolKey, find func() (script.Tool, error)) (script.Tool, error) {
	known, ok := s.tools[key]
	if !ok {
		known.Tool, known.err = find()
		if ctx.Err() == nil { // after an interruption the error is not about the tool
			s.tools[key] = known
		}
	}
	return known.Tool, known.err
}

// usesOf returns what a script uses.
func (s *sources) usesOf(language model.Language, text string) octopus.Uses {
	key := scriptText{language, text}
	known, ok := s.uses[key]
	if !ok {
		known = octopus.Find(language, text)
		s.uses[key] = known
	}
	return known
}

// readScript reads a script file among the entries of a package or folder. The error is a model.Problem; what is known about
// the file is returned with it.
func readScript(listing archive.Listing, file string, read func(archive.Entry) ([]byte, error)) (scriptFile, error) {
	problem := func(err error) error { return model.Problem{Field: "script.file", Err: err} }
	entry, err := listing.Find(file)
	if err != nil {
		return scriptFile{}, problem(err)
	}
	f := scriptFile{entry: entry.Name, language: model.LanguageOf(entry.Name)}
	if f.language == "" {
		return f, problem(model.NewError("script.file.language",
			"Can't tell the language of %q. The name of the script file must end in .ps1, .sh or .py.", entry.Name))
	}
	if entry.Size > MaxScript {
		return f, problem(model.NewError("script.file.large",
			"The script file %q has %d bytes. A script can have at most %d.", entry.Name, entry.Size, MaxScript))
	}
	raw, err := read(entry)
	if err != nil {
		return f, problem(err)
	}
	f.text, _ = script.Decode(raw)
	return f, nil
}

// OpenFolder opens a folder of scripts. It refuses a folder that contains own, a path in Stepdeck's data folder.
func OpenFolder(path, own string, limits archive.Limits) (*archive.Folder, error) {
	f, err := archive.OpenFolder(path, limits)
	if err != nil {
		return nil, err
	}
	inside, err := f.Contains(own)
	if err == nil && inside {
		err = model.NewError("script.folder.own",
			"The folder %s contains Stepdeck's own data. Choose a folder that contains only the script and what it needs.", path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// folderPath checks the path that the field resolves to. It must be absolute, and expressions must not lead out of the part
// before the first of them, so that a project file can name nothing outside its own folder.
func folderPath(written, path string) (string, error) {
	if !filepath.IsAbs(path) {
		return "", model.NewError("script.folder.relative",
			"The path %s is not absolute. Write the full path of the folder, such as %s.", path, exampleFolder())
	}
	written = strings.TrimSpace(written)
	fixed, _, has := strings.Cut(written, "#{")
	if !has {
		return filepath.Clean(path), nil
	}
	fixed = filepath.Dir(fixed + "x") // the last element may continue in the expression
	if inside, err := filepath.Rel(fixed, path); !filepath.IsAbs(fixed) || err != nil || !filepath.IsLocal(inside) {
		return "", model.NewError("script.folder.outside",
			"The path %s resolves to %s. An expression in the path of a folder can't lead out of the folder before it.", written, path)
	}
	return filepath.Clean(path), nil
}

// exampleFolder returns an absolute path to show in error messages.
func exampleFolder() string {
	if filepath.Separator == '\\' {
		return `C:\Scripts`
	}
	return "/home/me/scripts"
}
