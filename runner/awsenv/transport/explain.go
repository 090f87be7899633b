package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
)

// Explain explains an error that is not an answer of AWS: there was none, or it came from somebody else. place names
// where the request went, within a sentence. No secret of those given stays in the error.
func (c *Connection) Explain(err error, place string, secrets []string) *model.Error {
	cause := Scrub(withoutRequest(err), secrets)
	var (
		dns         *net.DNSError
		unknown     x509.UnknownAuthorityError
		host        x509.HostnameError
		certificate x509.CertificateInvalidError
		record      tls.RecordHeaderError
		operation   *net.OpError
		proxy       *ProxyError
		deserialize *smithy.DeserializationError
	)
	switch {
	case errors.As(err, &proxy), errors.As(err, &operation) && operation.Op == "proxyconnect":
		return model.NewError("aws.proxy", "The proxy doesn't let requests to %s through. Check HTTPS_PROXY and NO_PROXY.", place).Because(cause)
	case errors.As(err, &dns):
		return model.NewError("aws.dns", "The name of %s can't be found. Check the region and the connection to the internet.",
			place).Because(cause)
	case errors.As(err, &unknown):
		return model.NewError("aws.tls.authority",
			"The certificate of %s is from an authority that this computer doesn't trust. If your network replaces certificates, name its root in "+
				"AWS_CA_BUNDLE.", place).Because(cause)
	case errors.As(err, &host), errors.As(err, &certificate), errors.As(err, &record), strings.Contains(err.Error(), plainAnswer):
		return model.NewError("aws.tls", "Can't make a secure connection to %s. Check the endpoint, the proxy and this computer's clock.",
			place).Because(cause)
	case c.Status != 0 || errors.As(err, &deserialize):
		return Garbled(place).Because(cause)
	case isTimeout(err):
		return model.NewError("aws.timeout", "There is no answer from %s. Check the connection, the proxy and the firewall.",
			place).Because(cause)
	}
	return model.NewError("aws.unreachable", "Can't reach %s. Check the endpoint, the connection and the firewall.", place).Because(cause)
}

// withoutRequest returns why a request could not be sent, without the SDK's account of the request: the place says where it went.
func withoutRequest(err error) error {
	if sending := (*url.Error)(nil); errors.As(err, &sending) {
		return sending.Err
	}
	return err
}

// Garbled is the error for answers that are not from AWS, such as a hotel network's login page.
func Garbled(place string) *model.Error {
	return model.NewError("aws.garbled", "The answer from %s is not from AWS. Check the endpoint and the proxy.", place)
}

// WrongClock is the error for requests that AWS rejects because this computer's clock is ahead by skew.
func WrongClock(skew time.Duration) *model.Error {
	if skew.Abs() < time.Second { // its answer has another date, or none
		return model.NewError("aws.clock", "AWS finds the time of the request wrong. Set this computer's clock.")
	}
	return model.NewError("aws.clock", "AWS rejects the request because this computer's clock is %s AWS's. Set the clock.", Ahead(skew))
}

// Ahead says by how much a clock is wrong: "2 hours 3 minutes behind".
func Ahead(skew time.Duration) string {
	if skew < 0 {
		return model.TimeWords(-skew) + " behind"
	}
	return model.TimeWords(skew) + " ahead of"
}

// IsThrottling reports whether an AWS error code means that there were too many requests.
func IsThrottling(code string) bool {
	return slices.Contains(
		[]string{"Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "RequestThrottled"}, code)
}

// Refusal returns an error with code and message of AWS's answer alone, without secrets: what the SDK wraps around it
// can hold any of them.
func Refusal(refused smithy.APIError, secrets []string) error {
	return &refusal{smithy.GenericAPIError{
		Code: Printable(refused.ErrorCode()), Message: ScrubText(refused.ErrorMessage(), secrets), Fault: refused.ErrorFault(),
	}}
}

// refusal is what AWS answered. Some of its services answer with a code alone.
type refusal struct{ smithy.GenericAPIError }

// Error returns code and message, as far as there are any.
func (r *refusal) Error() string {
	text := "api error"
	if r.Code != "" {
		text += " " + r.Code
	}
	if r.Message != "" {
		text += ": " + r.Message
	}
	return text
}

// Scrub returns an error with only the text of err, without secrets: its causes could still contain one.
func Scrub(err error, secrets []string) error {
	return errors.New(strings.TrimRight(ScrubText(err.Error(), secrets), ": ")) // the last part may be empty
}

// ScrubText removes secrets. When a signature is wrong, STS returns everything that should have been signed, including
// the session token.
func ScrubText(text string, secrets []string) string {
	text, _, _ = strings.Cut(text, "The Canonical String")
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return strings.TrimSpace(Printable(text))
}

// Printable makes untrusted text harmless for terminals and logs, and cuts it.
func Printable(text string) string {
	const most = 300
	safe := model.SafeLine(text)
	if len(safe) > most {
		safe = model.SafeCut(safe, most) + "…"
	}
	return safe
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}
