package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/browser"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

type consoleFlags struct {
	use     useFlags
	service string
	print   bool
}

func (c *cli) accountConsole() *cobra.Command {
	var f consoleFlags
	cmd := &cobra.Command{
		Use: "console NAME", Short: "Open the AWS console as an account",
		Long: `Open the AWS console as an account, in the browser of this computer or the one of the setting browser.

The console takes the keys of roles (of IAM Identity Center, assumed, of an instance) and long-lived access keys, which
ask AWS for those of a federated user: a user without sts:GetFederationToken has to assume a role with --role. A session
that a code of an MFA device opened, and a sign-in with the console itself, need a role too.

The browser's arguments hold an address of this computer that leads on once; the page's own address is never shown,
except with --print.`,
		Example: `  stepdeck account console Website
  stepdeck account console Website --service s3 --region eu-west-1
  stepdeck account console Website --role arn:aws:iam::123456789012:role/deployer`,
		Args:              exactly(1, "the name of the account"),
		ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.openConsole(cmd.Context(), args[0], f) },
	}
	f.use.declare(cmd)
	f.use.declareCodes(cmd)
	cmd.Flags().StringVar(&f.service, "service", "", "service whose page opens, as in the console's addresses: s3, ec2, cloudwatch")
	cmd.Flags().BoolVar(&f.print, "print", false, "print the address instead; whoever opens it within 15 minutes is signed in")
	return cmd
}

func (c *cli) openConsole(ctx context.Context, name string, f consoleFlags) error {
	s, a, err := c.accountNamed(ctx, name)
	if err != nil {
		return err
	}
	if !f.print && (c.OpenURL == nil || !browser.HasDisplay(c.getenv)) {
		return model.NewError("console.browser", "No browser can open here. Use --print, and open the address elsewhere within 15 minutes.")
	}
	var page runner.ConsolePage
	err = c.used(ctx, s, a, f.use, func(u runner.Use) error {
		page, err = s.Accounts().ConsolePage(ctx, u, f.service)
		return err
	})
	c.warn(page.Notices)
	if err != nil {
		return err
	}
	if f.print {
		return c.print("%s", page.URL)
	}
	return c.openSecret(ctx, s, page)
}

func (c *cli) openSecret(ctx context.Context, s *app.Services, page runner.ConsolePage) error {
	c.say("The AWS console opens as %s in AWS account %s.", page.Identity.ARN, page.Account)
	return browser.OpenOnce(ctx, page.URL, func(ctx context.Context, address string) error {
		return c.OpenURL(ctx, s.Settings().Now().Browser(), address)
	})
}
