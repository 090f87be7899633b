package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) accountSet() *cobra.Command {
	var f accountFlags
	var rename string
	cmd := &cobra.Command{
		Use: "set NAME", Short: "Change an account: its name, its MFA device, whatever it has",
		Long: `Change an account. Only what is given changes; an empty value removes what is there. Steps that use the account go on
using it, also under a new name. Its kind stays: remove the account and add it again for another one.`,
		Example: `  stepdeck account set Website --mfa-device arn:aws:iam::123456789012:mfa/ana
  stepdeck account set Website --name Website-prod --region eu-west-1
  stepdeck account set Team --role ReadOnlyAccess`,
		Args: exactly(1, "the name of the account"), ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.setAccount(cmd.Context(), args[0], rename, f, cmd.Flags().Changed)
		},
	}
	f.declareFields(cmd)
	cmd.Flags().StringVar(&rename, "name", "", "another name")
	return cmd
}

// setAccount changes the fields of an account for which a flag is given.
func (c *cli) setAccount(ctx context.Context, name, rename string, f accountFlags, given func(flag string) bool) error {
	s, a, err := c.accountNamed(ctx, name)
	if err != nil {
		return err
	}
	if a.Kind == model.KindInstanceRole {
		return model.NewError("account.builtin", "The account %q has nothing to change: it stores nothing.", a.Name)
	}
	if err := checkKind(a.Kind, given); err != nil {
		return err
	}
	was := a.AccessKeyID
	f.account = trimmed(f.account)
	for flag, field := range f.fields(&a) {
		if given(flag) {
			*field.of = *field.given
		}
	}
	if given("name") {
		a.Name = strings.TrimSpace(rename)
	}
	secrets := model.AccountSecrets{}
	if err := f.faults(a, secrets); err != nil {
		return err
	}
	if a.AccessKeyID != was || f.secretKeyFile != "" || f.secretKeyEnv != "" || f.secretKeyStdin {
		secrets, err = c.accountSecrets(&a, f)
	} else if f.tokenEnv != "" {
		secrets.SessionToken, err = c.secretFromEnv(f.tokenEnv, "session token")
	}
	if err == nil {
		err = f.faults(a, secrets)
	}
	if err != nil {
		return err
	}
	if err := s.Accounts().Save(ctx, &a, secrets); err != nil {
		return err
	}
	c.say("The account %q was saved.", a.Name)
	c.warnOfKey(a, secrets)
	c.warnOfProfile(ctx, s, a)
	return nil
}

// settable is a field of an account with what a flag gives for it.
type settable struct{ given, of *string }

// fields returns the fields of an account by the flags that set them.
func (f *accountFlags) fields(a *model.Account) map[string]settable {
	g := &f.account
	return map[string]settable{
		"access-key": {&g.AccessKeyID, &a.AccessKeyID}, "mfa-device": {&g.MFADevice, &a.MFADevice}, "profile": {&g.Profile, &a.Profile},
		"start-url": {&g.StartURL, &a.StartURL}, "sign-in-region": {&g.SignInRegion, &a.SignInRegion}, "aws-account": {&g.AWSID, &a.AWSID},
		"role": {&g.RoleName, &a.RoleName}, "process": {&g.Process, &a.Process}, "description": {&g.Description, &a.Description},
		"region": {&g.Region, &a.Region}, "endpoint": {&g.Endpoint, &a.Endpoint},
	}
}
