package projects

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
)

// compareAccounts compares the accounts. An import may add accounts, but returns an error if one would become another.
func (s *Service) compareAccounts(ctx context.Context, imp *Import) error {
	known, err := s.deps.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	for i := range imp.File.Accounts {
		a := &imp.File.Accounts[i]
		index := slices.IndexFunc(known, func(k model.Account) bool { return model.NameKey(k.Name) == model.NameKey(a.Name) })
		if index < 0 {
			imp.Changes = append(imp.Changes, fmt.Sprintf("account %q is added", a.Name))
			imp.Notes = append(imp.Notes, reaches(a.Account)...)
			continue
		}
		old := known[index]
		if len(old.DifferentFields(a.Account)) > 0 {
			return model.NewError("import.account.other",
				"The account %q already exists and is not the same: here %s, in the file %s. Rename one of them.",
				a.Name, old.Identity(), a.Identity())
		}
		a.ID, a.SecretSet, a.TokenSet, a.Verified, a.AccessKeyID = old.ID, old.SecretSet, old.TokenSet, old.Verified, old.AccessKeyID
		if old.Description != a.Description || old.Region != a.Region {
			imp.Changes = append(imp.Changes, fmt.Sprintf("account %q: description and region", a.Name))
		}
	}
	return nil
}

// reaches says what a person should know before an account is added: a file may come from anybody.
func reaches(a model.Account) (notes []string) {
	if a.Kind == model.KindProcess {
		notes = append(notes, fmt.Sprintf("the account %q runs a program on this computer, as you: %s", a.Name, model.SafeLine(a.Process)))
	}
	if a.Endpoint != "" && a.Endpoint != model.Sandbox {
		notes = append(notes, fmt.Sprintf("the account %q asks %s instead of AWS, sign-ins and scripts too", a.Name, model.SafeLine(a.Endpoint)))
	}
	return notes
}

func (s *Service) compareProject(ctx context.Context, imp *Import) error {
	p := &imp.File.Project
	old, err := s.Project(ctx, p.Name)
	if model.ErrorCode(err) == model.CodeProjectUnknown {
		imp.New = true
		imp.noteCommands(model.Project{})
		added := fmt.Sprintf("project %q is added: %s, %s", p.Name,
			model.Count(len(p.Steps), "step", "steps"), model.Count(len(p.Variables), "variable", "variables"))
		imp.Changes = append(imp.Changes, added)
		return nil
	}
	if err != nil {
		return err
	}
	p.ID = old.ID
	imp.noteCommands(old)
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
	keepEnvValues(old.EnvVars, p.EnvVars)
	imp.compareEnvVars(old.EnvVars, p.EnvVars)
	for i := range p.Steps {
		step := &p.Steps[i]
		before, index := old.Step(step.Name)
		if index < 0 {
			imp.Changes = append(imp.Changes, fmt.Sprintf("step %q is added", step.Name))
			continue
		}
		step.Pinned = before.Pinned
		imp.keepFolder(i, before)
		keepValues(before.Values, step.Values)
		keepEnvValues(before.EnvVars, step.EnvVars)
		same, err := sameStep(before, *step)
		if err != nil {
			return err
		}
		if !same || index != i {
			imp.Changes = append(imp.Changes, fmt.Sprintf("step %q changes", step.Name))
		}
	}
	for _, step := range old.Steps {
		if _, index := p.Step(step.Name); index < 0 {
			imp.Removed = append(imp.Removed, fmt.Sprintf("step %q", step.Name))
		}
	}
	return nil
}

// noteCommands says which commands of aws the prompts have that the old project's prompts don't.
func (imp *Import) noteCommands(old model.Project) {
	note := func(of string, before, now []model.Variable) {
		for _, v := range now {
			command := choicesCommand(v)
			if i := sameVariable(before, v); command == "" || i >= 0 && choicesCommand(before[i]) == command {
				continue
			}
			imp.Notes = append(imp.Notes, fmt.Sprintf(
				"%s: for the choices of %q this command runs when a person asks for them, as the step that uses them: %s", of, v.Name, command))
		}
	}
	note(fmt.Sprintf("project %q", imp.File.Project.Name), old.Variables, imp.File.Project.Variables)
	for _, step := range imp.File.Project.Steps {
		before, _ := old.Step(step.Name)
		note(fmt.Sprintf("step %q", step.Name), before.Values, step.Values)
	}
}

// choicesCommand returns the command that a prompt has for its choices; empty if it has none of its own.
func choicesCommand(v model.Variable) string {
	if v.Prompt == nil || v.Prompt.Choices == nil || v.Prompt.Choices.Known() {
		return ""
	}
	return v.Prompt.Choices.CommandLine()
}

// keepValues keeps the secrets of sensitive variables in the vault if the file doesn't contain others.
func keepValues(old, now []model.Variable) {
	for i := range now {
		if j := sameVariable(old, now[i]); j >= 0 && now[i].Type == model.TypeSensitive && old[j].Type == model.TypeSensitive {
			now[i].ValueSet = old[j].ValueSet
		}
	}
}

// keepEnvValues does so for environment variables.
func keepEnvValues(old, now []model.EnvVar) {
	for i := range now {
		if j := sameEnvVar(old, now[i]); j >= 0 && now[i].Sensitive && old[j].Sensitive {
			now[i].ValueSet = old[j].ValueSet
		}
	}
}

// sameEnvVar returns the index of the environment variable with the same name, or -1.
func sameEnvVar(list []model.EnvVar, v model.EnvVar) int {
	return slices.IndexFunc(list, func(o model.EnvVar) bool { return o.Key() == v.Key() })
}

func (imp *Import) compareEnvVars(old, now []model.EnvVar) {
	for _, v := range now {
		i := sameEnvVar(old, v)
		switch {
		case i < 0:
			imp.Changes = append(imp.Changes, fmt.Sprintf("environment variable %s is added", v.Name))
		case old[i].Name != v.Name || old[i].Value != v.Value || old[i].Sensitive != v.Sensitive:
			imp.Changes = append(imp.Changes, fmt.Sprintf("environment variable %s changes", v.Name))
		}
	}
	for _, v := range old {
		if sameEnvVar(now, v) < 0 {
			imp.Removed = append(imp.Removed, "environment variable "+v.Name)
		}
	}
}

// sameVariable returns the index of the variable with the same name and scope, or -1.
func sameVariable(list []model.Variable, v model.Variable) int {
	return slices.IndexFunc(list, func(o model.Variable) bool { return o.Key() == v.Key() })
}

func (imp *Import) compareVariables(prefix string, old, now []model.Variable) {
	title := func(v model.Variable) string {
		if len(v.Scope) == 0 {
			return fmt.Sprintf("%svariable %q", prefix, v.Name)
		}
		return fmt.Sprintf("%svariable %q for %s", prefix, v.Name, strings.Join(v.Scope, ", "))
	}
	for _, v := range now {
		i := sameVariable(old, v)
		switch {
		case i < 0:
			imp.Changes = append(imp.Changes, title(v)+" is added")
		case old[i].Type != v.Type || old[i].Value != v.Value || old[i].Expect != v.Expect || !samePrompt(old[i].Prompt, v.Prompt):
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
	return a.Label == b.Label && a.Help == b.Help && a.Control == b.Control && a.Required == b.Required &&
		a.Min == b.Min && a.Max == b.Max && slices.Equal(a.Options, b.Options) && slices.Equal(a.Labels, b.Labels) &&
		sameChoices(a.Choices, b.Choices)
}

func sameChoices(a, b *model.Choices) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Of == b.Of && a.Query == b.Query && slices.Equal(a.Command, b.Command)
}

// sameStep reports whether a project file would describe two steps in the same way.
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

func (s *Service) comparePackages(ctx context.Context, imp *Import) error {
	dir := filepath.Dir(imp.Path)
	var added []string // keys of the packages that come with the file
	for _, p := range imp.File.Packages {
		path := filepath.Join(dir, filepath.FromSlash(strings.ReplaceAll(p, `\`, "/")))
		if err := staysInside(dir, path); err != nil {
			return err
		}
		found, known, err := s.deps.Library.Look(ctx, path)
		if err != nil {
			return err
		}
		if !known {
			imp.Changes = append(imp.Changes, fmt.Sprintf("package %s %s is imported", found.ID, found.Version))
		}
		added = append(added, model.PackageKey(found.ID))
		imp.packages = append(imp.packages, path)
	}
	for _, step := range imp.File.Project.Steps {
		needed := step.Script.Packages
		if step.Script.Source == model.SourcePackage {
			needed = append([]model.ScriptPackage{{Package: step.Script.Package, Version: step.Script.Version}}, needed...)
		}
		for _, p := range needed {
			if p.Package == "" || model.HasExpression(p.Package) || model.HasExpression(p.Version) ||
				slices.Contains(added, model.PackageKey(p.Package)) {
				continue
			}
			if _, err := s.deps.Library.FindPackage(ctx, p.Package, p.Version); err != nil {
				imp.Notes = append(imp.Notes, fmt.Sprintf("step %q: %s", step.Name, err))
			}
		}
	}
	return nil
}

// staysInside returns an error if a link in path leads out of dir.
func staysInside(dir, path string) error {
	inside, err := isBelow(dir, path)
	if err != nil {
		return model.NewError("import.package.missing", "There is no package file %s. Put it beside the project file.", path).Because(err)
	}
	if !inside {
		return model.NewError("import.outside", "%s leads out of the project file's folder through a link. Put the file itself there.", path)
	}
	return nil
}
