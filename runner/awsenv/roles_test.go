package awsenv_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

func TestChainOfRoles(t *testing.T) {
	key := sandbox.NewKey()
	other := rolePath + "other"
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}, Roles: append(sandbox.DefaultRoles(),
		sandbox.Role{ARN: other, Trusts: []string{rolePath + "deployer"}, MaxSession: model.MaxSession})})
	r := request(s, key)
	r.Roles = []awsenv.Role{
		{AssumeRole: model.AssumeRole{ARN: " " + rolePath + "deployer ", Duration: 7200}},
		{AssumeRole: model.AssumeRole{ARN: other, SessionName: "me", Duration: 7200}},
		{AssumeRole: model.AssumeRole{ARN: rolePath + "partner", ExternalID: "stepdeck", Duration: 1800}},
	}
	got, err := awsenv.Resolve(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	if got.Identity.ARN != "arn:aws:sts::000000000000:assumed-role/partner/stepdeck-214-Roll-the-web-tier" ||
		got.Identity.Role != rolePath+"partner" {
		t.Errorf("it is %+v", got.Identity)
	}
	if left := time.Until(got.Identity.Expires); left > 30*time.Minute || left < 29*time.Minute {
		t.Errorf("it lasts %v", left)
	}
	// Only the second asks for more than the hour that it may have.
	if len(got.Notices) != 1 || got.Notices[0].Code != "role.chained.hour" || !strings.Contains(got.Notices[0].Error(), other) {
		t.Errorf("it says %v", got.Notices)
	}
	if len(got.Secrets) != 7 { // the account's, and two of each role
		t.Errorf("%d secrets", len(got.Secrets))
	}
	r.Roles = r.Roles[1:]
	if _, err := awsenv.Resolve(context.Background(), r); model.ErrorCode(err) != "AWS-LOGIN-ERROR-0004" ||
		!strings.Contains(err.Error(), `Account "Ours"`) {
		t.Errorf("not trusted: %v", err)
	}
	r.Roles = []awsenv.Role{
		{AssumeRole: model.AssumeRole{ARN: rolePath + "deployer"}}, {AssumeRole: model.AssumeRole{ARN: rolePath + "nobody"}},
	}
	if _, err := awsenv.Resolve(context.Background(), r); model.ErrorCode(err) != "AWS-LOGIN-ERROR-0004" ||
		!strings.Contains(err.Error(), "The role "+rolePath+"deployer may not assume the role "+rolePath+"nobody") {
		t.Errorf("the second is not there: %v", err)
	}
}

// What AWS says when it gives no session of a role, and what a person is told.
func TestRolesRefused(t *testing.T) {
	const notAuthorized = "User: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/reader"
	for name, row := range map[string]struct {
		status        int
		code, message string
		want, says    string
	}{
		"no reason": {403, "AccessDenied", notAuthorized, "AWS-LOGIN-ERROR-0004", "or there is no such role"},
		"own policy": {403, "AccessDenied", notAuthorized + " because no identity-based policy allows the sts:AssumeRole action",
			"AWS-LOGIN-ERROR-0004", "Allow it sts:AssumeRole"},
		"boundary": {403, "AccessDenied", notAuthorized + " because no permissions boundary allows the sts:AssumeRole action",
			"AWS-LOGIN-ERROR-0004", "permissions boundary"},
		"organisation": {403, "AccessDenied", notAuthorized + " with an explicit deny in a service control policy",
			"AWS-LOGIN-ERROR-0004", "service control policy"},
		"deny": {403, "AccessDenied", notAuthorized + " with an explicit deny in something new", "AWS-LOGIN-ERROR-0004", "say which"},
		"too long": {400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
			"role.duration.refused", "maximum"},
		"policy": {400, "MalformedPolicyDocument", "Syntax errors in policy.", "role.policy.refused", "policy"},
		"large":  {400, "PackedPolicyTooLarge", "Packed size 120%", "role.policy.large", "fewer tags"},
		"tags":   {400, "InvalidParameterValue", "Duplicate tag keys found", "role.tags.refused", "transitive"},
		"tagging": {403, "AccessDenied", "User: x is not authorized to perform: sts:TagSession on resource: y",
			"role.tags.denied", "TagSession"},
		"source":          {403, "AccessDenied", "not authorized to perform: sts:SetSourceIdentity", "role.sourceidentity.denied", "trust"},
		"invalid":         {400, "ValidationError", "1 validation error detected", "role.refused", "Correct"},
		"region disabled": {403, "RegionDisabledException", "STS is not activated in this region", "aws.region.disabled", "eu-west-1"},
		"expired":         {403, "ExpiredToken", "The security token included in the request is expired", "aws.token.expired", "expired"},
		"inactive key": {403, "InvalidClientTokenId", "The security token included in the request is invalid.",
			"AWS-LOGIN-ERROR-0005", "active"},
		"throttled": {400, "Throttling", "Rate exceeded", "aws.throttled", "minute"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint, _ := answering(t, row.status, "text/xml", xmlError(row.code, row.message))
			_, err := awsenv.Resolve(context.Background(), awsenv.Request{
				Account: model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}, SecretKey: "secret/key",
				Roles: awsenv.RolesOf(&model.AssumeRole{ARN: rolePath + "reader", Duration: 3600}), Region: "eu-west-1", Endpoint: endpoint,
				Network: network(t),
			})
			if model.ErrorCode(err) != row.want || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%v (%s), want %s", err, model.ErrorCode(err), row.want)
			}
		})
	}
}

// Who waits is told why.
func TestSaysThatItWaits(t *testing.T) {
	said := make(chan *model.Error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		<-said
		w.WriteHeader(http.StatusForbidden)
	}))
	defer server.Close()
	var notice *model.Error
	r := awsenv.Request{
		Account: model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}, SecretKey: "x",
		Region: "eu-west-1", Endpoint: server.URL, Network: network(t),
		Waiting: func(n *model.Error) { notice = n; said <- n },
	}
	r.Network.SayAtOnce()
	if _, err := awsenv.Resolve(context.Background(), r); err == nil || notice == nil || notice.Code != "aws.waiting" ||
		notice.Error() != "There is no answer from "+server.URL+" yet. Stepdeck goes on asking for up to 1 minute 30 seconds." {
		t.Errorf("%v, said %v", err, notice)
	}
}

// What is waited for has a host, by which people know what their network keeps from answering.
func TestSaysTheHostThatItWaitsFor(t *testing.T) {
	for region, want := range map[string]string{
		"eu-west-1":     "AWS in region eu-west-1 (sts.eu-west-1.amazonaws.com)",
		"cn-north-1":    "AWS in region cn-north-1 (sts.cn-north-1.amazonaws.com.cn)",
		"us-gov-west-1": "AWS in region us-gov-west-1 (sts.us-gov-west-1.amazonaws.com)",
	} {
		if got := awsenv.Place(t.Context(), network(t), region); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// So is who waits for a sign-in to be renewed.
func TestSaysThatASignInIsWaitedFor(t *testing.T) {
	said := make(chan *model.Error, 1)
	r := awsenv.Request{
		Account: model.Account{Name: "Ours", Kind: model.KindConsole}, Region: "eu-west-1", Network: network(t),
		Waiting: func(n *model.Error) { said <- n },
	}
	r.SignedIn = func(context.Context, model.Account) (awsenv.Kept, error) {
		if n := <-said; n.Code != "aws.waiting" || !strings.Contains(n.Error(), "sign-in") {
			t.Errorf("said %v", n)
		}
		return awsenv.Kept{}, errors.New("no keys")
	}
	r.Network.SayAtOnce()
	if _, err := awsenv.Resolve(context.Background(), r); err == nil {
		t.Error("there are keys")
	}
}

// What limits and marks a session arrives at AWS, and is forgotten by no role of a chain.
func TestSessionsAreLimitedAndTagged(t *testing.T) {
	const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	r := request(s, key)
	policy := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`
	r.Roles = []awsenv.Role{
		{AssumeRole: model.AssumeRole{ARN: rolePath + "deployer", SourceIdentity: "me@example.com",
			Tags: []model.Tag{{Key: "Team", Value: "web", Transitive: true}, {Key: "Run", Value: "1"}}}},
		{AssumeRole: model.AssumeRole{ARN: rolePath + "reader", Policy: " " + policy + "\n", PolicyARNs: []string{readOnly},
			Tags: []model.Tag{{Key: "Step", Value: "2"}}}},
	}
	if _, err := awsenv.Resolve(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	all := s.Sessions()
	if len(all) != 2 {
		t.Fatalf("%d sessions", len(all))
	}
	first, second := all[0], all[1]
	if !maps.Equal(first.Tags, map[string]string{"Team": "web", "Run": "1"}) || first.SourceIdentity != "me@example.com" {
		t.Errorf("the first is %+v", first)
	}
	if !maps.Equal(second.Tags, map[string]string{"Team": "web", "Step": "2"}) || second.SourceIdentity != "me@example.com" ||
		second.Policy != policy || !slices.Equal(second.PolicyARNs, []string{readOnly}) {
		t.Errorf("the second is %+v", second)
	}
	r.Roles[1].SourceIdentity = "somebody"
	if _, err := awsenv.Resolve(context.Background(), r); model.ErrorCode(err) != "role.sourceidentity.denied" {
		t.Errorf("another source identity: %v", err)
	}
	r.Roles[1].SourceIdentity, r.Roles[1].Tags[0].Value = "", "#{Step}"
	if _, err := awsenv.Resolve(context.Background(), r); model.ErrorCode(err) != "aws.unresolved" {
		t.Errorf("an expression: %v", err)
	}
}

// TestWhyTheSandboxGivesNoSession brings about each refusal in this area by its cause. The sandbox refuses it as AWS does; the
// sentence must name what is wrong.
func TestWhyTheSandboxGivesNoSession(t *testing.T) {
	key := sandbox.NewKey()
	role := func(name string) model.AssumeRole { return model.AssumeRole{ARN: rolePath + name} }
	with := func(name string, change func(*model.AssumeRole)) model.AssumeRole {
		r := role(name)
		change(&r)
		return r
	}
	tagged := func(transitive bool) func(*model.AssumeRole) {
		return func(r *model.AssumeRole) { r.Tags = []model.Tag{{Key: "Team", Value: "web", Transitive: transitive}} }
	}
	statement := func(effect, action string) string {
		return fmt.Sprintf(`{"Statement": {"Effect": %q, "Action": %q, "Resource": "*"}}`, effect, action)
	}
	policy := func(text string) func(*model.AssumeRole) { return func(r *model.AssumeRole) { r.Policy = text } }
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}, PackedLimit: 1000, Roles: append(sandbox.DefaultRoles(),
		sandbox.Role{ARN: rolePath + "ofReader", Trusts: []string{rolePath + "reader"}},
		sandbox.Role{ARN: rolePath + "secured", RequireMFA: true},
		sandbox.Role{ARN: rolePath + "plain", NoTags: true, NoSourceIdentity: true},
	)})
	for name, row := range map[string]struct {
		roles      []model.AssumeRole
		code, says string
	}{
		"missing":      {[]model.AssumeRole{role("nobody")}, "AWS-LOGIN-ERROR-0004", "or there is no such role"},
		"not trusting": {[]model.AssumeRole{role("ofReader")}, "AWS-LOGIN-ERROR-0004", "make the role trust it"},
		"not the next": {[]model.AssumeRole{role("deployer"), role("ofReader")},
			"AWS-LOGIN-ERROR-0004", "role/deployer may not assume"},
		"no external ID": {[]model.AssumeRole{role("partner")}, "AWS-LOGIN-ERROR-0004", "requires an external ID, enter it"},
		"wrong external ID": {[]model.AssumeRole{with("partner", func(r *model.AssumeRole) { r.ExternalID = "other" })},
			"AWS-LOGIN-ERROR-0004", "Check the external ID"},
		"MFA": {[]model.AssumeRole{role("secured")}, "AWS-LOGIN-ERROR-0004", "may not assume"},
		"too long": {[]model.AssumeRole{with("reader", func(r *model.AssumeRole) { r.Duration = 3601 })},
			"role.duration.refused", "1 hour 1 second"},
		"policy": {[]model.AssumeRole{with("reader", policy(`{"Statement": {"Effect": "Maybe"}}`))},
			"role.policy.refused", "session policy"},
		"packed": {[]model.AssumeRole{with("reader", func(r *model.AssumeRole) {
			for i := range 10 {
				r.Tags = append(r.Tags, model.Tag{Key: strings.Repeat("k", i+1), Value: strings.Repeat("v", 100)})
			}
		})}, "role.policy.large", "fewer tags"},
		"tags":           {[]model.AssumeRole{with("plain", tagged(false))}, "role.tags.denied", "sts:TagSession"},
		"inherited tags": {[]model.AssumeRole{with("reader", tagged(true)), role("plain")}, "role.tags.denied", "sts:TagSession"},
		"tag of before": {[]model.AssumeRole{with("reader", tagged(true)), with("ofReader", tagged(false))},
			"role.tags.refused", "transitive one of the session before"},
		"source identity": {[]model.AssumeRole{with("plain", func(r *model.AssumeRole) { r.SourceIdentity = "ana" })},
			"role.sourceidentity.denied", "sts:SetSourceIdentity"},
		"limited before": {[]model.AssumeRole{with("reader", policy(statement("Allow", "s3:*"))), role("ofReader")},
			"AWS-LOGIN-ERROR-0004", "its session policy or permissions boundary doesn't allow sts:AssumeRole"},
		"forbidden before": {[]model.AssumeRole{with("reader", policy(statement("Deny", "*"))), role("ofReader")},
			"AWS-LOGIN-ERROR-0004", "a policy forbids it (session policy)"},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(s, key)
			r.Roles = awsenv.RolesOf(model.ChainOf(row.roles))
			_, err := awsenv.Resolve(context.Background(), r)
			if model.ErrorCode(err) != row.code || err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%v (%s), want %s with %q", err, model.ErrorCode(err), row.code, row.says)
			}
			if acting := row.roles[len(row.roles)-1].ARN; err != nil && !strings.Contains(err.Error(), acting) {
				t.Errorf("the role is not named: %v", err)
			}
		})
	}
}
