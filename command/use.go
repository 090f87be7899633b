package command

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// useFlags are the flags of commands by which something other than a run uses an account.
type useFlags struct {
	roles, confirm     []string
	region, mfaCodeEnv string
}

func (f *useFlags) declare(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.roles, "role", nil, "ARN of a role to assume; several are assumed one after the other")
	cmd.Flags().StringArrayVar(&f.confirm, "confirm", nil, "id or label of a protected AWS account that may be used")
	cmd.Flags().StringVar(&f.region, "region", "", "AWS region; without it that of the account")
	_ = cmd.RegisterFlagCompletionFunc("region", cobra.FixedCompletions(nil, cobra.ShellCompDirectiveNoFileComp))
}

func (f *useFlags) declareCodes(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.mfaCodeEnv, "mfa-code-env", "", mfaCodeUsage)
}

func (f *useFlags) check() error {
	for _, arn := range f.roles {
		if err := model.CheckRoleARN(arn); err != nil {
			return err
		}
	}
	return model.CheckRegion(f.region)
}

// used does work with an account. At a terminal it first asks for what work needs: a sign-in, a code, the confirmation of a protected
// AWS account.
func (c *cli) used(ctx context.Context, s *app.Services, a model.Account, f useFlags, work func(runner.Use) error) error {
	if err := f.check(); err != nil {
		return err
	}
	codes, err := c.codes(f.mfaCodeEnv)
	if err != nil {
		return err
	}
	u := runner.Use{
		Account: a, Roles: f.roles, Region: strings.ToLower(strings.TrimSpace(f.region)), Confirm: slices.Clone(f.confirm), Ask: codes.of(a),
	}
	err = c.signedIn(ctx, s, a, func() error { return work(u) })
	q, protected := runner.QuestionOf(err).(runner.Confirmation)
	if !protected || !c.asks() || len(u.Confirm) > 0 {
		return err
	}
	c.say("%s", c.paint(yellow, plain(err)))
	typed, asked := c.askLine(q.Account.String(), "Type "+q.Account.String()+" to use it: its id or its label", "")
	if asked != nil {
		return errors.Join(err, asked)
	}
	u.Confirm = []string{typed}
	return work(u)
}

// plain returns the sentence of an error without the flag that would help.
func plain(err error) string {
	var known *model.Error
	if errors.As(err, &known) {
		return known.Error()
	}
	return err.Error()
}

// warn prints warnings.
func (c *cli) warn(notices []string) {
	for _, notice := range notices {
		c.say("%s", c.paint(yellow, notice))
	}
}
