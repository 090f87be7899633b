package awsenv

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// RetryAtOnce makes the network try as often as ever but without pauses, for tests of what is said in the end.
func (n *Network) RetryAtOnce() {
	n.retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = 3
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}
}

// Overrides are the endpoints that the network takes instead of AWS's own.
func (n *Network) Overrides() (sts, metadata string) { return n.stsEndpoint, n.metadataEndpoint }

// Notices are what it has to say about them.
func (n *Network) Notices() int { return len(n.notices) }

// AliasesOf is what a file of aliases defines.
var AliasesOf = aliases
