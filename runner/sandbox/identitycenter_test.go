package sandbox_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

const (
	codeGrant    = "authorization_code"
	deviceGrant  = "urn:ietf:params:oauth:grant-type:device_code"
	refreshGrant = "refresh_token"

	callback = "http://127.0.0.1:45678/oauth/callback"
	verifier = "a-verifier-of-at-least-43-characters-0123456789"
)

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func oidcOf(endpoint string) *ssooidc.Client {
	return ssooidc.New(ssooidc.Options{Region: "us-east-1", BaseEndpoint: &endpoint, RetryMaxAttempts: 1})
}

func ssoOf(endpoint string) *sso.Client {
	return sso.New(sso.Options{Region: "us-east-1", BaseEndpoint: &endpoint, RetryMaxAttempts: 1})
}

// program is a program that signs in to IAM Identity Center.
type program struct {
	t        *testing.T
	endpoint string
	start    string
	client   *ssooidc.RegisterClientOutput
}

func registration(s *sandbox.Server) *ssooidc.RegisterClientInput {
	return &ssooidc.RegisterClientInput{
		ClientName: aws.String("test"), ClientType: aws.String("public"), GrantTypes: []string{codeGrant, deviceGrant, refreshGrant},
		IssuerUrl: aws.String(s.StartURL()), RedirectUris: []string{"http://127.0.0.1/oauth/callback"}, Scopes: []string{"sso:account:access"},
	}
}

func register(t *testing.T, s *sandbox.Server, endpoint string, change ...func(*ssooidc.RegisterClientInput)) program {
	t.Helper()
	in := registration(s)
	for _, c := range change {
		c(in)
	}
	out, err := oidcOf(endpoint).RegisterClient(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return program{t, endpoint, s.StartURL(), out}
}

// authorizeURL returns the sign-in page; changes are pairs of name and value, and an empty value removes a parameter.
func (p program) authorizeURL(changes ...string) string {
	q := url.Values{
		"response_type": {"code"}, "client_id": {*p.client.ClientId}, "redirect_uri": {callback}, "state": {"a state"},
		"code_challenge_method": {"S256"}, "code_challenge": {challenge(verifier)}, "scopes": {"sso:account:access"},
	}
	return p.endpoint + "/authorize?" + changed(q, changes).Encode()
}

func changed(q url.Values, changes []string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return q
}

// answerPage sends the form of a page, and returns where the browser is sent to, or the page that is shown then.
func answerPage(t *testing.T, page string, form url.Values, header ...string) (status int, to *url.URL, body string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, page, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, body := do(t, r)
	to, err = url.Parse(answer.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, to, body
}

func allow(user string) url.Values { return url.Values{"user": {user}, "decision": {"allow"}} }

func (p program) code() string {
	p.t.Helper()
	_, to, body := answerPage(p.t, p.authorizeURL(), allow("ann"))
	if to.Query().Get("code") == "" || to.Query().Get("state") != "a state" || !strings.HasPrefix(to.String(), callback+"?") {
		p.t.Fatalf("sent to %s\n%s", to, body)
	}
	return to.Query().Get("code")
}

func (p program) tokenInput(grant string) *ssooidc.CreateTokenInput {
	return &ssooidc.CreateTokenInput{ClientId: p.client.ClientId, ClientSecret: p.client.ClientSecret, GrantType: &grant}
}

func (p program) token(change func(*ssooidc.CreateTokenInput)) (*ssooidc.CreateTokenOutput, error) {
	in := p.tokenInput(codeGrant)
	change(in)
	return oidcOf(p.endpoint).CreateToken(context.Background(), in)
}

func (p program) redeem(code string) (*ssooidc.CreateTokenOutput, error) {
	return p.token(func(in *ssooidc.CreateTokenInput) {
		in.Code, in.CodeVerifier, in.RedirectUri = &code, aws.String(verifier), aws.String(callback)
	})
}

func (p program) refresh(token string) (*ssooidc.CreateTokenOutput, error) {
	return p.token(func(in *ssooidc.CreateTokenInput) { in.GrantType, in.RefreshToken = aws.String(refreshGrant), &token })
}

func (p program) signIn() *ssooidc.CreateTokenOutput {
	p.t.Helper()
	out, err := p.redeem(p.code())
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

// oidcError returns the exception and the code of RFC 6749, which programs outside of AWS's SDKs go by.
func oidcError(err error) (kind, text string) {
	var denied *types.AccessDeniedException
	var pending *types.AuthorizationPendingException
	var slow *types.SlowDownException
	var expired *types.ExpiredTokenException
	var grant *types.InvalidGrantException
	switch {
	case errors.As(err, &denied):
		return code(err), aws.ToString(denied.Error_)
	case errors.As(err, &pending):
		return code(err), aws.ToString(pending.Error_)
	case errors.As(err, &slow):
		return code(err), aws.ToString(slow.Error_)
	case errors.As(err, &expired):
		return code(err), aws.ToString(expired.Error_)
	case errors.As(err, &grant):
		return code(err), aws.ToString(grant.Error_)
	}
	return code(err), ""
}

func redirectsTo(uri string) func(*ssooidc.RegisterClientInput) {
	return func(in *ssooidc.RegisterClientInput) { in.RedirectUris = []string{uri} }
}

func TestRegisterClient(t *testing.T) {
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{}})
	for name, row := range map[string]struct {
		change func(*ssooidc.RegisterClientInput)
		want   string
	}{
		"good":             {func(*ssooidc.RegisterClientInput) {}, ""},
		"device code only": {func(in *ssooidc.RegisterClientInput) { in.GrantTypes, in.IssuerUrl, in.RedirectUris = nil, nil, nil }, ""},
		"not public":       {func(in *ssooidc.RegisterClientInput) { in.ClientType = aws.String("private") }, "InvalidClientMetadataException"},
		"no name":          {func(in *ssooidc.RegisterClientInput) { in.ClientName = aws.String("") }, "InvalidClientMetadataException"},
		"other grant":      {func(in *ssooidc.RegisterClientInput) { in.GrantTypes = []string{"password"} }, "UnsupportedGrantTypeException"},
		"other scope":      {func(in *ssooidc.RegisterClientInput) { in.Scopes = []string{"all"} }, "InvalidScopeException"},
		"redirect away":    {redirectsTo("http://example.com/"), "InvalidRedirectUriException"},
		"redirect by name": {redirectsTo("http://localhost/"), "InvalidRedirectUriException"},
		"no redirect":      {func(in *ssooidc.RegisterClientInput) { in.RedirectUris = nil }, "InvalidRedirectUriException"},
		"other start URL":  {func(in *ssooidc.RegisterClientInput) { in.IssuerUrl = aws.String("https://x/start") }, "InvalidRequestException"},
		"no start URL":     {func(in *ssooidc.RegisterClientInput) { in.IssuerUrl = nil }, "InvalidRequestException"},
	} {
		t.Run(name, func(t *testing.T) {
			in := registration(s)
			row.change(in)
			out, err := oidcOf(s.Endpoint()).RegisterClient(context.Background(), in)
			if code(err) != row.want {
				t.Fatalf("%v, want %q", err, row.want)
			}
			if err == nil && time.Until(time.Unix(out.ClientSecretExpiresAt, 0)).Round(time.Hour) != 90*24*time.Hour {
				t.Errorf("until %d", out.ClientSecretExpiresAt)
			}
		})
	}
}

func TestSignInPage(t *testing.T) {
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{Users: []string{"ann", "<b>bob"}}})
	p := register(t, s, s.Endpoint())
	page := p.authorizeURL()
	r, _ := http.NewRequest(http.MethodGet, page, nil)
	answer, body := do(t, r)
	if answer.StatusCode != http.StatusOK || !strings.Contains(body, `<form method="post">`) ||
		!strings.Contains(answer.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("%d %v %s", answer.StatusCode, answer.Header, body)
	}
	for name, row := range map[string]struct {
		form   url.Values
		header []string
		status int
		says   string // on the page, or in the redirect's query
	}{
		"allow":             {form: allow("ann"), status: 303, says: "code="},
		"from the page":     {form: allow("ann"), header: []string{"Origin", s.Endpoint()}, status: 303, says: "code="},
		"from another page": {form: allow("ann"), header: []string{"Origin", "https://attacker.example"}, status: 403, says: "web pages"},
		"from another port": {form: allow("ann"), header: []string{"Origin", "http://127.0.0.1:1"}, status: 403, says: "web pages"},
		"of no origin":      {form: allow("ann"), header: []string{"Origin", "null"}, status: 403, says: "web pages"},
		"deny":              {form: url.Values{"decision": {"deny"}}, status: 303, says: "error=access_denied"},
		"undecided":         {form: url.Values{"user": {"ann"}}, status: 403, says: "Choose Allow or Deny"},
		"no name":           {form: allow(""), status: 403, says: "A user name has"},
		"unknown":           {form: allow("carl"), status: 403, says: "There is no user carl"},
		"HTML in a name":    {form: allow("<b>bob"), status: 403, says: "&lt;b&gt;bob"},
	} {
		t.Run(name, func(t *testing.T) {
			status, to, body := answerPage(t, page, row.form, row.header...)
			if status != row.status || !strings.Contains(to.RawQuery+body, row.says) || strings.Contains(body, "<b>") {
				t.Errorf("%d %s %s", status, to, body)
			}
			if to.Host != "" && (to.Query().Get("state") != "a state" || !strings.HasPrefix(to.String(), callback+"?")) {
				t.Errorf("sent to %s", to)
			}
		})
	}
}

func TestAuthorizeChecksTheRequest(t *testing.T) {
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{}})
	p := register(t, s, s.Endpoint())
	noCode := register(t, s, s.Endpoint(), func(in *ssooidc.RegisterClientInput) { in.GrantTypes = []string{deviceGrant} })
	for name, row := range map[string]struct {
		program program
		changes []string
		says    string // the error in the redirect; if it is a sentence, that of a page from which nobody is sent on
	}{
		"response type":        {p, []string{"response_type", "token"}, "unsupported_response_type"},
		"grant not registered": {noCode, nil, "unauthorized_client"},
		"challenge":            {p, []string{"code_challenge", ""}, "invalid_request"},
		"short challenge":      {p, []string{"code_challenge", "abc"}, "invalid_request"},
		"plain challenge":      {p, []string{"code_challenge_method", "plain"}, "invalid_request"},
		"console's method":     {p, []string{"code_challenge_method", "SHA-256"}, "invalid_request"},
		"state":                {p, []string{"state", ""}, "invalid_request"},
		"scope":                {p, []string{"scopes", "sso:account:access all"}, "invalid_scope"},
		"client":               {p, []string{"client_id", "x"}, "The client_id is not"},
		"redirect elsewhere":   {p, []string{"redirect_uri", "http://example.com/oauth/callback"}, "The redirect_uri is not"},
		"redirect by name":     {p, []string{"redirect_uri", "http://localhost:1/oauth/callback"}, "The redirect_uri is not"},
		"redirect path":        {p, []string{"redirect_uri", "http://127.0.0.1:1/other"}, "The redirect_uri is not"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				r, _ := http.NewRequest(method, row.program.authorizeURL(row.changes...), nil)
				answer, body := do(t, r)
				to, _ := url.Parse(answer.Header.Get("Location"))
				if strings.Contains(row.says, " ") {
					if answer.StatusCode != http.StatusBadRequest || !strings.Contains(body, row.says) {
						t.Errorf("%s: %d %s", method, answer.StatusCode, body)
					}
				} else if to.Query().Get("error") != row.says || to.Query().Has("code") {
					t.Errorf("%s: sent to %s", method, to)
				}
			}
		})
	}
}

func TestAuthorizationCode(t *testing.T) {
	c := &clock{}
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{}, Now: c.now})
	p, other := register(t, s, s.Endpoint()), register(t, s, s.Endpoint())
	out := p.signIn()
	if out.ExpiresIn != 3600 || *out.TokenType != "Bearer" || out.RefreshToken == nil {
		t.Errorf("%+v", out)
	}
	used := p.code()
	if _, err := p.redeem(used); err != nil {
		t.Fatal(err)
	}
	type input = ssooidc.CreateTokenInput
	for name, row := range map[string]struct {
		change func(*input)
		want   string
	}{
		"used":        {func(in *input) { in.Code = &used }, "InvalidGrantException"},
		"unknown":     {func(in *input) { in.Code = aws.String("x") }, "InvalidGrantException"},
		"verifier":    {func(in *input) { in.CodeVerifier = aws.String(verifier + "x") }, "InvalidGrantException"},
		"no verifier": {func(in *input) { in.CodeVerifier = nil }, "InvalidRequestException"},
		"redirect":    {func(in *input) { in.RedirectUri = aws.String("http://127.0.0.1:1/oauth/callback") }, "InvalidGrantException"},
		"secret":      {func(in *input) { in.ClientSecret = aws.String("x") }, "InvalidClientException"},
		"client":      {func(in *input) { in.ClientId = aws.String("x") }, "InvalidClientException"},
		"another client": {func(in *input) {
			in.ClientId, in.ClientSecret = other.client.ClientId, other.client.ClientSecret
		}, "InvalidGrantException"},
		"grant": {func(in *input) { in.GrantType = aws.String("password") }, "UnsupportedGrantTypeException"},
	} {
		t.Run(name, func(t *testing.T) {
			code := p.code()
			if _, err := p.token(func(in *input) {
				in.Code, in.CodeVerifier, in.RedirectUri = &code, aws.String(verifier), aws.String(callback)
				row.change(in)
			}); !answered(err, row.want, "") {
				t.Errorf("%v, want %s", err, row.want)
			}
		})
	}
	late := p.code()
	c.forward(10 * time.Minute)
	if _, err := p.redeem(late); code(err) != "InvalidGrantException" {
		t.Errorf("an expired code: %v", err)
	}
	c.forward(90 * 24 * time.Hour)
	if _, err := p.redeem(late); code(err) != "InvalidClientException" || !strings.Contains(fmt.Sprint(oidcDescription(err)), "expired") {
		t.Errorf("an expired registration: %v", err)
	}
}

func oidcDescription(err error) string {
	if e, ok := errors.AsType[*types.InvalidClientException](err); ok {
		return aws.ToString(e.Error_description)
	}
	return ""
}

func TestRefresh(t *testing.T) {
	c := &clock{}
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{TokenLifetime: time.Minute, Session: 10 * time.Minute}, Now: c.now})
	p := register(t, s, s.Endpoint())
	first := p.signIn()
	if first.ExpiresIn != 60 {
		t.Errorf("%d seconds", first.ExpiresIn)
	}
	second, err := p.refresh(*first.RefreshToken)
	if err != nil || *second.AccessToken == *first.AccessToken {
		t.Fatalf("%+v, %v", second, err)
	}
	if _, err := p.refresh(*first.RefreshToken); code(err) != "InvalidGrantException" {
		t.Errorf("a refresh token is good twice: %v", err)
	}
	accounts := func(token *string) error {
		_, err := ssoOf(s.Endpoint()).ListAccounts(context.Background(), &sso.ListAccountsInput{AccessToken: token})
		return err
	}
	if err := accounts(second.AccessToken); err != nil {
		t.Error(err)
	}
	c.forward(time.Minute)
	if err := accounts(second.AccessToken); code(err) != "UnauthorizedException" {
		t.Errorf("an expired access token: %v", err)
	}
	c.forward(8*time.Minute + 30*time.Second)
	third, err := p.refresh(*second.RefreshToken)
	if err != nil || third.ExpiresIn > 30 {
		t.Fatalf("shortly before the end of the session: %+v, %v", third, err)
	}
	c.forward(30 * time.Second)
	if _, err := p.refresh(*third.RefreshToken); code(err) != "InvalidGrantException" {
		t.Errorf("after the end of the session: %v", err)
	}
	plain := register(t, s, s.Endpoint(), func(in *ssooidc.RegisterClientInput) { in.GrantTypes = []string{codeGrant} })
	if out := plain.signIn(); out.RefreshToken != nil {
		t.Error("a refresh token for a program that has not registered the grant")
	}
	if _, err := plain.refresh(*second.RefreshToken); code(err) != "UnauthorizedClientException" {
		t.Errorf("a grant that is not registered: %v", err)
	}
}

func TestDeviceCode(t *testing.T) {
	c, ctx := &clock{}, context.Background()
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{Interval: 5 * time.Second}, Now: c.now})
	p := register(t, s, s.RegionEndpoint("us-east-1"))
	begin := func() *ssooidc.StartDeviceAuthorizationOutput {
		out, err := oidcOf(p.endpoint).StartDeviceAuthorization(ctx, &ssooidc.StartDeviceAuthorizationInput{
			ClientId: p.client.ClientId, ClientSecret: p.client.ClientSecret, StartUrl: &p.start,
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	poll := func(device *string) error {
		_, err := p.token(func(in *ssooidc.CreateTokenInput) { in.GrantType, in.DeviceCode = aws.String(deviceGrant), device })
		return err
	}
	expect := func(t *testing.T, err error, kind, text string) {
		t.Helper()
		if k, s := oidcError(err); k != kind || s != text {
			t.Errorf("%v, want %s", err, kind)
		}
	}
	d := begin()
	if d.Interval != 5 || d.ExpiresIn != 600 || len(*d.UserCode) != 9 || !strings.HasPrefix(*d.VerificationUri, p.endpoint) {
		t.Errorf("%+v", d)
	}
	expect(t, poll(d.DeviceCode), "AuthorizationPendingException", "authorization_pending")
	c.forward(4 * time.Second)
	expect(t, poll(d.DeviceCode), "SlowDownException", "slow_down")
	c.forward(6 * time.Second)
	expect(t, poll(d.DeviceCode), "SlowDownException", "slow_down") // now each 10 seconds
	if status, _, body := answerPage(t, *d.VerificationUriComplete, allow("ann")); status != http.StatusOK ||
		!strings.Contains(body, "Signed in") {
		t.Errorf("%d %s", status, body)
	}
	c.forward(20 * time.Second)
	if err := poll(d.DeviceCode); err != nil {
		t.Error(err)
	}
	expect(t, poll(d.DeviceCode), "InvalidGrantException", "invalid_grant")

	denied := begin()
	typed := url.Values{"user_code": {" " + strings.ToLower(strings.ReplaceAll(*denied.UserCode, "-", ""))}, "decision": {"deny"}}
	if status, _, body := answerPage(t, *denied.VerificationUri, typed); status != http.StatusOK || !strings.Contains(body, "Denied") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := answerPage(t, *denied.VerificationUri, typed); status != http.StatusForbidden ||
		!strings.Contains(body, "wrong, or") {
		t.Errorf("decided twice: %d %s", status, body)
	}
	expect(t, poll(denied.DeviceCode), "AccessDeniedException", "access_denied")

	late := begin()
	c.forward(10 * time.Minute)
	expect(t, poll(late.DeviceCode), "ExpiredTokenException", "expired_token")
	if status, _, _ := answerPage(t, *late.VerificationUriComplete, allow("ann")); status != http.StatusForbidden {
		t.Errorf("an expired code is taken: %d", status)
	}
	_, err := oidcOf(p.endpoint).StartDeviceAuthorization(ctx, &ssooidc.StartDeviceAuthorizationInput{
		ClientId: p.client.ClientId, ClientSecret: p.client.ClientSecret, StartUrl: aws.String("https://other.awsapps.com/start"),
	})
	expect(t, err, "InvalidRequestException", "")
}

func TestRegionsOfIdentityCenter(t *testing.T) {
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{Region: "eu-west-1", OtherRegions: []string{"eu-north-1"}}})
	first, second := register(t, s, s.RegionEndpoint("eu-west-1")), register(t, s, s.RegionEndpoint("eu-north-1"))
	token, there := first.signIn(), second.signIn()
	if _, err := ssoOf(first.endpoint).ListAccounts(context.Background(), &sso.ListAccountsInput{AccessToken: token.AccessToken}); err != nil {
		t.Error(err)
	}
	if _, err := ssoOf(second.endpoint).ListAccounts(context.Background(),
		&sso.ListAccountsInput{AccessToken: token.AccessToken}); code(err) != "UnauthorizedException" {
		t.Errorf("an access token of another region: %v", err)
	}
	_, err := first.refresh(*there.RefreshToken)
	elsewhere, ok := errors.AsType[*types.InvalidRequestRegionException](err)
	if !ok || *elsewhere.Region != "eu-north-1" || *elsewhere.Endpoint != second.endpoint {
		t.Errorf("a refresh token of another region: %v", err)
	}
	wrong := register(t, s, s.RegionEndpoint("us-east-1"))
	r, _ := http.NewRequest(http.MethodGet, wrong.authorizeURL(), nil)
	if answer, body := do(t, r); answer.StatusCode != http.StatusBadRequest || !strings.Contains(body, "no IAM Identity Center") {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
	if _, err := oidcOf(wrong.endpoint).StartDeviceAuthorization(context.Background(), &ssooidc.StartDeviceAuthorizationInput{
		ClientId: wrong.client.ClientId, ClientSecret: wrong.client.ClientSecret, StartUrl: &wrong.start,
	}); code(err) != "InvalidRequestException" {
		t.Error(err)
	}
	wrong.endpoint = first.endpoint
	if _, err := wrong.redeem("x"); code(err) != "InvalidClientException" {
		t.Errorf("a registration of another region: %v", err)
	}
}

func TestPortal(t *testing.T) {
	var many []sandbox.PortalAccount
	for i := range 230 {
		many = append(many, sandbox.PortalAccount{ID: fmt.Sprintf("%012d", i), Name: fmt.Sprint("Account ", i), Roles: []string{"Admin", "Read"}})
	}
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{Accounts: many, RoleLifetime: 20 * time.Minute}})
	p, ctx := register(t, s, s.Endpoint()), context.Background()
	token, client := p.signIn().AccessToken, ssoOf(s.Endpoint())
	t.Run("accounts", func(t *testing.T) {
		got := 0
		pager := sso.NewListAccountsPaginator(client, &sso.ListAccountsInput{AccessToken: token, MaxResults: aws.Int32(100)})
		for pager.HasMorePages() {
			out, err := pager.NextPage(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range out.AccountList {
				if *a.AccountId != many[got].ID || *a.AccountName != many[got].Name {
					t.Errorf("%d is %s", got, *a.AccountId)
				}
				got++
			}
		}
		if got != len(many) {
			t.Errorf("%d accounts", got)
		}
	})
	for size, want := range map[int32]string{1: "", 100: "", 101: "InvalidRequestException", 0: "InvalidRequestException"} {
		if _, err := client.ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: token, MaxResults: &size}); code(err) != want {
			t.Errorf("pages of %d: %v", size, err)
		}
	}
	for _, next := range []string{"x", "MTAwMDA=", "LTE="} {
		in := &sso.ListAccountsInput{AccessToken: token, NextToken: &next}
		if _, err := client.ListAccounts(ctx, in); code(err) != "InvalidRequestException" {
			t.Errorf("the page %s: %v", next, err)
		}
	}
	t.Run("roles", func(t *testing.T) {
		out, err := client.ListAccountRoles(ctx, &sso.ListAccountRolesInput{AccessToken: token, AccountId: &many[7].ID, MaxResults: aws.Int32(1)})
		if err != nil || len(out.RoleList) != 1 || *out.RoleList[0].RoleName != "Admin" || out.NextToken == nil {
			t.Errorf("%+v, %v", out, err)
		}
		in := &sso.ListAccountRolesInput{AccessToken: token, AccountId: aws.String("999999999999")}
		if _, err := client.ListAccountRoles(ctx, in); code(err) != "ForbiddenException" {
			t.Error(err)
		}
	})
	t.Run("keys", func(t *testing.T) {
		keys := roleKeys(t, s, token, many[7].ID, "Admin")
		who, err := stsOf(s, keys).GetCallerIdentity(ctx, nil)
		if err != nil || !strings.HasPrefix(*who.Arn, "arn:aws:sts::000000000007:assumed-role/AWSReservedSSO_Admin_") ||
			!strings.HasSuffix(*who.Arn, "/ann") {
			t.Errorf("%+v, %v", who, err)
		}
		if got := lastSession(t, s); got.Action != "GetRoleCredentials" || got.Duration != 20*time.Minute {
			t.Errorf("%+v", got)
		}
		if _, err := stsOf(s, keys).AssumeRole(ctx, &sts.AssumeRoleInput{
			RoleArn: aws.String(rolePath + "deployer"), RoleSessionName: aws.String("me"), DurationSeconds: aws.Int32(7200),
		}); !answered(err, "ValidationError", "role chaining") {
			t.Error(err)
		}
		if _, err := client.GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{
			AccessToken: token, AccountId: &many[7].ID, RoleName: aws.String("Other"),
		}); code(err) != "ForbiddenException" {
			t.Error(err)
		}
	})
	t.Run("logout", func(t *testing.T) {
		other := p.signIn()
		keys := roleKeys(t, s, other.AccessToken, many[7].ID, "Admin")
		if _, err := client.Logout(ctx, &sso.LogoutInput{AccessToken: other.AccessToken}); err != nil {
			t.Fatal(err)
		}
		if _, err := client.ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: other.AccessToken}); code(err) != "UnauthorizedException" {
			t.Errorf("the access token: %v", err)
		}
		if _, err := p.refresh(*other.RefreshToken); code(err) != "InvalidGrantException" {
			t.Errorf("the refresh token: %v", err)
		}
		if _, err := client.ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: token}); err != nil {
			t.Errorf("another session: %v", err)
		}
		if _, err := stsOf(s, keys).GetCallerIdentity(ctx, nil); err != nil {
			t.Errorf("keys of before: %v", err)
		}
	})
}

func roleKeys(t *testing.T, s *sandbox.Server, token *string, account, role string) sandbox.Key {
	t.Helper()
	out, err := ssoOf(s.Endpoint()).GetRoleCredentials(context.Background(),
		&sso.GetRoleCredentialsInput{AccessToken: token, AccountId: &account, RoleName: &role})
	if err != nil {
		t.Fatal(err)
	}
	k := out.RoleCredentials
	return sandbox.Key{AccessKeyID: *k.AccessKeyId, SecretKey: *k.SecretAccessKey, SessionToken: *k.SessionToken}
}

func TestPortalThrottles(t *testing.T) {
	c := &clock{stopped: time.Now()}
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{RequestsPerSecond: 5}, Now: c.now})
	token := register(t, s, s.Endpoint()).signIn().AccessToken
	ask := func() string {
		_, err := ssoOf(s.Endpoint()).ListAccounts(context.Background(), &sso.ListAccountsInput{AccessToken: token})
		return code(err)
	}
	for i := range 5 {
		if got := ask(); got != "" {
			t.Errorf("request %d: %s", i, got)
		}
	}
	for range 2 {
		if got := ask(); got != "TooManyRequestsException" {
			t.Errorf("the sixth: %q", got)
		}
	}
	c.forward(time.Second)
	if got := ask(); got != "" || s.Throttled() != 2 {
		t.Errorf("a second later: %q, %d refused", got, s.Throttled())
	}
}

func TestMalformedSignInRequests(t *testing.T) {
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{}})
	for _, path := range []string{"/client/register", "/device_authorization", "/token"} {
		r, _ := http.NewRequest(http.MethodPost, s.Endpoint()+path, strings.NewReader("{"))
		if answer, body := do(t, r); answer.StatusCode != http.StatusBadRequest || !strings.Contains(body, `"error":"invalid_request"`) {
			t.Errorf("%s: %d %s", path, answer.StatusCode, body)
		}
	}
	r, _ := http.NewRequest(http.MethodPost, register(t, s, s.Endpoint()).authorizeURL(), strings.NewReader("user=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if answer, _ := do(t, r); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("%d", answer.StatusCode)
	}
	r, _ = http.NewRequest(http.MethodGet, s.StartURL(), nil)
	if answer, body := do(t, r); answer.StatusCode != http.StatusOK || !strings.Contains(body, "start URL") {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
}
