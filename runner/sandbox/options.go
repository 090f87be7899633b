package sandbox

import (
	"github.com/stepdeck/stepdeck/model"
)

func (o Options) check() error {
	for _, r := range o.Roles {
		if !roleForm().MatchString(r.ARN) {
			return model.NewError("sandbox.role", "The sandbox can't have the role %q. Use an ARN such as arn:aws:iam::%s:role/deployer.",
				r.ARN, AccountID)
		}
	}
	if o.Metadata != nil && o.Metadata.Role != "" && !roleForm().MatchString(o.Metadata.Role) {
		return model.NewError("sandbox.role", "The sandbox's instance can't have the role %q. Use an ARN such as arn:aws:iam::%s:role/instance.",
			o.Metadata.Role, AccountID)
	}
	for _, d := range o.MFADevices {
		if err := d.check(); err != nil {
			return err
		}
	}
	for arn, document := range o.Policies {
		if _, err := parsePolicy(document); err != nil || !policyForm().MatchString(arn) {
			return model.NewError("sandbox.policy", "The sandbox can't have the policy %q. Use an ARN such as arn:aws:iam::%s:policy/name, "+
				"and JSON with Effect, Action and Resource.", arn, AccountID).Because(err)
		}
	}
	if o.IdentityCenter != nil {
		if err := o.IdentityCenter.check(); err != nil {
			return err
		}
	}
	if o.TokenSize < 0 || o.TokenSize > maxTokenSize {
		return model.NewError("sandbox.token", "The sandbox can't make session tokens of %d bytes: the limit is %d.", o.TokenSize, maxTokenSize)
	}
	return nil
}
