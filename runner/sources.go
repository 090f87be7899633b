package runner

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/script"
)

// MaxScript is the largest script file that is looked into before a run, in bytes.
const MaxScript = 16 << 20

// sources reads what the steps of one request are made of. Each thing is read once, however often the steps are resolved.
// One goroutine uses it at a time.
type sources struct {
	deps     Deps
	accounts []model.Account
	packages map[packageKey]model.Package
	listings map[packageKey]archive.Listing
	files    map[fileKey]scriptFile
	tools    map[toolKey]foundTool
}

// packageKey is a package as a step asks for it.
type packageKey struct{ id, version string }

// fileKey is a script file as a step asks for it. The folder is empty for one in a package.
type fileKey struct {
	packageKey
	folder, file string
}

// scriptFile is a script that lies in a package or folder.
type scriptFile struct {
	entry    string // its path there, as it is spelt there
	language model.Language
	text     string
}

// toolKey is an interpreter as a step asks for it; the zero value is aws.
type toolKey struct {
	language model.Language
	edition  model.Edition
}

type foundTool struct {
	script.Tool
	err error // why there is none
}

func newSources(ctx context.Context, deps Deps) (*sources, error) {
	accounts, err := deps.Configuration.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	return &sources{
		deps: deps, accounts: accounts, packages: map[packageKey]model.Package{}, listings: map[packageKey]archive.Listing{},
		files: map[fileKey]scriptFile{}, tools: map[toolKey]foundTool{},
	}, nil
}

// packageNamed finds a package. A model.Problem says what a person can do; any other error is the library's own.
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

// inPackage reads a script file of a package that packageNamed found. An error is a model.Problem.
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

// inFolder reads a script file of a plain folder. own is a path in Stepdeck's data. An error is a model.Problem.
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

// forgetFolders has the scripts of folders read again, since an earlier step may have changed them.
func (s *sources) forgetFolders() {
	maps.DeleteFunc(s.files, func(key fileKey, _ scriptFile) bool { return key.folder != "" })
}

// interpreter finds the program that runs scripts of a language.
func (s *sources) interpreter(ctx context.Context, language model.Language, edition model.Edition) (script.Tool, error) {
	return s.tool(ctx, toolKey{language, edition}, func() (script.Tool, error) { return s.deps.Tools.Interpreter(ctx, language, edition) })
}

// aws finds the AWS CLI.
func (s *sources) aws(ctx context.Context) (script.Tool, error) {
	return s.tool(ctx, toolKey{}, func() (script.Tool, error) { return s.deps.Tools.AWS(ctx) })
}

func (s *sources) tool(ctx context.Context, key toolKey, find func() (script.Tool, error)) (script.Tool, error) {
	known, ok := s.tools[key]
	if !ok {
		known.Tool, known.err = find()
		if ctx.Err() == nil { // an interruption says nothing of the tool
			s.tools[key] = known
		}
	}
	return known.Tool, known.err
}

// readScript looks into the script file among the entries of a package or folder. What is known of it is returned beside
// an error, which is a model.Problem.
func readScript(listing archive.Listing, file string, read func(archive.Entry) ([]byte, error)) (scriptFile, error) {
	problem := func(err error) error { return model.Problem{Field: "script.file", Err: err} }
	entry, err := listing.Find(file)
	if err != nil {
		return scriptFile{}, problem(err)
	}
	f := scriptFile{entry: entry.Name, language: model.LanguageOf(entry.Name)}
	if f.language == "" {
		return f, problem(model.NewError("script.file.language",
			"Can't tell the language of %q. The name of the script file must end in .ps1 or .sh.", entry.Name))
	}
	if entry.Size > MaxScript {
		return f, problem(model.NewError("script.file.large",
			"The script file %q has %d bytes. A script may have %d.", entry.Name, entry.Size, MaxScript))
	}
	raw, err := read(entry)
	if err != nil {
		return f, problem(err)
	}
	f.text, _ = script.Decode(raw)
	return f, nil
}

// OpenFolder opens a folder of scripts. It refuses one that own lies in, a path in Stepdeck's data.
func OpenFolder(path, own string, limits archive.Limits) (*archive.Folder, error) {
	f, err := archive.OpenFolder(path, limits)
	if err != nil {
		return nil, err
	}
	inside, err := f.Contains(own)
	if err == nil && inside {
		err = model.NewError("script.folder.own",
			"The folder %s holds Stepdeck's own data. Choose one that holds the script and what it needs, and nothing else.", path)
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
		return "", model.NewError("script.folder.relative",
			"The path %s is not the full one of a folder. Write it from the root on, such as %s.", path, exampleFolder())
	}
	written = strings.TrimSpace(written)
	fixed, _, has := strings.Cut(written, "#{")
	if !has {
		return filepath.Clean(path), nil
	}
	fixed = filepath.Dir(fixed + "x") // the last part may go on in the expression
	if inside, err := filepath.Rel(fixed, path); !filepath.IsAbs(fixed) || err != nil || !filepath.IsLocal(inside) {
		return "", model.NewError("script.folder.outside",
			"The path %s comes out as %s. An expression in the path of a folder can choose below the part before it only.", written, path)
	}
	return filepath.Clean(path), nil
}

// exampleFolder is a full path to name in a sentence.
func exampleFolder() string {
	if filepath.Separator == '\\' {
		return `C:\Scripts`
	}
	return "/home/me/scripts"
}
