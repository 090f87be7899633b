package signin

import (
	"context"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/loopback"
)

// longestConsole is how long a sign-in with the console can be renewed. Source: AWS Sign-In User Guide, "Sign in through the AWS
// Command Line Interface".
const longestConsole = 12 * time.Hour

func (s *Service) signInToConsole(ctx context.Context, a model.Account, way model.SignInWay, by person) (model.SignIn, error) {
	network, err := s.reach()
	if err != nil {
		return model.SignIn{}, err
	}
	o := network.ConsoleOptions(a, s.deps.Now)
	sign := consoleHere
	if way == model.SignInElsewhere {
		sign = consoleElsewhere
	}
	tokens, err := sign(ctx, o, s.deps.Now().Add(loopback.Patience), by)
	if err != nil {
		return model.SignIn{}, err
	}
	signIn := model.SignIn{
		Key: a.SignInKey(), Kind: a.Kind, Name: a.Name, Region: tokens.Region, Endpoint: a.Endpoint,
		Who: tokens.Session, At: s.deps.Now(), Ends: s.consoleEnds(),
	}
	before, _, err := s.SignInOf(ctx, a)
	if err != nil {
		return model.SignIn{}, err
	}
	if err := saveNewTokens(ctx, s, &signIn, tokens); err != nil {
		return signIn, err
	}
	signIn.Notice = s.noticeOf(ctx, a, before, signIn)
	return signIn, nil
}

func consoleHere(ctx context.Context, o console.Options, until time.Time, by person) (console.Tokens, error) {
	attempt, err := console.Begin(ctx, o)
	if err != nil {
		return console.Tokens{}, err
	}
	defer attempt.Close()
	by.show(model.SignInStep{URL: attempt.URL, Until: until})
	return attempt.Wait(ctx)
}

// consoleElsewhere asks again for a text that was not pasted whole.
func consoleElsewhere(ctx context.Context, o console.Options, until time.Time, by person) (console.Tokens, error) {
	attempt, err := console.BeginElsewhere(ctx, o)
	if err != nil {
		return console.Tokens{}, err
	}
	defer attempt.Close()
	step := model.SignInStep{URL: attempt.URL, Paste: true, Until: until}
	for {
		by.show(step)
		text, err := by.paste(ctx)
		if err != nil {
			return console.Tokens{}, err
		}
		tokens, err := attempt.Finish(ctx, text)
		if model.ErrorCode(err) != "signin.pasted" {
			return tokens, err
		}
		step.Problem = err
	}
}
