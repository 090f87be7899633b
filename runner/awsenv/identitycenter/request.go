package identitycenter

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/loopback"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// Grants: the ways to tokens. Source: RFC 6749 §4.1.3 and §6, RFC 8628 §3.4.
const (
	codeGrant    = "authorization_code"
	refreshGrant = "refresh_token"
	deviceGrant  = "urn:ietf:params:oauth:grant-type:device_code"
)

// How long one request may take, with its retries.
const patience = 90 * time.Second

// register returns a registration for a grant: the known one if it suits, else a new one.
func (o Options) register(ctx context.Context, known Registration, grant string) (Registration, error) {
	if known.suits(o, grant, o.Now()) {
		return known, nil
	}
	input := &ssooidc.RegisterClientInput{
		ClientName: aws.String("Stepdeck"),
		ClientType: aws.String("public"),
		GrantTypes: []string{grant, refreshGrant},
		IssuerUrl:  aws.String(o.StartURL),
		Scopes:     []string{scope},
	}
	if grant == codeGrant {
		input.RedirectUris = []string{loopback.RedirectURI}
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r := newRequest(o)
	answer, err := r.client().RegisterClient(limited, input)
	if err != nil {
		return Registration{}, r.explain(ctx, err, registering)
	}
	made := Registration{
		ClientID: aws.ToString(answer.ClientId), ClientSecret: aws.ToString(answer.ClientSecret),
		Expires: time.Unix(answer.ClientSecretExpiresAt, 0).UTC(), Grants: input.GrantTypes, StartURL: o.StartURL, Region: o.Region,
	}
	if made.ClientID == "" || made.ClientSecret == "" {
		return Registration{}, transport.Garbled(r.destination())
	}
	return made, nil
}

// Refresh renews the tokens, at the start URL and in the region of the sign-in whatever the options say. The tokens
// given can be spent by it: keep the new ones at once.
func Refresh(ctx context.Context, o Options, t Tokens) (Tokens, error) {
	o.StartURL, o.Region = t.StartURL, t.Region
	o, err := o.clean()
	if err != nil {
		return Tokens{}, err
	}
	if t.RefreshToken == "" || !o.Now().Before(t.Registration.Expires) {
		return Tokens{}, model.NewError(model.CodeSignInEnded, "The sign-in at %s has ended and can't be renewed. Sign in again.", t.StartURL)
	}
	next, err := newRequest(o, t.Secrets()...).tokens(ctx, t.Registration, &ssooidc.CreateTokenInput{
		GrantType:    aws.String(refreshGrant),
		RefreshToken: aws.String(t.RefreshToken),
	})
	if err == nil && next.RefreshToken == "" { // it serves again
		next.RefreshToken = t.RefreshToken
	}
	return next, err
}

// request is one to the service that signs in. It keeps what the explanation of a failure needs.
type request struct {
	options    Options
	connection *transport.Connection
	secrets    []string
}

func newRequest(o Options, secrets ...string) *request {
	return &request{options: o, connection: transport.NewConnection(o.Client, o.Now), secrets: secrets}
}

// tokens asks for tokens with a grant of a registration.
func (r *request) tokens(ctx context.Context, by Registration, input *ssooidc.CreateTokenInput) (Tokens, error) {
	answer, asked, err := r.ask(ctx, by, input)
	if err != nil {
		at := signingIn
		if aws.ToString(input.GrantType) == refreshGrant {
			at = renewing
		}
		return Tokens{}, r.explain(ctx, err, at)
	}
	return r.read(answer, asked, by)
}

// ask returns the answer, or the SDK's error, and when it was asked for.
func (r *request) ask(ctx context.Context, by Registration, input *ssooidc.CreateTokenInput) (
	*ssooidc.CreateTokenOutput, time.Time, error,
) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	input.ClientId, input.ClientSecret = aws.String(by.ClientID), aws.String(by.ClientSecret)
	asked := r.options.Now() // the token lives from here at the latest
	answer, err := r.client().CreateToken(limited, input)
	return answer, asked, err
}

// The longest life of a token that is believed. Administrators can choose up to 90 days for a session.
const longestLife = 90 * 24 * time.Hour

// read takes tokens out of an answer.
func (r *request) read(answer *ssooidc.CreateTokenOutput, asked time.Time, by Registration) (Tokens, error) {
	life := time.Duration(answer.ExpiresIn) * time.Second
	t := Tokens{
		StartURL: r.options.StartURL, Region: r.options.Region, Registration: by,
		AccessToken: aws.ToString(answer.AccessToken), RefreshToken: aws.ToString(answer.RefreshToken),
		Expires: asked.Add(life).UTC().Truncate(time.Second),
	}
	if t.AccessToken == "" || life <= 0 || life > longestLife {
		return Tokens{}, transport.Garbled(r.destination())
	}
	return t, nil
}

func (r *request) client() *ssooidc.Client {
	o := r.options
	retryer := o.Retryer
	if retryer == nil {
		retryer = transport.NewRetryer()
	}
	return ssooidc.New(ssooidc.Options{Region: o.Region, HTTPClient: r.connection, AppID: "Stepdeck", Retryer: retryer},
		func(s *ssooidc.Options) {
			if o.Endpoint != "" {
				s.BaseEndpoint = aws.String(o.Endpoint)
				return
			}
			if o.FIPS {
				s.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
			}
			if o.DualStack {
				s.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
			}
		})
}
