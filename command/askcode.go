package command

import (
	"context"

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
		return k.cli.askSecret("Code of the MFA device " + device + " of account " + a.Name)
	}
}

// askIdentities asks a person to sign in and to enter codes, once for each sign-in and account of the run. It asks AWS only if
// an account can need that.
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
	if err != nil || !mayAsk(plan) {
		return err
	}
	for answered := map[string]bool{}; ; {
		pre, err := s.Runs().Runner().Preflight(ctx, req, runner.PreflightOptions{Verify: true})
		if err != nil || len(pre.Refusals) > 0 {
			return err // the run says what is wrong
		}
		more := false
		for _, q := range pre.Questions {
			if answered[q.Key()] || !c.answers(q, asks) {
				continue
			}
			if err := c.answerIdentity(ctx, s, q, codes); err != nil {
				c.say("%s%s", c.paint(red, "stepdeck: "), block(sentence(err)))
				return exitCode(runner.ExitRefused)
			}
			answered[q.Key()], more = true, true
		}
		if !more {
			return nil
		}
	}
}

// mayAsk reports whether an account of the plan can need a person.
func mayAsk(p runner.Plan) bool {
	for _, s := range p.Steps {
		if a := s.Account; !s.NoAccount && (a.SignsIn() || a.MFADevice != "" || a.Kind == model.KindProfile) {
			return true
		}
	}
	return false
}

// answers reports whether a person, or without one the variable of --mfa-code-env, answers the question.
func (c *cli) answers(q runner.Question, asks bool) bool {
	switch q.(type) {
	case runner.SignInNeeded:
		return asks
	case runner.MFACode:
		return true
	}
	return false
}

func (c *cli) answerIdentity(ctx context.Context, s *app.Services, q runner.Question, codes *codes) error {
	if q, ok := q.(runner.SignInNeeded); ok {
		return c.signIn(ctx, s, q.Account, c.wayToSignIn())
	}
	if q, ok := q.(runner.MFACode); ok {
		return c.enterCode(ctx, s, q.Account, codes)
	}
	return nil
}
