package model

import (
	"slices"
	"strings"
)

// Rehearsal says that a run only tries its steps out: each assumes its role with a session that may only read. Policy and
// PolicyARNs allow or forbid the sessions more than that.
type Rehearsal struct {
	Policy     string   `json:"policy,omitempty" about:"session policy in JSON, beside AWS's ReadOnlyAccess"`
	PolicyARNs []string `json:"policyArns,omitempty" about:"managed policies, beside AWS's ReadOnlyAccess"`
}

// Check returns what is wrong with what the rehearsal adds.
func (r Rehearsal) Check() []Problem {
	var ps problems
	if HasExpression(r.Policy) || slices.ContainsFunc(r.PolicyARNs, HasExpression) {
		ps.add("policy", NewError("rehearse.expression", "What a rehearsal adds can't have #{…} in it. Write the value itself."))
		return ps.list
	}
	ps.add("policy", CheckSessionPolicy(r.Policy))
	for _, arn := range r.PolicyARNs {
		ps.add("policyArns", CheckPolicyARN(arn))
		if name := arn[strings.LastIndexByte(arn, '/')+1:]; name == "AdministratorAccess" || name == "PowerUserAccess" {
			ps.add("policyArns", NewError("rehearse.all",
				"The policy %s allows everything, so nothing would be rehearsed. Leave it out, or run without rehearsing.", name))
		}
	}
	return ps.list
}

// RefusedCall is a call to AWS that was refused in a rehearsal. What the error did not say is empty.
type RefusedCall struct {
	Operation string `json:"operation,omitempty" about:"of the API, such as PutObject"`
	Action    string `json:"action,omitempty" about:"that is not allowed, such as s3:PutObject"`
	Resource  string `json:"resource,omitempty"`
	Because   string `json:"because,omitempty" about:"as AWS says it"`
	Line      int64  `json:"line" about:"number of the first line in the log that reports it"`
	Times     int    `json:"times" about:"how often the log reports it"`
}

// String names the call in one line.
func (c RefusedCall) String() string {
	what := c.Action
	if what == "" {
		what = c.Operation
	}
	if c.Resource != "" {
		what += " on " + c.Resource
	}
	return what
}
