package identitycenter

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc/types"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// Device is what a person needs who signs in on another device.
type Device struct {
	Code        string    // to compare with that of the page, or to enter there
	URL         string    // of the page
	URLWithCode string    // of the page with the code filled in
	Expires     time.Time // until then the code must be confirmed
}

// SignInWithDevice signs in with a browser that may be anywhere. show is called once with what the person needs; then
// the service is asked until the person has confirmed the code or it expires. known is as in [Begin].
func SignInWithDevice(ctx context.Context, o Options, known Registration, show func(Device)) (Tokens, error) {
	o, err := o.clean()
	if err != nil {
		return Tokens{}, err
	}
	by, err := o.register(ctx, known, deviceGrant)
	if err != nil {
		return Tokens{}, err
	}
	answer, err := o.authorizeDevice(ctx, by)
	if err != nil {
		return Tokens{}, err
	}
	life := time.Duration(answer.ExpiresIn) * time.Second
	show(Device{
		Code: aws.ToString(answer.UserCode), URL: aws.ToString(answer.VerificationUri),
		URLWithCode: aws.ToString(answer.VerificationUriComplete), Expires: o.Now().Add(life),
	})
	limited, cancel := context.WithTimeoutCause(ctx, life, errDeviceExpired)
	defer cancel()
	return o.poll(limited, by, aws.ToString(answer.DeviceCode), time.Duration(answer.Interval)*time.Second)
}

var errDeviceExpired = errors.New("nobody confirmed the code in time")

func deviceExpired(cause error) error {
	return model.NewError("signin.device.expired", "The code was not confirmed in time. Sign in again.").Because(cause)
}

func (o Options) authorizeDevice(ctx context.Context, by Registration) (*ssooidc.StartDeviceAuthorizationOutput, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r := newRequest(o, by.ClientSecret)
	answer, err := r.client().StartDeviceAuthorization(limited, &ssooidc.StartDeviceAuthorizationInput{
		ClientId: aws.String(by.ClientID), ClientSecret: aws.String(by.ClientSecret), StartUrl: aws.String(o.StartURL),
	})
	if err != nil {
		return nil, r.explain(ctx, err, registering)
	}
	if aws.ToString(answer.DeviceCode) == "" || aws.ToString(answer.UserCode) == "" || answer.ExpiresIn <= 0 ||
		!opensInBrowser(aws.ToString(answer.VerificationUri)) || !opensInBrowser(aws.ToString(answer.VerificationUriComplete)) {
		return nil, transport.Garbled(r.destination())
	}
	return answer, nil
}

// opensInBrowser reports whether an address may be opened: it came over the network.
func opensInBrowser(address string) bool {
	_, err := model.PageURL(address)
	return err == nil
}

// Pauses between questions whether the code was confirmed. Source: RFC 8628 §3.2 and §3.5.
const (
	usualPause = 5 * time.Second
	morePause  = 5 * time.Second
)

// poll asks for the tokens until there are some.
func (o Options) poll(ctx context.Context, by Registration, code string, pause time.Duration) (Tokens, error) {
	if pause <= 0 {
		pause = usualPause
	}
	for {
		select {
		case <-ctx.Done():
			return Tokens{}, pollEnded(ctx)
		case <-time.After(pause):
		}
		r := newRequest(o, by.ClientSecret, code)
		answer, asked, err := r.ask(ctx, by, &ssooidc.CreateTokenInput{GrantType: aws.String(deviceGrant), DeviceCode: aws.String(code)})
		var (
			pending *types.AuthorizationPendingException
			slower  *types.SlowDownException
			expired *types.ExpiredTokenException
		)
		switch {
		case err == nil:
			return r.read(answer, asked, by)
		case ctx.Err() != nil:
			return Tokens{}, pollEnded(ctx)
		case errors.As(err, &pending):
		case errors.As(err, &slower):
			pause += morePause
		case errors.As(err, &expired):
			return Tokens{}, deviceExpired(transport.Refusal(expired, r.secrets))
		default:
			return Tokens{}, r.explain(ctx, err, signingIn)
		}
	}
}

func pollEnded(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, errDeviceExpired) {
		return deviceExpired(cause)
	}
	return cancelled(ctx)
}
