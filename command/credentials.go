package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// credentialsFlags are the flags of `credentials`.
type credentialsFlags struct {
	use          useFlags
	format       string
	profileLines bool
	profileName  string // empty: made of the account's and the role's
}

func (c *cli) credentialsCommand() *cobra.Command {
	var f credentialsFlags
	cmd := &cobra.Command{
		Use: "credentials NAME", Short: "Print an account's keys for another program, or the lines that make it ask Stepdeck",
		Long: `Print an account's keys for another program, in the formats of aws configure export-credentials:

  process        JSON, as credential_process in ~/.aws/config wants it
  env            for sh, bash and zsh: export AWS_ACCESS_KEY_ID=…
  env-no-export  the same without export
  powershell     $Env:AWS_ACCESS_KEY_ID="…"
  windows-cmd    set AWS_ACCESS_KEY_ID=…
  fish           set -gx AWS_ACCESS_KEY_ID …

With --profile-lines it prints no keys, but the lines for ~/.aws/config with which any program that uses AWS asks
Stepdeck for them.

The keys of a protected AWS account are printed once its id or label is typed at a terminal, or given with --confirm. Programs
ask without a terminal: with --profile-lines --confirm, that choice is a part of the lines.`,
		Example: `  eval "$(stepdeck credentials Website --format env)"
  stepdeck credentials Website --format fish | source
  stepdeck credentials Website --format powershell | Out-String | Invoke-Expression
  stepdeck credentials Website --role arn:aws:iam::123456789012:role/deployer --profile-lines >> ~/.aws/config`,
		Args: exactly(1, "the name of the account"), ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error { return c.credentials(cmd.Context(), args[0], f) },
	}
	f.use.declare(cmd)
	f.use.declareCodes(cmd)
	cmd.Flags().StringVar(&f.format, "format", formatProcess, strings.Join(formatNames(), ", "))
	cmd.Flags().BoolVar(&f.profileLines, "profile-lines", false, "print lines for ~/.aws/config in place of keys")
	cmd.Flags().StringVar(&f.profileName, "profile-name", "", "name of the profile that --profile-lines makes")
	cmd.MarkFlagsMutuallyExclusive("profile-lines", "format")
	cmd.MarkFlagsMutuallyExclusive("profile-lines", "mfa-code-env")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (c *cli) credentials(ctx context.Context, name string, f credentialsFlags) error {
	format, err := formatNamed(f.format)
	if err != nil {
		return err
	}
	if err := errors.Join(f.checkProfileName(), f.use.check()); err != nil {
		return err
	}
	s, a, err := c.accountNamed(ctx, name)
	if err != nil {
		return err
	}
	if f.profileLines {
		if a, err = s.SignIns().Reaches(ctx, a); err != nil {
			return err
		}
		return c.printProfileLines(ctx, s, a, f)
	}
	var keys runner.Credentials
	err = c.used(ctx, s, a, f.use, func(u runner.Use) error {
		keys, err = s.Accounts().Credentials(ctx, u)
		return err
	})
	c.warn(keys.Notices)
	if err != nil {
		return err
	}
	text, err := format(keys)
	if err != nil {
		return err
	}
	_, err = io.WriteString(c.Out, text)
	return err
}

func (f credentialsFlags) checkProfileName() error {
	switch {
	case f.profileName == "":
		return nil
	case !f.profileLines:
		return model.NewError("credentials.profile.lines", "--profile-name names the profile of --profile-lines. Give that flag, too.")
	case plainProfileName(f.profileName) != f.profileName:
		return model.NewError("credentials.profile.name", "%q is no name that every reader of ~/.aws/config takes. Choose one of letters, "+
			"digits and _ . @ + -.", model.SafeLine(f.profileName))
	}
	return nil
}

func (c *cli) printProfileLines(ctx context.Context, s *app.Services, a model.Account, f credentialsFlags) error {
	if err := runner.UsableElsewhere(a); err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return model.NewError("credentials.program", "Stepdeck can't find out where its command is.").Because(err)
	}
	name := cmp.Or(f.profileName, profileNameOf(a, f.use.roles))
	lines, err := profileLines(program, name, a, f.use, runtime.GOOS == "windows")
	if err != nil {
		return err
	}
	if knownProfile(ctx, s, name) {
		c.say("%s", c.paint(yellow, fmt.Sprintf("~/.aws has a profile %q already. aws reads no file that has it twice: "+
			"replace the old lines by these, or choose another name with --profile-name.", name)))
	}
	_, err = io.WriteString(c.Out, lines)
	return err
}

// knownProfile reports whether there is a profile of the name. Profiles that can't be read are none of this command's business.
func knownProfile(ctx context.Context, s *app.Services, name string) bool {
	list, err := s.SignIns().Profiles(ctx)
	return err == nil && slices.ContainsFunc(list, func(p model.Profile) bool { return p.Name == name })
}
