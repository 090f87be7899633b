package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
)

// authorization is what a person has allowed a program to do, and how the program has to prove that it is the one.
type authorization struct {
	clientID  string
	redirect  string
	challenge string
	user      string
	region    string
	expires   time.Time
}

// codes are authorization codes. Each is good once.
type codes struct {
	mu   sync.Mutex
	open map[string]authorization
}

func (c *codes) issue(a authorization) string {
	code := newCode()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = map[string]authorization{}
	}
	c.open[code] = a
	return code
}

// redeem returns the authorization of a code and ends it, also if the caller then finds a fault.
func (c *codes) redeem(code string) (authorization, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, found := c.open[code]
	delete(c.open, code)
	return a, found
}

func newCode() string { return rand.Text() + rand.Text() }

// Forms of PKCE. Source: RFC 7636 §4.1, §4.2.
var (
	verifierForm  = pattern(`^[A-Za-z0-9._~-]{43,128}$`)
	challengeForm = pattern(`^[A-Za-z0-9_-]{43}$`)
)

// proves returns whether a verifier is the one of the challenge.
func (a authorization) proves(verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	return verifierForm().MatchString(verifier) && subtle.ConstantTimeCompare([]byte(challenge), []byte(a.challenge)) == 1
}

// isLoopbackURL returns whether a redirect leads to a program on this computer, by its address. Source: RFC 8252 §7.3.
func isLoopbackURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Fragment != "" {
		return false
	}
	address, err := netip.ParseAddr(u.Hostname())
	return err == nil && address.IsLoopback()
}

// withoutPort returns a redirect as a program registers it: it doesn't know its port then.
func withoutPort(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	if host, _, err := net.SplitHostPort(u.Host); err == nil {
		u.Host = host
	}
	return u.String()
}

// isSigned returns whether a request has, or claims to have, a signature.
func isSigned(r *http.Request) bool {
	q := r.URL.Query()
	return strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-") || q.Has("X-Amz-Signature") || q.Has("X-Amz-Algorithm")
}

// handle adds a handler for a path of all regions and of each.
func handle(mux *http.ServeMux, method, path string, handler http.HandlerFunc) {
	mux.HandleFunc(method+" "+path, handler)
	mux.HandleFunc(method+" "+regionPrefix+"{region}"+path, handler)
}
