package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/octopusimport"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
)

// importFlags are the flags of `import`.
type importFlags struct {
	dryRun, yes, json bool
	project           string
	accounts, set     []string
}

// octopus returns what the flags say about an import from Octopus.
func (f importFlags) octopus() (projects.OctopusOptions, error) {
	o := projects.OctopusOptions{Project: f.project, Instead: map[string]string{}}
	for _, text := range f.accounts {
		id, name, isOne := strings.Cut(text, "=")
		switch {
		case !isOne && o.Account != "":
			return o, model.NewError("usage", "--account names two accounts for the same variables, %q and %q. "+
				"Use --account ID=NAME for one of Octopus's accounts.", o.Account, text)
		case !isOne:
			o.Account = text
		case o.Instead[id] != "":
			return o, model.NewError("usage", "--account gives %q twice.", id)
		default:
			o.Instead[id] = name
		}
	}
	given := givenValues{seen: map[string]bool{}}
	err := given.flag("--set", f.set, func(_, value string) (string, error) { return value, nil })
	o.Given = given.list
	return o, err
}

func (c *cli) importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE…",
		Short: "Import projects from Stepdeck files (.stepdeck), from exports of Octopus (.json), or from a folder of them",
		Long: `Import projects from Stepdeck files, from what Octopus Deploy exports as JSON, or from a folder of them.

It shows what would change, asks, and makes all changes in one transaction: if one file is bad, nothing changes. A project
becomes exactly what its file describes; accounts and packages are added, never removed.

Of Octopus it takes step templates, processes of deployments and runbooks, and variable sets, with the projects,
environments and accounts that they name: give all files that belong together at once. A report says of each thing
whether it was taken over, changed, or is missing, and what to do.`,
		Example: `  stepdeck import website.stepdeck
  stepdeck import projects/ --dry-run
  stepdeck import deploymentprocess.json variables.json --project Website --account Website-prod
  stepdeck import export/ --account Accounts-12=Website-prod --account Accounts-13=Website-test
  stepdeck import templates/ --project "Step templates" --set Octopus.Release.Number=1.4.0`,
		Args: atLeastOne("at least one file"),
		RunE: func(cmd *cobra.Command, args []string) error { return c.importFiles(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.dryRun, "dry-run", false, "show what would change and change nothing")
	flags.BoolVar(&f.yes, "yes", false, "don't ask")
	flags.BoolVar(&f.json, "json", false, "print one JSON object per project")
	flags.StringVar(&f.project, "project", "", "of Octopus: the project's name; step templates become steps of it if it exists")
	flags.StringArrayVar(&f.accounts, "account", nil, "of Octopus: the account of variables that name none, or none that is here; "+
		"ID=NAME for one of Octopus's accounts, by its id or name")
	flags.StringArrayVar(&f.set, "set", nil, "of Octopus: NAME=VALUE, a value that only a server knows, or another than the export's")
	_ = cmd.RegisterFlagCompletionFunc("project", c.complete(completeProjects))
	_ = cmd.RegisterFlagCompletionFunc("account", c.complete(completeAccounts))
	return cmd
}

func (c *cli) importFiles(ctx context.Context, args []string, f importFlags) error {
	options, err := f.octopus()
	if err != nil {
		return err
	}
	files, err := projects.FindImportFiles(args)
	if err != nil {
		return err
	}
	if len(files.Octopus) == 0 && (f.project != "" || len(f.accounts) > 0 || len(f.set) > 0) {
		return model.NewError("usage", "--project, --account and --set are for exports of Octopus, and there is none among the files.")
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	imports, err := c.readImports(ctx, s, files, options)
	if err != nil {
		return err
	}
	if !f.json {
		for _, imp := range imports {
			c.showImport(imp)
		}
	}
	agreed, err := c.agree(imports, f)
	if err != nil {
		return err
	}
	if agreed {
		if err := s.Projects().Apply(ctx, imports); err != nil {
			return err
		}
	}
	return c.reportImports(imports, f, agreed)
}

// readImports reads all files and compares them with what is stored.
func (c *cli) readImports(
	ctx context.Context, s *app.Services, files projects.ImportFiles, o projects.OctopusOptions,
) ([]*projects.Import, error) {
	var imports []*projects.Import
	for _, file := range files.Projects {
		imp, err := s.Projects().ReadProject(ctx, file, c.lookupEnv)
		if err != nil {
			return nil, err
		}
		imports = append(imports, imp)
	}
	if len(files.Octopus) > 0 {
		octopus, err := s.Projects().ReadOctopus(ctx, files.Octopus, o)
		if err != nil {
			return nil, err
		}
		for _, file := range octopus.Skipped {
			c.say("%s is nothing that Stepdeck knows of Octopus, and is left out.", file)
		}
		imports = append(imports, octopus.Imports...)
	}
	return imports, projects.CheckNames(imports)
}

// agree reports whether the changes are to be made. At a terminal it asks, first for values that only an Octopus server knows.
func (c *cli) agree(imports []*projects.Import, f importFlags) (bool, error) {
	changes := 0
	for _, imp := range imports {
		changes += len(imp.Changes) + len(imp.Removed)
	}
	switch {
	case f.dryRun:
		return false, nil
	case f.yes || changes == 0:
		return true, nil
	case !c.Terminal:
		return false, model.NewError("import.ask",
			"Can't ask for confirmation without a terminal. Use --yes to import without asking, or --dry-run to only show the changes.")
	}
	if err := c.askOctopus(imports); err != nil {
		return false, err
	}
	if !c.confirm("Import?") {
		c.say("Nothing was changed.")
		return false, nil
	}
	return true, nil
}

// askOctopus asks for what scripts read and only an Octopus server knows, then for what nothing in the export defines. An empty
// answer leaves the question to each run.
func (c *cli) askOctopus(imports []*projects.Import) error {
	for _, group := range []struct {
		ofServer bool
		title    string
	}{
		{true, "Only an Octopus server knows these values. Leave one empty, and runs ask for it."},
		{false, "Nothing in the export defines these names. Leave one empty, and runs ask for it."},
	} {
		said := false
		for _, imp := range imports {
			if imp.Octopus == nil {
				continue
			}
			for _, asked := range slices.Clone(imp.Octopus.Asked) {
				if asked.OfServer != group.ofServer {
					continue
				}
				if !said {
					said = true
					c.say("%s", group.title)
				}
				if err := c.askGiven(imp, asked); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// askGiven asks for one value.
func (c *cli) askGiven(imp *projects.Import, asked octopusimport.Asked) error {
	question := asked.Name
	if asked.Help != "" {
		question += " (" + asked.Help + ")"
	}
	answer, err := c.askLine(asked.Name, question, "")
	if err != nil || answer == "" {
		return err
	}
	_, err = imp.Give(asked.Name, answer)
	return err
}

// reportImports says what was imported.
func (c *cli) reportImports(imports []*projects.Import, f importFlags, imported bool) error {
	for _, imp := range imports {
		if f.json {
			if err := c.printJSON(newImportRecord(imp, imported)); err != nil {
				return err
			}
		} else if imported {
			c.say("Imported %q.", imp.File.Project.Name)
		}
	}
	return nil
}

func (c *cli) showImport(imp *projects.Import) {
	c.say("%s", c.paint(bold, imp.Path+": project "+fmt.Sprintf("%q", imp.File.Project.Name)))
	for _, line := range imp.Changes {
		c.say("  + %s", line)
	}
	for _, line := range imp.Removed {
		c.say("  %s %s will be removed", c.paint(red, "-"), line)
	}
	c.showOctopus(imp)
	for _, line := range imp.Notes {
		c.say("  %s %s", c.paint(yellow, "!"), line)
	}
	if imp.Octopus == nil {
		for _, line := range hints(imp.Missing) {
			c.say("    %s", line)
		}
	}
	if len(imp.Changes)+len(imp.Removed) == 0 {
		c.say("  no changes")
	}
}
