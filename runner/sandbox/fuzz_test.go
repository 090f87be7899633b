package sandbox

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// FuzzPages checks that no query and no form of a sign-in page breaks it, or sends the browser away from this computer.
func FuzzPages(f *testing.F) {
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	known := &identities{byKey: map[string]identity{}}
	mux := http.NewServeMux()
	center := newIdentityCenter(IdentityCenter{}, now, known, "http://127.0.0.1:4566")
	center.clients["client"] = oidcClient{
		id: "client", region: DefaultRegion, grants: []string{grantCode}, redirects: []string{"http://127.0.0.1/oauth/callback"},
		expires: now().Add(time.Hour),
	}
	center.handle(mux)
	newConsole(Console{}, now, known, nil, "http://127.0.0.1:4566").handle(mux)

	const common = "response_type=code&state=s&redirect_uri=http%3A%2F%2F127.0.0.1%3A5%2Foauth%2Fcallback&" +
		"code_challenge=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeee&code_challenge_method="
	for _, path := range []string{authorizePath, devicePath, consoleAuthorizePath} {
		f.Add(path, common+"S256&client_id=client", "user=ann&decision=allow")
		f.Add(path, common+"SHA-256&scope=openid&client_id="+url.QueryEscape(sameDevice), "user=ann&decision=deny")
		f.Add(path, "user_code=AAAA-BBBB", "user=<b>&decision=allow&user_code=%zz")
	}
	f.Add(confirmationPath, "state=%22&code=%3C", "")
	f.Fuzz(func(t *testing.T, path, query, form string) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r, err := http.NewRequest(method, "http://127.0.0.1:4566", strings.NewReader(form))
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Path, r.URL.RawQuery = path, query
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			to := w.Header().Get("Location")
			if w.Code >= http.StatusInternalServerError || strings.Contains(to, "://") && !isLoopbackURL(to) {
				t.Errorf("%s %s?%s with %s: %d, sent to %q", method, path, query, form, w.Code, to)
			}
		}
	})
}

// FuzzPolicy checks that no text of a session policy breaks its parser or the matching of its patterns, and that one
// which can't be read allows nothing.
func FuzzPolicy(f *testing.F) {
	for _, seed := range []string{
		`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`, `{"Statement":[]}`,
		`{"Statement":[{"Effect":"Deny"}]}`, `[]`, ``, `{"Statement":null}`,
		`{"Statement":{"Effect":"Allow","Action":["a*b?c",""],"Resource":["**"]}}`,
	} {
		f.Add(seed, "s3:GetObject")
	}
	f.Fuzz(func(t *testing.T, text, action string) {
		p, err := parsePolicy(text)
		if err != nil && p.has("Allow", action, "x") {
			t.Errorf("%q allows %q, %v", text, action, err)
		}
	})
}
