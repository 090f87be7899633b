package sandbox

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/sandbox/proof"
)

// Console configures the sign-in with the AWS console, which aws login uses: its pages and its token service. The zero
// value is usable. A sign-in belongs to the region of the endpoint where it began, RegionEndpoint(REGION), or to
// DefaultRegion at Endpoint. A person, or a test in one's place, answers the page as that of IdentityCenter.
type Console struct {
	ARN      string   // of the root user, or the session of a role, that signs in; empty for the IAM user of the typed name
	Users    []string // who may sign in; empty for any name
	NoPolicy bool     // those who sign in may not get tokens: INSUFFICIENT_PERMISSIONS

	Lifetime     time.Duration // of keys: 15 minutes at most; 0 for 15 minutes
	Session      time.Duration // how long keys can be renewed; 0 for 12 hours
	CodeLifetime time.Duration // of authorization codes; 0 for five minutes
	ProofAge     time.Duration // how much a proof's time may differ from the sandbox's; 0 for five minutes
}

// MaxConsoleLifetime is the longest life of the keys of a console sign-in. Source: Sign-In API reference, CreateOAuth2Token.
const MaxConsoleLifetime = 15 * time.Minute

var consoleForm = pattern(`^arn:aws[a-z-]*:(iam::[0-9]{12}:root|sts::[0-9]{12}:assumed-role/[\w+=,.@-]{1,64}/[\w+=,.@-]{2,64})$`)

func (o Console) withDefaults() Console {
	o.Lifetime = or(o.Lifetime, MaxConsoleLifetime)
	o.Session = or(o.Session, 12*time.Hour)
	o.CodeLifetime = or(o.CodeLifetime, 5*time.Minute)
	o.ProofAge = or(o.ProofAge, 5*time.Minute)
	return o
}

func (o Console) check() error {
	switch {
	case o.ARN != "" && !consoleForm().MatchString(o.ARN):
		return model.NewError("sandbox.console", "Nobody can sign in to the sandbox's console as %q. Use the ARN of a root user or of the "+
			"session of a role, or leave it out for IAM users.", o.ARN)
	case o.Lifetime < 0 || o.Lifetime > MaxConsoleLifetime:
		return model.NewError("sandbox.console", "Keys of a console sign-in can't live for %v: the limit is %v.", o.Lifetime, MaxConsoleLifetime)
	}
	return nil
}

// console is the sign-in with the AWS console.
type console struct {
	Console
	now      func() time.Time
	known    *identities
	web      *webIdentities // signs ID tokens
	endpoint string
	codes    codes
	proofs   proof.Checker

	mu       sync.Mutex
	sessions map[string]*consoleSession // by refresh token, used ones included
	password int                        // how often passwords were changed
	failures []OAuthError               // that the next requests for a token get
}

// consoleSession is a person who has signed in with a program.
type consoleSession struct {
	arn      string
	clientID string
	region   string
	key      string // thumbprint of the program's key
	refresh  string // the token that is good now
	password int
	ends     time.Time
}

const (
	consoleAuthorizePath = "/v1/authorize"
	confirmationPath     = "/v1/sessions/confirmation"
	consoleTokenPath     = "/v1/token"

	sameDevice  = "arn:aws:signin:::devtools/same-device"
	crossDevice = "arn:aws:signin:::devtools/cross-device"
)

func newConsole(o Console, now func() time.Time, known *identities, web *webIdentities, endpoint string) *console {
	return &console{
		Console: o.withDefaults(), now: now, known: known, web: web, endpoint: endpoint, sessions: map[string]*consoleSession{},
	}
}

func (c *console) handle(mux *http.ServeMux) {
	handle(mux, http.MethodGet, consoleAuthorizePath, c.serveAuthorize)
	handle(mux, http.MethodPost, consoleAuthorizePath, c.serveAuthorize)
	handle(mux, http.MethodGet, confirmationPath, c.serveConfirmation)
	handle(mux, http.MethodPost, consoleTokenPath, c.serveToken)
}

// ChangePassword ends all sign-ins with the console: renewing their keys is refused with USER_CREDENTIALS_CHANGED.
func (s *Server) ChangePassword() {
	if s.console != nil {
		s.console.mu.Lock()
		defer s.console.mu.Unlock()
		s.console.password++
	}
}

// FailConsole refuses the next requests for a token of a console sign-in, one for each error.
func (s *Server) FailConsole(errors ...OAuthError) {
	if s.console != nil {
		s.console.mu.Lock()
		defer s.console.mu.Unlock()
		s.console.failures = append(s.console.failures, errors...)
	}
}

func (c *console) region(r *http.Request) string {
	if region := r.PathValue("region"); region != "" {
		return region
	}
	return DefaultRegion
}

// arnOf returns who a person of a name signs in as.
func (c *console) arnOf(user string) string {
	if c.ARN != "" {
		return c.ARN
	}
	return "arn:aws:iam::" + AccountID + ":user/" + user
}

// identityOf returns the identity of a console session's ARN.
func identityOf(arn string) (role, name string, user identity) {
	parts := strings.SplitN(arn, ":", 6)
	if session, found := strings.CutPrefix(parts[5], "assumed-role/"); found {
		role, name, _ := strings.Cut(session, "/")
		return "arn:" + parts[1] + ":iam::" + parts[4] + ":role/" + role, name, identity{}
	}
	user = ofUser(arn)
	if parts[5] == "root" {
		user.userID = parts[4]
	}
	return "", "", user
}

// keys issues keys of a session.
func (c *console) keys(s *consoleSession) opened {
	role, name, user := identityOf(s.arn)
	lasts := min(c.Lifetime, s.ends.Sub(c.now()))
	return c.known.open(grant{role: role, name: name, user: user, session: sessionUntil("CreateOAuth2Token", c.now(), lasts)})
}

// idToken returns the ID token of a session, whose subject is who has signed in.
func (c *console) idToken(s *consoleSession) (string, error) {
	now := c.now()
	return c.web.sign(jwt.Claims{
		Issuer: c.endpoint, Subject: s.arn, Audience: jwt.Audience{s.clientID}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(c.Lifetime)),
	})
}
