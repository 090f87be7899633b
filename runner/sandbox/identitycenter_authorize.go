package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// serveAuthorize shows the sign-in page of the authorization code grant, and takes what the person decides.
func (c *identityCenter) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	client, problem := c.authorizing(asked, c.region(r))
	if problem != "" { // nothing is known about where to send the browser
		page{Title: "The sign-in can't begin", Error: problem}.write(w, http.StatusBadRequest)
		return
	}
	if code, description := checkAuthorize(asked, client); code != "" {
		denyTo(w, r, asked, code, description)
		return
	}
	shown := page{Title: "Sign in to the sandbox's IAM Identity Center", Form: true, Lines: []string{
		"A program on this computer asks for access to your AWS accounts.",
	}}
	if r.Method == http.MethodGet {
		shown.write(w, http.StatusOK)
		return
	}
	form, ok := readPage(w, r)
	if !ok {
		return
	}
	chosen, problem := decisionOf(form, c.Users)
	switch {
	case problem != "":
		shown.Error, shown.User = problem, chosen.user
		shown.write(w, http.StatusForbidden)
	case !chosen.allow:
		denyTo(w, r, asked, "access_denied", "The person has denied the request")
	default:
		code := c.codes.issue(authorization{
			clientID: client.id, redirect: asked.Get("redirect_uri"), challenge: asked.Get("code_challenge"), user: chosen.user,
			region: client.region, expires: c.now().Add(c.CodeLifetime),
		})
		redirect(w, r, asked.Get("redirect_uri"), url.Values{"code": {code}, "state": {asked.Get("state")}})
	}
}

// authorizing returns the program that asks, if the browser may be sent back to it.
func (c *identityCenter) authorizing(asked url.Values, region string) (oidcClient, string) {
	c.mu.Lock()
	client, found := c.clients[asked.Get("client_id")]
	c.mu.Unlock()
	switch {
	case !c.here(region):
		return client, "There is no IAM Identity Center of this start URL in " + region + "."
	case !found || client.region != region || !c.now().Before(client.expires):
		return client, "The client_id is not of a program that is registered here."
	case !isLoopbackURL(asked.Get("redirect_uri")) || !slices.Contains(client.redirects, withoutPort(asked.Get("redirect_uri"))):
		return client, "The redirect_uri is not one that the program has registered."
	}
	return client, ""
}

// checkAuthorize returns an error code of RFC 6749 §4.1.2.1, "" if there is nothing to say against a request.
func checkAuthorize(asked url.Values, client oidcClient) (code, description string) {
	switch {
	case asked.Get("response_type") != "code":
		return "unsupported_response_type", "response_type must be code"
	case !slices.Contains(client.grants, grantCode):
		return "unauthorized_client", "The program has not registered the grant authorization_code"
	case asked.Get("code_challenge_method") != "S256" || !challengeForm().MatchString(asked.Get("code_challenge")):
		return "invalid_request", "A code_challenge of the method S256 is missing"
	case asked.Get("state") == "":
		return "invalid_request", "The state is missing"
	}
	for scope := range strings.FieldsSeq(asked.Get("scopes")) {
		if !slices.Contains(client.scopes, scope) {
			return "invalid_scope", "The program has not registered the scope " + scope
		}
	}
	return "", ""
}

func denyTo(w http.ResponseWriter, r *http.Request, asked url.Values, code, description string) {
	redirect(w, r, asked.Get("redirect_uri"), url.Values{"error": {code}, "error_description": {description}, "state": {asked.Get("state")}})
}
