package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

func (c *cli) accountCommand() *cobra.Command {
	return group("account", "Add, change, list, test, use and remove accounts, and sign in for them",
		`  stepdeck account add Sandbox --endpoint sandbox
  stepdeck account login Portal
  stepdeck account test Sandbox`,
		c.accountAdd(), c.accountSet(), c.accountList(), c.accountTest(), c.accountRemove(),
		c.accountLogin(), c.accountLogout(), c.accountSignIns(), c.accountProfiles(), c.accountRoles(),
		c.accountShell(), c.accountTerminal(), c.accountConsole())
}

// accountSecrets returns the secrets that the flags or the person give for an account. A file of keys also tells the id of an
// access key that the account lacks.
func (c *cli) accountSecrets(a *model.Account, f accountFlags) (secrets model.AccountSecrets, err error) {
	switch {
	case a.Kind != model.KindAccessKey: // the other kinds have none
		return secrets, nil
	case f.secretKeyFile != "" || f.secretKeyEnv != "" || f.secretKeyStdin:
		secrets, err = c.givenSecretKey(a, f)
	case a.InSandbox():
	case c.Terminal && c.ReadSecret != nil:
		secrets, err = c.typedSecretKey(a)
	default:
		err = model.NewError(model.CodeSecretMissing,
			"Can't ask for the secret key without a terminal. Use --secret-key-file, --secret-key-stdin or --secret-key-env.")
	}
	if err == nil && f.tokenEnv != "" {
		secrets.SessionToken, err = c.secretFromEnv(f.tokenEnv, "session token")
	}
	return secrets, err
}

// givenSecretKey reads the secret key from where a flag says.
func (c *cli) givenSecretKey(a *model.Account, f accountFlags) (secrets model.AccountSecrets, err error) {
	var text, source string
	switch {
	case f.secretKeyFile != "":
		source = "The file " + f.secretKeyFile
		text, err = secretFromFile(f.secretKeyFile)
	case f.secretKeyEnv != "":
		source = "The environment variable " + f.secretKeyEnv
		text, err = c.secretFromEnv(f.secretKeyEnv, "secret key")
	default:
		source = "What standard input has"
		text, err = secretFrom(c.In, source)
	}
	if err != nil {
		return secrets, err
	}
	return readSecretKey(a, text, source)
}

// readSecretKey takes the secrets out of a text, and the access key's id if the account lacks it.
func readSecretKey(a *model.Account, text, source string) (model.AccountSecrets, error) {
	id, secrets, err := a.ReadSecretKey(text, source)
	if err == nil && a.AccessKeyID == "" {
		a.AccessKeyID = id
	}
	return secrets, err
}

// secretFrom reads a secret to the end of standard input.
func secretFrom(in io.Reader, source string) (string, error) {
	data, err := io.ReadAll(io.LimitReader(in, projects.MaxSecretFile+1))
	switch {
	case err != nil:
		return "", model.NewError("secret.stdin", "The secret key can't be read from standard input.").Because(err)
	case len(data) > projects.MaxSecretFile:
		return "", model.NewError("secret.stdin.large", "%s is more than %d bytes, so it is no secret key.", source, projects.MaxSecretFile)
	}
	text, err := model.DecodeSecret(data, source)
	if err == nil && strings.TrimSpace(text) == "" {
		err = model.NewError("secret.stdin.empty", "Standard input has no secret key. Nothing was saved.")
	}
	return text, err
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
		return "", model.NewError("secret.env", "The environment variable %s is not set, or empty. Set it to the %s.", name, what)
	}
	return text, nil
}

func (c *cli) typedSecretKey(a *model.Account) (model.AccountSecrets, error) {
	text, err := c.ReadSecret(fmt.Sprintf("Secret key of %s (not shown): ", a.AccessKeyID))
	if errors.Is(err, io.EOF) {
		return model.AccountSecrets{}, model.NewError("secret.empty", "No secret key was entered. Nothing was saved.")
	}
	if err != nil {
		return model.AccountSecrets{}, fmt.Errorf("read the secret key: %w", err)
	}
	if text, err = model.DecodeSecret([]byte(text), "What was entered"); err != nil {
		return model.AccountSecrets{}, err
	}
	if text = strings.TrimSpace(text); text == "" {
		return model.AccountSecrets{}, model.NewError("secret.empty", "No secret key was entered. Nothing was saved.")
	}
	return readSecretKey(a, text, "What was entered")
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
			return c.listAccounts(cmd.Context(), s, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

func (c *cli) listAccounts(ctx context.Context, s *app.Services, asJSON bool) error {
	accounts, err := s.Accounts().Accounts(ctx)
	if err != nil {
		return err
	}
	signIns, err := s.SignIns().SignIns(ctx)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, a := range accounts {
		r := newAccountRecord(a, a.NeedsSignIn(signIns, time.Now()))
		if asJSON {
			if err := c.printJSON(r); err != nil {
				return err
			}
			continue
		}
		description := a.Description
		if a.Kind == model.KindInstanceRole {
			description = model.InstanceRoleTitle
		}
		rows = append(rows, []string{a.Name, string(a.Kind), accountDetail(a), r.knownAs(), localTime(a.Verified.At), description})
	}
	if asJSON {
		return nil
	}
	return c.table([]string{"ACCOUNT", "KIND", "ACCESS KEY OR SOURCE", "KNOWN AS", "VERIFIED", "DESCRIPTION"}, rows)
}

// accountDetail returns where an account's keys come from.
func accountDetail(a model.Account) string {
	switch a.Kind {
	case model.KindIdentityCenter:
		return a.RoleName + " in " + a.AWSID
	case model.KindConsole:
		return a.SignInRegion
	}
	return cmp.Or(a.AccessKeyID, a.Profile, a.Process)
}

func (c *cli) accountTest() *cobra.Command {
	var codeEnv string
	cmd := &cobra.Command{
		Use: "test NAME", Short: "Ask AWS who the account is",
		Example: `  stepdeck account test Website
  stepdeck account test Website --mfa-code-env MFA_CODE`,
		Args: exactly(1, "the name of the account"), ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error { return c.testAccount(cmd.Context(), args[0], codeEnv) },
	}
	cmd.Flags().StringVar(&codeEnv, "mfa-code-env", "", mfaCodeUsage)
	return cmd
}

// testAccount asks AWS who an account is. At a terminal it asks for a sign-in or a code that is needed for it.
func (c *cli) testAccount(ctx context.Context, name, codeEnv string) error {
	s, a, err := c.accountNamed(ctx, name)
	if err != nil {
		return err
	}
	codes, err := c.codes(codeEnv)
	if err != nil {
		return err
	}
	var v model.Verified
	err = c.signedIn(ctx, s, a, func() error {
		v, err = s.Accounts().TestWithCode(ctx, a.Name, codes.of(a))
		return err
	})
	if err != nil {
		c.notices(v.Notices) // they may tell why
	}
	switch {
	case needsPerson(err), isOfThisComputer(err):
		return err
	case err != nil:
		c.say("%s", c.paint(red, sentence(err)))
		return exitCode(exitFound)
	case v.Alias != "":
		c.say("Alias of the AWS account: %s", v.Alias)
	}
	err = c.print("%s\t%s\t%s\t%d ms", v.AWSID, v.ARN, v.UserID, v.RoundTrip.Milliseconds())
	c.notices(v.Notices)
	return err
}

// isOfThisComputer reports whether an account was not even tried: its secret is not here, the vault is locked or can't be read, or a
// person didn't answer.
func isOfThisComputer(err error) bool {
	if _, lacks := runner.QuestionOf(err).(runner.AccountKey); lacks {
		return true
	}
	code := model.ErrorCode(err)
	return code == model.CodeSecretMissing || code == codeNotEntered || code == model.CodeStoreFailed || strings.HasPrefix(code, "vault.")
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
				rows = append(rows, []string{a.ID, a.Label, a.Alias, string(a.Colour), protected})
			}
			if asJSON {
				return nil
			}
			if len(rows) == 0 {
				c.say("No AWS account has been seen yet. One is added when an account is tested or a step runs in it.")
				return nil
			}
			return c.table([]string{"AWS ACCOUNT", "LABEL", "ALIAS", "COLOUR", "PROTECTED"}, rows)
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
			if err := flagFaults("The AWS account "+a.ID, a.Check(), func(field string) string { return "--" + field }); err != nil {
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
