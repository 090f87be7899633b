package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// PackagePlan is a further package of a step, beside its script.
type PackagePlan struct {
	model.Package
	As      string // its name in the step
	Extract bool
	place   string // its folder or file, in the script's folder
}

// furtherPackages finds the further packages of a step.
func (p *planner) furtherPackages(ctx context.Context, r resolver, sp *StepPlan) error {
	for i, written := range sp.Step.Script.Packages {
		at := fmt.Sprintf("script.packages[%d].", i)
		key := packageKey{r.field(sp, at+"id", written.Package, nil), r.field(sp, at+"version", written.Version, nil)}
		if key.id == "" {
			continue
		}
		pkg, err := p.sources.packageNamed(ctx, key)
		var problem model.Problem
		switch {
		case errors.As(err, &problem):
			sp.problem(at+"id", problem.Err)
			continue
		case err != nil:
			return err
		}
		place := written.FolderName()
		if !written.Extract {
			place += "." + pkg.Format
		}
		sp.Packages = append(sp.Packages, PackagePlan{Package: pkg, As: strings.TrimSpace(written.Name), Extract: written.Extract, place: place})
	}
	return nil
}

// unknownFolder stands for the script's folder in a preview: a run makes its own.
const unknownFolder = "(work folder)"

// packageValues returns Octopus's variables of the step's packages. The one that contains the script has an empty name.
func (p *planner) packageValues(sp *StepPlan) layer {
	folder := unknownFolder
	if p.runID != 0 {
		folder = contentFolder(p.runner.deps.Recorder.WorkFolder(p.runID, sp.Number))
	}
	values := layer{}
	set := func(name, property, text string) {
		variable := model.PackageVariable(name, property)
		values[model.NameKey(variable)] = entry{name: variable, text: text, kind: model.TypeText, octopus: true}
	}
	add := func(name string, pkg model.Package, extracted, file string) {
		original := p.runner.deps.Packages.PackagePath(pkg)
		if file == "" {
			file = original
		}
		set(name, "PackageId", pkg.Name)
		set(name, "PackageVersion", pkg.Version)
		set(name, "OriginalPath", original)
		set(name, "PackageFilePath", file)
		set(name, "PackageFileName", pkg.FileName)
		if extracted != "" {
			set(name, "ExtractedPath", extracted)
		}
	}
	if sp.Package != nil {
		add("", *sp.Package, folder, "")
	}
	for _, further := range sp.Packages {
		path := filepath.Join(folder, further.place)
		if further.Extract {
			add(further.As, further.Package, path, "")
		} else {
			add(further.As, further.Package, "", path)
		}
	}
	return values
}

// missingPackages adds a problem for each package whose files the script uses although the step does not have it: the path would
// be empty, and lead to the root of the disk.
func (r resolver) missingPackages(p *StepPlan) {
	text := r.uses().Text()
	if text == "" { // of too many scripts
		text = p.Written
	}
	for _, variable := range model.PackagePathUses(text + "\n" + p.Step.Script.Parameters) {
		if e, known := r.vars.find(variable); known && e.text != "" {
			continue
		}
		p.problem("script.packages", p.missingPackage(variable))
	}
}

// missingPackage says why a variable leads to no files of a package; nil if that is a problem of the step already, such as a package
// without an id.
func (s *StepPlan) missingPackage(variable string) error {
	name, _ := model.PackageOfVariable(variable)
	if further := s.further(name); further != nil {
		return model.NewError("script.packages.packed",
			"The script uses %s, but the step's package %q is not unpacked. Have it unpacked, or use its PackageFilePath.", variable, further.As)
	}
	script := s.Step.Script
	named := func(p model.ScriptPackage) bool {
		return model.NameKey(strings.TrimSpace(p.Name)) == model.NameKey(name)
	}
	switch {
	case slices.ContainsFunc(script.Packages, named), name == "" && script.Source == model.SourcePackage:
		return nil
	case name == "":
		return model.NewError("script.packages.missing",
			"The script uses %s, but it is in no package. Write the name of one of the step's further packages between the brackets.", variable)
	}
	return model.NewError("script.packages.missing",
		"The script uses %s, but the step has no further package called %q. Add it to the step's packages.", variable, name)
}

// further returns the further package of a name, or nil.
func (s *StepPlan) further(name string) *PackagePlan {
	for i, further := range s.Packages {
		if model.NameKey(further.As) == model.NameKey(name) {
			return &s.Packages[i]
		}
	}
	return nil
}

// placePackages puts the further packages beside the script.
func (s *stepRun) placePackages(ctx context.Context, plan *StepPlan, space *workspace) error {
	for _, further := range plan.Packages {
		path := filepath.Join(space.content, further.place)
		if _, err := os.Lstat(path); err == nil {
			return model.NewError("package.place",
				"The further package %q can't be put beside the script: there is a %q already. Give the package another name in the step.",
				further.As, further.place)
		}
		if err := s.placePackage(ctx, further, path); err != nil {
			return err
		}
	}
	return nil
}

func (s *stepRun) placePackage(ctx context.Context, further PackagePlan, path string) error {
	if further.Extract {
		if err := os.Mkdir(path, 0o700); err != nil {
			return workspaceError(path, err)
		}
		return s.unpack(ctx, further.Package, path)
	}
	if err := s.copyPackage(further.Package, path); err != nil {
		return model.NewError("package.copy", "Package %s %s can't be copied beside the script.", further.Name, further.Version).Because(err)
	}
	s.log.Say(model.LevelVerbose, fmt.Sprintf("Package %s %s, SHA-256 %s.", further.Name, further.Version, further.SHA256))
	return nil
}

// copyPackage copies the file of a package. The script gets a copy, since what it does to that must not change the library.
func (s *stepRun) copyPackage(p model.Package, path string) error {
	from, err := os.Open(s.runner.deps.Packages.PackagePath(p))
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // it was only read
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(to, hash), from)
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != p.SHA256 {
		return model.NewError("package.changed", "The package's file in the library has changed. Import the package again.")
	}
	return nil
}
