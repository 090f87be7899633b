package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/atomicfile"
)

// confirm asks a question and reports whether the answer is y or yes. An empty answer is no.
func (c *cli) confirm(question string) bool {
	fmt.Fprintf(c.Err, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(c.In).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
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
