package awsenv

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"os"
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

// readBundle returns the certificates in a file, unparsed but for the first; nil for no file.
func readBundle(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	bundle, err := os.ReadFile(path)
	if err != nil {
		return nil, model.NewError("aws.cabundle.read",
			"The certificates in %s, which AWS_CA_BUNDLE names, can't be read. Correct or remove the variable.", path).Because(err)
	}
	if !hasCertificate(bundle) {
		return nil, model.NewError("aws.cabundle.empty",
			"The file %s, which AWS_CA_BUNDLE names, contains no certificate. Correct or remove the variable.", path)
	}
	return bundle, nil
}

// hasCertificate reports whether [x509.CertPool.AppendCertsFromPEM] takes a certificate from a bundle. It parses no more than it has to.
func hasCertificate(bundle []byte) bool {
	for len(bundle) > 0 {
		var block *pem.Block
		if block, bundle = pem.Decode(bundle); block == nil {
			return false
		}
		if x509.NewCertPool().AppendCertsFromPEM(pem.EncodeToMemory(block)) {
			return true
		}
	}
	return false
}

// bundled is a transport that trusts the certificates of a bundle. It parses them before its first request that could need them: they
// are often hundreds, and take longer than a run needs for everything else with a server on this computer.
type bundled struct {
	*http.Transport

	parse func()
}

// trusting has a transport trust the certificates of a bundle; nil for the system's.
func trusting(t *http.Transport, bundle []byte) http.RoundTripper {
	if bundle == nil {
		return t
	}
	return bundled{t, sync.OnceFunc(func() {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(bundle)
		t.TLSClientConfig.RootCAs = roots
	})}
}

// RoundTrip implements http.RoundTripper.
func (b bundled) RoundTrip(r *http.Request) (*http.Response, error) {
	// No proxy, which could speak TLS, is asked for this computer's own servers.
	if r.URL.Scheme != "http" || !model.IsLoopback(r.URL.Hostname()) {
		b.parse()
	}
	return b.Transport.RoundTrip(r)
}
