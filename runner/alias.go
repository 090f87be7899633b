package runner

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

// Aliases keeps the aliases of AWS accounts.
type Aliases interface {
	// KeepAlias keeps the alias that AWS said; empty if it said none.
	KeepAlias(ctx context.Context, awsID, alias string) error
}

// named returns an AWS account with its alias. AWS is asked once, by the first session in the account, and again if a person asks who
// an account is. What goes wrong is no error: many users may not read it.
func (s *sessions) named(ctx context.Context, a model.AWSAccount, in awsenv.Session, again bool) model.AWSAccount {
	keeper := s.runner.deps.Aliases
	if keeper == nil || in.Identity.Sandbox || a.AliasAsked && !again {
		return a
	}
	a.Alias, a.AliasAsked = awsenv.AccountAlias(ctx, s.network, in), true
	if err := keeper.KeepAlias(context.WithoutCancel(ctx), a.ID, a.Alias); err != nil {
		s.runner.deps.Log.Warn("keep the alias of an AWS account", "error", err)
	}
	return a
}
