package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// oidcSession is a person who has signed in with a program.
type oidcSession struct {
	user     string
	clientID string
	region   string
	scopes   []string
	ends     time.Time
}

// accessToken is a token for the portal.
type accessToken struct {
	*oidcSession
	expires time.Time
}

type tokenRequest struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
	GrantType    string `json:"grantType"`
	Code         string `json:"code"`
	CodeVerifier string `json:"codeVerifier"`
	DeviceCode   string `json:"deviceCode"`
	RedirectURI  string `json:"redirectUri"`
	RefreshToken string `json:"refreshToken"`
}

func unauthorizedClient() *jsonFault {
	return oidcFault("UnauthorizedClientException", "unauthorized_client", "The client is not registered for this grant")
}

func (c *identityCenter) serveToken(w http.ResponseWriter, r *http.Request) {
	var asked tokenRequest
	if err := readJSON(w, r, &asked); err != nil {
		invalidRequest("The request can't be read").write(w)
		return
	}
	client, f := c.client(asked.ClientID, asked.ClientSecret, c.region(r))
	if f != nil {
		f.write(w)
		return
	}
	session, f := c.granted(asked, client)
	if f != nil {
		f.write(w)
		return
	}
	writeJSON(w, http.StatusOK, c.tokens(session, client))
}

// granted returns the session that a grant begins or goes on with.
func (c *identityCenter) granted(asked tokenRequest, client oidcClient) (*oidcSession, *jsonFault) {
	grants := map[string]func(tokenRequest, oidcClient) (string, *jsonFault){
		grantCode: c.redeemCode,
		grantDevice: func(a tokenRequest, client oidcClient) (string, *jsonFault) {
			return c.redeemDevice(a.DeviceCode, client)
		},
	}
	redeem, exists := grants[asked.GrantType]
	switch {
	case !exists && asked.GrantType != grantRefresh:
		return nil, oidcFault("UnsupportedGrantTypeException", "unsupported_grant_type", "Unsupported grant type: "+asked.GrantType)
	case !slices.Contains(client.grants, asked.GrantType):
		return nil, unauthorizedClient()
	case asked.GrantType == grantRefresh:
		return c.renew(asked.RefreshToken, client)
	}
	user, f := redeem(asked, client)
	if f != nil {
		return nil, f
	}
	return &oidcSession{
		user: user, clientID: client.id, region: client.region, scopes: client.scopes, ends: c.now().Add(c.Session).Truncate(time.Second),
	}, nil
}

func (c *identityCenter) redeemCode(asked tokenRequest, client oidcClient) (user string, f *jsonFault) {
	if asked.Code == "" || asked.CodeVerifier == "" || asked.RedirectURI == "" {
		return "", invalidRequest("code, codeVerifier or redirectUri is missing")
	}
	a, found := c.codes.redeem(asked.Code)
	switch {
	case !found || a.clientID != client.id || !c.now().Before(a.expires):
		return "", oidcFault("InvalidGrantException", "invalid_grant", "The code is unknown, was used already, or has expired")
	case a.redirect != asked.RedirectURI:
		return "", oidcFault("InvalidGrantException", "invalid_grant", "The redirect is not the one that the code was sent to")
	case !a.proves(asked.CodeVerifier):
		return "", oidcFault("InvalidGrantException", "invalid_grant", "The code verifier is not the one of the code challenge")
	}
	return a.user, nil
}

// renew returns the session of a refresh token and ends the token: each is good once.
func (c *identityCenter) renew(token string, client oidcClient) (*oidcSession, *jsonFault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	session, found := c.renewals[token]
	if found && session.region != client.region {
		f := oidcFault("InvalidRequestRegionException", "invalid_request", "The refresh token is of another region")
		f.fields["region"], f.fields["endpoint"] = session.region, c.endpoint+regionPrefix+session.region
		return nil, f
	}
	if !found || session.clientID != client.id || session.ends.Sub(c.now()) < time.Second { // a token would have no whole second
		return nil, oidcFault("InvalidGrantException", "invalid_grant", "Invalid refresh token provided")
	}
	delete(c.renewals, token)
	return session, nil
}

// tokens issues an access token of a session, and a refresh token if the program is registered for it.
func (c *identityCenter) tokens(session *oidcSession, client oidcClient) map[string]any {
	now := c.now()
	lasts := min(c.TokenLifetime, session.ends.Sub(now))
	access, refresh := newCode(), newCode()
	answer := map[string]any{"accessToken": access, "expiresIn": int(lasts / time.Second), "tokenType": "Bearer"}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.access[access] = accessToken{session, now.Add(lasts)}
	if slices.Contains(client.grants, grantRefresh) && len(session.scopes) > 0 {
		c.renewals[refresh] = session
		answer["refreshToken"] = refresh
	}
	return answer
}
