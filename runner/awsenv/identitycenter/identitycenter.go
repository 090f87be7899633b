// Package identitycenter signs in with IAM Identity Center, lists what a person may be there, and gets keys for it.
//
// A person opens a page of AWS in a browser and allows the access. With a browser on this computer:
//
//	attempt, err := identitycenter.Begin(ctx, options, known)
//	// open attempt.URL in the browser
//	tokens, err := attempt.Wait(ctx)
//
// [SignInWithDevice] is for a browser that can't reach this computer: the person confirms a code there. [Refresh] renews
// tokens whose [Tokens.Stale] is true; two must never renew the same tokens, see package refresh. [Portal] lists AWS
// accounts and roles, and gets keys.
//
// One sign-in, at one start URL and in one region, serves many accounts. Nothing is kept here; tokens are for the vault,
// and for the file of the aws command by choice ([WriteCache]).
package identitycenter

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/loopback"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// Options say which Identity Center is meant and how it is reached.
type Options struct {
	StartURL  string           // of the access portal; see [Locate] for addresses of companies
	Region    string           // of Identity Center, or one that it is replicated to
	Endpoint  string           // URL that serves both of its services; empty for AWS's own. For a sandbox, its loopback URL
	FIPS      bool             // use AWS's FIPS endpoints
	DualStack bool             // use AWS's dual-stack endpoints
	Client    transport.Client // sends the requests; it must follow no redirect
	Now       func() time.Time // nil for time.Now
	Retryer   aws.Retryer      // nil for the usual one
}

func (o Options) clean() (Options, error) {
	o.Region, o.Endpoint = strings.ToLower(strings.TrimSpace(o.Region)), strings.TrimSpace(o.Endpoint)
	var err error
	if o.StartURL, err = model.CleanStartURL(o.StartURL); err != nil {
		return o, err
	}
	if o.Region == "" {
		return o, model.NewError("signin.region.empty", "The region of IAM Identity Center for the sign-in at %s is missing. "+
			"Give the one that its settings page shows, such as eu-west-1.", o.StartURL)
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
	return o.filled(), nil
}

func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// scope is what a sign-in may do: list accounts and roles, and get their keys.
const scope = "sso:account:access"

// Attempt is a sign-in that waits for the browser.
type Attempt struct {
	// URL is what the person opens in a browser of this computer. It serves this attempt alone.
	URL string

	options      Options
	registration Registration
	verifier     string
	listener     *loopback.Listener
}

// Begin prepares a sign-in in a browser on this computer, which is listened for until ctx ends. known is the
// registration of earlier tokens, or empty; it is used again if it suits. Call [Attempt.Wait] or [Attempt.Close] in the
// end.
func Begin(ctx context.Context, o Options, known Registration) (*Attempt, error) {
	o, err := o.clean()
	if err != nil {
		return nil, err
	}
	base, err := o.base(ctx)
	if err != nil {
		return nil, err
	}
	listener, err := loopback.Listen(ctx)
	if err != nil {
		return nil, err
	}
	a := &Attempt{options: o, listener: listener, verifier: newVerifier()}
	if a.registration, err = o.register(ctx, known, codeGrant); err != nil {
		listener.Close()
		return nil, err
	}
	a.URL = a.page(base)
	return a, nil
}

// page returns the address at which the person allows the access. Source: RFC 6749 §4.1.1 and RFC 7636 §4.3, but
// Identity Center names the scopes in a parameter of its own.
func (a *Attempt) page(base *url.URL) string {
	challenge := sha256.Sum256([]byte(a.verifier))
	page := base.JoinPath("authorize")
	page.RawQuery = url.Values{
		"response_type":         {"code"},
		"client_id":             {a.registration.ClientID},
		"redirect_uri":          {a.listener.RedirectURI()},
		"state":                 {a.listener.State()},
		"scopes":                {scope},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(challenge[:])},
		"code_challenge_method": {"S256"},
	}.Encode()
	return page.String()
}

// base returns the address of the service that signs in, by the SDK's own rules.
func (o Options) base(ctx context.Context) (*url.URL, error) {
	parameters := ssooidc.EndpointParameters{Region: &o.Region, UseFIPS: &o.FIPS, UseDualStack: &o.DualStack}
	if o.Endpoint != "" {
		parameters = ssooidc.EndpointParameters{Region: &o.Region, Endpoint: &o.Endpoint}
	}
	found, err := ssooidc.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, parameters)
	if err != nil {
		return nil, model.NewError("signin.region.unknown", "Identity Center can't be reached in region %s. Choose another region.", o.Region).
			Because(err)
	}
	return &found.URI, nil
}

// Wait waits for the browser, for 10 minutes at most, and returns the tokens.
func (a *Attempt) Wait(ctx context.Context) (Tokens, error) {
	code, err := a.listener.Wait(ctx)
	if err != nil {
		return Tokens{}, err
	}
	r := newRequest(a.options, a.registration.ClientSecret, code, a.verifier)
	return r.tokens(ctx, a.registration, &ssooidc.CreateTokenInput{
		GrantType:    aws.String(codeGrant),
		Code:         aws.String(code),
		CodeVerifier: aws.String(a.verifier),
		RedirectUri:  aws.String(a.listener.RedirectURI()),
	})
}

// Close ends an attempt that is not waited for.
func (a *Attempt) Close() { a.listener.Close() }

// newVerifier returns 384 random bits, as 64 characters that a verifier may hold (RFC 7636 §4.1).
func newVerifier() string {
	bits := make([]byte, 48)
	_, _ = rand.Read(bits) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(bits)
}
