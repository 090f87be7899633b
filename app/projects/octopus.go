package projects

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/app/octopusimport"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// OctopusOptions are what a person decides about an import from Octopus.
type OctopusOptions struct {
	Project string        // the project's name; step templates become steps of it if it exists. Empty: the names in the export
	Account string        // for account variables whose account is not known here
	Given   []model.Given // values of variables that are not sensitive

	Instead map[string]string // by ids or names of accounts of Octopus: the accounts that take their places
}

// OctopusImports are the projects that would be made of an export. Nothing is changed before Apply.
type OctopusImports struct {
	Imports []*Import
	Skipped []string // files of a folder that are nothing of Octopus
}

// maxOctopus is the size of all files of an import, in bytes.
const maxOctopus = 8 * octopusjson.MaxFile

// ReadOctopus reads what Octopus exported, all of it together: a process finds its variables in another file.
func (s *Service) ReadOctopus(ctx context.Context, files []OctopusFile, o OctopusOptions) (OctopusImports, error) {
	var out OctopusImports
	export, err := out.read(ctx, files)
	if err != nil {
		return out, err
	}
	if !export.Importable() {
		return out, model.NewError("import.octopus.empty",
			"There is no step template, no process and no variable set to import. Export a process and its variables from Octopus as JSON.")
	}
	known, err := s.deps.Store.Accounts(ctx)
	if err != nil {
		return out, err
	}
	if o.Account != "" {
		account, err := s.deps.Store.Account(ctx, o.Account)
		if err != nil {
			return out, err
		}
		o.Account = account.Name
	}
	instead, err := s.accountsInstead(ctx, o.Instead)
	if err != nil {
		return out, err
	}
	results, err := octopusimport.Convert(ctx, export, octopusimport.Options{
		Project: o.Project, Account: o.Account, Instead: instead, Accounts: known, Bootstraps: s.deps.Bootstraps,
		Into: func(name string) (model.Project, bool) {
			p, err := s.Project(ctx, name)
			return p, err == nil
		},
	})
	if err != nil {
		return out, err
	}
	if err := checkInstead(results, o.Instead); err != nil {
		return out, err
	}
	err = s.compareOctopus(ctx, &out, results, o)
	return out, err
}

// accountsInstead returns the accounts of this computer that take the places of Octopus's, by their keys.
func (s *Service) accountsInstead(ctx context.Context, wished map[string]string) (map[string]string, error) {
	instead := map[string]string{}
	for id, name := range wished {
		account, err := s.deps.Store.Account(ctx, name)
		if err != nil {
			return nil, err
		}
		instead[octopusimport.AccountKey(id)] = account.Name
	}
	return instead, nil
}

// checkInstead returns an error for an account of Octopus that no variable of the import names.
func checkInstead(results []octopusimport.Result, instead map[string]string) error {
	named := map[string]bool{}
	var all []string
	for _, r := range results {
		for _, a := range r.Accounts {
			if named[octopusimport.AccountKey(a.ID)] {
				continue
			}
			named[octopusimport.AccountKey(a.ID)], named[octopusimport.AccountKey(a.Name)] = true, true
			all = append(all, a.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(instead)) {
		switch {
		case named[octopusimport.AccountKey(id)]:
		case len(all) == 0:
			return model.NewError("import.octopus.account", "No variable of the export names an account, so none can take the place of %q.", id)
		default:
			return model.NewError("import.octopus.account", "No variable of the export names the account %q. It names: %s.", id,
				model.SafeLine(strings.Join(all, ", ")))
		}
	}
	return nil
}

// read reads the files. A file of a folder that is nothing of Octopus is passed over.
func (out *OctopusImports) read(ctx context.Context, files []OctopusFile) (octopusjson.Export, error) {
	var exports []octopusjson.Export
	size := 0
	for _, file := range files {
		data, err := readOctopusFile(file.Path)
		if err != nil {
			return octopusjson.Export{}, err
		}
		if size += len(data); size > maxOctopus {
			return octopusjson.Export{}, model.NewError("import.octopus.large",
				"The files have more than %d bytes together. Import fewer of them at once.", maxOctopus)
		}
		export, err := octopusjson.Read(file.Path, data)
		switch {
		case ctx.Err() != nil:
			return octopusjson.Export{}, ctx.Err()
		case file.Found && model.ErrorCode(err) == octopusjson.CodeUnknown:
			out.Skipped = append(out.Skipped, file.Path)
		case err != nil:
			return octopusjson.Export{}, err
		}
		exports = append(exports, export)
	}
	return octopusjson.Merge(exports...), nil
}

func readOctopusFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, model.NewError("import.file", "The file %s can't be read. Check its path and rights.", path).Because(err)
	}
	data, err := io.ReadAll(io.LimitReader(f, octopusjson.MaxFile+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, model.NewError("import.file", "The file %s can't be read. Check that it is a file.", path).Because(err)
	}
	return data, nil
}

// compareOctopus compares the projects with the stored ones.
func (s *Service) compareOctopus(ctx context.Context, out *OctopusImports, results []octopusimport.Result, o OctopusOptions) error {
	added := map[string]bool{}
	given := map[string]bool{}
	for i := range results {
		r := &results[i]
		r.File.Accounts = slices.DeleteFunc(r.File.Accounts, func(a document.Account) bool { return added[model.NameKey(a.Name)] })
		for _, a := range r.File.Accounts {
			added[model.NameKey(a.Name)] = true
		}
		imp := &Import{Path: strings.Join(r.From, ", "), File: r.File, Octopus: r}
		if err := s.keepChoices(ctx, imp); err != nil {
			return err
		}
		for _, g := range o.Given {
			found, err := imp.Give(g.Name, g.Value.Reveal())
			if err != nil {
				return err
			}
			given[g.Name] = given[g.Name] || found
		}
		if err := s.compareStored(ctx, imp); err != nil {
			return err
		}
		if err := imp.missingSecrets(); err != nil {
			return err
		}
		out.Imports = append(out.Imports, imp)
	}
	for _, g := range o.Given {
		if !given[g.Name] {
			return model.NewError("import.octopus.given", "The import has no variable %q. The report lists those that it has.", g.Name)
		}
	}
	return nil
}

// keepChoices keeps what a person has chosen in the project since the last import, where the export has nothing for it.
func (s *Service) keepChoices(ctx context.Context, imp *Import) error {
	old, err := s.Project(ctx, imp.File.Project.Name)
	if model.ErrorCode(err) == model.CodeProjectUnknown {
		return nil
	}
	if err != nil {
		return err
	}
	for i := range imp.File.Project.Variables {
		v := &imp.File.Project.Variables[i]
		j := sameVariable(old.Variables, *v)
		if j >= 0 && v.Value == "" && old.Variables[j].Value != "" && old.Variables[j].Type == v.Type {
			v.Value, v.Prompt = old.Variables[j].Value, old.Variables[j].Prompt
			imp.settled(*v, "It keeps the value that it has in the project.")
		}
	}
	return nil
}

// Give sets the value of a variable of the import, or of a value of its steps. It reports whether there is one of that name.
func (imp *Import) Give(name, value string) (found bool, err error) {
	set := func(list []model.Variable) error {
		for i := range list {
			if model.NameKey(list[i].Name) != model.NameKey(name) {
				continue
			}
			if found = true; list[i].Type == model.TypeSensitive {
				return model.NewError("import.octopus.sensitive",
					"%q is sensitive, so it can't be given here. Enter it in its form, or when a run asks for it.", name)
			}
			imp.give(&list[i], value)
		}
		return nil
	}
	err = set(imp.File.Project.Variables)
	for i := range imp.File.Project.Steps {
		err = errors.Join(err, set(imp.File.Project.Steps[i].Values))
	}
	return found, err
}

func (imp *Import) give(v *model.Variable, value string) {
	v.Value = value
	isAsked := imp.Octopus != nil && slices.ContainsFunc(imp.Octopus.Asked, func(a octopusimport.Asked) bool { return a.Name == v.Name })
	if isAsked {
		v.Prompt = nil
	}
	if isAsked || v.Type == model.TypeAWSAccount {
		imp.settled(*v, "It has the value that was given.")
	}
}

// settled says in the report that a variable has a value now. An account variable may be a template's parameter there.
func (imp *Import) settled(v model.Variable, text string) {
	if imp.Octopus == nil {
		return
	}
	imp.Octopus.Asked = slices.DeleteFunc(imp.Octopus.Asked, func(a octopusimport.Asked) bool { return a.Name == v.Name })
	for i := range imp.Octopus.Items {
		item := &imp.Octopus.Items[i]
		isIt := item.Kind == octopusimport.KindVariable || item.Kind == octopusimport.KindParameter && v.Type == model.TypeAWSAccount
		if isIt && item.Name == v.Name {
			item.Findings = []octopusimport.Finding{{Outcome: octopusimport.Changed, Text: text}}
		}
	}
}

// missingSecrets finds the secrets that are not on this computer. The report names each already.
func (imp *Import) missingSecrets() error {
	notes := imp.Notes
	err := imp.readSecrets(".", nil)
	imp.Notes = notes
	return err
}
