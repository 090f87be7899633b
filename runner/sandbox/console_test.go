package sandbox_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/signin"
	"github.com/aws/aws-sdk-go-v2/service/signin/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

const (
	sameDevice  = "arn:aws:signin:::devtools/same-device"
	crossDevice = "arn:aws:signin:::devtools/cross-device"
)

// consoleProgram is a program that signs in with the AWS console.
type consoleProgram struct {
	t        *testing.T
	endpoint string
	now      func() time.Time
	key      *ecdsa.PrivateKey
	proof    func(url string) string // nil for a good one
}

func consoleOf(t *testing.T, endpoint string, now func() time.Time) consoleProgram {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return consoleProgram{t: t, endpoint: endpoint, now: now, key: key}
}

func (p consoleProgram) prove(url string) string {
	p.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: p.key},
		(&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt"))
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := jwt.Signed(signer).Claims(map[string]any{"jti": randomText(), "htm": "POST", "htu": url, "iat": p.now().Unix()}).Serialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

func randomText() string { return rand.Text() }

// withProof adds a proof to a request, as the SDK's own provider does.
func (p consoleProgram) withProof(o *signin.Options) {
	prove := p.proof
	if prove == nil {
		prove = p.prove
	}
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("prove", func(ctx context.Context, in middleware.FinalizeInput,
			next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			request := in.Request.(*smithyhttp.Request)
			if text := prove(request.URL.String()); text != "" {
				request.Header.Set("DPoP", text)
			}
			return next.HandleFinalize(ctx, in)
		}), middleware.After)
	})
}

func (p consoleProgram) client() *signin.Client {
	return signin.New(signin.Options{Region: "us-east-1", BaseEndpoint: &p.endpoint, RetryMaxAttempts: 1})
}

func (p consoleProgram) authorizeURL(changes ...string) string {
	q := url.Values{
		"response_type": {"code"}, "client_id": {sameDevice}, "redirect_uri": {callback}, "state": {"a state"}, "scope": {"openid"},
		"code_challenge_method": {"SHA-256"}, "code_challenge": {challenge(verifier)},
	}
	return p.endpoint + "/v1/authorize?" + changed(q, changes).Encode()
}

func (p consoleProgram) code() string {
	p.t.Helper()
	_, to, body := answerPage(p.t, p.authorizeURL(), allow("ann"))
	if to.Query().Get("code") == "" || to.Query().Get("state") != "a state" {
		p.t.Fatalf("sent to %s\n%s", to, body)
	}
	return to.Query().Get("code")
}

type tokenBody = types.CreateOAuth2TokenRequestBody

func (p consoleProgram) token(body tokenBody) (*types.CreateOAuth2TokenResponseBody, error) {
	out, err := p.client().CreateOAuth2Token(context.Background(), &signin.CreateOAuth2TokenInput{TokenInput: &body}, p.withProof)
	if err != nil {
		return nil, err
	}
	return out.TokenOutput, nil
}

func codeBody(code string) tokenBody {
	return tokenBody{
		ClientId: aws.String(sameDevice), GrantType: aws.String(codeGrant), Code: &code, CodeVerifier: aws.String(verifier),
		RedirectUri: aws.String(callback),
	}
}

func refreshBody(token *string) tokenBody {
	return tokenBody{ClientId: aws.String(sameDevice), GrantType: aws.String(refreshGrant), RefreshToken: token}
}

func (p consoleProgram) signIn() *types.CreateOAuth2TokenResponseBody {
	p.t.Helper()
	out, err := p.token(codeBody(p.code()))
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func consoleKey(out *types.CreateOAuth2TokenResponseBody) sandbox.Key {
	k := out.AccessToken
	return sandbox.Key{AccessKeyID: *k.AccessKeyId, SecretKey: *k.SecretAccessKey, SessionToken: *k.SessionToken}
}

// consoleError returns the exception and the code of an error, with the message if it isn't the sandbox's own.
func consoleError(err error) string {
	var denied *types.AccessDeniedException
	var invalid *types.ValidationException
	var broken *types.InternalServerException
	var many *types.TooManyRequestsError
	var away *types.ServiceUnavailableException
	switch {
	case errors.As(err, &denied):
		return "AccessDenied " + string(denied.Error_)
	case errors.As(err, &invalid):
		return "Validation " + string(invalid.Error_)
	case errors.As(err, &broken):
		return "Internal " + string(broken.Error_)
	case errors.As(err, &many):
		return "TooMany " + string(many.Error_)
	case errors.As(err, &away):
		return "Unavailable " + string(away.Error_)
	case err == nil:
		return ""
	}
	return err.Error()
}

func expectConsole(t *testing.T, err error, want, says string) {
	t.Helper()
	if got := consoleError(err); got != want || err != nil && !strings.Contains(err.Error(), says) {
		t.Errorf("%q, want %q %q: %v", got, want, says, err)
	}
}

const (
	invalidRequest = "Validation INVALID_REQUEST"
	tokenExpired   = "AccessDenied TOKEN_EXPIRED"
)

func TestConsoleSignIn(t *testing.T) {
	c := &clock{}
	s := start(t, sandbox.Options{Console: &sandbox.Console{}, Now: c.now})
	p := consoleOf(t, s.RegionEndpoint("eu-west-1"), c.now)
	out := p.signIn()
	if *out.ExpiresIn != 900 || *out.TokenType != "aws_sigv4" || subject(t, out.IdToken) != "arn:aws:iam::000000000000:user/ann" {
		t.Errorf("%+v", out)
	}
	who, err := stsOf(s, consoleKey(out)).GetCallerIdentity(context.Background(), nil)
	if err != nil || *who.Arn != "arn:aws:iam::000000000000:user/ann" {
		t.Errorf("%+v, %v", who, err)
	}
	if got := lastSession(t, s); got.Action != "CreateOAuth2Token" || got.Duration != 15*time.Minute {
		t.Errorf("%+v", got)
	}
	c.forward(15 * time.Minute)
	next, err := p.token(refreshBody(out.RefreshToken))
	if err != nil || next.IdToken != nil || *next.RefreshToken == *out.RefreshToken {
		t.Fatalf("%+v, %v", next, err)
	}
	if _, err := p.token(refreshBody(out.RefreshToken)); err == nil {
		t.Error("a refresh token is good twice")
	} else {
		expectConsole(t, err, tokenExpired, "used already")
	}
	if _, err := p.token(refreshBody(next.RefreshToken)); err != nil {
		t.Errorf("the new one after the old one was refused: %v", err)
	}
}

// subject reads the subject of an ID token as aws does, without checking it.
func subject(t *testing.T, token *string) string {
	t.Helper()
	if token == nil {
		t.Fatal("no ID token")
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(*token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct{ Sub string }
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims.Sub
}

func TestWhoSignsInToTheConsole(t *testing.T) {
	for arn, want := range map[string]string{
		"":                               "arn:aws:iam::000000000000:user/ann",
		"arn:aws:iam::123456789012:root": "arn:aws:iam::123456789012:root",
		"arn:aws:sts::123456789012:assumed-role/dev/ann@x": "arn:aws:sts::123456789012:assumed-role/dev/ann@x",
	} {
		s := start(t, sandbox.Options{Console: &sandbox.Console{ARN: arn}})
		out := consoleOf(t, s.Endpoint(), time.Now).signIn()
		who, err := stsOf(s, consoleKey(out)).GetCallerIdentity(context.Background(), nil)
		if err != nil || *who.Arn != want || subject(t, out.IdToken) != want {
			t.Errorf("%s: %+v, %v", arn, who, err)
		}
		_, err = stsOf(s, consoleKey(out)).AssumeRole(context.Background(), asRole("deployer"))
		if refused := strings.HasSuffix(arn, ":root"); refused != answered(err, "AccessDenied", "root accounts") {
			t.Errorf("%s: a role: %v", arn, err)
		}
	}
}

func TestConsoleAuthorizeChecksTheRequest(t *testing.T) {
	s := start(t, sandbox.Options{Console: &sandbox.Console{Users: []string{"ann"}}})
	p := consoleOf(t, s.Endpoint(), time.Now)
	for name, row := range map[string]struct {
		changes []string
		says    string
	}{
		"client":              {[]string{"client_id", "x"}, "client_id"},
		"response type":       {[]string{"response_type", "token"}, "response_type"},
		"scope":               {[]string{"scope", ""}, "scope"},
		"state":               {[]string{"state", ""}, "state"},
		"method S256":         {[]string{"code_challenge_method", "S256"}, "code_challenge_method"},
		"challenge":           {[]string{"code_challenge", challenge(verifier) + "="}, "code_challenge"},
		"redirect away":       {[]string{"redirect_uri", "http://example.com/oauth/callback"}, "redirect_uri"},
		"redirect path":       {[]string{"redirect_uri", "http://127.0.0.1:1/callback"}, "redirect_uri"},
		"redirect with query": {[]string{"redirect_uri", "http://127.0.0.1:1/?/oauth/callback"}, "redirect_uri"},
		"cross-device":        {[]string{"client_id", crossDevice}, "redirect_uri"},
		"other region": {
			[]string{"client_id", crossDevice, "redirect_uri", s.RegionEndpoint("eu-west-1") + "/v1/sessions/confirmation"}, "redirect_uri",
		},
	} {
		t.Run(name, func(t *testing.T) {
			status, to, body := answerPage(t, p.authorizeURL(row.changes...), allow("ann"))
			if status != http.StatusBadRequest || to.String() != "" || !strings.Contains(body, "The "+row.says) {
				t.Errorf("%d %s %s", status, to, body)
			}
		})
	}
	if status, _, body := answerPage(t, p.authorizeURL(), allow("bob")); status != http.StatusForbidden ||
		!strings.Contains(body, "no user bob") {
		t.Errorf("%d %s", status, body)
	}
	if _, to, _ := answerPage(t, p.authorizeURL(), url.Values{"decision": {"deny"}}); to.Query().Get("error") != "access_denied" {
		t.Errorf("denied: sent to %s", to)
	}
	if status, _, _ := answerPage(t, p.authorizeURL(), allow("ann"), "Origin", s.Endpoint()); status != http.StatusSeeOther {
		t.Errorf("from the page itself: %d", status)
	}
	if status, _, _ := answerPage(t, s.Endpoint()+"/v1/token", allow("ann"), "Origin", s.Endpoint()); status != http.StatusForbidden {
		t.Errorf("a page asks for a token: %d", status)
	}
}

func TestCrossDevice(t *testing.T) {
	s := start(t, sandbox.Options{Console: &sandbox.Console{}})
	p := consoleOf(t, s.RegionEndpoint("eu-west-1"), time.Now)
	confirmation := p.endpoint + "/v1/sessions/confirmation"
	_, to, _ := answerPage(t, p.authorizeURL("client_id", crossDevice, "redirect_uri", confirmation), allow("ann"))
	r, _ := http.NewRequest(http.MethodGet, to.String(), nil)
	_, body := do(t, r)
	shown := regexp.MustCompile(`<code id="code">([^<]*)</code>`).FindStringSubmatch(body)
	if shown == nil {
		t.Fatalf("%s\n%s", to, body)
	}
	text, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(shown[1], "&#43;", "+"))
	if err != nil {
		t.Fatal(err)
	}
	q, err := url.ParseQuery(string(text))
	if err != nil || q.Get("state") != "a state" {
		t.Fatalf("%s, %v", text, err)
	}
	in := codeBody(q.Get("code"))
	in.ClientId, in.RedirectUri = aws.String(crossDevice), &confirmation
	out, err := p.token(in)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.token(refreshBody(out.RefreshToken))
	expectConsole(t, err, invalidRequest, "clientId")
	_, to, _ = answerPage(t, p.authorizeURL("client_id", crossDevice, "redirect_uri", confirmation), url.Values{"decision": {"deny"}})
	r, _ = http.NewRequest(http.MethodGet, to.String(), nil)
	if _, body := do(t, r); !strings.Contains(body, "Denied") {
		t.Error(body)
	}
}

func TestConsoleChecksTheCode(t *testing.T) {
	c := &clock{}
	s := start(t, sandbox.Options{Console: &sandbox.Console{}, Now: c.now})
	p := consoleOf(t, s.Endpoint(), c.now)
	used := p.code()
	if _, err := p.token(codeBody(used)); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		change     func(*tokenBody)
		want, says string
	}{
		"used":        {func(b *tokenBody) { b.Code = &used }, invalidRequest, "used already"},
		"no code":     {func(b *tokenBody) { b.Code = nil }, invalidRequest, "missing"},
		"verifier":    {func(b *tokenBody) { b.CodeVerifier = aws.String(verifier + "x") }, invalidRequest, "codeVerifier"},
		"redirect":    {func(b *tokenBody) { b.RedirectUri = aws.String("http://127.0.0.1:1/oauth/callback") }, invalidRequest, "redirectUri"},
		"client":      {func(b *tokenBody) { b.ClientId = aws.String(crossDevice) }, invalidRequest, "clientId"},
		"odd client":  {func(b *tokenBody) { b.ClientId = aws.String("x") }, invalidRequest, "clientId"},
		"grant":       {func(b *tokenBody) { b.GrantType = aws.String("password") }, invalidRequest, "grantType"},
		"expired":     {func(*tokenBody) { c.forward(5 * time.Minute) }, "AccessDenied AUTHCODE_EXPIRED", "expired"},
		"refresh bad": {func(b *tokenBody) { *b = refreshBody(aws.String("x")) }, invalidRequest, "Unknown refresh token"},
	} {
		t.Run(name, func(t *testing.T) {
			body := codeBody(p.code())
			row.change(&body)
			_, err := p.token(body)
			expectConsole(t, err, row.want, row.says)
		})
	}
	r, _ := http.NewRequest(http.MethodPost, s.Endpoint()+"/v1/token", strings.NewReader("{"))
	if answer, body := do(t, r); answer.StatusCode != http.StatusBadRequest || !strings.Contains(body, "INVALID_REQUEST") {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
}

func TestConsoleChecksTheProof(t *testing.T) {
	s := start(t, sandbox.Options{Console: &sandbox.Console{}})
	p := consoleOf(t, s.Endpoint(), time.Now)
	stranger := consoleOf(t, s.Endpoint(), time.Now)
	old := consoleOf(t, s.Endpoint(), func() time.Time { return time.Now().Add(-6 * time.Minute) })
	old.key = p.key
	refresh := p.signIn().RefreshToken
	again := p.prove(s.Endpoint() + "/v1/token")
	for _, row := range []struct {
		name  string
		prove func(url string) string
		says  string
	}{
		{"none", func(string) string { return "" }, "One header DPoP"},
		{"no proof", func(string) string { return "x" }, "not a JWT"},
		{"another key", stranger.prove, "of another key"},
		{"another URL", func(url string) string { return p.prove(url + "/") }, "htu is not"},
		{"too old", old.prove, "too long ago"},
		{"good", func(string) string { return again }, ""},
		{"sent again", func(string) string { return again }, "jti was used already"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := p
			p.proof = row.prove
			out, err := p.token(refreshBody(refresh))
			if row.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				refresh = out.RefreshToken
				return
			}
			expectConsole(t, err, invalidRequest, row.says)
		})
	}
}

func TestConsoleSignInBelongsToARegion(t *testing.T) {
	s := start(t, sandbox.Options{Console: &sandbox.Console{}})
	p := consoleOf(t, s.RegionEndpoint("eu-west-1"), time.Now)
	out, code := p.signIn(), p.code()
	for _, endpoint := range []string{s.RegionEndpoint("us-east-1"), s.Endpoint()} {
		elsewhere := p
		elsewhere.endpoint = endpoint
		_, err := elsewhere.token(refreshBody(out.RefreshToken))
		expectConsole(t, err, invalidRequest, "another region")
		_, err = elsewhere.token(codeBody(code))
		expectConsole(t, err, invalidRequest, "")
	}
	if _, err := p.token(refreshBody(out.RefreshToken)); err != nil {
		t.Errorf("in the region of the sign-in: %v", err)
	}
	home := consoleOf(t, s.Endpoint(), time.Now)
	out = home.signIn()
	home.endpoint = s.RegionEndpoint(sandbox.DefaultRegion)
	if _, err := home.token(refreshBody(out.RefreshToken)); err != nil {
		t.Errorf("the default region: %v", err)
	}
}

func TestConsoleSignInEnds(t *testing.T) {
	c := &clock{}
	s := start(t, sandbox.Options{Console: &sandbox.Console{Lifetime: 10 * time.Second, Session: time.Minute}, Now: c.now})
	p := consoleOf(t, s.Endpoint(), c.now)
	out := p.signIn()
	if *out.ExpiresIn != 10 {
		t.Errorf("%d seconds", *out.ExpiresIn)
	}
	c.forward(55 * time.Second)
	if _, err := stsOf(s, consoleKey(out)).GetCallerIdentity(context.Background(), nil); code(err) != "ExpiredToken" {
		t.Errorf("keys after their end: %v", err)
	}
	out, err := p.token(refreshBody(out.RefreshToken))
	if err != nil || *out.ExpiresIn > 5 {
		t.Fatalf("shortly before the end: %+v, %v", out, err)
	}
	c.forward(4 * time.Second) // less than a second is left, which can't be told in whole ones
	_, err = p.token(refreshBody(out.RefreshToken))
	expectConsole(t, err, tokenExpired, "has ended")
	out = p.signIn()
	s.ChangePassword()
	_, err = p.token(refreshBody(out.RefreshToken))
	expectConsole(t, err, "AccessDenied USER_CREDENTIALS_CHANGED", "password")
	if _, err := p.token(refreshBody(p.signIn().RefreshToken)); err != nil {
		t.Errorf("with the new password: %v", err)
	}
}

func TestConsoleFailures(t *testing.T) {
	s := start(t, sandbox.Options{Console: &sandbox.Console{NoPolicy: true}})
	p := consoleOf(t, s.Endpoint(), time.Now)
	for _, row := range []struct {
		fail sandbox.OAuthError
		want string
	}{
		{sandbox.TokenExpired, tokenExpired},
		{sandbox.UserCredentialsChanged, "AccessDenied USER_CREDENTIALS_CHANGED"},
		{sandbox.InsufficientPermissions, "AccessDenied INSUFFICIENT_PERMISSIONS"},
		{sandbox.AuthcodeExpired, "AccessDenied AUTHCODE_EXPIRED"},
		{sandbox.InvalidRequest, invalidRequest},
		{sandbox.ServerError, "Internal server_error"},
		{sandbox.RateExceeded, "TooMany rate_exceeded"},
		{sandbox.ServiceUnavailable, "Unavailable service_unavailable"},
	} {
		s.FailConsole(row.fail)
		_, err := p.token(codeBody("x"))
		expectConsole(t, err, row.want, "was told to")
	}
	_, err := p.token(codeBody(p.code()))
	expectConsole(t, err, "AccessDenied INSUFFICIENT_PERMISSIONS", "signin:CreateOAuth2Token")
}
