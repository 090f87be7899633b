package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

// maxShow is how much of a file in a package is shown, in bytes.
const maxShow = 1 << 20

func (c *cli) packageCommand() *cobra.Command {
	return group("package", "Import, list, look into and remove packages",
		c.packageImport(), c.packageList(), c.packageFiles(), c.packageShow(), c.packageRemove())
}

func (c *cli) packageImport() *cobra.Command {
	var o app.ImportOptions
	cmd := &cobra.Command{
		Use: "import FILE…", Short: "Import packages: zip, nupkg, tar, tar.gz, tar.bz2",
		Example: `  stepdeck package import Acme.Scripts.1.2.0.nupkg
  stepdeck package import deploy.zip --id Deploy --version 1.0`,
		Args: some("at least one package file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 && (o.ID != "" || o.Version != "") {
				return model.NewError("usage", "--id and --version are for one file. Import the files one by one.")
			}
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			for _, file := range args {
				p, found, err := s.Library.Import(cmd.Context(), file, o)
				if err != nil {
					if model.ErrorCode(err) == "package.other" {
						return model.NewError("package.other", "%s Give --replace to replace them, or --version for another version.", err)
					}
					return err
				}
				if _, err := fmt.Fprintf(c.Out, "%s\t%s\t%s\n", plain(p.Name), plain(versionText(p.Version)), p.SHA256); err != nil {
					return err
				}
				if found.IDGuessed && o.ID == "" || found.VersionGuessed && o.Version == "" {
					c.say("Id and version of %s were guessed from its name. Give --id and --version to say otherwise.", p.FileName)
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&o.Replace, "replace", false, "replace the same id and version with other bytes")
	cmd.Flags().StringVar(&o.ID, "id", "", "id of the package, instead of what its file says")
	cmd.Flags().StringVar(&o.Version, "version", "", "version of the package, instead of what its file says; none for no version")
	return cmd
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
			packages, err := s.Store.Packages(cmd.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			for _, p := range packages {
				if asJSON {
					if err := c.printJSON(map[string]any{
						"id": p.Name, "version": p.Version, "format": p.Format, "fileName": p.FileName, "size": p.Size, "files": p.Files,
						"sha256": p.SHA256, "imported": jsonTime(p.Imported),
					}); err != nil {
						return err
					}
					continue
				}
				rows = append(rows, []string{p.Name, versionText(p.Version), p.Format, fmt.Sprint(p.Size), fmt.Sprint(p.Files), clock(p.Imported)})
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
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

// packageOf finds the package that ID [VERSION] means.
func (c *cli) packageOf(ctx context.Context, args []string) (*app.Services, model.Package, error) {
	s, err := c.open(ctx)
	if err != nil {
		return nil, model.Package{}, err
	}
	version := ""
	if len(args) > 1 {
		version = args[1]
	}
	p, err := s.Library.FindPackage(ctx, args[0], version)
	return s, p, err
}

func (c *cli) packageFiles() *cobra.Command {
	return &cobra.Command{
		Use: "files ID [VERSION]", Short: "List the files in a package", Args: some("the id of a package and perhaps a version"),
		ValidArgsFunction: c.complete(offerPackages),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, p, err := c.packageOf(cmd.Context(), args)
			if err != nil {
				return err
			}
			listing, err := s.Library.List(cmd.Context(), p)
			if err != nil {
				return err
			}
			var rows [][]string
			for _, e := range listing.Entries {
				rows = append(rows, []string{fmt.Sprint(e.Size), clock(e.Modified), e.Name})
			}
			for _, w := range listing.Warnings {
				c.say("%s", c.paint(yellow, plain(w.Sentence)))
			}
			return c.table([]string{"BYTES", "MODIFIED", "FILE"}, rows)
		},
	}
}

func (c *cli) packageShow() *cobra.Command {
	return &cobra.Command{
		Use: "show ID VERSION FILE", Short: "Print a file of a package", Args: exactly(3, "the id of a package, a version and a file in it"),
		ValidArgsFunction: c.complete(offerPackages),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, p, err := c.packageOf(cmd.Context(), args[:2])
			if err != nil {
				return err
			}
			data, err := s.Library.ReadFile(cmd.Context(), p, args[2], maxShow)
			if err != nil {
				return err
			}
			if c.OutTTY {
				data = []byte(terminalText(string(data)))
			}
			_, err = c.Out.Write(data)
			return err
		},
	}
}

func (c *cli) packageRemove() *cobra.Command {
	return &cobra.Command{
		Use: "remove ID VERSION", Short: "Remove a version of a package that no step needs", Args: exactly(2, "the id of a package and a version"),
		ValidArgsFunction: c.complete(offerPackages),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, p, err := c.packageOf(cmd.Context(), args)
			if err != nil {
				return err
			}
			if err := s.Library.Remove(cmd.Context(), p.Name, p.Version); err != nil {
				return err
			}
			c.say("Package %s %s is removed.", plain(p.Name), plain(versionText(p.Version)))
			return nil
		},
	}
}
