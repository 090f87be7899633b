package runs

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/joblog"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

// Again returns the request to repeat a run: with its steps as they are now, or, if exactly is true, with the run's recorded
// inputs. A rehearsal is rehearsed again. Sensitive values are always the current ones from the vault, since a run doesn't record them.
func (s *Service) Again(ctx context.Context, id int64, exactly bool) (runner.Request, error) {
	run, err := s.deps.Store.Run(ctx, id)
	if err != nil {
		return runner.Request{}, err
	}
	project, err := s.deps.Store.Project(ctx, run.Project)
	if err != nil {
		return runner.Request{}, model.NewError("again.project", "Run %d can't be repeated.", id).Because(err)
	}
	options := model.RunOptions{Environment: run.Environment, Rehearsal: run.Rehearsal}
	req := runner.Request{Project: project, RunOptions: options, Who: s.deps.Who}
	given := map[string]bool{}
	for _, step := range run.Steps {
		if step.Attempt > 1 {
			continue
		}
		now, index := project.Step(step.Step)
		if index < 0 {
			return req, model.NewError("again.step",
				"Run %d can't be repeated: project %q no longer has the step %q.", id, run.Project, step.Step)
		}
		req.Steps = append(req.Steps, step.Step)
		if exactly {
			if req.Project.Steps[index], err = s.asItWas(ctx, id, now, step.Inputs); err != nil {
				return req, err
			}
		}
		for _, v := range step.Inputs.Values {
			of, again := givenAgain(project, now, v, exactly)
			if !again || given[of.Key()] {
				continue
			}
			given[of.Key()] = true
			req.Given = append(req.Given, model.GivenTo(of, v.Value))
		}
	}
	return req, nil
}

// givenAgain returns which value a recorded one is now, and whether it is given again: all but sensitive ones if the run is repeated
// exactly, or else those that are asked for now and that were then the step's own or the project's, as they are now.
func givenAgain(project model.Project, step model.Step, v model.InputValue, exactly bool) (of model.ValueName, again bool) {
	of = model.ValueName{Name: v.Name}
	if step.Owns(v.Name) {
		of.Step = step.Name
	}
	_, octopusOwn := octopus.Lookup(v.Name) // a run needs no variable to be given such a value
	_, declared := project.DeclaredAs(of)
	if !declared {
		_, others := project.Declared(v.Name)
		return of, !v.Sensitive && octopusOwn && !others
	}
	return of, !v.Sensitive && (exactly || v.Own == (of.Step != "") && isPrompted(project, step, of))
}

// asItWas returns a step with the recorded inputs.
func (s *Service) asItWas(ctx context.Context, run int64, step model.Step, in model.Inputs) (model.Step, error) {
	step.Script.Source, step.Script.Language, step.Script.Parameters = in.Source, in.Language, in.Parameters
	step.Script.Arguments = in.Arguments
	step.AWS.Account = in.AccountField
	step.AWS.AssumeRole = rolesAsTheyWere(step.AWS.AssumeRole, in.RoleARNs)
	var err error
	if step.Script.Packages, err = s.packagesAsTheyWere(ctx, run, step.Script.Packages, in.Packages); err != nil {
		return step, err
	}
	switch in.Source {
	case model.SourcePackage:
	case model.SourceFolder:
		return s.inFolderAsItWas(ctx, run, step, in)
	default:
		step.Script.Body = in.Script
		return step, nil
	}
	version := in.PackageVersion
	if version == "" {
		version = model.Unversioned
	}
	p, err := s.deps.FindPackage(ctx, in.Package, version)
	if err != nil {
		return step, err
	}
	if p.SHA256 != in.PackageSHA256 {
		return step, changedPackage(run, in.Package, in.PackageVersion)
	}
	step.Script.Package, step.Script.Version, step.Script.File = in.Package, version, in.File
	return step, nil
}

// packagesAsTheyWere returns the recorded further packages, with the same contents as then.
func (s *Service) packagesAsTheyWere(ctx context.Context, run int64, now []model.ScriptPackage, used []model.UsedPackage) (
	[]model.ScriptPackage, error) {
	var list []model.ScriptPackage
	for _, u := range used {
		version := cmp.Or(u.Version, model.Unversioned)
		p, err := s.deps.FindPackage(ctx, u.Package, version)
		if err != nil {
			return nil, err
		}
		if p.SHA256 != u.SHA256 {
			return nil, changedPackage(run, u.Package, u.Version)
		}
		extract := true
		for _, n := range now {
			if model.NameKey(n.Name) == model.NameKey(u.Name) {
				extract = n.Extract
			}
		}
		list = append(list, model.ScriptPackage{Name: u.Name, Package: u.Package, Version: version, Extract: extract})
	}
	return list, nil
}

// changedPackage is the error that a package has other contents than in a run.
func changedPackage(run int64, id, version string) error {
	return model.NewError("again.package",
		"Run %d can't be repeated exactly: package %s %s has other contents now. Repeat it with the step as it is now.", run, id, version)
}

// rolesAsTheyWere returns the roles with the recorded ARNs, and otherwise as they are now.
func rolesAsTheyWere(now *model.AssumeRole, arns []string) *model.AssumeRole {
	// One that contains a sensitive value is not recorded, and neither is one that an output was to set.
	if slices.ContainsFunc(arns, func(arn string) bool { return arn == "" || strings.Contains(arn, joblog.Mask) }) {
		return now
	}
	var current []model.AssumeRole
	if now != nil {
		current = now.Chain()
	}
	roles := make([]model.AssumeRole, len(arns))
	copy(roles, current)
	for i, arn := range arns {
		roles[i].ARN = arn
	}
	return model.ChainOf(roles)
}

// inFolderAsItWas does that for a script in a folder, which must have the same contents as then.
func (s *Service) inFolderAsItWas(ctx context.Context, run int64, step model.Step, in model.Inputs) (model.Step, error) {
	f, err := archive.OpenFolder(in.Folder, s.deps.Limits())
	if err != nil {
		return step, err
	}
	hash, err := f.SHA256(ctx)
	err = errors.Join(err, f.Close())
	if err != nil {
		return step, err
	}
	if hash != in.FolderSHA256 {
		return step, model.NewError("again.folder",
			"Run %d can't be repeated exactly: the folder %s has other contents now. Repeat it with the step as it is now.", run, in.Folder)
	}
	step.Script.Folder, step.Script.File = in.Folder, in.File
	return step, nil
}

func isPrompted(p model.Project, step model.Step, of model.ValueName) bool {
	list := p.Variables
	if of.Step != "" {
		list = step.Values
	}
	return slices.ContainsFunc(list, func(v model.Variable) bool {
		return model.NameKey(v.Name) == model.NameKey(of.Name) && v.Prompt != nil
	})
}
