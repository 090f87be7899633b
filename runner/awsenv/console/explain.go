package console

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/signin/types"
	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// From this skew on, a clock is the likely cause of a request that AWS finds invalid: a proof says when it was made.
const skewToBlame = time.Minute

// explain turns an error of the SDK into one sentence and one thing to do.
func (r *request) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return cancelled(ctx)
	}
	var refused smithy.APIError
	if !errors.As(err, &refused) || r.connection.Status == 0 {
		return r.connection.Explain(err, r.destination(), r.secrets)
	}
	cause := transport.Refusal(refused, r.secrets)
	if known := r.explainReason(reason(err)); known != nil {
		return known.Because(cause)
	}
	switch status := r.connection.Status; {
	case transport.IsThrottling(refused.ErrorCode()) || status == http.StatusTooManyRequests:
		return model.NewError("signin.throttled", "Too many sign-ins in region %s at the moment. Try again in a minute.", r.options.Region).
			Because(cause)
	case status >= http.StatusInternalServerError:
		return model.NewError("signin.unavailable",
			"The sign-in of the AWS console in region %s is unavailable (HTTP %d). Try again in a few minutes, or sign in to another region.",
			r.options.Region, status).Because(cause)
	case refused.ErrorCode() == "" || refused.ErrorCode() == "UnknownError":
		return transport.Garbled(r.destination()).Because(cause)
	}
	return model.NewError("signin.refused", "AWS refuses the sign-in in region %s (%s). Sign in again.", r.options.Region,
		transport.Printable(refused.ErrorCode())).Because(cause)
}

// reason returns the code within AWS's answer that says why.
func reason(err error) types.OAuth2ErrorCode {
	var (
		denied     *types.AccessDeniedException
		invalid    *types.ValidationException
		throttled  *types.TooManyRequestsError
		unfinished *types.InternalServerException
	)
	switch {
	case errors.As(err, &denied):
		return denied.Error_
	case errors.As(err, &invalid):
		return invalid.Error_
	case errors.As(err, &throttled):
		return throttled.Error_
	case errors.As(err, &unfinished):
		return unfinished.Error_
	}
	return ""
}

// explainReason explains the reasons that the service has a code for; nil for others.
func (r *request) explainReason(code types.OAuth2ErrorCode) *model.Error {
	switch code {
	case types.OAuth2ErrorCodeTokenExpired:
		return ended(r.session)
	case types.OAuth2ErrorCodeUserCredentialsChanged:
		return model.NewError(model.CodeSignInEnded, "%s has ended because the password was changed. Sign in again.", capital(who(r.session)))
	case types.OAuth2ErrorCodeInsufficientPermissions:
		return model.NewError("signin.policy",
			"AWS doesn't allow %s. Have an administrator attach the policy SignInLocalDevelopmentAccess to the user or role.", who(r.session))
	case types.OAuth2ErrorCodeAuthcodeExpired:
		return model.NewError("signin.code.expired", "The code of the sign-in page has expired or was used before. Sign in again.")
	case types.OAuth2ErrorCodeOauthInvalidGrant:
		if r.session != "" {
			return model.NewError(model.CodeSignInEnded, "%s has ended, or was renewed by another program. Sign in again.",
				capital(who(r.session)))
		}
		return model.NewError("signin.code.expired", "The code of the sign-in page has expired or was used before. Sign in again.")
	case types.OAuth2ErrorCodeInvalidRequest, types.OAuth2ErrorCodeOauthInvalidRequest:
		return r.invalid()
	}
	return nil
}

// invalid explains a request that AWS finds invalid, which it doesn't explain itself.
func (r *request) invalid() *model.Error {
	if r.connection.Skew.Abs() >= skewToBlame {
		return transport.WrongClock(r.connection.Skew)
	}
	if r.session == "" {
		return model.NewError("signin.refused", "AWS refuses the sign-in in region %s. Sign in again, or choose another region to sign in to.",
			r.options.Region)
	}
	return model.NewError("signin.region",
		"AWS doesn't know %s in region %s. It was probably made in another region: sign in again, in the region to use from now on.",
		who(r.session), r.options.Region)
}

func ended(session string) *model.Error {
	return model.NewError(model.CodeSignInEnded, "%s has ended. Sign in again.", capital(who(session)))
}

func unusable(session string) *model.Error {
	return model.NewError(model.CodeSignInEnded, "%s can't be renewed: its key is damaged. Sign in again.", capital(who(session)))
}

// who names the sign-in within a sentence.
func who(session string) string {
	if session == "" {
		return "the sign-in with the AWS console"
	}
	return "the sign-in with the AWS console as " + session
}

func capital(text string) string { return "T" + text[1:] }
