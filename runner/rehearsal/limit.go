// Package rehearsal limits the session of a role to what only reads, and finds in a log the calls that AWS refused.
package rehearsal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Limit returns a chain of roles whose last session may do what AWS's ReadOnlyAccess and o allow, and no more than the session
// policies that the role has itself. An error with code says why there is no such session.
//
// AWS lets a session do what any one of its session policies allows: it adds them up. The step's own policy and ReadOnlyAccess can't
// just stand beside each other, then. But a denial wins over every permission, so the own policy is replaced by the denial of all
// that it does not allow. That is possible only for a policy whose text is known, and which has no conditions: others are refused.
func Limit(role model.AssumeRole, o model.Rehearsal) (model.AssumeRole, error) {
	chain := role.Chain()
	last := &chain[len(chain)-1]
	readOnly := ReadOnly(last.ARN)
	if err := ownARNs(*last, readOnly, o); err != nil {
		return role, err
	}
	statements, err := complement(*last, slices.Contains(last.PolicyARNs, readOnly))
	if err != nil {
		return role, err
	}
	added, err := addition(o.Policy)
	if err != nil {
		return role, err
	}
	if last.Policy, err = document(append(statements, added...)); err != nil {
		return role, err
	}
	last.PolicyARNs = unique(append([]string{readOnly}, o.PolicyARNs...))
	if len(last.PolicyARNs) > model.MaxPolicyARNs {
		return role, model.NewError("rehearse.policyarns.many",
			"A rehearsal with %d managed policies beside ReadOnlyAccess has more than the 10 that AWS accepts. Add fewer.", len(o.PolicyARNs))
	}
	return *model.ChainOf(chain), nil
}

// ReadOnly returns the ARN of AWS's policy ReadOnlyAccess in the partition of a role.
func ReadOnly(roleARN string) string {
	return "arn:" + cmp.Or(model.PartitionOfARN(roleARN), "aws") + ":iam::aws:policy/ReadOnlyAccess"
}

// ownARNs refuses managed policies of the step, other than the one that a rehearsal has in any case.
func ownARNs(role model.AssumeRole, readOnly string, o model.Rehearsal) error {
	for _, arn := range role.PolicyARNs {
		if arn == readOnly && (o.Policy != "" || len(o.PolicyARNs) > 0) {
			return model.NewError("rehearse.policyarns",
				"The session of the role %s is limited to ReadOnlyAccess by the step itself, so a rehearsal can add nothing to it.", role.ARN)
		}
		if arn != readOnly {
			return model.NewError("rehearse.policyarns",
				"The session of the role %s is limited by the managed policy %s. AWS would add that to what a rehearsal may do, and Stepdeck "+
					"can't read it. Write what it allows as the step's session policy, or leave the step out.", role.ARN, arn)
		}
	}
	return nil
}

func unique(list []string) []string {
	var once []string
	for _, s := range list {
		if s = strings.TrimSpace(s); !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}
