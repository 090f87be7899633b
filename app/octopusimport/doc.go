// Package octopusimport makes projects of what Octopus Deploy exports, and says of each thing what became of it: taken over as it
// is, changed, or missing here, with what a person can do.
//
// It reads no file and saves nothing. What it makes can always be saved; a step that lacks something can't be run until a person
// has added that.
package octopusimport

import (
	"context"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/octopusjson"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Options are what a person decides about an import, and what exists on this computer.
type Options struct {
	Project  string            // name of the project; empty for the names in the export
	Account  string            // for account variables whose account is not known here
	Instead  map[string]string // by AccountKey of an account of Octopus: the account of this computer that takes its place
	Accounts []model.Account   // of this computer

	// Into returns the project of a name that exists here. Step templates join it, and the accounts that it has are kept. Nil: there is
	// none.
	Into func(name string) (p model.Project, found bool)

	Bootstraps script.Bootstraps // what scripts find
}

// Result is a project that was made of an export.
type Result struct {
	File  document.File
	Items []Item
	Asked []Asked
	From  []string // names of the files

	Accounts []Account // of Octopus, that variables name
	Nameless bool      // account variables of the export name none
}

// Account is an account of Octopus that variables of an export name.
type Account struct {
	ID   string
	Name string // empty if the export has only the id
	Here string // the account that takes its place; empty if there is none yet
}

// AccountKey returns what two spellings of an account's id or name have in common.
func AccountKey(idOrName string) string { return strings.ToLower(strings.TrimSpace(idOrName)) }

// Asked is a variable that only an Octopus server, or whoever wrote the export, knows a value of.
type Asked struct {
	Name     string
	Help     string
	OfServer bool // only the server knows it; else nothing in the export defines it
}

// Convert makes a project of each process in the export, with its variables, and of each step template. With a project's name in the
// options, the templates become steps of that one; else one whose project would have the name of an existing one becomes a step of it.
func Convert(ctx context.Context, export octopusjson.Export, o Options) ([]Result, error) {
	b := batch{export: export, options: o, names: map[string]bool{}}
	rest := export.VariableSets
	for _, process := range export.Processes {
		c := b.converter()
		sets := c.variableSets(process, len(export.Processes) == 1)
		rest = without(rest, sets)
		c.process(process, sets)
		b.finish(ctx, c)
	}
	for _, set := range rest {
		if len(export.Processes) > 0 && isLibrary(set) {
			continue
		}
		c := b.converter()
		c.variablesAlone(set)
		b.finish(ctx, c)
	}
	b.templates(ctx)
	if o.Project != "" && len(b.results) > 1 {
		return nil, model.NewError("import.octopus.several",
			"The export makes %s, which can't all be called %q. Import them without that name, or one by one.",
			model.Count(len(b.results), "project", "projects"), o.Project)
	}
	return b.results, ctx.Err()
}

// batch makes the projects of one export.
type batch struct {
	export  octopusjson.Export
	options Options
	names   map[string]bool // keys of the names of projects
	results []Result
}

func (b *batch) converter() *converter {
	c := newConverter(b.export, b.options)
	c.taken = func(name string) bool { return b.names[model.NameKey(name)] && b.options.Project == "" }
	return c
}

func (b *batch) finish(ctx context.Context, c *converter) {
	b.names[model.NameKey(c.project.Name)] = true
	b.results = append(b.results, c.finish(ctx))
}

func (b *batch) templates(ctx context.Context) {
	if b.options.Project != "" && len(b.export.Templates) > 0 {
		c := b.converter()
		c.join(b.options.Project)
		for _, t := range b.export.Templates {
			c.template(t)
		}
		b.finish(ctx, c)
		return
	}
	for _, t := range b.export.Templates {
		if ctx.Err() != nil {
			return
		}
		c := b.converter()
		c.projectOf(t)
		c.template(t)
		b.finish(ctx, c)
	}
}

func without(list, remove []octopusjson.VariableSet) []octopusjson.VariableSet {
	gone := map[string]bool{}
	for _, s := range remove {
		gone[setKey(s)] = true
	}
	var kept []octopusjson.VariableSet
	for _, s := range list {
		if !gone[setKey(s)] {
			kept = append(kept, s)
		}
	}
	return kept
}

func setKey(s octopusjson.VariableSet) string {
	return s.File + "\x00" + string(s.ID) + "\x00" + string(s.OwnerID)
}
