package awsenv

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

var errPatience = errors.New("no answer in time")

// Maximum session duration of a role that is assumed with a role's session. Source: IAM User Guide, "Role chaining".
const longestChained = time.Hour

// Clock skew to warn about: AWS will soon refuse requests, as most services tolerate five minutes.
const skewToWarn = 4 * time.Minute

// resolution is the process of turning one request into an identity. It keeps what the explanation of a failure needs.
type resolution struct {
	Request
	connection *transport.Connection // to AWS
	endpoint   string                // of STS; empty for AWS's own
	keys       aws.Credentials       // the current ones
	secrets    []string
	warnings   []*model.Error
}

func newResolution(r Request) *resolution {
	b := &resolution{Request: r, connection: transport.NewConnection(r.Network.client, r.Now), endpoint: r.Endpoint}
	if r.Account.Kind == model.KindInstanceRole && b.endpoint == "" {
		b.endpoint = r.Network.stsEndpoint
	}
	return b
}

func (b *resolution) become(ctx context.Context) (model.Identity, time.Duration, error) {
	if err := b.accountKeys(ctx); err != nil {
		return model.Identity{}, 0, err
	}
	identity := model.Identity{
		Account: b.Account.Name, AccountID: b.Account.ID, Kind: b.Account.Kind, AccessKeyID: b.keys.AccessKeyID,
		Endpoint: b.endpoint, Sandbox: b.Account.InSandbox(),
	}
	if b.Role != nil {
		if err := b.assume(ctx); err != nil {
			return model.Identity{}, 0, err
		}
		identity.Role = b.Role.ARN
	}
	started := time.Now()
	answer, err := b.client().GetCallerIdentity(ctx, nil)
	if err != nil {
		return model.Identity{}, 0, b.explain(ctx, err, asking)
	}
	identity.AWSID, identity.ARN, identity.UserID = aws.ToString(answer.Account), aws.ToString(answer.Arn), aws.ToString(answer.UserId)
	if identity.ARN == "" || model.CheckAWSAccountID(identity.AWSID) != nil {
		return model.Identity{}, 0, b.garbled(nil)
	}
	if b.keys.CanExpire {
		identity.Expires = b.keys.Expires
	}
	return identity, time.Since(started), nil
}

// accountKeys gets the credentials of the account itself.
func (b *resolution) accountKeys(ctx context.Context) error {
	switch b.Account.Kind {
	case model.KindInstanceRole:
		keys, err := b.instanceKeys(ctx)
		if err != nil {
			return err
		}
		b.use(keys)
		return nil
	case model.KindAccessKey:
		switch {
		case b.Account.AccessKeyID == "":
			return model.NewError("account.accesskey.empty", "Account %q has no access key. Enter the key id from AWS, such as AKIA….",
				b.Account.Name)
		case b.SecretKey == "":
			return model.NewError("account.secret.missing", "Account %q has no secret key on this computer. Enter it.", b.Account.Name)
		}
		b.use(aws.Credentials{AccessKeyID: b.Account.AccessKeyID, SecretAccessKey: b.SecretKey, SessionToken: b.SessionToken})
		return nil
	default:
		return model.NewError("account.kind.later", "Accounts of kind %q can't be used yet. Use an access key or the instance role.",
			b.Account.Kind)
	}
}

// use makes keys the current ones. All secrets that were ever used must be masked.
func (b *resolution) use(keys aws.Credentials) {
	b.keys = keys
	for _, secret := range []string{keys.SecretAccessKey, keys.SessionToken} {
		if secret != "" && !slices.Contains(b.secrets, secret) {
			b.secrets = append(b.secrets, secret)
		}
	}
}

func (b *resolution) client() *sts.Client {
	config := aws.Config{
		Region:      b.stsRegion(),
		Credentials: credentials.StaticCredentialsProvider{Value: b.keys},
		HTTPClient:  b.connection,
		AppID:       "Stepdeck", // appears in CloudTrail's user agent
		Retryer:     b.Network.retryer,
	}
	return sts.NewFromConfig(config, func(o *sts.Options) {
		if b.endpoint != "" {
			o.BaseEndpoint = aws.String(b.endpoint)
			return
		}
		if b.Network.fips {
			o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
		}
		if b.Network.dualStack {
			o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
		}
	})
}

func (b *resolution) assume(ctx context.Context) error {
	wanted := time.Duration(b.Role.Duration) * time.Second
	chained := b.Account.Kind == model.KindInstanceRole // its keys already are a role's session
	if chained && wanted > longestChained {
		wanted = b.cap(wanted)
	}
	answer, err := b.askForRole(ctx, wanted)
	// Keys with a session token may be a user's (12 hours) or a role's (one hour): only AWS knows.
	if wanted > longestChained && b.SessionToken != "" && refusedAsChained(err) {
		answer, err = b.askForRole(ctx, b.cap(wanted))
	}
	if err != nil {
		return b.explain(ctx, err, assuming)
	}
	c := answer.Credentials
	if c == nil || aws.ToString(c.AccessKeyId) == "" || aws.ToString(c.SecretAccessKey) == "" || aws.ToString(c.SessionToken) == "" {
		return b.garbled(nil)
	}
	b.use(aws.Credentials{
		AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretAccessKey, SessionToken: *c.SessionToken,
		CanExpire: c.Expiration != nil, Expires: aws.ToTime(c.Expiration),
	})
	return nil
}

func (b *resolution) cap(wanted time.Duration) time.Duration {
	b.warn("role.chained.hour",
		"The session of %s lasts 1 hour instead of %s: AWS allows no more for a role that is assumed with temporary credentials.",
		b.Role.ARN, wanted)
	return longestChained
}

func (b *resolution) askForRole(ctx context.Context, duration time.Duration) (*sts.AssumeRoleOutput, error) {
	name := b.Role.SessionName
	if name == "" {
		name = SessionName(b.RunID, b.Step, b.Now())
	}
	input := &sts.AssumeRoleInput{RoleArn: aws.String(b.Role.ARN), RoleSessionName: aws.String(name)}
	if b.Role.ExternalID != "" {
		input.ExternalId = aws.String(b.Role.ExternalID)
	}
	if duration > 0 { // else AWS's own default
		input.DurationSeconds = aws.Int32(int32(duration / time.Second)) //nolint:gosec // checked: at most 12 hours
	}
	return b.client().AssumeRole(ctx, input)
}

func refusedAsChained(err error) bool {
	var refused smithy.APIError
	return errors.As(err, &refused) && refused.ErrorCode() == "ValidationError" && strings.Contains(refused.ErrorMessage(), "role chaining")
}

func (b *resolution) warn(code, format string, args ...any) {
	b.warnings = append(b.warnings, model.NewError(code, format, args...))
}

// notices returns all warnings.
func (b *resolution) notices() []*model.Error {
	if skew := b.connection.Skew.Abs(); skew > skewToWarn {
		b.warn("aws.clock.notice", "This computer's clock is %s AWS's. Set it: AWS refuses requests that are five minutes off.",
			transport.Ahead(b.connection.Skew))
	}
	if b.Account.Kind == model.KindInstanceRole {
		return append(slices.Clone(b.Network.notices), b.warnings...)
	}
	return b.warnings
}

// SessionName returns the name of a role session: unique for the run, and valid whatever the step's name.
func SessionName(runID int64, step string, now time.Time) string {
	name := "stepdeck-" + now.UTC().Format("20060102T150405Z")
	if runID != 0 {
		name = fmt.Sprintf("stepdeck-%d", runID)
	}
	if s := slug(step); s != "" {
		name += "-" + s
	}
	const longest = 64 // Source: STS API reference, AssumeRole
	return strings.TrimRight(name[:min(len(name), longest)], "-")
}

// slug keeps ASCII letters and digits and replaces everything between them by one hyphen.
func slug(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
