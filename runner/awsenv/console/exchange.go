package console

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/signin"
	"github.com/aws/aws-sdk-go-v2/service/signin/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// exchange turns the code that the browser brought into tokens.
func (a *Attempt) exchange(ctx context.Context, code string) (Tokens, error) {
	pem, err := encodeKey(a.key)
	if err != nil {
		return Tokens{}, err
	}
	r := newRequest(a.options, a.key, "", code, a.state, a.verifier)
	t, err := r.tokens(ctx, &types.CreateOAuth2TokenRequestBody{
		ClientId:     aws.String(a.client),
		GrantType:    aws.String("authorization_code"),
		Code:         aws.String(code),
		CodeVerifier: aws.String(a.verifier),
		RedirectUri:  aws.String(a.redirect),
	})
	if err != nil {
		return Tokens{}, err
	}
	session, account, ok := parseIDToken(t.IDToken)
	if !ok {
		return Tokens{}, transport.Garbled(r.destination())
	}
	t.Session, t.AccountID, t.Region, t.ClientID, t.ProofKey = session, account, a.options.Region, a.client, pem
	return t, nil
}

// Refresh renews the tokens, in the region of the sign-in whatever the options say. The tokens given are spent by it:
// keep the new ones at once.
func Refresh(ctx context.Context, o Options, t Tokens) (Tokens, error) {
	o.Region = t.Region
	o, err := o.clean()
	if err != nil {
		return Tokens{}, err
	}
	key, err := decodeKey(t.ProofKey)
	if err != nil {
		return Tokens{}, unusable(t.Session).Because(err)
	}
	next, err := newRequest(o, key, t.Session, t.Secrets()...).tokens(ctx, &types.CreateOAuth2TokenRequestBody{
		ClientId:     aws.String(t.ClientID),
		GrantType:    aws.String("refresh_token"),
		RefreshToken: aws.String(t.RefreshToken),
	})
	if err != nil {
		return Tokens{}, err
	}
	next.Session, next.AccountID, next.Region, next.ClientID, next.ProofKey = t.Session, t.AccountID, t.Region, t.ClientID, t.ProofKey
	if next.IDToken == "" { // AWS sends it once
		next.IDToken = t.IDToken
	}
	return next, nil
}

// request is one to the token endpoint. It keeps what the explanation of a failure needs.
type request struct {
	options    Options
	connection *transport.Connection
	key        *ecdsa.PrivateKey
	session    string // whose tokens are renewed; empty for a new sign-in
	secrets    []string
}

func newRequest(o Options, key *ecdsa.PrivateKey, session string, secrets ...string) *request {
	return &request{options: o, connection: transport.NewConnection(o.Client, o.Now), key: key, session: session, secrets: secrets}
}

// How long one request for tokens may take, with its retries.
const patience = 90 * time.Second

// tokens asks for tokens, and returns what the answer holds of them.
func (r *request) tokens(ctx context.Context, body *types.CreateOAuth2TokenRequestBody) (Tokens, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	asked := r.options.Now() // the keys live from here at the latest
	answer, err := r.client().CreateOAuth2Token(limited, &signin.CreateOAuth2TokenInput{TokenInput: body})
	if err != nil {
		return Tokens{}, r.explain(ctx, err)
	}
	t, ok := read(answer.TokenOutput, asked)
	switch {
	case !ok:
		return Tokens{}, transport.Garbled(r.destination())
	case aws.ToInt32(answer.TokenOutput.ExpiresIn) == 0:
		return Tokens{}, ended(r.session)
	}
	return t, nil
}

// The longest life of a key that is believed. AWS gives 15 minutes.
const longestLife = 12 * 60 * 60

// read takes tokens out of an answer; ok is false if it lacks one that AWS always sends.
func read(answer *types.CreateOAuth2TokenResponseBody, asked time.Time) (t Tokens, ok bool) {
	if answer == nil || answer.AccessToken == nil || answer.ExpiresIn == nil {
		return Tokens{}, false
	}
	seconds := aws.ToInt32(answer.ExpiresIn)
	t = Tokens{
		AccessKeyID:     aws.ToString(answer.AccessToken.AccessKeyId),
		SecretAccessKey: aws.ToString(answer.AccessToken.SecretAccessKey),
		SessionToken:    aws.ToString(answer.AccessToken.SessionToken),
		Expires:         asked.Add(time.Duration(seconds) * time.Second).UTC().Truncate(time.Second),
		RefreshToken:    aws.ToString(answer.RefreshToken),
		TokenType:       aws.ToString(answer.TokenType),
		IDToken:         aws.ToString(answer.IdToken),
	}
	return t, t.AccessKeyID != "" && t.SecretAccessKey != "" && t.SessionToken != "" && t.RefreshToken != "" &&
		seconds >= 0 && seconds <= longestLife
}

func (r *request) client() *signin.Client {
	return signin.New(signin.Options{
		Region:     r.options.Region,
		HTTPClient: r.connection,
		AppID:      "Stepdeck",
		Retryer:    r.options.Retryer,
		APIOptions: []func(*middleware.Stack) error{r.addProof},
	}, func(o *signin.Options) {
		if r.options.Endpoint != "" {
			o.BaseEndpoint = aws.String(r.options.Endpoint)
			return
		}
		if r.options.FIPS {
			o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
		}
		if r.options.DualStack {
			o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
		}
	})
}

// addProof has every attempt of a request carry a proof of its own: the service takes each only once.
func (r *request) addProof(stack *middleware.Stack) error {
	prove := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
		out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
	) {
		sent, ok := in.Request.(*smithyhttp.Request)
		if !ok {
			return out, metadata, fmt.Errorf("a request of type %T can't carry a proof", in.Request)
		}
		text, err := proof(r.key, sent.URL.String(), r.options.Now())
		if err != nil {
			return out, metadata, err
		}
		r.secrets = append(r.secrets, text)
		sent.Header.Set("DPoP", text)
		return next.HandleFinalize(ctx, in)
	}
	return stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("StepdeckProof", prove), middleware.After)
}

func (r *request) destination() string {
	if r.options.Endpoint != "" {
		return r.options.Endpoint
	}
	host := r.connection.Host
	if host == "" {
		host = "no host"
	}
	return "the sign-in of the AWS console in region " + r.options.Region + " (" + host + ")"
}

var errCancelled = errors.New("the request was cancelled")

func cancelled(ctx context.Context) error {
	cause := context.Cause(ctx)
	if cause == nil {
		cause = errCancelled
	}
	return model.NewError("signin.cancelled", "The sign-in was cancelled.").Because(cause)
}
