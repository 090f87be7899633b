// Package sandbox serves the AWS sandbox without a run, for trying things out with aws and other programs.
package sandbox

import (
	"context"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// Sandbox is a running sandbox.
type Sandbox struct {
	*sandbox.Server
	Key        sandbox.Key // valid for this sandbox only
	AWSAccount string      // id of the key's AWS account
}

// Start starts a sandbox on a loopback port (0: any free port), which serves until it is closed.
func Start(ctx context.Context, port int) (Sandbox, error) {
	key := sandbox.NewKey()
	server, err := sandbox.Start(ctx, sandbox.Options{Keys: []sandbox.Key{key}, Port: port, Metadata: &sandbox.Metadata{}})
	return Sandbox{server, key, sandbox.AccountID}, err
}
