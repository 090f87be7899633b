package sandbox

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
)

// serveAuthorize shows the sign-in page, and takes what the person decides.
func (c *console) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	if problem := c.checkAuthorize(asked, r); problem != "" {
		page{Title: "The sign-in can't begin", Error: problem}.write(w, http.StatusBadRequest)
		return
	}
	shown := page{Title: "Sign in to the sandbox's AWS console", Form: true, Lines: []string{
		"A program asks for keys of the one who you sign in as, in " + c.region(r) + ".",
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
			clientID: asked.Get("client_id"), redirect: asked.Get("redirect_uri"), challenge: asked.Get("code_challenge"), user: chosen.user,
			region: c.region(r), expires: c.now().Add(c.CodeLifetime),
		})
		redirect(w, r, asked.Get("redirect_uri"), url.Values{"code": {code}, "state": {asked.Get("state")}})
	}
}

// checkAuthorize returns what is wrong with a request, "" for nothing. The browser is never sent back with it, as by AWS.
func (c *console) checkAuthorize(asked url.Values, r *http.Request) string {
	to := asked.Get("redirect_uri")
	switch asked.Get("client_id") {
	case sameDevice:
		if !isLoopbackURL(to) || !strings.HasSuffix(to, "/oauth/callback") || strings.Contains(to, "?") {
			return "The redirect_uri is not http://127.0.0.1:PORT/oauth/callback."
		}
	case crossDevice:
		if to != c.confirmation(r) {
			return "The redirect_uri is not " + c.confirmation(r) + "."
		}
	default:
		return "The client_id is neither " + sameDevice + " nor " + crossDevice + "."
	}
	switch {
	case asked.Get("response_type") != "code":
		return "The response_type is not code."
	case asked.Get("scope") != "openid":
		return "The scope is not openid."
	case asked.Get("state") == "":
		return "The state is missing."
	case asked.Get("code_challenge_method") != "SHA-256":
		return "The code_challenge_method is not SHA-256."
	case !challengeForm().MatchString(asked.Get("code_challenge")):
		return "The code_challenge is not a SHA-256 in base64 for URLs, without padding."
	}
	return ""
}

// confirmation returns the page of the same endpoint to which a program on another device sends the browser.
func (c *console) confirmation(r *http.Request) string {
	return c.endpoint + strings.TrimSuffix(r.URL.Path, consoleAuthorizePath) + confirmationPath
}

// serveConfirmation shows the text that a person pastes into the program on another device.
func (c *console) serveConfirmation(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	if asked.Get("code") == "" {
		page{Title: "Denied", Lines: []string{"The program gets no keys. You can close this page."}}.write(w, http.StatusOK)
		return
	}
	text := url.Values{"state": {asked.Get("state")}, "code": {asked.Get("code")}}.Encode()
	page{
		Title: "Signed in", Lines: []string{"Copy this text into the program that asks for it."},
		Code: base64.StdEncoding.EncodeToString([]byte(text)),
	}.write(w, http.StatusOK)
}
