package sandbox

import (
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Options configures a sandbox. The zero value has no keys, so it rejects all requests.
type Options struct {
	Keys         []Key
	Roles        []Role // nil for DefaultRoles
	AllowAnyRole bool   // every key may assume roles that are not in Roles
	MFADevices   []MFADevice
	Policies     map[string]string // what ARNs in session policies allow, as JSON; some of AWS's own are known
	TokenSize    int               // of session tokens, in bytes: up to 4,096; 0 for 360
	PackedLimit  int               // bytes that policies and tags of a session may have together; 0 for none, as AWS has since 2026
	Aliases      map[string]string // of AWS accounts, by their ids

	DisabledRegions []string // where STS and IAM answer as in a region that is not enabled

	IdentityCenter *IdentityCenter // nil for none
	Console        *Console        // nil for no sign-in with the AWS console
	Container      *Container      // nil for no credentials endpoint of a container
	Metadata       *Metadata       // nil for no metadata service of an instance

	Host string           // loopback address; empty for 127.0.0.1
	Port int              // 0 for a free one
	Now  func() time.Time // nil for time.Now

	// SigningNow is the time of the programs that sign requests, for tests whose Now isn't theirs; nil for Now.
	SigningNow func() time.Time
}

func (o Options) check() error {
	for _, check := range []func() error{o.checkRoles, o.checkPolicies, o.checkServices} {
		if err := check(); err != nil {
			return err
		}
	}
	for _, d := range o.MFADevices {
		if err := d.check(); err != nil {
			return err
		}
	}
	if o.TokenSize < 0 || o.TokenSize > maxTokenSize {
		return model.NewError("sandbox.token", "The sandbox can't make session tokens of %d bytes: the limit is %d.", o.TokenSize, maxTokenSize)
	}
	return nil
}

func (o Options) checkRoles() error {
	for _, r := range o.Roles {
		if err := checkRole("", r.ARN, "deployer"); err != nil {
			return err
		}
	}
	if o.Metadata != nil && o.Metadata.Role != "" {
		if err := checkRole("'s instance", o.Metadata.Role, "instance"); err != nil {
			return err
		}
	}
	if o.Container != nil && o.Container.Role != "" {
		return checkRole("'s container", o.Container.Role, "container")
	}
	return nil
}

// checkRole says whose role it is and names one that would do.
func checkRole(whose, arn, example string) error {
	if roleForm().MatchString(arn) {
		return nil
	}
	return model.NewError("sandbox.role", "The sandbox%s can't have the role %q. Use an ARN such as arn:aws:iam::%s:role/%s.",
		whose, arn, AccountID, example)
}

func (o Options) checkPolicies() error {
	for arn, document := range o.Policies {
		if _, err := parsePolicy(document); err != nil || !policyForm().MatchString(arn) {
			return model.NewError("sandbox.policy", "The sandbox can't have the policy %q. Use an ARN such as arn:aws:iam::%s:policy/name, "+
				"and JSON with Effect, Action and Resource.", arn, AccountID).Because(err)
		}
	}
	return nil
}

func (o Options) checkServices() error {
	if o.IdentityCenter != nil {
		if err := o.IdentityCenter.check(); err != nil {
			return err
		}
	}
	if o.Console != nil {
		return o.Console.check()
	}
	return nil
}
