package awsenv

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/federation"
)

// federatedName is the name of the federated user that opens the console with a long-lived access key. CloudTrail names the key's
// user beside it.
const federatedName = "stepdeck"

// forConsole makes the current keys ones that the console takes. Those of a role are. A long-lived access key asks for a federated
// user's, which may do what the user may, but call IAM and STS only in the console. The session that a code of an MFA device opened
// is neither, and AWS gives no other for it.
func (b *resolution) forConsole(ctx context.Context) error {
	switch {
	case b.keys.SessionToken == "":
		return b.within(ctx, b.federate)
	case b.kind == userSession:
		return model.NewError("console.mfa", "AWS doesn't open the console with the session that a code of an MFA device opened. "+
			"Assume a role with account %q.", b.Account.Name)
	}
	return nil
}

func (b *resolution) federate(ctx context.Context) error {
	b.stage = federating
	everything := "arn:" + partition(b.stsRegion()) + ":iam::aws:policy/AdministratorAccess" // what the user may not do stays refused
	answer, err := b.client().GetFederationToken(ctx, &sts.GetFederationTokenInput{
		Name: aws.String(federatedName), PolicyArns: []types.PolicyDescriptorType{{Arn: aws.String(everything)}},
	})
	if err != nil {
		return b.explain(ctx, err)
	}
	return b.useIssued(answer.Credentials, userSession)
}

// lasting reports whether the console session may be longer than AWS's hour.
func (b *resolution) lasting() bool {
	return b.kind == roleSession && !b.chained && b.Account.Kind != model.KindInstanceRole
}

// CodeConsoleRefused is the code of the error that AWS opens no console with the keys of a session.
const CodeConsoleRefused = federation.CodeRefused

// ConsoleURL returns the address of a page that signs a browser in to the console as the identity of a session that was resolved for
// the console. Whoever opens the page is signed in: it is a secret.
func ConsoleURL(ctx context.Context, n *Network, s Session, service string, now func() time.Time) (string, error) {
	keys := s.Credentials()
	return federation.URL(ctx, federation.Request{
		AccessKeyID: keys.AccessKeyID, SecretKey: keys.SecretAccessKey, SessionToken: keys.Token,
		Partition: model.PartitionOfARN(s.Identity.ARN), Region: s.Region, Service: service, Endpoint: s.Identity.Endpoint,
		Lasting: s.Lasting, Client: n.client, Now: now,
	})
}
