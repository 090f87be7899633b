// Package sandbox serves the AWS sandbox without a run, for trying things out with aws and other programs.
package sandbox

import (
	"context"
	"time"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// Options configures a sandbox. A lifetime of 0 is that of AWS.
type Options struct {
	Port           int           // loopback port; 0 for any free port
	KeyLifetime    time.Duration // of the keys that a sign-in, a container or an instance gets
	TokenLifetime  time.Duration // of the access tokens of IAM Identity Center
	SignInLifetime time.Duration // how long keys and tokens can be renewed
	TokenSize      int           // of session tokens in bytes; 0 for the usual size
}

// Sandbox is a running sandbox.
type Sandbox struct {
	*sandbox.Server
	Key        sandbox.Key // valid for this sandbox only
	AWSAccount string      // id of the key's AWS account
	Region     string      // of the sign-in services
	MFA        sandbox.MFADevice
	Roles      []sandbox.Role // that can be assumed
}

// OtherRole is a role in another AWS account than the key's.
const OtherRole = "arn:aws:iam::111111111111:role/deployer"

// Start starts a sandbox with everything that a person can sign in with. It serves until it is closed.
func Start(ctx context.Context, o Options) (Sandbox, error) {
	s := Sandbox{Key: sandbox.NewKey(), AWSAccount: sandbox.AccountID, Region: sandbox.DefaultRegion, MFA: sandbox.NewMFADevice()}
	s.Roles = append(sandbox.DefaultRoles(), sandbox.Role{ARN: OtherRole, MaxSession: int((12 * time.Hour).Seconds())})
	var err error
	s.Server, err = sandbox.Start(ctx, sandbox.Options{
		Roles: s.Roles, Keys: []sandbox.Key{s.Key},
		MFADevices: []sandbox.MFADevice{s.MFA}, Aliases: map[string]string{s.AWSAccount: "sandbox"}, Port: o.Port,
		TokenSize:      o.TokenSize,
		IdentityCenter: &sandbox.IdentityCenter{TokenLifetime: o.TokenLifetime, Session: o.SignInLifetime, RoleLifetime: o.KeyLifetime},
		Console:        &sandbox.Console{Lifetime: min(o.KeyLifetime, sandbox.MaxConsoleLifetime), Session: o.SignInLifetime},
		Container:      &sandbox.Container{Session: o.KeyLifetime},
		Metadata:       &sandbox.Metadata{Session: o.KeyLifetime},
	})
	return s, err
}
