// Package awsenv turns an account, a role and a region into the AWS environment of a process, and finds out whose
// identity that is.
//
// It reads only what it is given: a ~/.aws file only for an account that is a profile, and of the engine's own environment
// only the variables passed to [NewNetwork]. So a step never gets another identity by accident.
package awsenv

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
)

// DefaultRegion is where AWS is asked for the identity if neither the step nor the account has a region.
const DefaultRegion = "us-east-1"

// Maximum duration of Resolve, including retries but not a person's answers. A step's time limit is independent of it.
const patience = 90 * time.Second

// Request describes an AWS environment. Expressions in its texts must be resolved; spaces around them are ignored.
type Request struct {
	NoAccount    bool // No AWS account: only Region is used, and AWS is not asked
	Account      model.Account
	SecretKey    string           // of an access key
	SessionToken string           // of a temporary access key
	Kept         *Kept            // what an earlier session of this account says to keep; nil for none
	Roles        []Role           // assumed one after the other, after those that a profile has itself
	Region       string           // the step's
	Endpoint     string           // URL that serves the account; empty for AWS itself. For a sandbox account, its loopback URL
	RunID        int64            // for the session name; 0 for a test without a run
	Step         string           // for the session name
	Network      *Network         // nil for a direct connection
	Now          func() time.Time // nil for time.Now

	Console    bool          // the session is for opening the AWS console
	MetadataV1 bool          // ask version 1 of the instance metadata service if there is no version 2
	Profiles   profile.Files // where the account's profile is
	Environ    []string      // that processes inherit

	plan *profile.Plan // of the account's profile, once it was read

	// MFA asks a person for a code; nil if there is nobody to ask.
	MFA func(ctx context.Context, q CodeQuestion) (code string, err error)
	// SignIn returns the keys of a profile that signs in, and SignedIn those of an account whose person signs in; nil if nothing
	// can.
	SignIn   func(ctx context.Context, source profile.Source) (Kept, error)
	SignedIn func(ctx context.Context, a model.Account) (Kept, error)
	// Waiting is told, once for each question, that AWS has not answered for some seconds. It is called on another
	// goroutine. May be nil.
	Waiting func(notice *model.Error)
}

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// Session is the result of Resolve.
type Session struct {
	Environment []Variable // for the script, sorted by name; Environ adds the constant part
	Identity    model.Identity
	Region      string         // for the script, or empty
	Notices     []*model.Error // warnings, although nothing failed
	Secrets     []string       // to be masked, including those that the script doesn't get
	RoundTrip   time.Duration  // of the question who this is
	Lasting     bool           // the console session that it opens may be longer than an hour
	Kept        *Kept          // to be kept until it ends, for later requests for this account; nil for nothing
	Unrenewed   error          // why the sign-in could not be renewed, which a notice says too; nil if it could
}

// Verified returns the answer of a session as the result of an account's test.
func (s Session) Verified(at time.Time) model.Verified {
	id := s.Identity
	return model.Verified{
		Verification: model.Verification{At: at, AWSID: id.AWSID, ARN: id.ARN, UserID: id.UserID},
		Identity:     id, RoundTrip: s.RoundTrip, Notices: s.Notices,
	}
}

// Resolve finds the account's credentials, assumes the roles, and asks AWS for the resulting identity.
func Resolve(ctx context.Context, r Request) (Session, error) {
	r = r.clean()
	if err := r.check(); err != nil {
		return Session{}, err
	}
	if r.NoAccount {
		return Session{Environment: regionVariables(r.Region), Region: r.Region, Identity: model.Identity{Account: model.NoAccount}}, nil
	}
	if r.Network == nil {
		r.Network = directNetwork()
		defer r.Network.Close()
	}
	b := newResolution(r)
	identity, took, err := b.become(ctx)
	if err != nil {
		return Session{Notices: b.said()}, err
	}
	return Session{
		Environment: variables(b.keys, r.Region, identity.Endpoint), Identity: identity, Region: r.Region,
		Notices: b.notices(), Secrets: b.secrets, Kept: b.keeping, Unrenewed: b.unrenewed,
		RoundTrip: took, Lasting: b.lasting(),
	}, nil
}

func (r Request) clean() Request {
	for _, field := range []*string{
		&r.Account.AccessKeyID, &r.Account.Region, &r.SecretKey, &r.SessionToken, &r.Region, &r.Endpoint, &r.Account.MFADevice,
	} {
		*field = strings.TrimSpace(*field)
	}
	r.Region, r.Account.Region = strings.ToLower(r.Region), strings.ToLower(r.Account.Region)
	r.Roles = cleanRoles(r.Roles)
	if r.Now == nil {
		r.Now = time.Now
	}
	return r
}

// check rejects what is known to fail without asking AWS.
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
	for _, role := range r.Roles {
		if err := checkRole(role, r.stsRegion()); err != nil {
			return err
		}
	}
	return r.checkDevice()
}

// checkDevice rejects an MFA device that can't be used: a session is not given for a session.
func (r Request) checkDevice() error {
	if r.Account.MFADevice != "" && r.SessionToken != "" {
		return model.NewError("account.mfa.session",
			"The account %q has an MFA device and a session token. Remove one: AWS takes a code only with a long-lived key.", r.Account.Name)
	}
	return model.CheckMFASerial(r.Account.MFADevice)
}

func unresolved(field, value string) error {
	return model.NewError("aws.unresolved", "The %s %q still contains an expression. Define the variable that it names.", field, value)
}

// partition returns the partition of a region.
func partition(region string) string { return cmp.Or(model.RegionPartition(region), "aws") }

func regionVariables(region string) []Variable {
	if region == "" {
		return nil
	}
	// Both are needed: some SDKs and versions of the aws command read only one of them.
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
