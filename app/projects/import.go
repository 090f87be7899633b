package projects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/app/octopusimport"
	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Import is a project file that was read and compared with the stored project. Nothing is changed before Apply.
type Import struct {
	Path    string // of the file, or of all that the project was made of
	File    document.File
	New     bool     // the project doesn't exist yet
	Changes []string // what would be added or changed
	Removed []string // what would be removed
	Notes   []string // what a person should know, such as missing secrets and packages

	Missing []runner.Question // for the secrets that are not on this computer

	Octopus *octopusimport.Result // what became of an export of Octopus; nil for a project file

	packages []string // paths of package files
	secrets  []pendingSecret
	keyless  bool // create no keys for accounts in the sandbox
}

// pendingSecret is a secret from the file whose owner has no id yet.
type pendingSecret struct {
	account int // index, or -1
	field   string
	value   string
	step    int  // index of the step, or -1: a variable of the project
	index   int  // of the variable
	env     bool // it is an environment variable
}

// SecretSource returns the value of an environment variable; ok is false if it is not set.
type SecretSource func(name string) (value string, ok bool)

// ReadProject reads a project file and finds out what its import would change. It reads secrets from where the file says,
// unless fromEnv is nil: the window asks for them instead.
func (s *Service) ReadProject(ctx context.Context, path string, fromEnv SecretSource) (*Import, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, model.NewError("import.file", "The file %s can't be read. Check its path and rights.", path).Because(err)
	}
	data, err := io.ReadAll(io.LimitReader(f, document.MaxFile+1))
	err = errors.Join(err, f.Close())
	if err != nil {
		return nil, model.NewError("import.file", "The file %s can't be read. Check that it is a file.", path).Because(err)
	}
	file, err := document.Parse(filepath.Base(path), data)
	if err != nil {
		return nil, err
	}
	return s.compare(ctx, path, file, fromEnv)
}

// compare finds out what the import of a project file would change.
func (s *Service) compare(ctx context.Context, path string, file document.File, fromEnv SecretSource) (*Import, error) {
	if err := runnableHere(file); err != nil {
		return nil, err
	}
	imp := &Import{Path: path, File: file}
	for _, problem := range file.Incomplete {
		imp.Notes = append(imp.Notes, problem.Located(problem.Err.Error()))
	}
	imp.Notes = append(imp.Notes, runner.ExpressionNotes(file.Project)...)
	if err := imp.findFolders(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := s.compareStored(ctx, imp); err != nil {
		return nil, err
	}
	if err := imp.readSecrets(filepath.Dir(path), fromEnv); err != nil {
		return nil, err
	}
	return imp, s.noteLacks(ctx, imp)
}

// compareStored compares an import with what is stored here.
func (s *Service) compareStored(ctx context.Context, imp *Import) error {
	for _, step := range []func(context.Context, *Import) error{s.compareAccounts, s.compareProject, s.comparePackages} {
		if err := step(ctx, imp); err != nil {
			return err
		}
	}
	return nil
}

// noteLacks notes what the scripts of steps use of Octopus and will not have.
func (s *Service) noteLacks(ctx context.Context, imp *Import) error {
	accounts, err := s.deps.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range imp.File.Accounts {
		accounts = append(accounts, a.Account)
	}
	project := imp.File.Project
	lacking := runner.NewLacking(project, s.deps.Bootstraps, accounts)
	for _, step := range project.Steps {
		for _, l := range lacking.Of(ctx, step) {
			imp.Notes = append(imp.Notes, fmt.Sprintf("step %q: %s", step.Name, l.Sentence("its script")))
		}
	}
	return nil
}

// runnableHere returns an error, with the line, for a step that this system can't run.
func runnableHere(f document.File) error {
	for i, s := range f.Project.Steps {
		if _, err := script.KindFor(model.PowerShell, s.Options.Edition); err != nil {
			line := f.At(fmt.Sprintf("steps[%d].options.edition", i))
			return model.NewError("import.edition",
				"%s: the step %q requires the edition %q.", line, s.Name, s.Options.Edition).Because(err)
		}
	}
	return nil
}

// Apply makes the changes of all imports in one transaction.
func (s *Service) Apply(ctx context.Context, imports []*Import) error {
	var given []secrets.Secret
	for _, imp := range imports {
		for _, path := range imp.packages {
			if _, _, err := s.deps.Library.Import(ctx, path, library.ImportOptions{}); err != nil {
				return err
			}
		}
		if !imp.keyless {
			imp.makeSandboxKeys()
		}
		for _, secret := range imp.secrets {
			owner := func() (model.SecretRef, error) { return imp.ref(secret), nil }
			given = append(given, secrets.Secret{Field: secret.field, Value: secret.value, Owner: owner})
		}
	}
	return s.deps.Secrets.Save(ctx, "import", given, func(c *store.Change) error {
		for _, imp := range imports {
			if err := imp.save(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// save saves the accounts first, because the project's variables may refer to them.
func (imp *Import) save(ctx context.Context, c *store.Change) error {
	for _, secret := range imp.secrets {
		imp.mark(secret)
	}
	for i := range imp.File.Accounts {
		if err := c.SaveAccount(ctx, &imp.File.Accounts[i].Account); err != nil {
			return err
		}
	}
	return c.SaveProject(ctx, &imp.File.Project)
}

// CheckNames returns an error if two imports are of the same project.
func CheckNames(imports []*Import) error {
	names := map[string]string{}
	for _, imp := range imports {
		key := model.NameKey(imp.File.Project.Name)
		if other := names[key]; other != "" {
			return model.NewError("import.twice",
				"%s and %s both contain the project %q. Import one of them.", other, imp.Path, imp.File.Project.Name)
		}
		names[key] = imp.Path
	}
	return nil
}
