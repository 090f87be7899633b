package awsenv

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// Paths of an instance's keys. Source: EC2 User Guide, "Retrieve security credentials from instance metadata".
const (
	tokenPath = "/latest/api/token" //nolint:gosec // a path, not a token
	rolesPath = "iam/security-credentials/"
)

// instanceKeys asks the metadata service: version 2 only, unless the request says otherwise. Version 1 answers anyone who
// can make this computer send a request.
func (b *resolution) instanceKeys(ctx context.Context) error {
	keys, err := b.askMetadata(ctx)
	if err == nil {
		b.use(keys, roleSession)
	}
	return err
}

func (b *resolution) askMetadata(ctx context.Context) (aws.Credentials, error) {
	connection := transport.NewConnection(b.Network.metadata, b.Now)
	token := &tokenWatch{Client: connection}
	client := imds.New(imds.Options{
		Endpoint:          orDefault(b.Network.metadataEndpoint, "http://169.254.169.254"),
		HTTPClient:        token,
		EnableFallback:    aws.BoolTernary(b.MetadataV1),
		ClientEnableState: imds.ClientEnabled, // the user chose this account, so the engine's environment doesn't matter
		Retryer:           b.Network.retryer(),
	})
	names, err := readMetadata(ctx, client, rolesPath)
	if err != nil {
		return aws.Credentials{}, b.explainMetadata(ctx, err, connection)
	}
	role, _, _ := strings.Cut(strings.TrimSpace(names), "\n")
	if role = strings.TrimSpace(role); role == "" {
		return aws.Credentials{}, noRole(nil)
	}
	document, err := readMetadata(ctx, client, rolesPath+url.PathEscape(role))
	if err != nil {
		return aws.Credentials{}, b.explainMetadata(ctx, err, connection)
	}
	if token.missing {
		b.warn("aws.metadata.v1.used",
			"The instance's keys are from version 1 of the metadata service, which is not safe. Allow version 2 on the instance.")
	}
	return readInstanceKeys([]byte(document), role, b.Now())
}

// tokenWatch sees whether the last request had a token, as version 2 of the metadata service demands.
type tokenWatch struct {
	transport.Client
	missing bool
}

func (t *tokenWatch) Do(r *http.Request) (*http.Response, error) {
	t.missing = r.Header.Get("X-Aws-Ec2-Metadata-Token") == ""
	return t.Client.Do(r)
}

func orDefault(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func readMetadata(ctx context.Context, client *imds.Client, path string) (string, error) {
	answer, err := client.GetMetadata(ctx, &imds.GetMetadataInput{Path: path})
	if err != nil {
		return "", err
	}
	defer answer.Content.Close() //nolint:errcheck // it was read to its end
	body, err := io.ReadAll(answer.Content)
	return string(body), err
}

// How far this computer's clock may be behind before new keys seem to come from the future.
const futureTolerance = 5 * time.Minute

func readInstanceKeys(document []byte, role string, now time.Time) (aws.Credentials, error) {
	var d struct {
		Code, Message                       string
		AccessKeyID                         string `json:"AccessKeyId"`
		SecretAccessKey, Token, LastUpdated string
		Expiration                          time.Time
	}
	if err := json.Unmarshal(document, &d); err != nil {
		// Not the error itself: it can quote the input.
		return aws.Credentials{},
			model.NewError("AWS-LOGIN-ERROR-0003",
				"The metadata service's answer for the instance's role %q can't be read. Attach the role to the instance again.", role)
	}
	updated, err := time.Parse(time.RFC3339, d.LastUpdated)
	switch {
	case d.Code == "AssumeRoleUnauthorizedAccess":
		return aws.Credentials{},
			model.NewError("AWS-LOGIN-ERROR-0001", "The role %q doesn't trust this instance. Add ec2.amazonaws.com to its trust policy.", role)
	case d.Code != "Success" && d.Code != "":
		return aws.Credentials{},
			model.NewError("AWS-LOGIN-ERROR-0003",
				"The metadata service has no keys for the instance's role %q (%s). Attach the role to the instance again.", role,
				transport.Printable(d.Code))
	case d.AccessKeyID == "" || d.SecretAccessKey == "" || d.Token == "":
		return aws.Credentials{},
			model.NewError("AWS-LOGIN-ERROR-0003",
				"The metadata service's keys for the instance's role %q are incomplete. Attach the role to the instance again.", role)
	case !d.Expiration.IsZero() && !now.Before(d.Expiration):
		return aws.Credentials{},
			model.NewError("aws.instance.expired",
				"The keys of the instance's role %q expired at %s. Check this computer's clock, and restart the instance if it is right.", role,
				model.LocalTime(d.Expiration))
	case err == nil && updated.Sub(now) > futureTolerance:
		return aws.Credentials{},
			model.NewError("aws.instance.future",
				"The keys of the instance's role %q are from %s, which is in the future. Set this computer's clock.", role,
				model.LocalTime(updated))
	}
	return aws.Credentials{
		AccessKeyID: d.AccessKeyID, SecretAccessKey: d.SecretAccessKey, SessionToken: d.Token,
		CanExpire: !d.Expiration.IsZero(), Expires: d.Expiration,
	}, nil
}

func noRole(cause error) error {
	return model.NewError("AWS-LOGIN-ERROR-0003",
		"This instance has no role. Attach one to it, or use an account with an access key.").Because(cause)
}

// explainMetadata explains why the metadata service returned nothing.
func (b *resolution) explainMetadata(ctx context.Context, err error, connection *transport.Connection) error {
	cause := transport.Scrub(err, b.concealed())
	atToken := strings.HasSuffix(connection.Path, tokenPath)
	switch status := connection.Status; {
	case stopped(ctx):
		return errStopped(ctx)
	case status == 0 && atToken:
		return model.NewError("AWS-LOGIN-ERROR-0006",
			"There is no instance metadata service here, so there is no instance role. Run on an EC2 instance, "+
				"raise its metadata hop limit to 2 if this is a container on one, or use an account with an access key.").Because(cause)
	case atToken && (status == http.StatusNotFound || status == http.StatusMethodNotAllowed):
		return model.NewError("aws.metadata.v1",
			"The instance metadata service supports only version 1, which is not safe. Allow version 2 on the instance.").Because(cause)
	case atToken && status == http.StatusForbidden:
		return model.NewError("aws.metadata.off",
			"The instance metadata service is switched off or forbids access. Switch it on for the instance.").Because(cause)
	case atToken && status >= http.StatusMultipleChoices:
		return model.NewError("aws.metadata.token",
			"The instance metadata service returns no token (HTTP %d). Try again, or restart the instance.", status).Because(cause)
	case status == http.StatusNotFound:
		return noRole(cause)
	case errors.Is(ctx.Err(), context.DeadlineExceeded) || status == 0:
		return model.NewError("aws.metadata.broken", "The instance metadata service stopped answering. Try again.").Because(cause)
	}
	return model.NewError("AWS-LOGIN-ERROR-0003",
		"The instance metadata service doesn't return the instance's role (HTTP %d). Try again, or attach the role to the instance again.",
		connection.Status).Because(cause)
}
