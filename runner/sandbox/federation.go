package sandbox

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	federationPath = "/federation"
	consolePath    = "/_console/{service}/home"
	consoleCookie  = "sandbox-console"
)

// Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
const (
	signinTokenLifetime   = 15 * time.Minute
	defaultConsoleSession = 3600
)

// federation is the endpoint at which programs turn temporary keys into a sign-in with the AWS console, and the console's pages, which
// only say who has signed in.
type federation struct {
	now   func() time.Time
	known *identities

	mu     sync.Mutex
	tokens map[string]consoleVisit // by sign-in token
	visits map[string]consoleVisit // by the cookie of a browser
}

// consoleVisit is a session of the AWS console.
type consoleVisit struct {
	ConsoleSession
	expires time.Time // of the sign-in token
}

// ConsoleSession is a session of the AWS console that was opened with temporary keys.
type ConsoleSession struct {
	ARN      string
	Duration time.Duration
	Issuer   string // that the program named
	Page     string // that the browser was sent to
}

func newFederation(now func() time.Time, known *identities) *federation {
	return &federation{now: now, known: known, tokens: map[string]consoleVisit{}, visits: map[string]consoleVisit{}}
}

func (f *federation) handle(mux *http.ServeMux) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		handle(mux, method, federationPath, f.serve)
	}
	handle(mux, http.MethodGet, consolePath, f.serveConsole)
}

// ConsoleSessions returns the sessions of the AWS console that browsers have opened with sign-in tokens, in no order.
func (s *Server) ConsoleSessions() []ConsoleSession {
	s.federation.mu.Lock()
	defer s.federation.mu.Unlock()
	var list []ConsoleSession
	for _, v := range s.federation.visits {
		list = append(list, v.ConsoleSession)
	}
	return list
}

func (f *federation) serve(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "The request can't be read.", http.StatusBadRequest)
		return
	}
	switch r.Form.Get("Action") {
	case "getSigninToken":
		f.serveToken(w, r)
	case "login":
		f.serveLogin(w, r)
	default:
		http.Error(w, "Invalid action parameter", http.StatusBadRequest)
	}
}

// serveToken exchanges temporary keys for a sign-in token. AWS says no more of what is wrong with them.
func (f *federation) serveToken(w http.ResponseWriter, r *http.Request) {
	visit, why := f.visit(r.Form)
	if why != "" {
		w.Header().Set("X-Sandbox-Reason", why) // which AWS does not say
		http.Error(w, "Invalid credentials parameter", http.StatusBadRequest)
		return
	}
	token := rand.Text() + rand.Text() + rand.Text()
	f.mu.Lock()
	f.tokens[token] = visit
	f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(map[string]string{"SigninToken": token}) // nothing to do if the client has disconnected
}

// visit returns the console session that keys may open, or why they may not.
func (f *federation) visit(form url.Values) (v consoleVisit, why string) {
	var keys struct{ SessionID, SessionKey, SessionToken string }
	if err := json.Unmarshal([]byte(form.Get("Session")), &keys); err != nil {
		return v, "the session is no JSON"
	}
	who, found := f.known.active(keys.SessionID)
	same := subtle.ConstantTimeCompare([]byte(who.secret), []byte(keys.SessionKey)) == 1 && who.token == keys.SessionToken
	switch {
	case !found || !same:
		return v, "the keys are not known"
	case who.token == "":
		return v, "the keys are long-lived"
	case !f.now().Before(who.expires):
		return v, "the keys have expired"
	case who.session.Action == "GetSessionToken", who.session.Action == "CreateOAuth2Token" && who.role == "":
		return v, "the keys are a user's session"
	}
	n := defaultConsoleSession
	if text := form.Get("SessionDuration"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < minDuration || n > maxDuration {
			return v, "the duration is out of range"
		}
		if who.session.Chained || who.session.Action != "GetRoleCredentials" && !strings.HasPrefix(who.session.Action, "AssumeRole") {
			return v, "these keys allow no duration"
		}
	} else if who.session.Action == getFederationToken {
		n = int(who.expires.Sub(f.now()) / time.Second)
	}
	return consoleVisit{ConsoleSession{ARN: who.arn, Duration: time.Duration(n) * time.Second}, f.now().Add(signinTokenLifetime)}, ""
}

// serveLogin signs the browser in and sends it to the page that the program wants.
func (f *federation) serveLogin(w http.ResponseWriter, r *http.Request) {
	page, err := url.Parse(r.Form.Get("Destination"))
	f.mu.Lock()
	visit, found := f.tokens[r.Form.Get("SigninToken")]
	f.mu.Unlock()
	switch {
	case r.Method != http.MethodGet:
		http.Error(w, "A browser opens this page.", http.StatusMethodNotAllowed)
		return
	case !found || !f.now().Before(visit.expires):
		http.Error(w, "The sign-in token is not valid, or no longer.", http.StatusBadRequest)
		return
	case err != nil || page.Host != r.Host || !strings.Contains(page.Path, "/_console/"):
		http.Error(w, "The destination is no page of this console.", http.StatusBadRequest)
		return
	}
	visit.Issuer, visit.Page = r.Form.Get("Issuer"), page.String()
	cookie := rand.Text()
	f.mu.Lock()
	f.visits[cookie] = visit
	f.mu.Unlock()
	//nolint:gosec // G124: the sandbox is served over http
	http.SetCookie(w, &http.Cookie{Name: consoleCookie, Value: cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	redirect(w, r, page.String(), nil)
}

// serveConsole shows who has signed in.
func (f *federation) serveConsole(w http.ResponseWriter, r *http.Request) {
	var visit consoleVisit
	if cookie, err := r.Cookie(consoleCookie); err == nil {
		f.mu.Lock()
		visit = f.visits[cookie.Value]
		f.mu.Unlock()
	}
	if visit.ARN == "" {
		page{Title: "Sandbox console", Error: "Nobody has signed in with this browser."}.write(w, http.StatusForbidden)
		return
	}
	page{Title: "Sandbox console", Lines: []string{
		"Signed in as " + visit.ARN + ".",
		fmt.Sprintf("Service %s in region %s, for %v.", r.PathValue("service"), r.URL.Query().Get("region"), visit.Duration),
	}}.write(w, http.StatusOK)
}

// isRoot reports whether an identity is an AWS account's root user.
func (id identity) isRoot() bool { return strings.HasSuffix(id.arn, ":root") }

func partitionOf(arn string) string { return strings.Split(arn, ":")[1] }
