package awsenv

import (
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// explainRole explains why AWS doesn't give a session of a role, or returns nil if that is not about the role.
func (b *resolution) explainRole(code, message string) *model.Error {
	r := b.role
	switch {
	case strings.HasPrefix(code, "AccessDenied"):
		return b.mayNotAssume(message)
	case code == "InvalidIdentityToken" || code == "IDPRejectedClaim":
		return model.NewError("AWS-LOGIN-ERROR-0005.1",
			"AWS doesn't accept the web identity token for the role %s. "+
				"Check the token's audience, and the identity provider in the role's AWS account.",
			r.ARN)
	case code == "IDPCommunicationError":
		return model.NewError("AWS-LOGIN-ERROR-0005.1", "AWS can't reach the identity provider of the role %s. Try again in a minute.", r.ARN)
	case code == "MalformedPolicyDocument":
		return model.NewError("role.policy.refused",
			"AWS doesn't accept the session policy for the role %s, or a managed policy that limits the session. Correct it.", r.ARN)
	case code == "PackedPolicyTooLarge":
		return model.NewError("role.policy.large",
			"The policies and tags of the session of %s are too large together. Shorten the policy, or use fewer tags.", r.ARN)
	case code == "InvalidParameterValue":
		return model.NewError("role.tags.refused",
			"AWS doesn't accept the session tags for the role %s. Check that none repeats a transitive one of the session before.", r.ARN)
	case code == "ValidationError" && strings.Contains(message, "MaxSessionDuration"):
		return model.NewError("role.duration.refused",
			"The role %s does not allow sessions of %s. Shorten the duration, or raise the role's maximum.", r.ARN,
			model.TimeWords(time.Duration(r.Duration)*time.Second))
	case code == "ValidationError":
		return model.NewError("role.refused",
			"AWS rejects the request to assume the role %s. Correct its ARN or the session.", r.ARN)
	}
	return nil
}

// mayNotAssume explains by what AWS says beyond that access is denied. It says the same whether a role is missing, doesn't
// trust, or wants an external ID.
func (b *resolution) mayNotAssume(message string) *model.Error {
	r, who := b.role, capital(b.who())
	switch {
	case strings.Contains(message, "MultiFactorAuthentication failed with"):
		return wrongCode(r.MFASerial)
	case strings.Contains(message, "MultiFactorAuthentication failed"):
		return wrongDevice(r.MFASerial, b.who())
	case strings.Contains(message, "sts:TagSession"):
		return model.NewError("role.tags.denied",
			"%s may not tag a session of the role %s. Allow sts:TagSession in the role's trust policy.", who, r.ARN)
	case strings.Contains(message, "sts:SetSourceIdentity"), strings.Contains(message, "SourceIdentity cannot be changed"):
		return model.NewError("role.sourceidentity.denied",
			"%s may not set the source identity of the role %s. Allow sts:SetSourceIdentity in the role's trust policy, "+
				"and don't change it from role to role.", who, r.ARN)
	case b.stage == exchanging:
		return model.NewError("AWS-LOGIN-ERROR-0004",
			"The role %s doesn't trust the web identity token, or there is no such role. "+
				"Correct its ARN, or the subject and audience in its trust policy.",
			r.ARN)
	case strings.Contains(message, "explicit deny in"):
		return model.NewError("AWS-LOGIN-ERROR-0004", "%s may not assume the role %s: a policy forbids it (%s). Change that policy.",
			who, r.ARN, deniedBy(message))
	case strings.Contains(message, "no identity-based policy allows"):
		return model.NewError("AWS-LOGIN-ERROR-0004", "%s may not assume the role %s. Allow it sts:AssumeRole for that role.", who, r.ARN)
	case strings.Contains(message, "no session policy allows"), strings.Contains(message, "no permissions boundary allows"):
		return model.NewError("AWS-LOGIN-ERROR-0004",
			"%s may not assume the role %s: its session policy or permissions boundary doesn't allow sts:AssumeRole. Allow it there.", who, r.ARN)
	}
	return model.NewError("AWS-LOGIN-ERROR-0004", "%s may not assume the role %s, or there is no such role. %s", who, r.ARN, b.hint())
}

// hint says what to look at when AWS gives no reason.
func (b *resolution) hint() string {
	hint := "If the role requires an external ID, enter it; otherwise allow sts:AssumeRole for the account and make the role trust it."
	if b.role.ExternalID != "" {
		hint = "Check the external ID; if it is right, allow sts:AssumeRole for the account and make the role trust it."
	}
	return hint
}

// deniedBy returns which policy AWS names.
func deniedBy(message string) string {
	for _, policy := range []string{
		"service control policy", "resource control policy", "permissions boundary", "session policy", "VPC endpoint policy",
		"resource-based policy", "identity-based policy",
	} {
		if strings.Contains(message, policy) {
			return policy
		}
	}
	return "AWS doesn't say which"
}
