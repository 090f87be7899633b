package projects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Import is a project file that was read and compared with what is there. Nothing is changed before Apply.
type Import struct {
	Path    string
	File    document.File
	New     bool     // the project is not there yet
	Changes []string // what would change, one sentence each
	Removed []string // what would go, named before anyone is asked
	Notes   []string // what a person should know: secrets that are missing, packages that are not there

	Missing []runner.Question // the secrets that this computer does not have

	packages []string // paths of package files
	secrets  []pendingSecret
	keyless  bool // accounts in the sandbox get no key of their own
}

// pendingSecret is a secret that the file gives, until the thing it belongs to has an id.
type pendingSecret struct {
	account int // index, or -1
	field   string
	value   string
	step    int // index of the step, -1: of the project's variables
	index   int
}

// SecretSource gives the text of an environment variable; ok is false where it is not set.
type SecretSource func(name string) (value string, ok bool)

// ReadProject reads a project file and says what its import would change. Secrets are read from where the file says;
// fromEnv is nil in the window, which asks for them instead.
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

// compare says what the import of a project file would change.
func (s *Service) compare(ctx context.Context, path string, file document.File, fromEnv SecretSource) (*Import, error) {
	if err := runnableHere(file); err != nil {
		return nil, err
	}
	imp := &Import{Path: path, File: file}
	for _, problem := range file.Incomplete {
		imp.Notes = append(imp.Notes, problem.Field+": "+problem.Err.Error())
	}
	if err := imp.findFolders(filepath.Dir(path)); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *Import) error{s.compareAccounts, s.compareProject, s.comparePackages} {
		if err := step(ctx, imp); err != nil {
			return nil, err
		}
	}
	if err := imp.readSecrets(filepath.Dir(path), fromEnv); err != nil {
		return nil, err
	}
	return imp, nil
}

// runnableHere refuses what this computer's system can't do, by name and line.
func runnableHere(f document.File) error {
	for i, s := range f.Project.Steps {
		if _, err := script.KindFor(model.PowerShell, s.Options.Edition); err != nil {
			return model.NewError("import.edition", "%s: the step %q wants the edition %q.", f.At(fmt.Sprintf("steps[%d].options.edition", i)), s.Name, s.Options.Edition).Because(err)
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
			given = append(given, secrets.Secret{Field: secret.field, Value: secret.value, Owner: func() (model.SecretRef, error) { return imp.ref(secret), nil }})
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

// save saves the accounts, which the project's variables may name, and the project.
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
