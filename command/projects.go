package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/atomicfile"
)

func (c *cli) importCommand() *cobra.Command {
	var dryRun, yes bool
	cmd := &cobra.Command{
		Use:   "import FILE…",
		Short: "Import projects from Stepdeck files (.stepdeck), or from a folder of them",
		Long: `Import projects from Stepdeck files, or from a folder of them.

It shows what would change, asks, and makes all changes in one transaction: if one file is bad, nothing changes. A project
becomes exactly what its file describes; accounts and packages are added, never removed.`,
		Example: `  stepdeck import website.stepdeck
  stepdeck import projects/ --dry-run`,
		Args: atLeastOne("at least one file"),
		RunE: func(cmd *cobra.Command, args []string) error { return c.importFiles(cmd.Context(), args, dryRun, yes) },
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change and change nothing")
	cmd.Flags().BoolVar(&yes, "yes", false, "don't ask")
	return cmd
}

func (c *cli) importFiles(ctx context.Context, args []string, dryRun, yes bool) error {
	files, err := projectFiles(args)
	if err != nil {
		return err
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var imports []*projects.Import
	names := map[string]string{}
	changes, removed := 0, 0
	for _, file := range files {
		imp, err := s.Projects().ReadProject(ctx, file, c.lookupEnv)
		if err != nil {
			return err
		}
		key := model.NameKey(imp.File.Project.Name)
		if other := names[key]; other != "" {
			return model.NewError("import.twice",
				"%s and %s both contain the project %q. Import one of them.", other, file, imp.File.Project.Name)
		}
		names[key] = file
		imports = append(imports, imp)
		changes, removed = changes+len(imp.Changes), removed+len(imp.Removed)
		c.showImport(imp)
	}
	switch {
	case dryRun:
		return nil
	case !yes && changes+removed > 0:
		if !c.Terminal {
			return model.NewError("import.ask",
				"Can't ask for confirmation without a terminal. Use --yes to import without asking, or --dry-run to only show the changes.")
		}
		if !c.confirm("Import?") {
			c.say("Nothing was changed.")
			return nil
		}
	}
	if err := s.Projects().Apply(ctx, imports); err != nil {
		return err
	}
	for _, imp := range imports {
		c.say("Imported %q.", imp.File.Project.Name)
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
	for _, line := range imp.Notes {
		c.say("  %s %s", c.paint(yellow, "!"), line)
	}
	for _, line := range hints(imp.Missing) {
		c.say("    %s", line)
	}
	if len(imp.Changes)+len(imp.Removed) == 0 {
		c.say("  no changes")
	}
}

// confirm asks a question and reports whether the answer is y or yes. An empty answer is no.
func (c *cli) confirm(question string) bool {
	fmt.Fprintf(c.Err, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(c.In).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// projectFiles returns the files in args, with each folder replaced by the .stepdeck files in it.
func projectFiles(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, model.NewError("import.file", "There is no file %s. Check its path.", arg).Because(err)
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		before := len(files)
		entries, err := os.ReadDir(arg)
		if err != nil {
			return nil, model.NewError("import.folder", "The folder %s can't be read. Check its rights.", arg).Because(err)
		}
		for _, e := range entries {
			if e.Type()&fs.ModeDir == 0 && strings.EqualFold(filepath.Ext(e.Name()), ".stepdeck") {
				files = append(files, filepath.Join(arg, e.Name()))
			}
		}
		if len(files) == before {
			return nil, model.NewError("import.folder.empty", "The folder %s contains no .stepdeck file.", arg)
		}
	}
	return files, nil
}

func (c *cli) exportCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:     "export PROJECT",
		Short:   "Write a project as a Stepdeck file, without its secrets",
		Example: `  stepdeck export Website -o website.stepdeck`,
		Args:    exactly(1, "the name of a project"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			toTerminal := out == "" || out == "-"
			dir := "."
			if !toTerminal {
				dir = filepath.Dir(out)
			}
			text, notes, err := s.Projects().Export(cmd.Context(), args[0], dir)
			if err != nil {
				return err
			}
			for _, note := range notes {
				c.say("%s %s.", c.paint(yellow, "!"), note)
			}
			if toTerminal {
				if c.OutTTY {
					text = []byte(model.SafeBlock(string(text)))
				}
				_, err = c.Out.Write(text)
				return err
			}
			return writeFile(out, text)
		},
		ValidArgsFunction: c.complete(firstArg(completeProjects)),
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write; - for standard output")
	return cmd
}

// writeFile writes a regular file atomically. It follows links, and writes into devices and pipes rather than replacing them.
func writeFile(path string, data []byte) error {
	failed := func(err error) error {
		return model.NewError("file.write", "The file %s can't be written. Check its folder and its rights.", path).Because(err)
	}

	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return failed(err)
		}
		_, err = f.Write(data)
		if err := errors.Join(err, f.Close()); err != nil {
			return failed(err)
		}
		return nil
	}
	if err := atomicfile.Write(path, data, 0o644); err != nil { // an export holds no secret
		return failed(err)
	}
	return nil
}

func (c *cli) projectsCommand() *cobra.Command {
	var asJSON bool
	list := &cobra.Command{
		Use: "list", Short: "List the projects", Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			list, err := s.Projects().Projects(cmd.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			for _, p := range list {
				if asJSON {
					if err := c.printJSON(newProjectRecord(p)); err != nil {
						return err
					}
					continue
				}
				rows = append(rows, []string{p.Name, fmt.Sprint(p.Steps), p.Description})
			}
			if asJSON {
				return nil
			}
			if len(rows) == 0 {
				c.say("No projects exist yet. Import one: stepdeck import FILE.stepdeck")
				return nil
			}
			return c.table([]string{"PROJECT", "STEPS", "DESCRIPTION"}, rows)
		},
	}
	list.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return group("projects", "List the projects, and pin their steps to an AWS account", `  stepdeck projects list --json
  stepdeck projects pin Website "Roll the web tier"`, list, c.projectsPin())
}

func (c *cli) versionCommand() *cobra.Command {
	var asJSON, check bool
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version, the commit, and the versions of Go and SQLite", Args: exactly(0, "no argument"),
		Example: "  stepdeck version\n  stepdeck version --check",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if check {
				return c.checkVersion(cmd.Context(), asJSON)
			}
			if asJSON {
				return c.printJSON(c.version)
			}
			v := c.version
			_, err := fmt.Fprintf(c.Out, "stepdeck %s (commit %s, %s, SQLite %s)\n", v.Number, v.Commit, v.Go, v.SQLite)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	cmd.Flags().BoolVar(&check, "check", false, "ask github.com for the newest release, without downloading it")
	return cmd
}

func (c *cli) checkVersion(ctx context.Context, asJSON bool) error {
	update, err := c.Updates.Ask(ctx, c.version.Number)
	switch {
	case err != nil:
		return err
	case asJSON:
		return c.printJSON(update)
	case update.Newer:
		err = c.print("Stepdeck %s is available; this is %s. See %s", update.Newest, update.Current, update.Page)
	default:
		err = c.print("This is Stepdeck %s. The newest release is %s.", update.Current, update.Newest)
	}
	return err
}
