package command

import (
	"context"
	"fmt"
	"slices"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// codeTerminalNeeded is the code of the error that a person has to be asked, and there is no terminal.
const codeTerminalNeeded = "signin.terminal"

// needsPerson reports whether an error says that a person has to sign in or to enter a code.
func needsPerson(err error) bool {
	switch model.ErrorCode(err) {
	case model.CodeSignInNeeded, model.CodeSignInEnded, model.CodeMFANeeded, codeTerminalNeeded:
		return true
	}
	return false
}

// asks reports whether there is a person to ask.
func (c *cli) asks() bool { return c.Terminal && c.ReadSecret != nil }

// codes are the codes of MFA devices: the first one is that of --mfa-code-env, the others are asked for.
type codes struct {
	cli   *cli
	given string // empty: none, or it was used
	from  string // the variable
}

// codes returns the codes that a command can use. variable is the value of --mfa-code-env.
func (c *cli) codes(variable string) (*codes, error) {
	k := &codes{cli: c, from: variable}
	if variable == "" {
		return k, nil
	}
	var err error
	k.given, err = c.secretFromEnv(variable, "code that the MFA device shows now")
	return k, err
}

// of returns what asks for a code of an account's device; nil if there is nobody to ask.
func (k *codes) of(a model.Account) runner.AskCode {
	if k.from == "" && !k.cli.asks() {
		return nil
	}
	return func(_ context.Context, device string, because error) (string, error) {
		if code := k.given; code != "" {
			k.given = ""
			return code, nil
		}
		switch {
		case k.cli.asks():
		case because != nil:
			return "", because
		default:
			return "", model.NewError(model.CodeMFANeeded, "Account %q needs a code of the MFA device %s, and that of %s was used already. "+
				"Each account needs its own.", a.Name, device, k.from)
		}
		if because != nil {
			k.cli.say("%s", k.cli.paint(red, sentence(because)))
		}
		code, err := k.cli.askSecret("Code of the MFA device " + device + " of account " + a.Name)
		return code, notEntered(err, fmt.Sprintf("No code was entered, so there is no session of account %q.", a.Name))
	}
}

// askIdentities asks a person to sign in and to enter codes before the run, once for each sign-in and account whose need is known
// on this computer. What only AWS knows, the run asks when AWS says it.
func (c *cli) askIdentities(ctx context.Context, s *app.Services, req runner.Request, f runFlags) error {
	asks := c.asks() && !f.events && !f.asJSON
	if !asks && f.mfaCodeEnv == "" {
		return nil
	}
	codes, err := c.codes(f.mfaCodeEnv)
	if err != nil {
		return err
	}
	plan, err := s.Runs().Runner().Plan(ctx, req)
	if err != nil || len(plan.Refused()) > 0 {
		return err // the run says what is wrong
	}
	for _, a := range accountsOf(plan) {
		if a.SignsIn() && !asks {
			continue
		}
		if err := c.answerIdentity(ctx, s, a, codes); err != nil {
			c.say("%s%s", c.paint(red, "stepdeck: "), block(sentence(err)))
			return exitCode(runner.ExitRefused)
		}
	}
	return nil
}

// accountsOf returns the accounts of a plan's steps, as far as they are known, each once.
func accountsOf(p runner.Plan) []model.Account {
	var list []model.Account
	for _, s := range p.Steps {
		a := s.Account
		known := slices.ContainsFunc(list, func(l model.Account) bool { return l.ID == a.ID })
		if !s.NoAccount && !s.Late && a.ID != "" && !known {
			list = append(list, a)
		}
	}
	return list
}

// answerIdentity asks for what an account needs before the run, if that is known.
func (c *cli) answerIdentity(ctx context.Context, s *app.Services, a model.Account, codes *codes) error {
	if a.Kind == model.KindProfile && codes.given != "" { // only AWS knows whether it needs the code
		err := c.enterCode(ctx, s, a, codes)
		if codes.given != "" {
			return nil // it was not asked for: the run says what is wrong, if anything
		}
		return err
	}
	needed, err := s.SignIns().NeedsPerson(ctx, a)
	if err != nil || !needed {
		return err
	}
	if !a.SignsIn() {
		return c.askOnce(ctx, s, runner.MFACode{Account: a}, a, func(ctx context.Context) error { return c.enterCode(ctx, s, a, codes) })
	}
	return c.askOnce(ctx, s, runner.SignInNeeded{Account: a}, a, func(ctx context.Context) error {
		return c.signIn(ctx, s, a, c.wayToSignIn())
	})
}

// askOnce asks unless another Stepdeck does, whose answer it waits for.
func (c *cli) askOnce(ctx context.Context, s *app.Services, q runner.Question, a model.Account, ask func(context.Context) error) error {
	busy := func() { c.say("Another Stepdeck asks for this already. The run goes on when it has its answer.") }
	return s.SignIns().AskOnce(ctx, a, q.Key(), busy, ask)
}
