// Package console signs in with the AWS console, as the command aws login does, and keeps the sign-in alive.
//
// A person opens a page of AWS in a browser and chooses one of their console sessions; Stepdeck gets keys that live for
// 15 minutes, and a token to renew them for up to 12 hours. With a browser on this computer:
//
//	attempt, err := console.Begin(ctx, options)
//	// open attempt.URL in the browser
//	tokens, err := attempt.Wait(ctx)
//
// With a browser elsewhere, [BeginElsewhere] gives a URL to open there, and [Attempt.Finish] takes the text that the page
// shows in the end. [Refresh] renews tokens whose [Tokens.Stale] is true. The renewal token changes each time, so two
// must never renew the same tokens: see package refresh.
//
// A sign-in belongs to the region in which it was made. The tokens remember it, and are renewed nowhere else, whatever
// region a script works in. Nothing is kept here; tokens are for the vault, and for the file of the aws command by
// choice ([WriteCache]).
package console

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/signin"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/loopback"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// Options say how the sign-in service is reached.
type Options struct {
	Region    string           // of the sign-in
	Endpoint  string           // URL that serves the sign-in; empty for AWS's own. For a sandbox, its loopback URL
	FIPS      bool             // use AWS's FIPS endpoint
	DualStack bool             // use AWS's dual-stack endpoint
	Client    transport.Client // sends the requests; it must follow no redirect
	Now       func() time.Time // nil for time.Now
	Retryer   aws.Retryer      // nil for transport.NewRetryer
}

func (o Options) clean() (Options, error) {
	o.Region, o.Endpoint = strings.ToLower(strings.TrimSpace(o.Region)), strings.TrimSpace(o.Endpoint)
	if o.Region == "" {
		return o, model.NewError("signin.region.empty", "The region in which to sign in to the AWS console is missing. "+
			"Give the one in which you use the console, such as eu-west-1.")
	}
	if err := model.CheckRegion(o.Region); err != nil {
		return o, err
	}
	if err := model.CheckEndpoint(o.Endpoint); err != nil {
		return o, err
	}
	if model.NameKey(o.Endpoint) == model.Sandbox {
		return o, model.NewError("aws.sandbox.stopped", "The sandbox of this sign-in is not running. Start it, and sign in again.")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Retryer == nil {
		o.Retryer = transport.NewRetryer()
	}
	return o, nil
}

// Clients of the sign-in service: those whose browser is on this computer, and those whose browser is elsewhere.
const (
	sameDevice  = "arn:aws:signin:::devtools/same-device"
	crossDevice = "arn:aws:signin:::devtools/cross-device"
)

// Attempt is a sign-in that waits for the person.
type Attempt struct {
	// URL is what the person opens in a browser. It serves this attempt alone.
	URL string

	options  Options
	client   string
	redirect string
	state    string
	verifier string
	key      *ecdsa.PrivateKey
	listener *loopback.Listener // nil if the browser is elsewhere
}

// Begin prepares a sign-in in a browser on this computer, which is listened for until ctx ends. Call [Attempt.Wait] or
// [Attempt.Close] in the end.
func Begin(ctx context.Context, o Options) (*Attempt, error) {
	o, err := o.clean()
	if err != nil {
		return nil, err
	}
	listener, err := loopback.Listen(ctx)
	if err != nil {
		return nil, err
	}
	a := &Attempt{options: o, client: sameDevice, redirect: listener.RedirectURI(), state: listener.State(), listener: listener}
	if err := a.prepare(ctx); err != nil {
		listener.Close()
		return nil, err
	}
	return a, nil
}

// BeginElsewhere prepares a sign-in in a browser of another device, for [Attempt.Finish].
func BeginElsewhere(ctx context.Context, o Options) (*Attempt, error) {
	o, err := o.clean()
	if err != nil {
		return nil, err
	}
	a := &Attempt{options: o, client: crossDevice, state: randomText()}
	base, err := o.base(ctx)
	if err != nil {
		return nil, err
	}
	a.redirect = base.JoinPath("v1", "sessions", "confirmation").String()
	if err := a.prepare(ctx); err != nil {
		return nil, err
	}
	return a, nil
}

// prepare makes the attempt's secrets and its URL.
func (a *Attempt) prepare(ctx context.Context) error {
	base, err := a.options.base(ctx)
	if err != nil {
		return err
	}
	if a.key, err = newProofKey(); err != nil {
		return err
	}
	a.verifier = randomText()
	challenge := sha256.Sum256([]byte(a.verifier))
	query := url.Values{
		"response_type":         {"code"},
		"client_id":             {a.client},
		"state":                 {a.state},
		"scope":                 {"openid"},
		"redirect_uri":          {a.redirect},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(challenge[:])},
		"code_challenge_method": {"SHA-256"}, // where others write S256
	}
	page := base.JoinPath("v1", "authorize")
	page.RawQuery = query.Encode()
	a.URL = page.String()
	return nil
}

// base returns the address of the sign-in service, by the SDK's own rules.
func (o Options) base(ctx context.Context) (*url.URL, error) {
	parameters := signin.EndpointParameters{
		Region: &o.Region, UseFIPS: &o.FIPS, UseDualStack: &o.DualStack, IsControlPlane: aws.Bool(false),
	}
	if o.Endpoint != "" {
		parameters.Endpoint = &o.Endpoint
		parameters.UseFIPS, parameters.UseDualStack = nil, nil
	}
	found, err := signin.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, parameters)
	if err != nil {
		return nil, model.NewError("signin.region.unknown",
			"The AWS console has no sign-in for programs in region %s. Choose another region to sign in to.", o.Region).Because(err)
	}
	return &found.URI, nil
}

// Wait waits for the browser, for 10 minutes at most, and returns the tokens.
func (a *Attempt) Wait(ctx context.Context) (Tokens, error) {
	if a.listener == nil {
		return Tokens{}, model.NewError("signin.elsewhere", "This sign-in needs the text that its page shows in the end. Paste it.")
	}
	code, err := a.listener.Wait(ctx)
	if err != nil {
		return Tokens{}, err
	}
	return a.exchange(ctx, code)
}

// Finish takes the text that the page shows in the end, and returns the tokens. After a text that was not copied whole,
// it can be called again.
func (a *Attempt) Finish(ctx context.Context, pasted string) (Tokens, error) {
	code, state, err := parsePasted(pasted)
	if err != nil {
		return Tokens{}, err
	}
	if subtle.ConstantTimeCompare([]byte(state), []byte(a.state)) != 1 {
		return Tokens{}, model.NewError("signin.pasted.other",
			"The text belongs to another sign-in. Paste the one of the page that this sign-in opened.")
	}
	return a.exchange(ctx, code)
}

// Close ends an attempt that is not waited for.
func (a *Attempt) Close() {
	if a.listener != nil {
		a.listener.Close()
	}
}

// parsePasted takes code and state out of what the page shows: the base64 of state=…&code=….
func parsePasted(text string) (code, state string, err error) {
	text = strings.Join(strings.Fields(text), "") // terminals break it into lines
	text = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(text), "=")
	decoded, broken := base64.RawStdEncoding.DecodeString(text)
	values, unreadable := url.ParseQuery(string(decoded))
	if broken != nil || unreadable != nil || len(values["code"]) != 1 || len(values["state"]) != 1 || values.Get("code") == "" {
		return "", "", model.NewError("signin.pasted", "This is not the text that the sign-in page shows. Copy all of it, and paste it again.")
	}
	return values.Get("code"), values.Get("state"), nil
}
