package sandbox

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// device is a sign-in that a person goes on with in a browser elsewhere.
type device struct {
	code, userCode string
	clientID       string
	region         string
	expires        time.Time

	decided  bool
	decision decision
	interval time.Duration
	asked    time.Time // when the program asked last
}

type deviceRequest struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
	StartURL     string `json:"startUrl"`
}

func (c *identityCenter) serveDeviceAuthorization(w http.ResponseWriter, r *http.Request) {
	var asked deviceRequest
	if err := readJSON(w, r, &asked); err != nil {
		invalidRequest("The request can't be read").write(w)
		return
	}
	client, f := c.client(asked.ClientID, asked.ClientSecret, c.region(r))
	switch {
	case f != nil:
	case !slices.Contains(client.grants, grantDevice):
		f = unauthorizedClient()
	case asked.StartURL != c.startURL() || !c.here(client.region):
		f = invalidRequest("There is no Identity Center of this start URL in " + client.region)
	}
	if f != nil {
		f.write(w)
		return
	}
	text := rand.Text()
	d := &device{
		code: newCode(), userCode: text[:4] + "-" + text[4:8], clientID: client.id, region: client.region, expires: c.now().Add(c.CodeLifetime),
		interval: c.Interval,
	}
	c.mu.Lock()
	c.devices[d.code] = d
	c.mu.Unlock()
	at := c.endpoint + strings.TrimSuffix(r.URL.Path, "/device_authorization") + devicePath
	writeJSON(w, http.StatusOK, map[string]any{
		"deviceCode": d.code, "userCode": d.userCode, "expiresIn": int(c.CodeLifetime / time.Second), "interval": int(d.interval / time.Second),
		"verificationUri": at, "verificationUriComplete": at + "?" + url.Values{"user_code": {d.userCode}}.Encode(),
	})
}

// serveDevice shows the page on which a person enters the code that a program shows, and takes what the person decides.
func (c *identityCenter) serveDevice(w http.ResponseWriter, r *http.Request) {
	shown := page{
		Title: "Sign in to the sandbox's IAM Identity Center", Form: true, Ask: "Code", Value: r.URL.Query().Get("user_code"),
		Lines: []string{"A program asks for access to your AWS accounts. Allow it only if the code is the one that your program shows."},
	}
	if r.Method == http.MethodGet {
		shown.write(w, http.StatusOK)
		return
	}
	form, ok := readPage(w, r)
	if !ok {
		return
	}
	code := form.Get("user_code")
	if !form.Has("user_code") {
		code = shown.Value
	}
	chosen, problem := decisionOf(form, c.Users)
	if problem == "" && !c.decide(code, c.region(r), chosen) {
		problem = "The code is wrong, or it has expired."
	}
	if problem != "" {
		shown.Error, shown.User, shown.Value = problem, chosen.user, code
		shown.write(w, http.StatusForbidden)
		return
	}
	done := page{Title: "Denied", Lines: []string{"The program gets no access. You can close this page."}}
	if chosen.allow {
		done = page{Title: "Signed in", Lines: []string{"The program goes on. You can close this page."}}
	}
	done.write(w, http.StatusOK)
}

// decide keeps a person's decision about a user code. Case and the hyphen don't matter.
func (c *identityCenter) decide(userCode, region string, chosen decision) bool {
	plain := func(code string) string { return strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(code), "-", "")) }
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.devices {
		if plain(d.userCode) == plain(userCode) && d.region == region && !d.decided && c.now().Before(d.expires) {
			d.decided, d.decision = true, chosen
			return true
		}
	}
	return false
}

// slowDown is what a program must add to the interval. Source: RFC 8628 §3.5.
const slowDown = 5 * time.Second

// redeemDevice returns who has allowed the sign-in of a device code.
func (c *identityCenter) redeemDevice(code string, client oidcClient) (user string, f *jsonFault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, found := c.devices[code]
	now := c.now()
	if !found || d.clientID != client.id {
		return "", oidcFault("InvalidGrantException", "invalid_grant", "Invalid device code")
	}
	soon := !d.asked.IsZero() && now.Sub(d.asked) < d.interval
	d.asked = now
	switch {
	case !now.Before(d.expires):
		return "", oidcFault("ExpiredTokenException", "expired_token", "Device code has expired")
	case soon:
		d.interval += slowDown
		return "", oidcFault("SlowDownException", "slow_down", "The program asks too often")
	case !d.decided:
		return "", oidcFault("AuthorizationPendingException", "authorization_pending", "The person has not decided yet")
	}
	delete(c.devices, code)
	if !d.decision.allow {
		return "", oidcFault("AccessDeniedException", "access_denied", "The person has denied the request")
	}
	return d.decision.user, nil
}
