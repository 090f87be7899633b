package awsenv

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// stage is what was being done when something failed.
type stage int

const (
	asking     stage = iota // for the identity
	opening                 // a session with the code of an MFA device
	assuming                // a role
	exchanging              // a web identity token for a role
	federating              // for keys that open the console
)

// explain turns an error of the SDK into one sentence and one thing to do.
func (b *resolution) explain(ctx context.Context, err error) error {
	if stopped(ctx) {
		return errStopped(ctx)
	}
	var refused smithy.APIError
	if errors.As(err, &refused) && b.connection.Status != 0 {
		return b.explainRefusal(refused.ErrorCode(), refused.ErrorMessage(), transport.Refusal(refused, b.concealed()))
	}
	return b.connection.Explain(err, b.destination(), b.concealed())
}

// explainRefusal explains an error that AWS returned. message is unfiltered and must not go into an error; refused is
// the filtered form.
func (b *resolution) explainRefusal(code, message string, refused error) error {
	if e := b.explainKey(code, message); e != nil {
		return e.Because(refused)
	}
	if b.stage == assuming || b.stage == exchanging {
		if e := b.explainRole(code, message); e != nil {
			return e.Because(refused)
		}
	}
	return b.explainRest(code, message, refused)
}

// explainKey explains refusals that are about the clock or the keys.
func (b *resolution) explainKey(code, message string) *model.Error {
	switch code {
	case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired":
		return b.expired()
	case "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure":
		return b.unknownKey(b.stsRegion())
	}
	switch {
	case isSkew(code, message):
		return transport.WrongClock(b.connection.Skew)
	case code == "SignatureDoesNotMatch" || code == "IncompleteSignature" || code == "InvalidSignatureException":
		return b.wrongSignature(message)
	}
	return nil
}

// wrongSignature explains that AWS refuses a signature: of a secret key that a person entered somewhere, else of the region.
func (b *resolution) wrongSignature(message string) *model.Error {
	const code = "AWS-LOGIN-ERROR-0005"
	const wrong = "The secret key of %s is not the one that belongs to access key %s. "
	switch {
	case strings.Contains(message, "valid region"):
		return model.NewError(code, "AWS at %s is not in region %s. Choose the region of that address.", b.connection.Host, b.stsRegion())
	case b.acting != "" || b.Account.Kind != model.KindAccessKey && b.keys.SessionToken != "":
		return model.NewError(code, "AWS rejects what is signed with the temporary keys of %s in region %s. Check the region, and whether a "+
			"proxy changes requests.", b.who(), b.stsRegion())
	case b.Account.Kind == model.KindProcess || b.plan != nil && b.plan.Source.Kind == profile.Process:
		return model.NewError(code, wrong+"Correct what its process prints.", b.who(), b.keys.AccessKeyID)
	case b.plan != nil && b.plan.Source.Kind == profile.StaticKeys:
		return model.NewError(code, wrong+"Correct aws_secret_access_key of the profile %q.", b.who(), b.keys.AccessKeyID, b.plan.Source.Profile)
	}
	return model.NewError(code, wrong+"Enter the secret key again.", b.who(), b.keys.AccessKeyID)
}

// expired explains that a token ended: what to do depends on where it came from.
func (b *resolution) expired() *model.Error {
	what := "Get new temporary keys and enter them"
	switch {
	case b.stage == exchanging:
		return model.NewError("aws.token.expired", "The web identity token for %s has expired. Check what renews the token's file.", b.role.ARN)
	case b.Account.Kind == model.KindInstanceRole:
		what = "Check this computer's clock, or restart the instance or container"
	case b.Account.SignsIn():
		what = "Sign in again"
	case b.Account.Kind == model.KindProcess:
		what = "Sign in again where its process gets the keys"
	case b.Account.Kind == model.KindProfile:
		what = "Put new keys into the profile, or sign in again where it gets them"
	}
	return model.NewError("aws.token.expired", "The session token of %s has expired. %s.", b.who(), what)
}

// explainRest explains refusals that can happen to every request.
func (b *resolution) explainRest(code, message string, refused error) error {
	region := b.stsRegion()
	switch {
	case code == "RegionDisabledException" || code == "OptInRequired":
		return regionDisabled(region, b.who()).Because(refused)
	case transport.IsThrottling(code):
		return model.NewError("aws.throttled", "Too many requests to AWS in region %s. Try again in a minute.", region).Because(refused)
	case strings.HasPrefix(code, "AccessDenied") && b.stage == opening:
		return b.noSession(message).Because(refused)
	case strings.HasPrefix(code, "AccessDenied") && b.stage == federating:
		return model.NewError("console.denied",
			"AWS doesn't let %s open the console. Allow sts:GetFederationToken for its user, or assume a role.", b.who()).Because(refused)
	case strings.HasPrefix(code, "AccessDenied"):
		return model.NewError("aws.denied",
			"AWS doesn't allow %s to call sts:GetCallerIdentity in region %s. Allow it in the network's endpoint policy.", b.who(),
			region).Because(refused)
	case b.connection.Status >= http.StatusInternalServerError:
		return model.NewError("aws.unavailable", "AWS is unavailable at %s (HTTP %d). Try again in a few minutes.",
			b.connection.Host, b.connection.Status).Because(refused)
	case code == "" || code == "UnknownError":
		return b.garbled(refused)
	}
	return model.NewError("aws.refused", "AWS rejects the request of %s in region %s (%s). Check the account and the region.",
		b.who(), region, transport.Printable(code)).Because(refused)
}

// noSession explains that AWS gives no session for a code.
func (b *resolution) noSession(message string) *model.Error {
	switch {
	case strings.Contains(message, "one time pass code") && !strings.Contains(message, "must provide"):
		return wrongCode(b.Account.MFADevice)
	case strings.Contains(message, "MultiFactorAuthentication failed"):
		return wrongDevice(b.Account.MFADevice, b.who())
	}
	return model.NewError("aws.mfa.denied", "AWS doesn't give %s a session. Allow sts:GetSessionToken for its user.", b.who())
}

func wrongDevice(device, who string) *model.Error {
	return model.NewError("aws.mfa.device",
		"The MFA device %s is not one of the user of %s. Enter the device that the user's security credentials in AWS name.", device, who)
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

func (b *resolution) unknownKey(region string) *model.Error {
	sentence := "AWS doesn't know the access key %s of %s. Check that it is correct and active."
	switch {
	case b.Account.Kind == model.KindInstanceRole && b.acting == "":
		return model.NewError("AWS-LOGIN-ERROR-0005",
			"AWS rejects the keys of %s in region %s. Check that the region is enabled and in the instance's partition.", b.who(), region)
	case b.acting != "" || b.Account.Kind != model.KindAccessKey && b.keys.SessionToken != "":
		return model.NewError("AWS-LOGIN-ERROR-0005",
			"AWS rejects the temporary keys of %s in region %s. Check that the region is enabled and in the keys' partition.", b.who(), region)
	case b.SessionToken != "":
		sentence = "AWS rejects the access key %s of %s with its session token. Enter both again: they belong together and expire together."
	case strings.HasPrefix(b.keys.AccessKeyID, "ASIA") && b.keys.SessionToken == "":
		sentence = "The access key %s of %s is a temporary one, which works only with its session token. Enter the session token too."
	case !enabledByDefault(region):
		return model.NewError("AWS-LOGIN-ERROR-0005",
			"AWS doesn't know the access key %s of %s in region %s. Check that it is correct and active, and that the region is enabled in its "+
				"AWS account.",
			b.keys.AccessKeyID, b.who(), region)
	}
	return model.NewError("AWS-LOGIN-ERROR-0005", sentence, b.keys.AccessKeyID, b.who())
}

func regionDisabled(region, who string) *model.Error {
	return model.NewError("aws.region.disabled",
		"The region %s is not enabled in the AWS account of %s. Enable it there, or choose another region.", region, who)
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

// who names whose keys are used, within a sentence.
func (b *resolution) who() string {
	switch {
	case b.acting != "":
		return b.acting
	case b.Account.Kind == model.KindInstanceRole:
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
