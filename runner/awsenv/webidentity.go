package awsenv

import (
	"context"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/stepdeck/stepdeck/model"
)

// webIdentity exchanges the token in a file for a role's session.
func (b *resolution) webIdentity(ctx context.Context, file, arn, name string) error {
	role := Role{AssumeRole: model.AssumeRole{ARN: strings.TrimSpace(arn), SessionName: strings.TrimSpace(name)}}
	if err := checkRole(role, b.stsRegion()); err != nil {
		return err
	}
	token, err := readToken(file)
	if err != nil {
		return err
	}
	b.stage, b.role = exchanging, &role
	b.conceal(token)
	answer, err := b.client().AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: aws.String(role.ARN), RoleSessionName: aws.String(b.sessionName(role.SessionName)), WebIdentityToken: aws.String(token),
	})
	if err != nil {
		return b.explain(ctx, err)
	}
	return b.useIssued(answer.Credentials, roleSession)
}

// Tokens have a few kilobytes. Source: STS API reference, AssumeRoleWithWebIdentity.
const longestToken = 20000

func readToken(file string) (string, error) {
	body, err := os.ReadFile(file)
	if err != nil {
		return "", model.NewError("AWS-LOGIN-ERROR-0006",
			"The file %s with the web identity token can't be read. Check AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file of the profile.",
			file).Because(err)
	}
	token := strings.TrimSpace(string(body))
	if len(token) < 4 || len(token) > longestToken {
		return "", model.NewError("AWS-LOGIN-ERROR-0006", "The file %s contains no web identity token. Check what writes it.", file)
	}
	return token, nil
}
