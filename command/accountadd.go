package command

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

// accountFlags are the flags of `account add`.
type accountFlags struct {
	account                               model.Account
	kind                                  string
	secretKeyFile, secretKeyEnv, tokenEnv string
	secretKeyStdin                        bool
}

// kindFlags are the flags that only some kinds of account have, with the key of the field in the project file.
func kindFlags() [][2]string {
	return [][2]string{
		{"access-key", "accessKeyId"}, {"secret-key-file", "secretKey"}, {"secret-key-env", "secretKey"}, {"secret-key-stdin", "secretKey"},
		{"session-token-env", "sessionToken"}, {"mfa-device", "mfaDevice"}, {"profile", "profile"}, {"start-url", "startUrl"},
		{"sign-in-region", "signInRegion"}, {"aws-account", "awsAccount"}, {"role", "role"}, {"process", "process"},
	}
}

// flagOf returns the flag of a field.
func flagOf(key string) string {
	for _, f := range kindFlags() {
		if f[1] == key {
			return f[0]
		}
	}
	return key
}

func (c *cli) accountAdd() *cobra.Command {
	var f accountFlags
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Add an account, or give an account its secret on this computer",
		Long: `Add an account, or give an account of that name and key its secret on this computer.

Kinds of account, and what each needs:
  access-key       --access-key and its secret; --mfa-device if AWS wants a code with it
  profile          --profile of ~/.aws
  identity-center  --start-url, --sign-in-region, --aws-account and --role: sign in with IAM Identity Center
  console          --sign-in-region: sign in with the AWS console
  process          --process: a command line that prints keys, as credential_process in ~/.aws/config

A secret is never an argument, because other programs can read those: it is asked for, or read from a file, standard input or
an environment variable. A file of keys also tells the access key's id, so that --access-key can be left out.`,
		Example: `  stepdeck account add Sandbox --endpoint sandbox
  stepdeck account add Website --access-key AKIA… --secret-key-file key.txt --region eu-west-1
  stepdeck account add Website --secret-key-file accessKeys.csv
  stepdeck account add Audit --kind console --sign-in-region eu-west-1
  stepdeck account add Team --kind identity-center --start-url https://d-1234567890.awsapps.com/start \
    --sign-in-region eu-west-1 --aws-account 123456789012 --role ReadOnlyAccess`,
		Args:              exactly(1, "the name of the account"),
		ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.account.Name, f.account.Kind = args[0], model.AccountKind(f.kind)
			if err := checkKind(f.account.Kind, cmd.Flags().Changed); err != nil {
				return err
			}
			return c.addAccount(cmd.Context(), f)
		},
	}
	f.declare(cmd)
	_ = cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(kindNames(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("profile", c.complete(completeProfiles))
	return cmd
}

func (f *accountFlags) declare(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.kind, "kind", string(model.KindAccessKey), "kind of account: "+strings.Join(kindNames(), ", "))
	f.declareFields(cmd)
}

// declareFields declares the flags of what accounts of all kinds have.
func (f *accountFlags) declareFields(cmd *cobra.Command) {
	a, flags := &f.account, cmd.Flags()
	flags.StringVar(&a.AccessKeyID, "access-key", "", "the access key's id")
	flags.StringVar(&a.MFADevice, "mfa-device", "", "ARN or serial number of the access key's MFA device")
	flags.StringVar(&a.Profile, "profile", "", "profile of ~/.aws")
	flags.StringVar(&a.StartURL, "start-url", "", "start URL of the access portal of IAM Identity Center")
	flags.StringVar(&a.SignInRegion, "sign-in-region", "", "region of IAM Identity Center, or in which you use the AWS console")
	flags.StringVar(&a.AWSID, "aws-account", "", "id of the AWS account that the portal leads to")
	flags.StringVar(&a.RoleName, "role", "", "name of your role in that AWS account")
	flags.StringVar(&a.Process, "process", "", "command line that prints keys, as credential_process")
	flags.StringVar(&a.Description, "description", "", "what the account is for")
	flags.StringVar(&f.secretKeyFile, "secret-key-file", "",
		"file that contains the secret key: the key alone, an accessKeys.csv, a block of a credentials file or what aws prints")
	flags.BoolVar(&f.secretKeyStdin, "secret-key-stdin", false, "read the secret key from standard input, in one of these forms")
	flags.StringVar(&f.secretKeyEnv, "secret-key-env", "", "environment variable that contains the secret key")
	flags.StringVar(&f.tokenEnv, "session-token-env", "", "environment variable that contains the session token of a temporary key")
	flags.StringVar(&a.Region, "region", "", "region in which to test the account")
	flags.StringVar(&a.Endpoint, "endpoint", "", "URL of an endpoint other than AWS, or sandbox")
	cmd.MarkFlagsMutuallyExclusive("secret-key-file", "secret-key-env", "secret-key-stdin")
}

func kindNames() []string {
	return convert(model.AccountKinds(), func(k model.AccountKind) string { return string(k) })
}

// checkKind refuses a kind that can't be added, and flags of other kinds.
func checkKind(kind model.AccountKind, given func(flag string) bool) error {
	if !slices.Contains(model.AccountKinds(), kind) {
		return model.NewError("account.kind.unknown", "%q is not a kind of account that can be added. Use one of: %s.", string(kind),
			strings.Join(kindNames(), ", "))
	}
	for _, f := range kindFlags() {
		if given(f[0]) && !kind.HasField(f[1]) {
			return model.NewError("usage", "An account of kind %s has no --%s. Leave it out, or choose the kind that has it with --kind.",
				kind, f[0])
		}
	}
	return nil
}

func (c *cli) addAccount(ctx context.Context, f accountFlags) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	a, err := c.knownAccount(ctx, s, trimmed(f.account))
	if err != nil {
		return err
	}
	secrets, err := c.checkedSecrets(&a, f)
	if err != nil {
		return err
	}
	if err := s.Accounts().Save(ctx, &a, secrets); err != nil {
		return err
	}
	next, verb := "Test it", "test"
	if a.SignsIn() {
		next, verb = "Sign in", "login"
	}
	c.say("The account %q was saved. %s with: stepdeck account %s %q", a.Name, next, verb, a.Name)
	c.warnOfKey(a, secrets)
	if strings.HasPrefix(a.AccessKeyID, "ASIA") && secrets.SessionToken == "" && a.Endpoint == "" {
		c.say("%s", c.paint(yellow, "Warning: AWS takes a temporary key only with its session token. Add it: --session-token-env."))
	}
	c.warnOfProfile(ctx, s, a)
	if a.SignsIn() && a.Region == "" {
		c.say("It has no --region: it is tested in %s, and its shells and profile lines have no region.", s.Accounts().TestRegion(a))
	}
	return nil
}

// checkedSecrets returns the secrets of an account that is all right. Where its access key is not given, the text of the secret key
// may tell it.
func (c *cli) checkedSecrets(a *model.Account, f accountFlags) (secrets model.AccountSecrets, err error) {
	var read bool
	if a.AccessKeyID == "" && (f.secretKeyFile != "" || f.secretKeyEnv != "" || f.secretKeyStdin) {
		if secrets, err = c.accountSecrets(a, f); err != nil {
			return secrets, err
		}
		read = true
	}
	if err := f.faults(*a, secrets); err != nil || read {
		return secrets, err
	}
	if secrets, err = c.accountSecrets(a, f); err != nil {
		return secrets, err
	}
	return secrets, f.faults(*a, secrets)
}

// trimmed returns an account without the spaces around what was entered for it.
func trimmed(a model.Account) model.Account {
	for _, field := range []*string{
		&a.AccessKeyID, &a.MFADevice, &a.Profile, &a.StartURL, &a.SignInRegion, &a.AWSID, &a.RoleName, &a.Process, &a.Region, &a.Endpoint,
	} {
		*field = strings.TrimSpace(*field)
	}
	return a
}

// knownAccount returns the account of the given one's name with the given description and region, or the given one if there is
// none of its name.
func (c *cli) knownAccount(ctx context.Context, s *app.Services, given model.Account) (model.Account, error) {
	known, err := s.Accounts().Account(ctx, given.Name)
	if model.ErrorCode(err) == model.CodeAccountUnknown {
		return given, nil
	}
	if err != nil {
		return given, err
	}
	if key, has, differs := known.Differs(given); differs {
		return given, model.NewError("account.other",
			"The account %q already exists with --%s %q. Choose another name, or remove it first.", known.Name, flagOf(key), has)
	}
	if given.Description != "" {
		known.Description = given.Description
	}
	if given.Region != "" {
		known.Region = given.Region
	}
	return known, nil
}
