package awsenv

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// stage is what was being done when something failed.
type stage int

const (
	asking   stage = iota // for the identity
	assuming              // the role
)

// explain turns an error of the SDK into one sentence and one thing to do.
func (b *resolution) explain(ctx context.Context, err error, at stage) error {
	if stopped(ctx) {
		return errStopped(ctx)
	}
	var refused smithy.APIError
	if errors.As(err, &refused) && b.connection.Status != 0 {
		return b.explainRefusal(refused.ErrorCode(), refused.ErrorMessage(), transport.Refusal(refused, b.secrets), at)
	}
	return b.explainNetwork(err)
}

// explainRefusal explains an error that AWS returned. message is unfiltered and must not go into an error; refused is
// the filtered form.
func (b *resolution) explainRefusal(code, message string, refused error, at stage) error {
	region := b.stsRegion()
	switch {
	case isSkew(code, message):
		return transport.WrongClock(b.connection.Skew).Because(refused)
	case code == "ExpiredToken" || code == "ExpiredTokenException" || code == "TokenRefreshRequired":
		return model.NewError("aws.token.expired", "The session token of %s has expired. Get new temporary keys and enter them.",
			b.who()).Because(refused)
	case code == "InvalidClientTokenId" || code == "UnrecognizedClientException" || code == "InvalidAccessKeyId" || code == "AuthFailure":
		return b.unknownKey(refused, region)
	case code == "SignatureDoesNotMatch" || code == "IncompleteSignature" || code == "InvalidSignatureException":
		return model.NewError("AWS-LOGIN-ERROR-0005",
			"The secret key of %s is not the one that belongs to access key %s. Enter the secret key again.", b.who(),
			b.Account.AccessKeyID).Because(refused)
	case code == "RegionDisabledException" || code == "OptInRequired":
		return regionDisabled(region, b.who()).Because(refused)
	case transport.IsThrottling(code):
		return model.NewError("aws.throttled", "Too many requests to AWS in region %s. Try again in a minute.", region).Because(refused)
	case strings.HasPrefix(code, "AccessDenied") && at == assuming:
		return b.mayNotAssume(refused)
	case strings.HasPrefix(code, "AccessDenied"):
		return model.NewError("aws.denied",
			"AWS doesn't allow %s to call sts:GetCallerIdentity in region %s. Allow it in the network's endpoint policy.", b.who(),
			region).Because(refused)
	case code == "ValidationError" && strings.Contains(message, "MaxSessionDuration"):
		return model.NewError("role.duration.refused",
			"The role %s does not allow sessions of %d seconds. Shorten the duration, or raise the role's maximum.", b.Role.ARN,
			b.Role.Duration).Because(refused)
	case code == "ValidationError" && at == assuming:
		return model.NewError("role.refused",
			"AWS rejects the request to assume the role %s. Correct its ARN, session name, duration or external ID.", b.Role.ARN).Because(refused)
	case b.connection.Status >= http.StatusInternalServerError:
		return model.NewError("aws.unavailable", "AWS is unavailable at %s (HTTP %d). Try again in a few minutes.",
			b.connection.Host, b.connection.Status).Because(refused)
	case code == "" || code == "UnknownError":
		return b.garbled(refused)
	default:
		return model.NewError("aws.refused", "AWS rejects the request of %s in region %s (%s). Check the account and the region.",
			b.who(), region, transport.Printable(code)).Because(refused)
	}
}

// isSkew distinguishes a rejection because of the time from one because of the key: STS uses one code for both.
func isSkew(code, message string) bool {
	switch code {
	case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture":
		return true
	case "SignatureDoesNotMatch", "InvalidSignatureException":
		return strings.HasPrefix(message, "Signature expired") || strings.HasPrefix(message, "Signature not yet current")
	}
	return false
}

func (b *resolution) unknownKey(refused error, region string) error {
	sentence := "AWS doesn't know the access key %s of %s. Check that it is correct and active."
	switch {
	case b.Account.Kind == model.KindInstanceRole:
		return model.NewError("AWS-LOGIN-ERROR-0005",
			"AWS rejects the keys of %s in region %s. Check that the region is enabled and in the instance's partition.", b.who(),
			region).Because(refused)
	case b.SessionToken != "":
		sentence = "AWS rejects the access key %s of %s with its session token. Enter both again: they belong together and expire together."
	case strings.HasPrefix(b.Account.AccessKeyID, "ASIA"):
		sentence = "The access key %s of %s is a temporary one, which works only with its session token. Enter the session token too."
	case !enabledByDefault(region):
		return model.NewError("AWS-LOGIN-ERROR-0005",
			"AWS doesn't know the access key %s of %s in region %s. Check that it is correct and active, and that the region is enabled in its "+
				"AWS account.",
			b.Account.AccessKeyID, b.who(), region).Because(refused)
	}
	return model.NewError("AWS-LOGIN-ERROR-0005", sentence, b.Account.AccessKeyID, b.who()).Because(refused)
}

func (b *resolution) mayNotAssume(refused error) error {
	hint := "If the role requires an external ID, enter it; otherwise allow sts:AssumeRole for the account and make the role trust it."
	if b.Role.ExternalID != "" {
		hint = "Check the external ID; if it is right, allow sts:AssumeRole for the account and make the role trust it."
	}
	return model.NewError("AWS-LOGIN-ERROR-0004", "%s may not assume the role %s, or there is no such role. %s", capital(b.who()), b.Role.ARN,
		hint).Because(refused)
}

func regionDisabled(region, who string) *model.Error {
	return model.NewError("aws.region.disabled",
		"The region %s is not enabled in the AWS account of %s. Enable it there, or choose another region.", region, who)
}

// explainNetwork explains why there was no answer, or none from AWS.
func (b *resolution) explainNetwork(err error) error {
	return b.connection.Explain(err, b.destination(), b.secrets)
}

// garbled is the error for answers that are not from AWS.
func (b *resolution) garbled(cause error) error {
	e := transport.Garbled(b.destination())
	if cause == nil {
		return e
	}
	return e.Because(cause)
}

// destination names where the request went.
func (b *resolution) destination() string {
	if b.endpoint != "" {
		return b.endpoint
	}
	return "AWS in region " + b.stsRegion() + " (" + orDefault(b.connection.Host, "no host") + ")"
}

// who names the account within a sentence.
func (b *resolution) who() string {
	if b.Account.Kind == model.KindInstanceRole {
		return "the instance role"
	}
	return `account "` + b.Account.Name + `"`
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// stopped reports whether the caller gave up; reaching patience is a time-out instead.
func stopped(ctx context.Context) bool {
	return ctx.Err() != nil && !errors.Is(context.Cause(ctx), errPatience)
}

func errStopped(ctx context.Context) error {
	return model.NewError("aws.stopped", "The request to AWS was cancelled.").Because(context.Cause(ctx))
}

// enabledByDefault reports whether every AWS account has the region without enabling it first. Regions that opened
// after March 2019 must be enabled. Source: Account Management reference, "Enable or disable AWS Regions in your
// account".
func enabledByDefault(region string) bool {
	return partition(region) != "aws" || slices.Contains([]string{
		"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1",
		"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1",
		"ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
	}, region)
}
