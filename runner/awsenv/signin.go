package awsenv

import (
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// Client sends requests to AWS as everything else of this computer does.
func (n *Network) Client() transport.Client { return n.client }

// IdentityCenterOptions returns how IAM Identity Center is reached for an account.
func (n *Network) IdentityCenterOptions(a model.Account, now func() time.Time) identitycenter.Options {
	return identitycenter.Options{
		StartURL: a.StartURL, Region: a.SignInRegion, Endpoint: a.Endpoint, FIPS: n.fips, DualStack: n.dualStack, Client: n.client,
		Now: now, // the portal has pauses of its own between attempts
	}
}

// ConsoleOptions returns how a sign-in with the AWS console is reached for an account.
func (n *Network) ConsoleOptions(a model.Account, now func() time.Time) console.Options {
	return console.Options{
		Region: a.SignInRegion, Endpoint: a.Endpoint, FIPS: n.fips, DualStack: n.dualStack, Client: n.client, Now: now,
		Retryer: n.retryer(),
	}
}
