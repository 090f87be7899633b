package command

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
)

// maxShow is the largest file that package show prints, in bytes.
const maxShow = 1 << 20

func (c *cli) packageCommand() *cobra.Command {
	return group("package", "Import, list, inspect and remove packages", `  stepdeck package import Acme.Scripts.1.2.0.nupkg
  stepdeck package files Acme.Scripts 1.2.0`,
		c.packageImport(), c.packageList(), c.packageFiles(), c.packageShow(), c.packageRemove())
}

func (c *cli) packageImport() *cobra.Command {
	var o library.ImportOptions
	cmd := &cobra.Command{
		Use: "import FILE…", Short: "Import packages: zip, nupkg, tar, tar.gz, tar.bz2",
		Example: `  stepdeck package import Acme.Scripts.1.2.0.nupkg
  stepdeck package import deploy.zip --id Deploy --version 1.0`,
		Args: atLeastOne("at least one package file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 && (o.ID != "" || o.Version != "") {
				return model.NewError("usage", "--id and --version only work with one file. Import the files one by one.")
			}
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			for _, file := range args {
				if err := c.importPackage(cmd.Context(), s, file, o); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&o.Replace, "replace", false, "replace a package that has the same id and version and other contents")
	cmd.Flags().StringVar(&o.ID, "id", "", "id of the package, instead of the one in its file")
	cmd.Flags().StringVar(&o.Version, "version", "", "version of the package, instead of the one in its file; none: no version")
	return cmd
}

func (c *cli) importPackage(ctx context.Context, s *app.Services, file string, o library.ImportOptions) error {
	asked := c.Terminal && o.ID == "" && o.Version == ""
	if asked {
		if err := c.askForName(file, &o); err != nil {
			return err
		}
	}
	p, found, err := s.Library().Import(ctx, file, o)
	if err != nil {
		return err
	}
	if err := c.print("%s\t%s\t%s", p.Name, versionText(p.Version), p.SHA256); err != nil {
		return err
	}
	if asked {
		return nil
	}
	var guessed []string
	if found.IDGuessed && o.ID == "" {
		guessed = append(guessed, fmt.Sprintf("the id %q (change it with --id)", p.Name))
	}
	if found.VersionGuessed && o.Version == "" {
		guessed = append(guessed, fmt.Sprintf("the version %s (change it with --version)", versionText(p.Version)))
	}
	if len(guessed) > 0 {
		c.say("Guessed from the name of %s: %s.", p.FileName, strings.Join(guessed, ", "))
	}
	return nil
}

// askForName asks for the id and version, with a guess from the file's name, unless the name is unambiguous.
func (c *cli) askForName(file string, o *library.ImportOptions) error {
	id, version, sure := library.NameOf(file)
	if sure {
		return nil
	}
	c.say("Can't tell the id and version for sure from the name of %s.", filepath.Base(file))
	ask := func(what, guess string) (string, error) {
		suffix := ""
		if guess != "" {
			suffix = " [" + model.SafeLine(guess) + "]"
		}
		fmt.Fprintf(c.Err, "%s%s: ", what, suffix)
		answer, err := readLine(c.In)
		if err != nil {
			return "", model.NewError("package.name.end", "No answer was given. Use --id and --version instead.").Because(err)
		}
		if answer = strings.TrimSpace(answer); answer == "" {
			return guess, nil
		}
		return answer, nil
	}
	var err error
	if o.ID, err = ask("Id of the package", id); err != nil {
		return err
	}
	o.Version, err = ask("Version, or none", versionText(version))
	return err
}

func (c *cli) packageList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the packages of the library", Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			packages, err := s.Library().Packages(cmd.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			for _, p := range packages {
				if asJSON {
					if err := c.printJSON(newPackageRecord(p)); err != nil {
						return err
					}
					continue
				}
				rows = append(rows, []string{
					p.Name, versionText(p.Version), p.Format, fmt.Sprint(p.Size), fmt.Sprint(p.Files), localTime(p.Imported),
				})
			}
			if asJSON {
				return nil
			}
			if len(rows) == 0 {
				c.say("The library is empty. Import a package: stepdeck package import FILE")
				return nil
			}
			return c.table([]string{"PACKAGE", "VERSION", "FORMAT", "BYTES", "FILES", "IMPORTED"}, rows)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

// findPackage opens the services and returns the package that the arguments ID [VERSION] name.
func (c *cli) findPackage(ctx context.Context, args []string) (*app.Services, model.Package, error) {
	s, err := c.open(ctx)
	if err != nil {
		return nil, model.Package{}, err
	}
	version := ""
	if len(args) > 1 {
		version = args[1]
	}
	p, err := s.Library().FindPackage(ctx, args[0], version)
	return s, p, err
}

func (c *cli) packageFiles() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "files ID [VERSION]", Short: "List the files in a package", Args: atLeastOne("the id of a package, and optionally a version"),
		ValidArgsFunction: c.complete(completePackages),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, p, err := c.findPackage(cmd.Context(), args)
			if err != nil {
				return err
			}
			listing, err := s.Library().List(cmd.Context(), p)
			if err != nil {
				return err
			}
			for _, w := range listing.Warnings {
				c.say("%s", c.paint(yellow, model.SafeLine(w.Sentence)))
			}
			return c.printFiles(listing.Entries, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

func (c *cli) printFiles(files []library.Entry, asJSON bool) error {
	if asJSON {
		for _, e := range files {
			if err := c.printJSON(newPackageFileRecord(e)); err != nil {
				return err
			}
		}
		return nil
	}
	var rows [][]string
	for _, e := range files {
		rows = append(rows, []string{fmt.Sprint(e.Size), localTime(e.Modified), e.Name})
	}
	return c.table([]string{"BYTES", "MODIFIED", "FILE"}, rows)
}

func (c *cli) packageShow() *cobra.Command {
	return &cobra.Command{
		Use: "show ID VERSION FILE", Short: "Print a file of a package", Args: exactly(3, "the id of a package, a version and a file in it"),
		ValidArgsFunction: c.complete(completePackages),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, p, err := c.findPackage(cmd.Context(), args[:2])
			if err != nil {
				return err
			}
			data, err := s.Library().ReadFile(cmd.Context(), p, args[2], maxShow)
			if err != nil {
				return err
			}
			if c.OutTTY {
				data = []byte(model.SafeBlock(string(data)))
			}
			_, err = c.Out.Write(data)
			return err
		},
	}
}

func (c *cli) packageRemove() *cobra.Command {
	return &cobra.Command{
		Use: "remove ID VERSION", Short: "Remove a version of a package that no step uses", Args: exactly(2, "the id of a package and a version"),
		ValidArgsFunction: c.complete(completePackages),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, p, err := c.findPackage(cmd.Context(), args)
			if err != nil {
				return err
			}
			if err := s.Library().Remove(cmd.Context(), p.Name, p.Version); err != nil {
				return err
			}
			c.say("Package %s %s was removed.", p.Name, versionText(p.Version))
			return nil
		},
	}
}
