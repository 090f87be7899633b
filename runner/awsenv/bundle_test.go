package awsenv

import (
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// Requests to plain servers of this computer, such as the sandbox, need no certificate.
func TestABundleIsParsedWhenItIsNeeded(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for address, needed := range map[string]bool{
		"http://127.0.0.1:1": false, "http://localhost:1": false, "http://[::1]:1": false,
		"https://127.0.0.1:1": true, "https://sts.amazonaws.com": true,
		"http://aws.example.net": true, // a proxy can speak TLS
	} {
		parsed := false
		request, err := http.NewRequestWithContext(ended, http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := (bundled{&http.Transport{}, func() { parsed = true }}).RoundTrip(request); err == nil {
			answer.Body.Close()
			t.Errorf("%s answers", address)
		}
		if parsed != needed {
			t.Errorf("%s: parsed %v", address, parsed)
		}
	}
}

// A server whose certificate is in the bundle is trusted, be it with the first request or beside others.
func TestABundleIsTrusted(t *testing.T) {
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	secure, plain := httptest.NewTLSServer(ok), httptest.NewServer(ok)
	defer secure.Close()
	defer plain.Close()
	bundle := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	client := newClient(nil, append([]byte("-----BEGIN NOTE-----\nAAAA\n-----END NOTE-----\n"), bundle...))
	defer client.CloseIdleConnections()
	var requests sync.WaitGroup
	for _, address := range []string{plain.URL, secure.URL, plain.URL, secure.URL} {
		requests.Go(func() {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
			if err != nil {
				t.Error(err)
				return
			}
			answer, err := client.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			answer.Body.Close()
		})
	}
	requests.Wait()
}

func TestReadBundle(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	certificate := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	broken := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("none")}))
	for name, row := range map[string]struct{ text, code string }{
		"certificate":         {certificate, ""},
		"after other things":  {"a note\n" + strings.ReplaceAll(certificate, "CERTIFICATE", "PUBLIC KEY") + broken + certificate, ""},
		"empty":               {"", "aws.cabundle.empty"},
		"text":                {"a note", "aws.cabundle.empty"},
		"broken certificates": {broken + broken, "aws.cabundle.empty"},
	} {
		path := filepath.Join(t.TempDir(), "roots.pem")
		if err := os.WriteFile(path, []byte(row.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readBundle(path); model.ErrorCode(err) != row.code {
			t.Errorf("%s: %v, want %q", name, err, row.code)
		}
	}
}
