package identitycenter

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// stage is what was being done when something failed.
type stage int

const (
	registering stage = iota // before the person is asked
	signingIn                // after the person has answered
	renewing                 // without a person
	listing                  // accounts and roles
	entering                 // a role
)

func cancelled(ctx context.Context) error {
	return model.NewError("signin.cancelled", "The sign-in was cancelled.").Because(context.Cause(ctx))
}

// explain turns an error of the SDK into one sentence and one thing to do.
func (r *request) explain(ctx context.Context, err error, at stage) error {
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return cancelled(ctx)
	}
	var refused smithy.APIError
	if !errors.As(err, &refused) || r.connection.Status == 0 {
		return r.connection.Explain(err, r.destination(), r.secrets)
	}
	cause := transport.Refusal(refused, r.secrets)
	var elsewhere *types.InvalidRequestRegionException
	if errors.As(err, &elsewhere) && elsewhere.Region != nil {
		return model.NewError("signin.region", "The Identity Center of %s is in region %s, not in %s. Sign in to that region.",
			r.options.StartURL, transport.Printable(*elsewhere.Region), r.options.Region).Because(cause)
	}
	if known := r.explainCode(refused.ErrorCode(), at); known != nil {
		return known.Because(cause)
	}
	return r.explainStatus(refused.ErrorCode()).Because(cause)
}

// explainCode explains what the services have a code for; nil for others.
func (r *request) explainCode(code string, at stage) *model.Error {
	start := r.options.StartURL
	switch code {
	case "InvalidGrantException", "ExpiredTokenException", "UnauthorizedException":
		if at == signingIn {
			return model.NewError("signin.code.expired", "The code of the sign-in at %s has expired or was used before. Sign in again.", start)
		}
		return model.NewError(model.CodeSignInEnded, "The sign-in at %s has ended. Sign in again.", start)
	case "InvalidClientException", "UnauthorizedClientException":
		if at == renewing {
			return model.NewError(model.CodeSignInEnded, "The sign-in at %s has ended, since AWS has forgotten this computer. Sign in again.", start)
		}
		return model.NewError("signin.registration", "AWS doesn't accept this computer's registration at %s. Sign in again.", start)
	case "AccessDeniedException":
		return model.NewError("signin.denied", "The sign-in at %s was denied. Sign in again and allow the access in the browser.", start)
	case "ForbiddenException", "ResourceNotFoundException":
		return r.noAccess(at)
	case "InvalidRequestException", "InvalidRequestRegionException":
		if at == registering {
			return model.NewError("signin.region", "There is no Identity Center of %s in region %s. Check the start URL and the region.", start,
				r.options.Region)
		}
	}
	return nil
}

func (r *request) noAccess(at stage) *model.Error {
	if at == entering {
		return model.NewError("signin.role",
			"You don't have that role in that AWS account at %s, or no longer. Choose another role, or ask an administrator.", r.options.StartURL)
	}
	return model.NewError("signin.access", "Identity Center doesn't let you list this at %s. Ask an administrator for access.",
		r.options.StartURL)
}

// explainStatus explains answers by their HTTP status.
func (r *request) explainStatus(code string) *model.Error {
	switch status := r.connection.Status; {
	case transport.IsThrottling(code) || code == "SlowDownException" || status == http.StatusTooManyRequests:
		return model.NewError("signin.throttled", "Identity Center has too many requests at %s. Try again in a minute.", r.options.StartURL)
	case status >= http.StatusInternalServerError:
		return model.NewError("signin.unavailable",
			"Identity Center is unavailable in region %s (HTTP %d). Try again in a few minutes, or in another region that it is replicated to.",
			r.options.Region, status)
	case code == "" || code == "UnknownError":
		return transport.Garbled(r.destination())
	}
	return model.NewError("signin.refused", "Identity Center refuses the request for %s in region %s (%s). Sign in again.", r.options.StartURL,
		r.options.Region, transport.Printable(code))
}

func (r *request) destination() string {
	if r.options.Endpoint != "" {
		return r.options.Endpoint
	}
	host := r.connection.Host
	if host == "" {
		host = "no host"
	}
	return "Identity Center in region " + r.options.Region + " (" + host + ")"
}
