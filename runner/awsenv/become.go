package awsenv

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	static "github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

var errPatience = errors.New("no answer in time")

// Clock skew to warn about: AWS will soon refuse requests, as most services tolerate five minutes.
const skewToWarn = 4 * time.Minute

// resolution is the process of turning one request into an identity. It keeps what the explanation of a failure needs.
type resolution struct {
	Request
	connection *transport.Connection // to AWS
	endpoint   string                // of STS; empty for AWS's own
	keys       aws.Credentials       // the current ones
	kind       session               // what they belong to
	chained    bool                  // a role was assumed with temporary keys
	acting     string                // whose they are, within a sentence; empty: the account's
	stage      stage                 // what is being asked
	role       *Role                 // that is being assumed
	keeping    *Kept                 // for the caller
	left       time.Duration         // of patience
	secrets    []string
	codes      []string // of MFA devices
	warnings   []*model.Error
	unrenewed  error // why the sign-in could not be renewed
}

func newResolution(r Request) *resolution {
	b := &resolution{Request: r, connection: transport.NewConnection(r.Network.client, r.Now), endpoint: r.Endpoint, left: patience}
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
	for _, role := range b.Roles {
		if err := b.assume(ctx, role); err != nil {
			return model.Identity{}, 0, err
		}
		identity.Role = role.ARN
	}
	if b.Console {
		if err := b.forConsole(ctx); err != nil {
			return model.Identity{}, 0, err
		}
	}
	started := time.Now()
	if err := b.within(ctx, func(ctx context.Context) error { return b.askWho(ctx, &identity) }); err != nil {
		return model.Identity{}, 0, err
	}
	if b.keys.CanExpire {
		identity.Expires = b.keys.Expires
	}
	return identity, time.Since(started), nil
}

// askWho asks AWS whose keys the current ones are.
func (b *resolution) askWho(ctx context.Context, identity *model.Identity) error {
	b.stage = asking
	answer, err := b.client().GetCallerIdentity(ctx, nil)
	if err != nil {
		return b.explain(ctx, err)
	}
	identity.AWSID, identity.ARN, identity.UserID = aws.ToString(answer.Account), aws.ToString(answer.Arn), aws.ToString(answer.UserId)
	if identity.ARN == "" || model.CheckAWSAccountID(identity.AWSID) != nil {
		return b.garbled(nil)
	}
	return nil
}

// use makes keys the current ones. All secrets that were ever used must be masked.
func (b *resolution) use(keys aws.Credentials, kind session) {
	b.keys, b.kind = keys, kind
	b.conceal(keys.SecretAccessKey)
	b.conceal(keys.SessionToken)
}

func (b *resolution) conceal(secret string) {
	if secret != "" && !slices.Contains(b.secrets, secret) {
		b.secrets = append(b.secrets, secret)
	}
}

// concealed returns what must not be in an error. Codes of MFA devices are no longer secret, but nobody's business.
func (b *resolution) concealed() []string { return slices.Concat(b.secrets, b.codes) }

// within gives work the time that is left for asking. What a person takes to answer doesn't count.
func (b *resolution) within(ctx context.Context, work func(context.Context) error) error {
	started := time.Now()
	limited, cancel := context.WithTimeoutCause(ctx, max(b.left, time.Millisecond), errPatience)
	defer func() {
		cancel()
		b.left -= time.Since(started)
	}()
	answered := b.sayWaiting(b.place(ctx))
	defer answered()
	return work(limited)
}

// place names what is asked, with its host.
func (b *resolution) place(ctx context.Context) string {
	if b.endpoint != "" {
		return b.endpoint
	}
	place := "AWS in region " + b.stsRegion()
	at, err := sts.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, sts.EndpointParameters{
		Region: aws.String(b.stsRegion()), UseFIPS: aws.Bool(b.Network.fips), UseDualStack: aws.Bool(b.Network.dualStack),
	})
	if err != nil {
		return place
	}
	return place + " (" + at.URI.Host + ")"
}

// sayWaiting tells the caller if a place doesn't answer for a while. The function that it returns ends the wait.
func (b *resolution) sayWaiting(where string) (end func()) {
	if b.Waiting == nil {
		return func() {}
	}
	timer := time.AfterFunc(b.Network.untilSaid, func() {
		b.Waiting(model.NewError("aws.waiting", "There is no answer from %s yet. Stepdeck goes on asking for up to %s.", where,
			model.TimeWords(patience)))
	})
	return func() { timer.Stop() }
}

func (b *resolution) client() *sts.Client {
	config := aws.Config{
		Region:      b.stsRegion(),
		Credentials: static.StaticCredentialsProvider{Value: b.keys},
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

func (b *resolution) warn(code, format string, args ...any) {
	b.warnings = append(b.warnings, model.NewError(code, format, args...))
}

// notices returns all warnings of a session.
func (b *resolution) notices() []*model.Error {
	if skew := b.connection.Skew.Abs(); skew > skewToWarn {
		b.warn("aws.clock.notice", "This computer's clock is %s AWS's. Set it: AWS refuses requests that are five minutes off.",
			transport.Ahead(b.connection.Skew))
	}
	return b.said()
}

// said returns the warnings that may tell why there is no session. A wrong clock would be the error itself.
func (b *resolution) said() []*model.Error {
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
