package sandbox

import "net/http"

// OAuthError is a code with which the console's token service refuses a request.
type OAuthError string

// The codes. Source: Sign-In API reference, CreateOAuth2Token.
const (
	TokenExpired            OAuthError = "TOKEN_EXPIRED"
	UserCredentialsChanged  OAuthError = "USER_CREDENTIALS_CHANGED"
	InsufficientPermissions OAuthError = "INSUFFICIENT_PERMISSIONS"
	AuthcodeExpired         OAuthError = "AUTHCODE_EXPIRED"
	InvalidRequest          OAuthError = "INVALID_REQUEST"
	ServerError             OAuthError = "server_error"
	RateExceeded            OAuthError = "rate_exceeded"
	ServiceUnavailable      OAuthError = "service_unavailable"
)

// fault returns the exception of a code.
func (e OAuthError) fault(message string) *jsonFault {
	status, kind := http.StatusBadRequest, "AccessDeniedException"
	switch e {
	case InvalidRequest:
		kind = "ValidationException"
	case ServerError:
		status, kind = http.StatusInternalServerError, "InternalServerException"
	case RateExceeded:
		status, kind = http.StatusTooManyRequests, "TooManyRequestsError"
	case ServiceUnavailable:
		status, kind = http.StatusServiceUnavailable, "ServiceUnavailableException"
	case TokenExpired, UserCredentialsChanged, InsufficientPermissions, AuthcodeExpired:
	}
	return &jsonFault{status, kind, map[string]string{"error": string(e), "message": message}}
}
