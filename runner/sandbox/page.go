package sandbox

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// page is a page of a sign-in service.
type page struct {
	Title string
	Lines []string
	Error string
	Code  string // that the person copies
	Form  bool   // user name, Allow and Deny
	Ask   string // label of a code to type; empty for none
	Value string // of that code
	User  string
}

const pageHead = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>%[1]s</title>
<style>
body { font: 16px/1.5 sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem }
label { display: block; margin: 1rem 0 } input { font: inherit; width: 100%% } button { font: inherit; padding: .3rem 1rem }
code { overflow-wrap: anywhere } .error { color: #a00 }
</style>
</head>
<body>
<h1>%[1]s</h1>
`

const pageForm = `<label>User name <input name="user" value="%s" autocomplete="username" required></label>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</form>
`

// html returns the page. It is put together by hand, since html/template would keep the linker from leaving out unused
// methods of the whole program.
func (p page) html() string {
	var b strings.Builder
	add := func(format string, values ...string) {
		escaped := make([]any, len(values))
		for i, v := range values {
			escaped[i] = html.EscapeString(v)
		}
		fmt.Fprintf(&b, format, escaped...)
	}
	add(pageHead, p.Title)
	for _, line := range p.Lines {
		add("<p>%s</p>\n", line)
	}
	if p.Error != "" {
		add("<p class=\"error\" role=\"alert\">%s</p>\n", p.Error)
	}
	if p.Code != "" {
		add("<p><code id=\"code\">%s</code></p>\n", p.Code)
	}
	if p.Form {
		add("<form method=\"post\">\n")
		if p.Ask != "" {
			add("<label>%s <input name=\"user_code\" value=\"%s\" required></label>\n", p.Ask, p.Value)
		}
		add(pageForm, p.User)
	}
	add("</body>\n</html>\n")
	return b.String()
}

// write sends the page. No other page may frame it, and its form leads back to it and from there to a program on this
// computer only.
func (p page) write(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "+
		"form-action 'self' http://127.0.0.1:* http://localhost:*")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "same-origin") // a stricter one would take the form's Origin away
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, p.html()) // nothing to do if the client has disconnected
}

// decision is what a person has chosen on a page.
type decision struct {
	user  string
	allow bool
}

// decisionOf reads the form of a page. It is a fault to show on the page if nobody of that name may sign in.
func decisionOf(form url.Values, users []string) (decision, string) {
	d := decision{user: form.Get("user"), allow: form.Get("decision") == "allow"}
	switch {
	case form.Get("decision") == "deny":
		return d, ""
	case !d.allow:
		return d, "Choose Allow or Deny."
	case !sessionForm().MatchString(d.user):
		return d, "A user name has 2 to 64 letters, digits and characters of +=,.@-."
	case len(users) > 0 && !slices.Contains(users, d.user):
		return d, "There is no user " + d.user + "."
	}
	return d, ""
}

// readPage returns the form that a page has sent.
func readPage(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "The form can't be read.", http.StatusBadRequest)
		return nil, false
	}
	return r.PostForm, true
}

// redirect sends the browser to a URL of this computer, with further parameters.
func redirect(w http.ResponseWriter, r *http.Request, to string, parameters url.Values) {
	u, err := url.Parse(to)
	if err != nil || !isLoopbackURL(to) {
		http.Error(w, "The redirect leads away from this computer.", http.StatusBadRequest)
		return
	}
	q := u.Query()
	for name, values := range parameters {
		q[name] = values
	}
	u.RawQuery = q.Encode()
	http.Redirect(w, r, u.String(), http.StatusSeeOther) //nolint:gosec // G710: it is a loopback address
}

// isOwnForm returns whether a request is the form of one of the sandbox's pages, sent from there.
func isOwnForm(r *http.Request) bool {
	path := withoutRegion(r.URL.Path)
	return r.Method == http.MethodPost && r.Header.Get("Origin") == "http://"+r.Host &&
		(path == authorizePath || path == devicePath || path == consoleAuthorizePath)
}
