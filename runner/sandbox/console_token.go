package sandbox

import (
	"net/http"
	"time"

	"github.com/stepdeck/stepdeck/runner/sandbox/proof"
)

type consoleTokenRequest struct {
	ClientID     string `json:"clientId"`
	GrantType    string `json:"grantType"`
	Code         string `json:"code"`
	CodeVerifier string `json:"codeVerifier"`
	RedirectURI  string `json:"redirectUri"`
	RefreshToken string `json:"refreshToken"`
}

func (c *console) serveToken(w http.ResponseWriter, r *http.Request) {
	answer, f := c.token(w, r)
	if f != nil {
		f.write(w)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

func (c *console) token(w http.ResponseWriter, r *http.Request) (map[string]any, *jsonFault) {
	if f := c.failure(); f != nil {
		return nil, f
	}
	var asked consoleTokenRequest
	if err := readJSON(w, r, &asked); err != nil {
		return nil, InvalidRequest.fault("The request can't be read")
	}
	key, f := c.prove(r)
	if f != nil {
		return nil, f
	}
	switch {
	case asked.ClientID != sameDevice && asked.ClientID != crossDevice:
		return nil, InvalidRequest.fault("Unknown clientId")
	case asked.GrantType == grantCode:
		return c.begin(asked, key, c.region(r))
	case asked.GrantType == grantRefresh:
		return c.renew(asked, key, c.region(r))
	}
	return nil, InvalidRequest.fault("grantType is neither authorization_code nor refresh_token")
}

// failure returns what FailConsole has asked for.
func (c *console) failure() *jsonFault {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.failures) == 0 {
		return nil
	}
	next := c.failures[0]
	c.failures = c.failures[1:]
	return next.fault("The sandbox was told to refuse this request")
}

// prove returns the thumbprint of the key that the program has proven to hold.
func (c *console) prove(r *http.Request) (string, *jsonFault) {
	header := r.Header.Values(proof.Header)
	if len(header) != 1 {
		return "", InvalidRequest.fault("One header DPoP with a proof is needed")
	}
	key, err := c.proofs.Check(header[0], proof.Request{
		Method: r.Method, URL: "http://" + r.Host + r.URL.Path, Now: c.now(), Age: c.ProofAge,
	})
	if err != nil {
		return "", InvalidRequest.fault("The DPoP proof is invalid: " + err.Error())
	}
	return key, nil
}

// begin issues the first keys of a sign-in.
func (c *console) begin(asked consoleTokenRequest, key, region string) (map[string]any, *jsonFault) {
	if asked.Code == "" || asked.CodeVerifier == "" || asked.RedirectURI == "" {
		return nil, InvalidRequest.fault("code, codeVerifier or redirectUri is missing")
	}
	a, found := c.codes.redeem(asked.Code)
	switch {
	case !found:
		return nil, InvalidRequest.fault("The code is unknown, or was used already")
	case a.region != region:
		return nil, InvalidRequest.fault("The code is of another region")
	case a.clientID != asked.ClientID || a.redirect != asked.RedirectURI:
		return nil, InvalidRequest.fault("clientId or redirectUri is not the one of the authorization")
	case !a.proves(asked.CodeVerifier):
		return nil, InvalidRequest.fault("codeVerifier is not the one of the code challenge")
	case !c.now().Before(a.expires):
		return nil, AuthcodeExpired.fault("The authorization code has expired")
	case c.NoPolicy:
		return nil, InsufficientPermissions.fault("signin:CreateOAuth2Token is not allowed")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &consoleSession{
		arn: c.arnOf(a.user), clientID: a.clientID, region: region, key: key, password: c.password,
		ends: c.now().Add(c.Session).Truncate(time.Second),
	}
	answer := c.issue(s)
	text, err := c.idToken(s)
	if err != nil {
		return nil, ServerError.fault(err.Error())
	}
	answer["idToken"] = text
	return answer, nil
}

// renew issues further keys of a sign-in.
func (c *console) renew(asked consoleTokenRequest, key, region string) (map[string]any, *jsonFault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, found := c.sessions[asked.RefreshToken]
	switch {
	case !found:
		return nil, InvalidRequest.fault("Unknown refresh token")
	case s.region != region:
		return nil, InvalidRequest.fault("The refresh token is of another region")
	case s.clientID != asked.ClientID:
		return nil, InvalidRequest.fault("clientId is not the one of the sign-in")
	case s.key != key:
		return nil, InvalidRequest.fault("The DPoP proof is of another key than that of the sign-in")
	case s.refresh != asked.RefreshToken:
		return nil, TokenExpired.fault("The refresh token was used already")
	case s.password != c.password:
		return nil, UserCredentialsChanged.fault("The password was changed after the sign-in")
	case s.ends.Sub(c.now()) < time.Second: // AWS's answer has whole seconds: such keys would have none
		return nil, TokenExpired.fault("The sign-in has ended")
	case c.NoPolicy:
		return nil, InsufficientPermissions.fault("signin:CreateOAuth2Token is not allowed")
	}
	return c.issue(s), nil
}

// issue returns keys and the next refresh token of a session. The caller holds the lock.
func (c *console) issue(s *consoleSession) map[string]any {
	keys := c.keys(s)
	s.refresh = newCode()
	c.sessions[s.refresh] = s
	return map[string]any{
		"accessToken": map[string]string{
			"accessKeyId": keys.accessKeyID, "secretAccessKey": keys.secret, "sessionToken": keys.token,
		},
		"tokenType": "aws_sigv4", "expiresIn": int(keys.session.Duration / time.Second), "refreshToken": s.refresh,
	}
}
