package awsenv

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
)

// stage is what was being done when something failed.
type stage int

const (
	asking   stage = iota // who we are
	assuming              // the role
)

// explain turns what the SDK says into one sentence and one thing to do.
func (b *becoming) explain(ctx context.Context, err error, at stage) error {
	if stopped(ctx) {
		return errStopped(ctx)
	}
	var refused smithy.APIError
	if errors.As(err, &refused) && b.line.status != 0 {
		cause := &smithy.GenericAPIError{Code: printable(refused.ErrorCode()), Message: scrubText(refused.ErrorMessage(), b.secrets), Fault: refused.ErrorFault()}
		return b.explainRefusal(refused.ErrorCode(), refused.ErrorMessage(), cause, at)
	}
	return b.explainNetwork(err)
}

// explainRefusal is for what AWS itself said. message is as it came, so it goes into no error: refused is what may be told.
func (b *becoming) explainRefusal(code, message string, refused error, at stage) error {
	region := b.stsRegion()
	switch {
	case isSkew(code, message):
		return model.NewError("aws.clock", "AWS refuses the request because this computer's clock is %s AWS's. Set the clock.", ahead(b.line.skew)).Because(refused)
	case code == "ExpiredToken" || code == "ExpiredTokenException" || code == "TokenRefreshRequired":
		return model.NewError("aws.token.expired", "The session token of %s has expired. Get new temporary keys and enter them.", b.who()).Because(refused)
	case code == "InvalidClientTokenId" || code == "UnrecognizedClientException" || code == "InvalidAccessKeyId" || code == "AuthFailure":
		return b.unknownKey(refused, region)
	case code == "SignatureDoesNotMatch" || code == "IncompleteSignature" || code == "InvalidSignatureException":
		return model.NewError("AWS-LOGIN-ERROR-0005", "The secret key of %s is not the one that belongs to access key %s. Enter the secret key again.", b.who(), b.Account.AccessKeyID).Because(refused)
	case code == "RegionDisabledException" || code == "OptInRequired":
		return regionDisabled(region, b.who()).Because(refused)
	case isThrottling(code):
		return model.NewError("aws.throttled", "AWS is asked too often in region %s and answers no more for a moment. Try again in a minute.", region).Because(refused)
	case strings.HasPrefix(code, "AccessDenied") && at == assuming:
		return b.mayNotAssume(refused)
	case strings.HasPrefix(code, "AccessDenied"):
		return model.NewError("aws.denied", "AWS does not let %s ask who it is in region %s. Allow sts:GetCallerIdentity in the network's endpoint policy.", b.who(), region).Because(refused)
	case code == "ValidationError" && strings.Contains(message, "MaxSessionDuration"):
		return model.NewError("role.duration.refused", "The role %s does not allow sessions of %d seconds. Shorten the duration, or raise the role's maximum.", b.Role.ARN, b.Role.Duration).Because(refused)
	case code == "ValidationError" && at == assuming:
		return model.NewError("role.refused", "AWS can't assume the role %s as it is written. Correct its ARN, session name, duration or external ID.", b.Role.ARN).Because(refused)
	case b.line.status >= http.StatusInternalServerError:
		return model.NewError("aws.unavailable", "AWS can't answer at the moment at %s (HTTP %d). Try again in a few minutes.", b.line.host, b.line.status).Because(refused)
	case code == "" || code == "UnknownError":
		return b.garbled(refused)
	default:
		return model.NewError("aws.refused", "AWS refuses the request of %s in region %s (%s). Check the account and the region.", b.who(), region, printable(code)).Because(refused)
	}
}

// isSkew tells a refusal because of the time from one because of the key: STS has one code for both.
func isSkew(code, message string) bool {
	switch code {
	case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture":
		return true
	case "SignatureDoesNotMatch", "InvalidSignatureException":
		return strings.HasPrefix(message, "Signature expired") || strings.HasPrefix(message, "Signature not yet current")
	}
	return false
}

func (b *becoming) unknownKey(refused error, region string) error {
	sentence := "AWS does not know the access key %s of %s. Check that it is typed right and active."
	switch {
	case b.Account.Kind == model.KindInstanceRole:
		return model.NewError("AWS-LOGIN-ERROR-0005", "AWS refuses the keys of %s in region %s. Check that the region is enabled and of the instance's partition.", b.who(), region).Because(refused)
	case b.SessionToken != "":
		sentence = "AWS does not take the access key %s of %s with its session token. Enter both again: they belong together and expire together."
	case strings.HasPrefix(b.Account.AccessKeyID, "ASIA"):
		sentence = "The access key %s of %s is a temporary one, which AWS takes with its session token only. Enter the session token too."
	case !enabledByDefault(region):
		return model.NewError("AWS-LOGIN-ERROR-0005", "AWS does not know the access key %s of %s in region %s. Check that it is typed right and active, and that the region is enabled in its AWS account.",
			b.Account.AccessKeyID, b.who(), region).Because(refused)
	}
	return model.NewError("AWS-LOGIN-ERROR-0005", sentence, b.Account.AccessKeyID, b.who()).Because(refused)
}

func (b *becoming) mayNotAssume(refused error) error {
	hint := "If the role asks for an external ID, enter it; else allow sts:AssumeRole to the account and let the role trust it."
	if b.Role.ExternalID != "" {
		hint = "Check the external ID; if it is right, allow sts:AssumeRole to the account and let the role trust it."
	}
	return model.NewError("AWS-LOGIN-ERROR-0004", "%s may not assume the role %s, or there is no such role. %s", capital(b.who()), b.Role.ARN, hint).Because(refused)
}

func regionDisabled(region, who string) *model.Error {
	return model.NewError("aws.region.disabled", "The region %s is not enabled in the AWS account of %s. Enable it there, or choose another region.", region, who)
}

func isThrottling(code string) bool {
	return slices.Contains([]string{"Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "RequestThrottled"}, code)
}

// explainNetwork is for when there was no answer, or none of AWS.
func (b *becoming) explainNetwork(err error) error {
	cause, where := scrub(err, b.secrets), b.place()
	var (
		dns         *net.DNSError
		unknown     x509.UnknownAuthorityError
		host        x509.HostnameError
		certificate x509.CertificateInvalidError
		record      tls.RecordHeaderError
		operation   *net.OpError
		proxy       *proxyError
		deserialize *smithy.DeserializationError
	)
	switch {
	case errors.As(err, &proxy), errors.As(err, &operation) && operation.Op == "proxyconnect":
		return model.NewError("aws.proxy", "The proxy does not let a request through to %s. Check HTTPS_PROXY and NO_PROXY.", where).Because(cause)
	case errors.As(err, &dns):
		return model.NewError("aws.dns", "The name of %s can't be found. Check the region and the connection to the internet.", where).Because(cause)
	case errors.As(err, &unknown):
		return model.NewError("aws.tls.authority", "The certificate of %s comes from an authority that this computer does not trust. If your network replaces certificates, name its root in AWS_CA_BUNDLE.", where).Because(cause)
	case errors.As(err, &host), errors.As(err, &certificate), errors.As(err, &record), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return model.NewError("aws.tls", "No safe connection to %s can be made. Check the endpoint, the proxy and this computer's clock.", where).Because(cause)
	case b.line.status != 0 || errors.As(err, &deserialize):
		return b.garbled(cause)
	case isTimeout(err):
		return model.NewError("aws.timeout", "No answer comes from %s. Check the connection, the proxy and the firewall.", where).Because(cause)
	}
	return model.NewError("aws.unreachable", "Nothing can be reached at %s. Check the endpoint, the connection and the firewall.", where).Because(cause)
}

// garbled is for answers that AWS does not give, such as the page of a hotel's network.
func (b *becoming) garbled(cause error) error {
	e := model.NewError("aws.garbled", "The answer from %s is not one of AWS. Check the endpoint and the proxy.", b.place())
	if cause == nil {
		return e
	}
	return e.Because(cause)
}

// place names where the request went.
func (b *becoming) place() string {
	if b.endpoint != "" {
		return b.endpoint
	}
	return "AWS in region " + b.stsRegion() + " (" + orDefault(b.line.host, "no host") + ")"
}

// who names the account in the middle of a sentence.
func (b *becoming) who() string {
	if b.Account.Kind == model.KindInstanceRole {
		return "the instance role"
	}
	return `account "` + b.Account.Name + `"`
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// stopped reports whether somebody gave up waiting; our own patience is a time-out instead.
func stopped(ctx context.Context) bool {
	return ctx.Err() != nil && !errors.Is(context.Cause(ctx), errPatience)
}

func errStopped(ctx context.Context) error {
	return model.NewError("aws.stopped", "Asking AWS was stopped.").Because(context.Cause(ctx))
}

// enabledByDefault tells the regions that every AWS account has from those that must be enabled first. All that came
// after March 2019 must be. Source: Account Management reference, "Enable or disable AWS Regions in your account".
func enabledByDefault(region string) bool {
	return partition(region) != "aws" || slices.Contains([]string{
		"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1",
		"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1",
		"ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
	}, region)
}

// scrub makes of an error its text alone, without any secret: what lies underneath could still hold one.
func scrub(err error, secrets []string) error { return errors.New(scrubText(err.Error(), secrets)) }

// scrubText takes secrets out. When a signature is wrong, STS sends back all that should have been signed, the session
// token among it.
func scrubText(text string, secrets []string) string {
	text, _, _ = strings.Cut(text, "The Canonical String")
	for _, secret := range secrets {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return strings.TrimSpace(printable(text))
}
