// Package sandbox serves the loopback AWS by itself, for trying things out with aws and other programs.
package sandbox

import (
	"context"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// Sandbox is one that serves.
type Sandbox struct {
	*sandbox.Server
	Key        sandbox.Key // opens this sandbox alone and dies with it
	AWSAccount string      // id of the AWS account that the key is in
}

// Start serves on a loopback port, 0 for a free one, until it is closed.
func Start(ctx context.Context, port int) (Sandbox, error) {
	key := sandbox.NewKey()
	server, err := sandbox.Start(ctx, sandbox.Options{Keys: []sandbox.Key{key}, Port: port, Metadata: &sandbox.Metadata{}})
	return Sandbox{server, key, sandbox.AccountID}, err
}
