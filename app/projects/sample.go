package projects

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Names in the sample.
const (
	sampleFile    = "sample.stepdeck"
	sampleNoBash  = "sample-powershell.stepdeck" // for computers without Bash
	sampleProject = "Sample"
	samplePackage = "Stepdeck.Sample"
)

// Sample is the sample project and the part of it that can run on this computer.
type Sample struct {
	Project string
	Steps   []string // that can run; nil: all
	Missing []string // kinds of interpreters that are missing here, so that some steps can't run
}

// TrySample returns the sample project, ready to run, and creates it if necessary. It uses an existing sample as it is if
// that acts only in the sandbox. If another project has the name, the sample's gets a number.
func (s *Service) TrySample(ctx context.Context) (Sample, error) {
	if _, err := s.deps.Tools.AWS(ctx); err != nil {
		return Sample{}, err // the sample needs it
	}
	name, p, err := s.findSample(ctx)
	if err != nil {
		return Sample{}, err
	}
	if p == nil {
		if p, err = s.importSample(ctx, name); err != nil {
			return Sample{}, err
		}
	}
	return s.runnableSample(ctx, *p)
}

// findSample returns the existing sample, or else the name for a new one.
func (s *Service) findSample(ctx context.Context) (name string, p *model.Project, err error) {
	accounts, err := s.deps.Store.Accounts(ctx)
	if err != nil {
		return "", nil, err
	}
	name = model.FreeName(sampleProject, func(name string) (taken bool) {
		existing, failed := s.Project(ctx, name)
		switch {
		case model.ErrorCode(failed) == model.CodeProjectUnknown:
		case failed != nil:
			err = failed
		case isSample(existing, accounts):
			p = &existing
		default:
			return true
		}
		return false
	})
	return name, p, err
}

// isSample reports whether a project is the sample, even if it was edited, and acts only in the sandbox.
func isSample(p model.Project, accounts []model.Account) bool {
	sandboxed := func(name string) bool {
		return slices.ContainsFunc(accounts, func(a model.Account) bool {
			return model.NameKey(a.Name) == model.NameKey(name) && a.InSandbox()
		})
	}
	safe := func(list []model.Variable) bool {
		return !slices.ContainsFunc(list, func(v model.Variable) bool { return v.Type == model.TypeAWSAccount && !sandboxed(v.Value) })
	}
	usesPackage := false
	for _, step := range p.Steps {
		usesPackage = usesPackage || model.PackageKey(step.Script.Package) == model.PackageKey(samplePackage)
		if !safe(step.Values) || model.HasExpression(step.AWS.Account) {
			return false
		}
	}
	return usesPackage && safe(p.Variables)
}

// importSample imports the sample from a temporary folder, as a person would.
func (s *Service) importSample(ctx context.Context, project string) (*model.Project, error) {
	dir, err := os.MkdirTemp("", "stepdeck-sample-")
	if err != nil {
		return nil, fmt.Errorf("create a folder for the sample: %w", err)
	}
	defer func() { _ = runner.RemoveFolder(context.WithoutCancel(ctx), dir) }() // it contains no secrets
	entries, err := fs.ReadDir(s.deps.Sample, ".")
	if err != nil {
		return nil, fmt.Errorf("read the sample: %w", err)
	}
	for _, e := range entries {
		data, err := fs.ReadFile(s.deps.Sample, e.Name())
		if err != nil {
			return nil, fmt.Errorf("read the sample: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, e.Name()), data, 0o600); err != nil {
			return nil, fmt.Errorf("write the sample: %w", err)
		}
	}
	name := sampleFile
	if _, err := s.deps.Tools.Find(ctx, script.Bash); err != nil {
		name = sampleNoBash
	}
	text, err := fs.ReadFile(s.deps.Sample, name)
	if err != nil {
		return nil, fmt.Errorf("read the sample: %w", err)
	}
	file, err := document.Parse(name, text)
	if err != nil {
		return nil, err
	}
	if err := s.renameSample(ctx, &file, project); err != nil {
		return nil, err
	}
	read, err := s.compare(ctx, filepath.Join(dir, name), file, nil)
	if err != nil {
		return nil, err
	}
	read.keyless = true // each run creates its own key, so that the sample doesn't need the vault
	if err := s.Apply(ctx, []*Import{read}); err != nil {
		return nil, err
	}
	return &read.File.Project, nil
}

// renameSample gives the sample's account a name that is free here, or replaces it with an existing account in the sandbox.
func (s *Service) renameSample(ctx context.Context, f *document.File, project string) error {
	accounts, err := s.deps.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	account := f.Accounts[0].Account
	var existing *model.Account
	account.Name = model.FreeName(account.Name, func(name string) (taken bool) {
		i := slices.IndexFunc(accounts, func(a model.Account) bool { return model.NameKey(a.Name) == model.NameKey(name) })
		if i >= 0 && accounts[i].InSandbox() && accounts[i].Kind == account.Kind {
			existing = &accounts[i]
		}
		return i >= 0 && existing == nil
	})
	if a := existing; a != nil {
		account = model.Account{Name: a.Name, Kind: a.Kind, Description: a.Description, Region: a.Region, Endpoint: a.Endpoint}
	}
	f.Project.Name, f.Accounts[0].Account = project, account
	for i, v := range f.Project.Variables {
		if v.Type == model.TypeAWSAccount {
			f.Project.Variables[i].Value = account.Name
		}
	}
	return nil
}

// runnableSample finds the steps whose language can run on this computer.
func (s *Service) runnableSample(ctx context.Context, p model.Project) (Sample, error) {
	sample := Sample{Project: p.Name}
	var steps []string
	var last error
	for _, step := range p.Steps {
		if !step.Enabled {
			continue
		}
		language := step.Script.Language
		if step.Script.Source == model.SourcePackage {
			language = model.LanguageOf(step.Script.File)
		}
		if _, err := s.deps.Tools.Interpreter(ctx, language, step.Options.Edition); err != nil {
			if ctx.Err() != nil {
				return sample, ctx.Err()
			}
			last = err
			kind, _ := script.KindFor(language, step.Options.Edition)
			if !slices.Contains(sample.Missing, string(kind)) {
				sample.Missing = append(sample.Missing, string(kind))
			}
			continue
		}
		steps = append(steps, step.Name)
	}
	switch {
	case len(steps) == 0 && last != nil:
		return sample, last
	case len(sample.Missing) > 0:
		sample.Steps = steps
	}
	return sample, nil
}
