package command

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/browser"
	"github.com/stepdeck/stepdeck/model"
)

const mfaCodeUsage = "environment variable that contains the code of the MFA device"

func (c *cli) accountLogin() *cobra.Command {
	var elsewhere bool
	var codeEnv string
	cmd := &cobra.Command{
		Use: "login NAME", Short: "Sign in for an account, or enter the code of its MFA device",
		Long: `Sign in for an account, or enter the code of its MFA device.

Accounts of kind identity-center and console are signed in for in a browser: that of this computer, or with
--other-browser that of any other one, which is the way over SSH and without a display too. A code of an MFA device opens
a session that all runs use until it ends.`,
		Example: `  stepdeck account login Team
  stepdeck account login Team --other-browser
  stepdeck account login Website --mfa-code-env MFA_CODE`,
		Args:              exactly(1, "the name of the account"),
		ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, a, err := c.accountNamed(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			codes, err := c.codes(codeEnv)
			if err != nil {
				return err
			}
			way := c.wayToSignIn()
			if elsewhere {
				way = model.SignInElsewhere
			}
			switch {
			case a.SignsIn() && codeEnv != "":
				return model.NewError("usage", "An account of kind %s has no MFA device here: AWS asks for its code in the browser. "+
					"Leave out --mfa-code-env.", a.Kind)
			case !a.SignsIn() && elsewhere:
				return model.NewError("usage", "Nobody signs in with a browser for an account of kind %s. Leave out --other-browser.", a.Kind)
			case a.SignsIn():
				return c.signIn(cmd.Context(), s, a, way)
			}
			return c.enterCode(cmd.Context(), s, a, codes)
		},
	}
	cmd.Flags().BoolVar(&elsewhere, "other-browser", false, "sign in with a browser of any computer")
	cmd.Flags().StringVar(&codeEnv, "mfa-code-env", "", mfaCodeUsage)
	return cmd
}

// accountNamed returns the services and the account with that name.
func (c *cli) accountNamed(ctx context.Context, name string) (*app.Services, model.Account, error) {
	s, err := c.open(ctx)
	if err != nil {
		return nil, model.Account{}, err
	}
	a, err := s.Accounts().Account(ctx, name)
	return s, a, err
}

// enterCode opens the session that an account gets for the code of its MFA device.
func (c *cli) enterCode(ctx context.Context, s *app.Services, a model.Account, codes *codes) error {
	if a.Kind != model.KindProfile && a.MFADevice == "" {
		return model.NewError("account.login.none", "Nobody signs in for account %q: it is of kind %s and has no MFA device.", a.Name, a.Kind)
	}
	v, err := s.Accounts().TestWithCode(ctx, a.Name, codes.of(a))
	c.notices(v.Notices)
	if err != nil {
		return err
	}
	if v.Identity.Expires.IsZero() {
		c.say("The account %q needs no code. It is %s.", a.Name, v.ARN)
		return nil
	}
	c.say("The account %q is %s until %s.", a.Name, v.ARN, localTime(v.Identity.Expires))
	return nil
}

func (c *cli) notices(list []*model.Error) {
	for _, n := range list {
		c.say("%s", c.paint(yellow, n.Error()))
	}
}

// signIn signs a person in for an account, and says until when.
func (c *cli) signIn(ctx context.Context, s *app.Services, a model.Account, way model.SignInWay) error {
	if a.Kind == model.KindConsole && way == model.SignInElsewhere && !c.asks() {
		return model.NewError(codeTerminalNeeded,
			"Can't ask for the text that the page of account %q shows without a terminal. Sign in at one.", a.Name)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // then the browser needn't be led on any more
	show := func(step model.SignInStep) { c.showSignIn(ctx, s, a, way, step) }
	paste := func(context.Context) (string, error) {
		text, err := c.askSecret("Text of the page")
		return text, notEntered(err, fmt.Sprintf("No text was entered, so nobody is signed in for account %q.", a.Name))
	}
	signed, err := s.SignIns().SignIn(ctx, a, way, show, paste)
	if err != nil {
		return err
	}
	text := "Signed in"
	if signed.Who != "" {
		text += " as " + signed.Who
	}
	if !signed.Ends.IsZero() {
		text += " until " + localTime(signed.Ends)
	}
	c.say("%s.", c.paint(green, text))
	if signed.Notice != "" {
		c.say("%s", c.paint(yellow, signed.Notice))
	}
	return nil
}

// showSignIn says what a person has to do, and opens the browser of this computer.
func (c *cli) showSignIn(ctx context.Context, s *app.Services, a model.Account, way model.SignInWay, step model.SignInStep) {
	if step.Problem != nil {
		c.say("%s", c.paint(red, sentence(step.Problem)))
		return
	}
	switch {
	case step.Paste:
		c.say("To sign in for account %q, open this page in any browser, and copy the text that it shows at the end:", a.Name)
	case step.Code != "":
		c.say("To sign in for account %q, open this page in any browser, and check that it shows the code %s:", a.Name, step.Code)
	default:
		c.say("To sign in for account %q, go on in the browser, or open this page in a browser of this computer:", a.Name)
	}
	c.say("  %s", step.URL)
	c.say("Waiting until %s.", localTime(step.Until))
	if way != model.SignInHere || c.OpenURL == nil {
		return
	}
	open := func(ctx context.Context, address string) error {
		return c.OpenURL(ctx, s.Settings().Now().Browser(), address)
	}
	if err := browser.StartOnce(ctx, step.URL, open); err != nil { // others can read the browser's arguments, but not this terminal
		c.say("%s", c.paint(yellow, "The browser could not be started. Open the page yourself: it is the one above."))
	}
}

// signedIn does work. If a person has to sign in first and there is one, it asks for that and does work again.
func (c *cli) signedIn(ctx context.Context, s *app.Services, a model.Account, work func() error) error {
	err := work()
	if !needsPerson(err) || !a.SignsIn() {
		return err
	}
	if !c.asks() {
		return hinted{err, loginHint(a)}
	}
	c.say("%s", err)
	if err := c.signIn(ctx, s, a, c.wayToSignIn()); err != nil {
		return err
	}
	return work()
}

func (c *cli) accountLogout() *cobra.Command {
	return &cobra.Command{
		Use: "logout NAME", Short: "End the sign-in of an account, or forget the session that a code opened",
		Args: exactly(1, "the name of the account"), ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			s, a, err := c.accountNamed(ctx, args[0])
			if err != nil {
				return err
			}
			if !a.SignsIn() {
				if err := s.SignIns().ForgetKeptKeys(ctx, a); err != nil {
					return err
				}
				c.say("The account %q has no session any more on this computer.", a.Name)
				return nil
			}
			_, found, err := s.SignIns().SignInOf(ctx, a)
			if err != nil {
				return err
			}
			if !found {
				c.say("Nobody is signed in for account %q.", a.Name)
				return nil
			}
			others, err := c.othersSignedIn(ctx, s, a)
			if err != nil {
				return err
			}
			if err := s.SignIns().SignOut(ctx, a); err != nil {
				return err
			}
			c.say("Signed out for account %q.", a.Name)
			if len(others) > 0 {
				c.say("The same sign-in served: %s", strings.Join(others, ", "))
			}
			return nil
		},
	}
}

// othersSignedIn returns the names of the other accounts with the same sign-in.
func (c *cli) othersSignedIn(ctx context.Context, s *app.Services, a model.Account) ([]string, error) {
	all, err := s.Accounts().Accounts(ctx)
	var names []string
	for _, other := range all {
		if other.ID != a.ID && other.SignInKey() == a.SignInKey() {
			names = append(names, other.Name)
		}
	}
	return names, err
}

func (c *cli) accountSignIns() *cobra.Command {
	return listed(c, "sign-ins", "List the sign-ins of this computer", 0, "no argument", table[model.SignIn]{
		header: []string{"SIGN-IN", "KIND", "REGION", "SIGNED IN", "UNTIL", "AS"},
		none:   "Nobody has signed in on this computer. Sign in with: stepdeck account login NAME",
		read: func(ctx context.Context, _ []string) ([]model.SignIn, error) {
			s, err := c.open(ctx)
			if err != nil {
				return nil, err
			}
			return s.SignIns().SignIns(ctx)
		},
		record: func(i model.SignIn) any { return newSignInRecord(i) },
		row: func(i model.SignIn) []string {
			return []string{i.Name, string(i.Kind), i.Region, localTime(i.At), cmp.Or(localTime(i.Ends), "renewed until AWS ends it"), i.Who}
		},
	})
}

func (c *cli) accountProfiles() *cobra.Command {
	return listed(c, "profiles", "List the profiles of ~/.aws, without running any program that they name", 0, "no argument",
		table[model.Profile]{
			header: []string{"PROFILE", "REGION", "KEYS FROM"},
			none:   "There are no profiles in ~/.aws.",
			read: func(ctx context.Context, _ []string) ([]model.Profile, error) {
				s, err := c.open(ctx)
				if err != nil {
					return nil, err
				}
				return s.SignIns().Profiles(ctx)
			},
			record: func(p model.Profile) any { return newProfileRecord(p) },
			row: func(p model.Profile) []string {
				r := newProfileRecord(p)
				return []string{r.Name, r.Region, r.About + r.Problem}
			},
		})
}

func (c *cli) accountRoles() *cobra.Command {
	var portal model.Account
	cmd := listed(c, "roles [NAME]", "List the AWS accounts and roles that an access portal leads to", 1,
		"the name of the account", table[model.PortalRole]{
			header: []string{"AWS ACCOUNT", "NAME", "ROLE", "OWNER"},
			none:   "The access portal leads to no AWS account.",
			read: func(ctx context.Context, args []string) (list []model.PortalRole, err error) {
				s, a, err := c.portalOf(ctx, args, portal)
				if err != nil {
					return nil, err
				}
				err = c.signedIn(ctx, s, a, func() error {
					list, err = s.SignIns().PortalRoles(ctx, a)
					return err
				})
				return list, err
			},
			record: func(r model.PortalRole) any { return newPortalRoleRecord(r) },
			row:    func(r model.PortalRole) []string { return []string{r.AWSID, r.Account, r.Role, r.Email} },
		})
	cmd.Long = "List the AWS accounts and roles that an access portal of IAM Identity Center leads to: that of an account, or that of\n" +
		"--start-url, for which nothing has to be saved yet. At a terminal it asks for the sign-in first."
	cmd.Example = `  stepdeck account roles Team
  stepdeck account roles --start-url https://d-1234567890.awsapps.com/start --sign-in-region eu-west-1`
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if portal.StartURL != "" {
			return exactly(0, "no name with --start-url")(cmd, args)
		}
		return exactly(1, "the name of an account, or --start-url and --sign-in-region")(cmd, args)
	}
	cmd.Flags().StringVar(&portal.StartURL, "start-url", "", "start URL of an access portal for which there is no account")
	cmd.Flags().StringVar(&portal.SignInRegion, "sign-in-region", "", "region of its IAM Identity Center")
	cmd.Flags().StringVar(&portal.Endpoint, "endpoint", "", "URL of an endpoint other than AWS")
	cmd.MarkFlagsRequiredTogether("start-url", "sign-in-region")
	cmd.ValidArgsFunction = c.complete(firstArg(completeAccounts))
	return cmd
}

// portalOf returns the account whose access portal is meant: a saved one, or one that only names the portal.
func (c *cli) portalOf(ctx context.Context, args []string, portal model.Account) (*app.Services, model.Account, error) {
	if len(args) == 0 {
		portal = trimmed(portal)
		portal.Kind, portal.Name = model.KindIdentityCenter, portal.StartURL
		if err := portalFaults(portal); err != nil {
			return nil, portal, err
		}
		s, err := c.open(ctx)
		return s, portal, err
	}
	s, a, err := c.accountNamed(ctx, args[0])
	if err == nil && a.Kind != model.KindIdentityCenter {
		err = model.NewError("account.roles.kind",
			"The account %q is of kind %s and has no access portal. Name one of kind identity-center, or a portal with --start-url.", a.Name, a.Kind)
	}
	return s, a, err
}

// portalFaults returns what is wrong with the flags that name an access portal for which there is no account: one has no more fields.
func portalFaults(portal model.Account) error {
	faults := slices.DeleteFunc(portal.Check(), func(p model.Problem) bool {
		return p.Field != "startUrl" && p.Field != "signInRegion" && p.Field != "endpoint"
	})
	return flagFaults("The access portal", faults, func(field string) string { return "--" + flagOf(field) })
}
