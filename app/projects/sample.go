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

// The sample, as it is shipped.
const (
	sampleFile    = "sample.stepdeck"
	sampleNoBash  = "sample-powershell.stepdeck" // where there is no Bash
	sampleProject = "Sample"
	samplePackage = "Stepdeck.Sample"
)

// Sample is the sample project and what of it can run on this computer.
type Sample struct {
	Project string
	Steps   []string // none: all of them
	Missing []string // languages that nothing runs here, by whose steps are left out
}

// TrySample makes the sample project where there is none, and gives it ready to run. A sample that is there is taken as it
// is, as long as all of it stays in the sandbox; beside another project of that name it gets a number.
func (s *Service) TrySample(ctx context.Context) (Sample, error) {
	if _, err := s.deps.Tools.AWS(ctx); err != nil {
		return Sample{}, err // without it there is nothing to see
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

// findSample gives the sample that is there already, or else the name for a new one.
func (s *Service) findSample(ctx context.Context) (name string, p *model.Project, err error) {
	accounts, err := s.deps.Store.Accounts(ctx)
	if err != nil {
		return "", nil, err
	}
	name = model.FreeName(sampleProject, func(name string) (other bool) {
		there, failed := s.Project(ctx, name)
		switch {
		case model.ErrorCode(failed) == model.CodeProjectUnknown:
		case failed != nil:
			err = failed
		case isSample(there, accounts):
			p = &there
		default:
			return true
		}
		return false
	})
	return name, p, err
}

// isSample reports whether a project is the sample and reaches nothing but the sandbox, whatever became of it.
func isSample(p model.Project, accounts []model.Account) bool {
	sandboxed := func(name string) bool {
		return slices.ContainsFunc(accounts, func(a model.Account) bool { return model.NameKey(a.Name) == model.NameKey(name) && a.InSandbox() })
	}
	safe := func(list []model.Variable) bool {
		return !slices.ContainsFunc(list, func(v model.Variable) bool { return v.Type == model.TypeAWSAccount && !sandboxed(v.Value) })
	}
	ours := false
	for _, step := range p.Steps {
		ours = ours || model.PackageKey(step.Script.Package) == model.PackageKey(samplePackage)
		if !safe(step.Values) || model.HasExpression(step.AWS.Account) {
			return false
		}
	}
	return ours && safe(p.Variables)
}

// importSample imports the sample as a person would, out of a folder that is gone afterwards.
func (s *Service) importSample(ctx context.Context, project string) (*model.Project, error) {
	dir, err := os.MkdirTemp("", "stepdeck-sample-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the sample: %w", err)
	}
	defer func() { _ = runner.RemoveFolder(context.WithoutCancel(ctx), dir) }() // what stays is no secret: the sample is imported all the same
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
	read.keyless = true // each run makes a key of its own: nobody is asked to open a vault for a sample
	if err := s.Apply(ctx, []*Import{read}); err != nil {
		return nil, err
	}
	return &read.File.Project, nil
}

// renameSample gives the sample names that are free here. An account in the sandbox that is there is taken.
func (s *Service) renameSample(ctx context.Context, f *document.File, project string) error {
	accounts, err := s.deps.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	account := f.Accounts[0].Account
	var there *model.Account
	account.Name = model.FreeName(account.Name, func(name string) (other bool) {
		at := slices.IndexFunc(accounts, func(a model.Account) bool { return model.NameKey(a.Name) == model.NameKey(name) })
		if at >= 0 && accounts[at].InSandbox() && accounts[at].Kind == account.Kind {
			there = &accounts[at]
		}
		return at >= 0 && there == nil
	})
	if there != nil {
		account = model.Account{Name: there.Name, Kind: there.Kind, Description: there.Description, Region: there.Region, Endpoint: there.Endpoint}
	}
	f.Project.Name, f.Accounts[0].Account = project, account
	for i, v := range f.Project.Variables {
		if v.Type == model.TypeAWSAccount {
			f.Project.Variables[i].Value = account.Name
		}
	}
	return nil
}

// runnableSample leaves out the steps whose language nothing runs on this computer.
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
