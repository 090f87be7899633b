package identitycenter

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"golang.org/x/time/rate"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// How gently Identity Center is asked: it serves a whole company, and refuses more of one person.
const (
	perSecond    = 5   // requests, with all retries
	perPage      = 100 // accounts or roles; the most that it gives
	attempts     = 10
	longestPause = 20 * time.Second
)

// Account is an AWS account that a person may enter.
type Account struct{ ID, Name, Email string }

// Portal lists what a person may be and gets keys for it. Use one for all requests of a sign-in: it keeps to five a
// second. It is safe for concurrent use.
type Portal struct {
	options Options
	limit   *rate.Limiter
	retryer aws.Retryer
}

// NewPortal returns the portal that the options name.
func NewPortal(o Options) (*Portal, error) {
	o, err := o.clean()
	if err != nil {
		return nil, err
	}
	p := &Portal{options: o, limit: rate.NewLimiter(perSecond, 1), retryer: o.Retryer}
	if p.retryer == nil {
		p.retryer = retry.NewStandard(func(s *retry.StandardOptions) {
			s.MaxAttempts, s.MaxBackoff, s.RateLimiter = attempts, longestPause, ratelimit.None
		})
	}
	return p, nil
}

// Accounts returns all AWS accounts that the person may enter, by name.
func (p *Portal) Accounts(ctx context.Context, t Tokens) ([]Account, error) {
	client, r := p.client(t)
	pages := sso.NewListAccountsPaginator(client, &sso.ListAccountsInput{AccessToken: &t.AccessToken, MaxResults: aws.Int32(perPage)},
		func(o *sso.ListAccountsPaginatorOptions) { o.StopOnDuplicateToken = true })
	var list []Account
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, r.explain(ctx, err, listing)
		}
		for _, a := range page.AccountList {
			list = append(list, Account{
				ID: aws.ToString(a.AccountId), Name: clean(a.AccountName), Email: clean(a.EmailAddress),
			})
		}
	}
	list = slices.DeleteFunc(list, func(a Account) bool { return model.CheckAWSAccountID(a.ID) != nil })
	slices.SortFunc(list, func(a, b Account) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// Roles returns the names of the roles that the person has in an AWS account, in order.
func (p *Portal) Roles(ctx context.Context, t Tokens, accountID string) ([]string, error) {
	client, r := p.client(t)
	pages := sso.NewListAccountRolesPaginator(client,
		&sso.ListAccountRolesInput{AccessToken: &t.AccessToken, AccountId: &accountID, MaxResults: aws.Int32(perPage)},
		func(o *sso.ListAccountRolesPaginatorOptions) { o.StopOnDuplicateToken = true })
	var list []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, r.explain(ctx, err, listing)
		}
		for _, role := range page.RoleList {
			if name := clean(role.RoleName); name != "" {
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	return list, nil
}

// clean makes a name fit for windows and terminals: others chose it.
func clean(text *string) string { return transport.Printable(strings.TrimSpace(aws.ToString(text))) }

// RoleCredentials returns keys of a role in an AWS account.
func (p *Portal) RoleCredentials(ctx context.Context, t Tokens, accountID, role string) (Keys, error) {
	client, r := p.client(t)
	answer, err := client.GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{
		AccessToken: &t.AccessToken, AccountId: &accountID, RoleName: &role,
	})
	if err != nil {
		return Keys{}, r.explain(ctx, err, entering)
	}
	c := answer.RoleCredentials
	if c == nil || aws.ToString(c.AccessKeyId) == "" || aws.ToString(c.SecretAccessKey) == "" || aws.ToString(c.SessionToken) == "" {
		return Keys{}, transport.Garbled(r.destination())
	}
	keys := Keys{
		AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretAccessKey, SessionToken: *c.SessionToken,
		Expires: time.UnixMilli(c.Expiration).UTC(), AccountID: accountID,
	}
	return keys, nil
}

// Logout ends the sign-in at AWS: its tokens work no more. Keys that were got with it live on until they expire.
func (p *Portal) Logout(ctx context.Context, t Tokens) error {
	client, r := p.client(t)
	_, err := client.Logout(ctx, &sso.LogoutInput{AccessToken: &t.AccessToken})
	if err == nil {
		return nil
	}
	if err = r.explain(ctx, err, listing); model.ErrorCode(err) == model.CodeSignInEnded {
		return nil // it had ended before
	}
	return err
}

// client returns a client for one series of requests, and what explains its failures.
func (p *Portal) client(t Tokens) (*sso.Client, *request) {
	o := p.options
	r := newRequest(o, t.Secrets()...)
	return sso.New(sso.Options{
		Region: o.Region, HTTPClient: &paced{p.limit, r.connection}, AppID: "Stepdeck", Retryer: p.retryer,
	}, func(s *sso.Options) {
		if o.Endpoint != "" {
			s.BaseEndpoint = aws.String(o.Endpoint)
			return
		}
		if o.FIPS {
			s.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
		}
		if o.DualStack {
			s.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
		}
	}), r
}

// paced sends each request when the limit allows it, retries included.
type paced struct {
	limit  *rate.Limiter
	client transport.Client
}

func (p *paced) Do(r *http.Request) (*http.Response, error) {
	if err := p.limit.Wait(r.Context()); err != nil {
		return nil, errors.Join(context.DeadlineExceeded, err) // there is no time left for its turn
	}
	return p.client.Do(r)
}
