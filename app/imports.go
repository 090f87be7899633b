package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/script"
)

// ProjectImport is a project file that was read and compared with what is there. Nothing is changed before Apply.
type ProjectImport struct {
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
func (s *Services) ReadProject(ctx context.Context, path string, fromEnv SecretSource) (*ProjectImport, error) {
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
func (s *Services) compare(ctx context.Context, path string, file document.File, fromEnv SecretSource) (*ProjectImport, error) {
	if err := runnableHere(file); err != nil {
		return nil, err
	}
	imp := &ProjectImport{Path: path, File: file}
	for _, problem := range file.Incomplete {
		imp.Notes = append(imp.Notes, problem.Field+": "+problem.Err.Error())
	}
	if err := imp.findFolders(filepath.Dir(path)); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *ProjectImport) error{s.compareAccounts, s.compareProject, s.comparePackages} {
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

// compareAccounts adds accounts and never turns one into another.
func (s *Services) compareAccounts(ctx context.Context, imp *ProjectImport) error {
	known, err := s.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	for i := range imp.File.Accounts {
		a := &imp.File.Accounts[i]
		at := slices.IndexFunc(known, func(k model.Account) bool { return model.NameKey(k.Name) == model.NameKey(a.Name) })
		if at < 0 {
			imp.Changes = append(imp.Changes, fmt.Sprintf("account %q is added", a.Name))
			continue
		}
		old := known[at]
		// In the sandbox the key is made here when the file gives none.
		sameKey := old.AccessKeyID == a.AccessKeyID || a.AccessKeyID == "" && a.InSandbox()
		if old.Kind != a.Kind || !sameKey || strings.TrimSpace(old.Endpoint) != strings.TrimSpace(a.Endpoint) {
			return model.NewError("import.account.other", "The account %q exists and is another one: here %s, in the file %s. Rename one of them.",
				a.Name, accountText(old), accountText(a.Account))
		}
		a.ID, a.SecretSet, a.TokenSet, a.Verified, a.AccessKeyID = old.ID, old.SecretSet, old.TokenSet, old.Verified, old.AccessKeyID
		if old.Description != a.Description || old.Region != a.Region {
			imp.Changes = append(imp.Changes, fmt.Sprintf("account %q: description and region", a.Name))
		}
	}
	return nil
}

func accountText(a model.Account) string {
	text := fmt.Sprintf("kind %s, key %s", a.Kind, a.AccessKeyID)
	if a.Endpoint != "" {
		text += ", endpoint " + a.Endpoint
	}
	return text
}

func (s *Services) compareProject(ctx context.Context, imp *ProjectImport) error {
	p := &imp.File.Project
	old, err := s.Store.Project(ctx, p.Name)
	if model.ErrorCode(err) == model.CodeProjectUnknown {
		imp.New = true
		imp.Changes = append(imp.Changes, fmt.Sprintf("project %q is added: %d steps, %d variables", p.Name, len(p.Steps), len(p.Variables)))
		return nil
	}
	if err != nil {
		return err
	}
	p.ID = old.ID
	keepValues(old.Variables, p.Variables)
	if old.Description != p.Description {
		imp.Changes = append(imp.Changes, "the description")
	}
	for _, e := range old.Environments {
		if !p.HasEnvironment(e) {
			imp.Removed = append(imp.Removed, fmt.Sprintf("environment %q leaves the project", e))
		}
	}
	for _, e := range p.Environments {
		if !old.HasEnvironment(e) {
			imp.Changes = append(imp.Changes, fmt.Sprintf("environment %q joins the project", e))
		}
	}
	imp.compareVariables("", old.Variables, p.Variables)
	for i := range p.Steps {
		step := &p.Steps[i]
		before, at := old.Step(step.Name)
		if at < 0 {
			imp.Changes = append(imp.Changes, fmt.Sprintf("step %q is added", step.Name))
			continue
		}
		step.Pinned = before.Pinned
		imp.keepFolder(i, before)
		keepValues(before.Values, step.Values)
		same, err := sameStep(before, *step)
		if err != nil {
			return err
		}
		if !same || at != i {
			imp.Changes = append(imp.Changes, fmt.Sprintf("step %q changes", step.Name))
		}
	}
	for _, step := range old.Steps {
		if _, at := p.Step(step.Name); at < 0 {
			imp.Removed = append(imp.Removed, fmt.Sprintf("step %q", step.Name))
		}
	}
	return nil
}

// keepValues carries over that the vault has the values of sensitive variables: a secret that the file does not give
// stays as it is.
func keepValues(old, now []model.Variable) {
	for i := range now {
		if at := sameVariable(old, now[i]); at >= 0 && now[i].Type == model.TypeSensitive && old[at].Type == model.TypeSensitive {
			now[i].ValueSet = old[at].ValueSet
		}
	}
}

// sameVariable finds the value of the same name and scope.
func sameVariable(list []model.Variable, v model.Variable) int {
	return slices.IndexFunc(list, func(o model.Variable) bool { return o.Key() == v.Key() })
}

func (imp *ProjectImport) compareVariables(prefix string, old, now []model.Variable) {
	title := func(v model.Variable) string {
		if len(v.Scope) == 0 {
			return fmt.Sprintf("%svariable %q", prefix, v.Name)
		}
		return fmt.Sprintf("%svariable %q for %s", prefix, v.Name, strings.Join(v.Scope, ", "))
	}
	for _, v := range now {
		switch at := sameVariable(old, v); {
		case at < 0:
			imp.Changes = append(imp.Changes, title(v)+" is added")
		case old[at].Type != v.Type || old[at].Value != v.Value || old[at].Expect != v.Expect || !samePrompt(old[at].Prompt, v.Prompt):
			imp.Changes = append(imp.Changes, title(v)+" changes")
		}
	}
	for _, v := range old {
		if sameVariable(now, v) < 0 {
			imp.Removed = append(imp.Removed, title(v))
		}
	}
}

func samePrompt(a, b *model.Prompt) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Label == b.Label && a.Help == b.Help && a.Control == b.Control && a.Required == b.Required && slices.Equal(a.Options, b.Options)
}

// sameStep compares two steps by what a project file says of them.
func sameStep(a, b model.Step) (bool, error) {
	text := func(s model.Step) ([]byte, error) {
		return document.Format(document.File{Project: model.Project{Steps: []model.Step{s}}})
	}
	first, err := text(a)
	if err != nil {
		return false, err
	}
	second, err := text(b)
	return bytes.Equal(first, second), err
}

func (s *Services) comparePackages(ctx context.Context, imp *ProjectImport) error {
	dir := filepath.Dir(imp.Path)
	var coming []string
	for _, p := range imp.File.Packages {
		path := filepath.Join(dir, filepath.FromSlash(strings.ReplaceAll(p, `\`, "/")))
		if err := staysInside(dir, path); err != nil {
			return err
		}
		found, known, err := s.Library.Look(ctx, path)
		if err != nil {
			return err
		}
		if !known {
			imp.Changes = append(imp.Changes, fmt.Sprintf("package %s %s is imported", found.ID, found.Version))
		}
		coming = append(coming, model.PackageKey(found.ID))
		imp.packages = append(imp.packages, path)
	}
	for _, step := range imp.File.Project.Steps {
		id := step.Script.Package
		if step.Script.Source != model.SourcePackage || id == "" || model.HasExpression(id) || slices.Contains(coming, model.PackageKey(id)) {
			continue
		}
		if _, err := s.Library.FindPackage(ctx, id, step.Script.Version); err != nil {
			imp.Notes = append(imp.Notes, fmt.Sprintf("step %q: %s", step.Name, err))
		}
	}
	return nil
}

// staysInside refuses a path that leads out of dir by a link.
func staysInside(dir, path string) error {
	inside, err := isBelow(dir, path)
	if err != nil {
		return model.NewError("import.package.missing", "There is no package file %s. Put it beside the project file.", path).Because(err)
	}
	if !inside {
		return model.NewError("import.outside", "%s leads out of the project file's folder by a link. Put the file itself there.", path)
	}
	return nil
}

// Apply makes the changes of all imports in one transaction.
func (s *Services) Apply(ctx context.Context, imports []*ProjectImport) error {
	var secrets []newSecret
	for _, imp := range imports {
		for _, path := range imp.packages {
			if _, _, err := s.Library.Import(ctx, path, ImportOptions{}); err != nil {
				return err
			}
		}
		if !imp.keyless {
			imp.makeSandboxKeys()
		}
		for _, secret := range imp.secrets {
			secrets = append(secrets, newSecret{secret.field, secret.value, owned(func() model.SecretRef { return imp.ref(secret) })})
		}
	}
	return s.keep(ctx, "import", secrets, func(c *store.Change) error {
		for _, imp := range imports {
			if err := imp.save(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// save saves the accounts, which the project's variables may name, and the project.
func (imp *ProjectImport) save(ctx context.Context, c *store.Change) error {
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

// Export gives a project as a project file that is to lie in the folder dir, with the accounts that it uses and without
// any secret. The notes tell what it could not say.
func (s *Services) Export(ctx context.Context, project, dir string) (text []byte, notes []string, err error) {
	p, err := s.Store.Project(ctx, project)
	if err != nil {
		return nil, nil, err
	}
	if notes, err = nameFolders(p.Steps, dir); err != nil {
		return nil, nil, err
	}
	f := document.File{Project: p}
	accounts, err := s.Store.Accounts(ctx)
	if err != nil {
		return nil, nil, err
	}
	used := map[string]bool{}
	note := func(list []model.Variable) {
		for _, v := range list {
			if v.Type == model.TypeAWSAccount {
				used[model.NameKey(v.Value)] = true
			}
		}
	}
	note(p.Variables)
	for _, step := range p.Steps {
		note(step.Values)
	}
	for _, a := range accounts {
		if used[model.NameKey(a.Name)] && a.Kind != model.KindInstanceRole {
			f.Accounts = append(f.Accounts, document.Account{Account: a})
		}
	}
	text, err = document.Format(f)
	return text, notes, err
}
