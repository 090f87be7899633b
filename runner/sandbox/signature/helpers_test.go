package signature_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/runner/sandbox/signature"
)

// hmacOf signs with the example key for 24 May 2013, us-east-1, s3.
func hmacOf(text string) []byte {
	key := []byte("AWS4" + exampleSecret)
	for _, part := range []string{"20130524", "us-east-1", "s3", "aws4_request", text} {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(part))
		key = m.Sum(nil)
	}
	return key
}

// FuzzCheck sends unsigned requests: none may be accepted, none may panic.
func FuzzCheck(f *testing.F) {
	for _, make := range published() {
		r := make()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("X-Amz-Content-Sha256"),
			r.Header.Get("X-Amz-Trailer"), body)
	}
	f.Fuzz(func(t *testing.T, method, target, authorization, hash, trailer string, body []byte) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := &http.Request{Method: method, URL: u, Host: "127.0.0.1", Header: http.Header{
			"X-Amz-Date": {"20130524T000000Z"}, "Authorization": {authorization}, "X-Amz-Content-Sha256": {hash},
			"X-Amz-Trailer": {trailer}, "X-Amz-Decoded-Content-Length": {"66560"},
		}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}
		if _, err := check(r, "a secret that signed nothing"); err == nil {
			t.Error("an unsigned request was accepted")
		}
		// The body's parser is reached more often without the signature check before it.
		if c, err := signature.Parse(r); err == nil {
			if got, err := c.Body(r, exampleSecret, 1<<20); err == nil && len(got) > len(body) {
				t.Errorf("%d bytes became %d", len(body), len(got))
			}
		} else if signature.ReasonOf(err) == 0 || strings.Contains(err.Error(), exampleSecret) {
			t.Errorf("not a refusal: %v", err)
		}
	})
}
