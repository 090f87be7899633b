// Package awsenv turns an account, a role and a region into the AWS environment of a process, and says who that is.
//
// It reads nothing but what it is handed: no ~/.aws file, no variable of the engine's own environment but those that
// NewNetwork is given. So a step never becomes somebody by accident.
package awsenv

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/stepdeck/stepdeck/model"
)

// DefaultRegion is where AWS is asked who we are when neither the step nor the account says.
const DefaultRegion = "us-east-1"

// The longest that Resolve takes, retries included. The time limit of a step is another matter.
const patience = 90 * time.Second

// Request is what an AWS environment is made from. Blanks around its texts don't count, and expressions in them are
// resolved already.
type Request struct {
	NoAccount    bool // No AWS account: all but Region is left alone, and nobody is asked
	Account      model.Account
	SecretKey    string // of an access key
	SessionToken string // of a temporary access key
	Role         *model.AssumeRole
	Region       string           // the step's
	Endpoint     string           // URL that serves the account; empty: AWS itself. A sandbox account's caller gives the loopback URL
	RunID        int64            // for the session name; 0: no run, a test
	Step         string           // likewise
	Network      *Network         // nil: straight to AWS
	Now          func() time.Time // nil: the computer's clock
}

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// Session is what Resolve found out.
type Session struct {
	Environment []Variable // to be set for the script, in the order of their names; Environ adds what is always so
	Identity    model.Identity
	Region      string         // for the script, empty for none
	Notices     []*model.Error // what a person should know, although nothing failed
	Secrets     []string       // to be masked, those that the script is not handed among them
}

// Verified is the answer to the question whether an account can be used.
type Verified struct {
	model.Verification
	Identity  model.Identity
	RoundTrip time.Duration // of the question who we are
	Notices   []*model.Error
}

// Resolve becomes somebody: it finds the account's credentials, assumes the role, and asks AWS who that is.
func Resolve(ctx context.Context, r Request) (Session, error) {
	session, _, err := resolve(ctx, r)
	return session, err
}

// Verify does the same for a person who wants to know whether it works.
func Verify(ctx context.Context, r Request) (Verified, error) {
	session, took, err := resolve(ctx, r)
	if err != nil {
		return Verified{}, err
	}
	id, now := session.Identity, r.Now
	if now == nil {
		now = time.Now
	}
	return Verified{
		Verification: model.Verification{At: now(), AWSID: id.AWSID, ARN: id.ARN, UserID: id.UserID},
		Identity:     id, RoundTrip: took, Notices: session.Notices,
	}, nil
}

func resolve(ctx context.Context, r Request) (Session, time.Duration, error) {
	r = r.clean()
	if err := r.check(); err != nil {
		return Session{}, 0, err
	}
	if r.NoAccount {
		return Session{Environment: regionVariables(r.Region), Region: r.Region, Identity: model.Identity{Account: model.NoAccount}}, 0, nil
	}
	if r.Network == nil {
		r.Network = directNetwork()
		defer r.Network.Close()
	}
	limited, cancel := context.WithTimeoutCause(ctx, patience, errPatience)
	defer cancel()
	b := newBecoming(r)
	identity, took, err := b.become(limited)
	if err != nil {
		return Session{}, 0, err
	}
	return Session{
		Environment: variables(b.keys, r.Region, identity.Endpoint), Identity: identity, Region: r.Region,
		Notices: b.notices(), Secrets: b.secrets,
	}, took, nil
}

func (r Request) clean() Request {
	for _, field := range []*string{
		&r.Account.AccessKeyID, &r.Account.Region, &r.SecretKey, &r.SessionToken, &r.Region, &r.Endpoint,
	} {
		*field = strings.TrimSpace(*field)
	}
	r.Region, r.Account.Region = strings.ToLower(r.Region), strings.ToLower(r.Account.Region)
	if r.Role != nil {
		role := *r.Role
		role.ARN, role.SessionName, role.ExternalID = strings.TrimSpace(role.ARN), strings.TrimSpace(role.SessionName), strings.TrimSpace(role.ExternalID)
		r.Role = &role
	}
	if r.Now == nil {
		r.Now = time.Now
	}
	return r
}

// check refuses what can be known to fail without asking anybody.
func (r Request) check() error {
	if model.HasExpression(r.Region) {
		return unresolved("region", r.Region)
	}
	if err := model.CheckRegion(r.Region); err != nil || r.NoAccount {
		return err
	}
	if err := model.CheckRegion(r.Account.Region); err != nil {
		return err
	}
	if err := model.CheckEndpoint(r.Endpoint); err != nil {
		return err
	}
	if model.NameKey(r.Endpoint) == model.Sandbox {
		return model.NewError("aws.sandbox.stopped", "The sandbox of account %q is not running. Start the run again.", r.Account.Name)
	}
	if r.Role != nil {
		return checkRole(*r.Role, r.stsRegion())
	}
	return nil
}

func checkRole(role model.AssumeRole, region string) error {
	for _, field := range []struct{ name, value string }{{"role", role.ARN}, {"session name", role.SessionName}, {"external ID", role.ExternalID}} {
		if model.HasExpression(field.value) {
			return unresolved(field.name, field.value)
		}
	}
	for _, err := range []error{
		model.CheckRoleARN(role.ARN), model.CheckSessionName(role.SessionName),
		model.CheckSessionDuration(role.Duration), model.CheckExternalID(role.ExternalID),
	} {
		if err != nil {
			return err
		}
	}
	if role.Policy != "" {
		return model.NewError("later", "A session policy is not supported by this version of Stepdeck. Leave it out.")
	}
	if theirs, ours := strings.Split(role.ARN, ":")[1], partition(region); theirs != ours {
		return model.NewError("role.partition", "The role %s belongs to the partition %s, but the region %s to %s. Choose a region of the role's partition.", role.ARN, theirs, region, ours)
	}
	return nil
}

func unresolved(field, value string) error {
	return model.NewError("aws.unresolved", "The %s %q still holds an expression. Define the variable that it names.", field, value)
}

// stsRegion is where AWS is asked: regional endpoints always, since those work in networks that reach their own region alone.
func (r Request) stsRegion() string {
	for _, region := range []string{r.Region, r.Account.Region} {
		if region != "" {
			return region
		}
	}
	return DefaultRegion
}

// partition tells the part of AWS that a region lies in, by how its code begins.
func partition(region string) string {
	for _, p := range []struct{ prefix, partition string }{
		{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-isob-", "aws-iso-b"}, {"us-isof-", "aws-iso-f"}, {"us-iso-", "aws-iso"},
		{"eu-isoe-", "aws-iso-e"}, {"eusc-", "aws-eusc"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}

func regionVariables(region string) []Variable {
	if region == "" {
		return nil
	}
	// One alone is not enough: each is what some SDK and some version of the aws program reads, and what others don't.
	return []Variable{{"AWS_DEFAULT_REGION", region}, {"AWS_REGION", region}}
}

func variables(keys aws.Credentials, region, endpoint string) []Variable {
	set := append(regionVariables(region),
		Variable{"AWS_ACCESS_KEY_ID", keys.AccessKeyID}, Variable{"AWS_SECRET_ACCESS_KEY", keys.SecretAccessKey})
	if keys.SessionToken != "" {
		set = append(set, Variable{"AWS_SESSION_TOKEN", keys.SessionToken})
	}
	if keys.CanExpire {
		set = append(set, Variable{"AWS_CREDENTIAL_EXPIRATION", keys.Expires.UTC().Format(time.RFC3339)})
	}
	if endpoint != "" {
		set = append(set, Variable{"AWS_ENDPOINT_URL", endpoint})
	}
	slices.SortFunc(set, func(a, b Variable) int { return strings.Compare(a.Name, b.Name) })
	return set
}
