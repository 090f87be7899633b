package command_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// wiretap stands between programs and AWS, and collects every secret that they exchange.
type wiretap struct {
	mu    sync.Mutex
	by    map[string]string // what each secret is, by the name that it had last
	kinds map[string]bool   // all those names, in lower case
	codes []string          // of MFA devices
}

func newWiretap() *wiretap { return &wiretap{by: map[string]string{}, kinds: map[string]bool{}} }

// before returns the URL of a proxy in front of a server.
func (w *wiretap) before(t *testing.T, server string) string {
	t.Helper()
	target, err := url.Parse(server)
	must(t, err)
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: target.Scheme, Host: target.Host})
			r.Out.Host = r.In.Host // it is signed
			body, _ := io.ReadAll(r.In.Body)
			w.request(r.Out, body)
			confirm(r.Out, body, target.Host)
		},
		ModifyResponse: w.answer,
	})
	t.Cleanup(proxy.Close)
	return proxy.URL + target.Path
}

// secretHeaders are the headers that hold a secret.
func secretHeaders() []string {
	return []string{"DPoP", "X-Amz-Sso_bearer_token", "X-Amz-Security-Token", "Authorization", "X-Aws-Ec2-Metadata-Token"}
}

func (w *wiretap) request(r *http.Request, body []byte) {
	for _, name := range secretHeaders() {
		if value := r.Header.Get(name); !strings.HasPrefix(value, "AWS4-HMAC") { // a signature is good for one request
			w.add(name, value)
		}
	}
	w.body(body)
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("TokenCode") != "" {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.codes = append(w.codes, form.Get("TokenCode"))
		w.kinds["mfa code"] = true
	}
}

// confirm makes the page of a sign-in elsewhere the server's own, which insists on that.
func confirm(r *http.Request, body []byte, server string) {
	const page = "/v1/sessions/confirmation"
	r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, url.QueryEscape(r.Host+page), url.QueryEscape(server+page))
	body = bytes.ReplaceAll(body, []byte(r.Host+page), []byte(server+page))
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

func (w *wiretap) answer(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if to, err := url.Parse(r.Header.Get("Location")); err == nil {
		w.add("code", to.Query().Get("code"))
	}
	if strings.HasPrefix(r.Request.URL.Path, "/latest/api/token") {
		w.add("metadata token", string(body))
	}
	w.body(body)
	return err
}

var (
	jsonSecret = regexp.MustCompile(`(?i)"(accessToken|refreshToken|idToken|deviceCode|clientSecret|codeVerifier|code|secretAccessKey|` +
		`sessionToken|token)"\s*:\s*"([^"]+)"`)
	xmlSecret = regexp.MustCompile(`<(SecretAccessKey|SessionToken)>([^<]+)<`)
)

func (w *wiretap) body(body []byte) {
	for _, form := range []*regexp.Regexp{jsonSecret, xmlSecret} {
		for _, found := range form.FindAllSubmatch(body, -1) {
			if value := string(found[2]); value != "Success" { // the Code of a metadata service
				w.add(string(found[1]), value)
			}
		}
	}
}

func (w *wiretap) add(what, secret string) {
	if secret == "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.by[secret] = what
	w.kinds[strings.ToLower(what)] = true
}

// saw reports whether a kind of secret was sent or answered.
func (w *wiretap) saw(kind string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.kinds[kind]
}
