package signin

import (
	"context"
	"fmt"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// noticeOf returns what a person should know of a new sign-in for an account: that it is another identity's than the one before, and
// where another AWS account is expected. AWS doesn't say who signs in with Identity Center.
func (s *Service) noticeOf(ctx context.Context, a model.Account, before, now model.SignIn) string {
	if now.Who == "" {
		return ""
	}
	var notices []string
	id := model.AccountOfARN(now.Who)
	switch {
	case before.Who != "" && before.Who != now.Who:
		notices = append(notices, fmt.Sprintf("Signed in as %s; before it was %s.", now.Who, before.Who))
	case before.Who == "" && a.Verified.AWSID != "" && a.Verified.AWSID != id:
		notices = append(notices, fmt.Sprintf("Signed in as %s; before it was %s.", now.Who, a.Verified.ARN))
	}
	unmet, err := s.expectations(ctx, a, id)
	if err != nil {
		s.deps.Log.WarnContext(ctx, "look which AWS account is expected", "error", err)
	}
	return strings.Join(append(notices, unmet...), " ")
}

// expectations returns a sentence for each value that expects the account to lead to another AWS account than id.
func (s *Service) expectations(ctx context.Context, a model.Account, id string) ([]string, error) {
	infos, err := s.deps.Store.Projects(ctx)
	if err != nil || id == "" {
		return nil, err
	}
	var unmet []string
	for _, info := range infos {
		p, err := s.deps.Store.Project(ctx, info.Name)
		if err != nil {
			return unmet, err
		}
		for _, e := range p.ExpectationsOf(a.Name) {
			if e.AWSID != id {
				unmet = append(unmet, fmt.Sprintf("%s of project %q expects the AWS account %s: its runs are refused.", e.From, p.Name, e.AWSID))
			}
		}
	}
	return unmet, nil
}
