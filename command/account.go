package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) accountCommand() *cobra.Command {
	return group("account", "Add, list, test and remove accounts", `  stepdeck account add Sandbox --endpoint sandbox
  stepdeck account test Sandbox`,
		c.accountAdd(), c.accountList(), c.accountTest(), c.accountRemove())
}

// accountFlags are the flags of `account add`.
type accountFlags struct {
	kind, accessKey, description, region, endpoint string
	secretKeyFile, secretKeyEnv, tokenEnv          string
}

func (c *cli) accountAdd() *cobra.Command {
	var f accountFlags
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Add an account, or give an account its secret on this computer",
		Long: `Add an account, or give an account of that name and key its secret on this computer.

A secret is never an argument, because other programs can read those: it is asked for, or read from a file or an
environment variable.`,
		Example: `  stepdeck account add Sandbox --endpoint sandbox
  stepdeck account add Website --access-key AKIA… --secret-key-file key.txt --region eu-west-1`,
		Args:              exactly(1, "the name of the account"),
		ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.addAccount(cmd.Context(), args[0], f) },
	}
	cmd.Flags().StringVar(&f.kind, "kind", string(model.KindAccessKey), "kind of account: access-key")
	cmd.Flags().StringVar(&f.accessKey, "access-key", "", "the access key's id")
	cmd.Flags().StringVar(&f.description, "description", "", "what the account is for")
	cmd.Flags().StringVar(&f.secretKeyFile, "secret-key-file", "", "file that contains the secret key")
	cmd.Flags().StringVar(&f.secretKeyEnv, "secret-key-env", "", "environment variable that contains the secret key")
	cmd.Flags().StringVar(&f.tokenEnv, "session-token-env", "", "environment variable that contains the session token of a temporary key")
	cmd.Flags().StringVar(&f.region, "region", "", "region in which to test the account")
	cmd.Flags().StringVar(&f.endpoint, "endpoint", "", "URL of an endpoint other than AWS, or sandbox")
	cmd.MarkFlagsMutuallyExclusive("secret-key-file", "secret-key-env")
	return cmd
}

func (c *cli) addAccount(ctx context.Context, name string, f accountFlags) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	a := model.Account{
		Name: name, Kind: model.AccountKind(f.kind), AccessKeyID: strings.TrimSpace(f.accessKey), Description: f.description,
		Region: strings.TrimSpace(f.region), Endpoint: strings.TrimSpace(f.endpoint),
	}
	known, err := s.Accounts().Account(ctx, name)
	switch {
	case err == nil && !sameAccount(known, a):
		return model.NewError("account.other",
			"The account %q already exists with kind %s, key %s, endpoint %q. Choose another name, or remove it first.",
			known.Name, known.Kind, known.AccessKeyID, known.Endpoint)
	case err == nil:
		if a.Description != "" {
			known.Description = a.Description
		}
		if a.Region != "" {
			known.Region = a.Region
		}
		a = known
	case model.ErrorCode(err) != model.CodeAccountUnknown:
		return err
	}
	if err := model.Problems("The account "+name, a.Check()); err != nil {
		return err
	}
	secrets, err := c.accountSecrets(a, f)
	if err != nil {
		return err
	}
	if err := s.Accounts().Save(ctx, &a, secrets); err != nil {
		return err
	}
	c.say("The account %q was saved. Test it with: stepdeck account test %q", a.Name, a.Name)
	return nil
}

// sameAccount reports whether given can be the known account: what is left empty matches.
func sameAccount(known, given model.Account) bool {
	return known.Kind == given.Kind && (given.AccessKeyID == "" || known.AccessKeyID == given.AccessKeyID) &&
		(given.Endpoint == "" || known.Endpoint == given.Endpoint)
}

func (c *cli) accountSecrets(a model.Account, f accountFlags) (secrets model.AccountSecrets, err error) {
	switch {
	case f.secretKeyFile != "":
		secrets.SecretKey, err = secretFromFile(f.secretKeyFile)
	case f.secretKeyEnv != "":
		secrets.SecretKey, err = c.secretFromEnv(f.secretKeyEnv, "secret key")
	case a.InSandbox():
	case c.Terminal && c.ReadSecret != nil:
		secrets.SecretKey, err = c.typedSecretKey(a)
	default:
		err = model.NewError(model.CodeSecretMissing,
			"Can't ask for the secret key without a terminal. Use --secret-key-file or --secret-key-env.")
	}
	if err == nil && f.tokenEnv != "" {
		secrets.SessionToken, err = c.secretFromEnv(f.tokenEnv, "session token")
	}
	return secrets, err
}

func secretFromFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", model.NewError("secret.file", "The file %s can't be read. Check its path and rights.", path).Because(err)
	}
	text, err := projects.ReadSecretText(file, path)
	return strings.TrimSpace(text), errors.Join(err, file.Close())
}

func (c *cli) secretFromEnv(name, what string) (string, error) {
	value, _ := c.lookupEnv(name)
	text, err := model.DecodeSecret([]byte(value), "The value of the environment variable "+name)
	if err != nil {
		return "", err
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", model.NewError("secret.env", "The environment variable %s is not set. Set it to the %s.", name, what)
	}
	return text, nil
}

func (c *cli) typedSecretKey(a model.Account) (string, error) {
	text, err := c.ReadSecret(fmt.Sprintf("Secret key of %s (not shown): ", a.AccessKeyID))
	if err != nil {
		return "", fmt.Errorf("read the secret key: %w", err)
	}
	if text, err = model.DecodeSecret([]byte(text), "What was entered"); err != nil {
		return "", err
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", model.NewError("secret.empty", "No secret key was entered. Nothing was saved.")
	}
	return text, nil
}

func (c *cli) accountList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the accounts", Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			accounts, err := s.Accounts().Accounts(cmd.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			for _, a := range accounts {
				if asJSON {
					if err := c.printJSON(newAccountRecord(a)); err != nil {
						return err
					}
					continue
				}
				knownAs := a.Verified.ARN
				if a.NeedsSecret() {
					knownAs = "needs secret on this computer"
				}
				description := a.Description
				if a.Kind == model.KindInstanceRole {
					description = model.InstanceRoleTitle
				}
				rows = append(rows, []string{a.Name, string(a.Kind), a.AccessKeyID, knownAs, localTime(a.Verified.At), description})
			}
			if asJSON {
				return nil
			}
			return c.table([]string{"ACCOUNT", "KIND", "ACCESS KEY", "KNOWN AS", "VERIFIED", "DESCRIPTION"}, rows)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

func (c *cli) accountTest() *cobra.Command {
	return &cobra.Command{
		Use: "test NAME", Short: "Ask AWS who the account is", Args: exactly(1, "the name of the account"),
		ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			if _, err := s.Accounts().Account(cmd.Context(), args[0]); err != nil {
				return err
			}
			v, err := s.Accounts().Test(cmd.Context(), args[0])
			if err != nil {
				c.say("%s", c.paint(red, sentence(err)))
				return exitCode(exitFound)
			}
			err = c.print("%s\t%s\t%s\t%d ms", v.AWSID, v.ARN, v.UserID, v.RoundTrip.Milliseconds())
			for _, n := range v.Notices {
				c.say("%s", c.paint(yellow, n.Error()))
			}
			return err
		},
	}
}

func (c *cli) accountRemove() *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Remove an account that nothing uses, with its secrets", Args: exactly(1, "the name of the account"),
		ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			if err := s.Accounts().Remove(cmd.Context(), args[0]); err != nil {
				return err
			}
			c.say("The account %q was removed.", args[0])
			return nil
		},
	}
}

func (c *cli) awsAccountCommand() *cobra.Command {
	return group("aws-account", "Label, colour and protect AWS accounts (the twelve-digit ones)",
		`  stepdeck aws-account set 123456789012 --label Website-prod --colour red --protected
  stepdeck aws-account list`,
		c.awsAccountList(), c.awsAccountSet())
}

func (c *cli) awsAccountList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the AWS accounts seen so far", Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			accounts, err := s.Accounts().AWSAccounts(cmd.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			for _, a := range accounts {
				if asJSON {
					if err := c.printJSON(newAWSAccountRecord(a)); err != nil {
						return err
					}
					continue
				}
				protected := ""
				if a.Protected {
					protected = "protected"
				}
				rows = append(rows, []string{a.ID, a.Label, string(a.Colour), protected})
			}
			if asJSON {
				return nil
			}
			if len(rows) == 0 {
				c.say("No AWS account has been seen yet. One is added when an account is tested or a step runs in it.")
				return nil
			}
			return c.table([]string{"AWS ACCOUNT", "LABEL", "COLOUR", "PROTECTED"}, rows)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

func (c *cli) awsAccountSet() *cobra.Command {
	var label, colour string
	var protected bool
	cmd := &cobra.Command{
		Use: "set ID", Short: "Label, colour or protect an AWS account",
		Example:           `  stepdeck aws-account set 123456789012 --label Website-prod --colour red --protected`,
		Args:              exactly(1, "the id of an AWS account, twelve digits"),
		ValidArgsFunction: c.complete(firstArg(completeAWSAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := model.CheckAWSAccountID(args[0]); err != nil {
				return err
			}
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			a, err := s.Accounts().AWSAccount(cmd.Context(), strings.TrimSpace(args[0]))
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("label") {
				a.Label = strings.TrimSpace(label)
			}
			if cmd.Flags().Changed("colour") {
				a.Colour = model.Colour(colour)
			}
			if cmd.Flags().Changed("protected") {
				a.Protected = protected
			}
			if err := model.Problems("The AWS account "+a.ID, a.Check()); err != nil {
				return err
			}
			return s.Accounts().SaveAWSAccount(cmd.Context(), a)
		},
	}
	cmd.Flags().StringVar(&label, "label", "", "a name for people; empty removes it")
	cmd.Flags().StringVar(&colour, "colour", "", "grey, blue, teal, green, yellow, orange, red or purple; empty removes it")
	cmd.Flags().BoolVar(&protected, "protected", false, "make each run in it ask for its id or label; --protected=false undoes this")
	return cmd
}
