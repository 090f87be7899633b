package runner

import (
	"cmp"
	"context"
	"fmt"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

// Use is an account that something other than a run uses: a program that asks for its keys, a shell, a browser.
type Use struct {
	Account model.Account
	Roles   []string // ARNs of roles that are assumed one after the other
	Region  string   // empty: the account's
	Confirm []string // ids or labels of the protected AWS accounts that may be used
	Ask     AskCode  // nil: there is nobody to ask
}

func (u Use) request() awsenv.Request {
	req := awsenv.Request{Account: u.Account, Region: cmp.Or(u.Region, u.Account.Region)}
	for _, arn := range u.Roles {
		req.Roles = append(req.Roles, awsenv.Role{AssumeRole: model.AssumeRole{ARN: arn}})
	}
	return req
}

// allow returns the AWS account that a session acts in, and an error if that is protected and not confirmed.
func (r *Runner) allow(ctx context.Context, u Use, session awsenv.Session) (model.AWSAccount, error) {
	a, err := r.deps.Configuration.AWSAccount(ctx, session.Identity.AWSID)
	if err != nil {
		return a, err
	}
	return a, unconfirmed(fmt.Sprintf("The account %q leads to", u.Account.Name), a, u.Confirm)
}

// notices returns warnings as sentences.
func (m *masking) notices(list []*model.Error) []string {
	var texts []string
	for _, n := range list {
		texts = append(texts, m.text(n.Error()))
	}
	return texts
}
