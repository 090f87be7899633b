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

// RolesOf returns the roles of a step in the order in which they are assumed; nil for none.
func RolesOf(r *model.AssumeRole) []Role {
	if r == nil {
		return nil
	}
	var roles []Role
	for _, role := range r.Chain() {
		roles = append(roles, Role{AssumeRole: role})
	}
	return roles
}

// Maximum session duration of a role that is assumed with a role's session.
const longestChained = model.MaxChained * time.Second

// assume replaces the current keys by those of a role's session.
func (b *resolution) assume(ctx context.Context, role Role) error {
	b.stage, b.role = assuming, &role
	b.chained = b.chained || b.keys.SessionToken != ""
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
		b.role.ARN, model.TimeWords(wanted))
	return longestChained
}

func (b *resolution) askForRole(ctx context.Context, duration time.Duration, code string) (*sts.AssumeRoleOutput, error) {
	r := b.role
	input := &sts.AssumeRoleInput{
		RoleArn: aws.String(r.ARN), RoleSessionName: aws.String(b.sessionName(r.SessionName)), ExternalId: optional(r.ExternalID),
	}
	limit(input, r.AssumeRole)
	if code != "" {
		input.SerialNumber, input.TokenCode = aws.String(r.MFASerial), aws.String(code)
	}
	if duration > 0 { // else AWS's own default
		input.DurationSeconds = aws.Int32(int32(duration / time.Second)) //nolint:gosec // checked: at most 12 hours
	}
	return b.client().AssumeRole(ctx, input)
}

// limit adds what the session is restricted to and marked with.
func limit(input *sts.AssumeRoleInput, r model.AssumeRole) {
	input.Policy, input.SourceIdentity = optional(r.Policy), optional(r.SourceIdentity)
	for _, arn := range r.PolicyARNs {
		input.PolicyArns = append(input.PolicyArns, types.PolicyDescriptorType{Arn: aws.String(arn)})
	}
	for _, t := range r.Tags {
		input.Tags = append(input.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
		if t.Transitive {
			input.TransitiveTagKeys = append(input.TransitiveTagKeys, t.Key)
		}
	}
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
		for _, field := range []*string{&r.ARN, &r.SessionName, &r.ExternalID, &r.MFASerial, &r.Policy, &r.SourceIdentity} {
			*field = strings.TrimSpace(*field)
		}
	}
	return roles
}

func checkRole(role Role, region string) error {
	if err := checkResolved(role); err != nil {
		return err
	}
	if problems := role.Check(); len(problems) > 0 {
		return problems[0].Err
	}
	if err := model.CheckMFASerial(role.MFASerial); err != nil {
		return err
	}
	if rolePartition, regionPartition := strings.Split(role.ARN, ":")[1], partition(region); rolePartition != regionPartition {
		return model.NewError("role.partition",
			"The role %s is in the partition %s, but the region %s is in %s. Choose a region of the role's partition.", role.ARN, rolePartition,
			region, regionPartition)
	}
	return nil
}

// checkResolved rejects what still contains an expression.
func checkResolved(r Role) error {
	type field struct{ name, value string }
	fields := []field{
		{"role", r.ARN}, {"session name", r.SessionName}, {"external ID", r.ExternalID}, {"session policy", r.Policy},
		{"source identity", r.SourceIdentity}, {"managed policies", strings.Join(r.PolicyARNs, ", ")},
	}
	for _, t := range r.Tags {
		fields = append(fields, field{"session tag", t.Key + "=" + t.Value})
	}
	for _, f := range fields {
		if model.HasExpression(f.value) {
			return unresolved(f.name, f.value)
		}
	}
	return nil
}
