package runner

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/script"
)

// placeScript puts the script, with its package or folder, into the workspace and replaces the expressions in it. folderHash is
// the hash of a copied folder.
func (s *stepRun) placeScript(ctx context.Context, plan *StepPlan, space *workspace) (path, folderHash string, err error) {
	switch plan.Step.Script.Source {
	case model.SourcePackage:
		err = s.unpack(ctx, *plan.Package, space.content)
	case model.SourceFolder:
		folderHash, err = s.copyFolder(ctx, plan.Folder, space)
	default:
		path, err = script.WriteInline(space.content, plan.Language, plan.Script)
		return path, "", err
	}
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(space.content, filepath.FromSlash(plan.Entry))
	text, encoding, err := script.ReadText(path)
	if err != nil {
		return "", "", err
	}
	if text != plan.Written { // a folder may have changed since the script was read
		return "", "", model.NewError("script.changed", "The script file %q changed while it was copied. Run the step again.", plan.Entry)
	}
	if plan.Script != plan.Written {
		err = script.WriteText(path, plan.Script, encoding)
	}
	return path, folderHash, err
}

func (s *stepRun) unpack(ctx context.Context, p model.Package, folder string) error {
	res, err := archive.Extract(ctx, s.runner.deps.Packages.PackagePath(p), folder, archive.Options{
		Format: archive.Format(p.Format), Limits: s.runner.deps.Limits, SHA256: p.SHA256, Warn: s.leftOut,
	})
	if err != nil {
		return model.NewError("package.unpack", "Package %s %s can't be unpacked.", p.Name, p.Version).Because(err)
	}
	s.log.Say(model.LevelVerbose, fmt.Sprintf("Package %s %s: %s, SHA-256 %s.", p.Name, p.Version,
		model.Count(res.Files, "file", "files"), res.SHA256))
	return nil
}

func (s *stepRun) copyFolder(ctx context.Context, folder string, space *workspace) (hash string, err error) {
	res, err := archive.CopyFolder(ctx, folder, space.content, archive.Options{Limits: s.runner.deps.Limits, Warn: s.leftOut})
	if err != nil {
		return "", err
	}
	s.log.Say(model.LevelVerbose, fmt.Sprintf("Folder %s: %s, SHA-256 %s.", folder, model.Count(res.Files, "file", "files"), res.SHA256))
	return res.SHA256, nil
}

func (s *stepRun) leftOut(w archive.Warning) { s.log.Say(model.LevelWarning, w.Sentence) }

// prepare writes the bootstrap and the values into the workspace, and returns the command that runs the script.
func (s *stepRun) prepare(ctx context.Context, plan *StepPlan, path string, space *workspace) (script.Command, error) {
	command, err := script.Prepare(ctx, script.Input{
		Language: plan.Language, Tool: plan.Tool, Script: path, Folder: space.content, Parameters: plan.Parameters, Arguments: plan.Arguments,
		Variables: slices.Concat(plan.Octopus, plan.Variables), EnvVars: plan.EnvVars,
		StopOnFirstFailure: plan.Step.Options.StopOnFirstFailure, Dir: space.private, Bootstraps: s.runner.deps.Bootstraps,
	})
	if err != nil {
		return script.Command{}, err
	}
	for _, w := range command.Warnings {
		s.warn(w.Error())
		s.log.Say(model.LevelWarning, w.Error())
	}
	for _, note := range command.Notes {
		s.log.Say(model.LevelVerbose, note)
	}
	return command, nil
}
