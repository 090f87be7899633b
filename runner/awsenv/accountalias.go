package awsenv

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	static "github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/stepdeck/stepdeck/model"
)

// aliasPatience is how long AWS may take to say an account's alias, which nothing depends on: some networks lead to STS only.
const aliasPatience = 3 * time.Second

// AccountAlias returns the alias of the AWS account that a session acts in; empty if there is none, or if the session may not read it.
func AccountAlias(ctx context.Context, n *Network, s Session) string {
	ctx, cancel := context.WithTimeout(ctx, aliasPatience)
	defer cancel()
	keys := s.Credentials()
	region := cmp.Or(known(s.Region), mainRegion(model.PartitionOfARN(s.Identity.ARN)), DefaultRegion)
	client := iam.New(iam.Options{
		Region: region, HTTPClient: n.client, AppID: "Stepdeck", Retryer: aws.NopRetryer{},
		Credentials: static.NewStaticCredentialsProvider(keys.AccessKeyID, keys.SecretAccessKey, keys.Token),
	}, func(o *iam.Options) {
		if s.Identity.Endpoint != "" {
			o.BaseEndpoint = aws.String(s.Identity.Endpoint)
			return
		}
		if n.fips {
			o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
		}
	})
	answer, err := client.ListAccountAliases(ctx, &iam.ListAccountAliasesInput{})
	if err != nil || len(answer.AccountAliases) == 0 || !model.IsAccountAlias(answer.AccountAliases[0]) {
		return ""
	}
	return answer.AccountAliases[0]
}
