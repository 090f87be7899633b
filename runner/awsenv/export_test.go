package awsenv

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// RetryAtOnce removes the pauses between attempts, for tests of the final error.
func (n *Network) RetryAtOnce() {
	n.retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = 3
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}
}

// Overrides returns the endpoints that the network uses instead of AWS's own.
func (n *Network) Overrides() (sts, metadata string) { return n.stsEndpoint, n.metadataEndpoint }

// Notices returns the warnings about them.
func (n *Network) Notices() int { return len(n.notices) }

// AliasesOf returns the names that an alias file defines.
var AliasesOf = aliases

// Container returns the URL of the container's credentials.
func (n *Network) Container() string { return n.here.container() }

// SayAtOnce makes the network say at once that there is no answer yet.
func (n *Network) SayAtOnce() { n.untilSaid = 0 }

// Place names what is asked in a region.
func Place(ctx context.Context, n *Network, region string) string {
	return (&resolution{Request: Request{Network: n, Region: region}}).place(ctx)
}
