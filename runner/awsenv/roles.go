package awsenv

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
)

// Role is a role to assume.
type Role struct {
	model.AssumeRole
	MFASerial string // device whose code the role asks for; empty for none
}

// RoleOf returns the roles of a step: one or none.
func RoleOf(r *model.AssumeRole) []Role {
	if r == nil {
		return nil
	}
	return []Role{{AssumeRole: *r}}
}

// Maximum session duration of a role that is assumed with a role's session. Source: IAM User Guide, "Role chaining".
const longestChained = time.Hour

// assume replaces the current keys by those of a role's session.
func (b *resolution) assume(ctx context.Context, role Role) error {
	b.stage, b.role = assuming, &role
	wanted := time.Duration(role.Duration) * time.Second
	if b.kind == roleSession && wanted > longestChained {
		wanted = b.cap(wanted)
	}
	err := b.withCode(ctx, role.MFASerial, func(ctx context.Context, code string) error {
		answer, err := b.askForRole(ctx, wanted, code)
		// Keys with a session token may be a user's (12 hours) or a role's (one hour): only AWS knows.
		if wanted > longestChained && b.kind == unknownSession && refusedAsChained(err) {
			answer, err = b.askForRole(ctx, b.cap(wanted), code)
		}
		if err != nil {
			return err
		}
		return b.useIssued(answer.Credentials, roleSession)
	})
	if err != nil {
		return err
	}
	b.acting = "the role " + role.ARN
	return nil
}

// useIssued uses keys that STS issued.
func (b *resolution) useIssued(c *types.Credentials, kind session) error {
	if c == nil || aws.ToString(c.AccessKeyId) == "" || aws.ToString(c.SecretAccessKey) == "" || aws.ToString(c.SessionToken) == "" {
		return b.garbled(nil)
	}
	b.use(credentials(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken, aws.ToTime(c.Expiration)), kind)
	return nil
}

func (b *resolution) cap(wanted time.Duration) time.Duration {
	b.warn("role.chained.hour",
		"The session of %s lasts 1 hour instead of %s: AWS allows no more for a role that is assumed with temporary credentials.",
		b.role.ARN, wanted)
	return longestChained
}

func (b *resolution) askForRole(ctx context.Context, duration time.Duration, code string) (*sts.AssumeRoleOutput, error) {
	r := b.role
	input := &sts.AssumeRoleInput{
		RoleArn: aws.String(r.ARN), RoleSessionName: aws.String(b.sessionName(r.SessionName)), ExternalId: optional(r.ExternalID),
	}
	if code != "" {
		input.SerialNumber, input.TokenCode = aws.String(r.MFASerial), aws.String(code)
	}
	if duration > 0 { // else AWS's own default
		input.DurationSeconds = aws.Int32(int32(duration / time.Second)) //nolint:gosec // checked: at most 12 hours
	}
	return b.client().AssumeRole(ctx, input)
}

func (b *resolution) sessionName(chosen string) string {
	if chosen != "" {
		return chosen
	}
	return SessionName(b.RunID, b.Step, b.Now())
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func refusedAsChained(err error) bool {
	var refused smithy.APIError
	return errors.As(err, &refused) && refused.ErrorCode() == "ValidationError" && strings.Contains(refused.ErrorMessage(), "role chaining")
}

func cleanRoles(roles []Role) []Role {
	roles = slices.Clone(roles)
	for i := range roles {
		r := &roles[i]
		for _, field := range []*string{&r.ARN, &r.SessionName, &r.ExternalID, &r.MFASerial} {
			*field = strings.TrimSpace(*field)
		}
	}
	return roles
}

func checkRole(role Role, region string) error {
	for _, field := range []struct{ name, value string }{{"role", role.ARN}, {"session name", role.SessionName},
		{"external ID", role.ExternalID}} {
		if model.HasExpression(field.value) {
			return unresolved(field.name, field.value)
		}
	}
	for _, err := range []error{
		model.CheckRoleARN(role.ARN), model.CheckSessionName(role.SessionName),
		model.CheckSessionDuration(role.Duration), model.CheckExternalID(role.ExternalID), model.CheckMFASerial(role.MFASerial),
	} {
		if err != nil {
			return err
		}
	}
	if role.Policy != "" {
		return model.NewError("later", "A session policy is not supported by this version of Stepdeck. Leave it out.")
	}
	if rolePartition, regionPartition := strings.Split(role.ARN, ":")[1], partition(region); rolePartition != regionPartition {
		return model.NewError("role.partition",
			"The role %s is in the partition %s, but the region %s is in %s. Choose a region of the role's partition.", role.ARN, rolePartition,
			region, regionPartition)
	}
	return nil
}
