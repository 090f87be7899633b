package awsenv

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/net/http/httpproxy"

	"github.com/stepdeck/stepdeck/model"
)

// Network is how this computer reaches AWS and the instance metadata service. All steps of a run share one.
type Network struct {
	client           *http.Client // for AWS: with proxy and the user's certificates
	metadata         *http.Client // for the metadata service: without proxy
	fips, dualStack  bool
	stsEndpoint      string // for the instance role; empty for AWS's own
	metadataEndpoint string // empty for the real one
	notices          []*model.Error
	retryer          func() aws.Retryer
}

// NewNetwork reads from an environment what the aws command would read too: proxy, certificates, FIPS and dual stack.
// It uses endpoints of STS and of the metadata service only together and only if both are loopback: keys of a fake
// metadata service must not go to AWS, nor an instance's real keys elsewhere.
func NewNetwork(environ []string) (*Network, error) {
	env := lookup(environ)
	n := directNetwork()
	n.fips, n.dualStack = strings.EqualFold(env("AWS_USE_FIPS_ENDPOINT"), "true"), strings.EqualFold(env("AWS_USE_DUALSTACK_ENDPOINT"), "true")
	proxy := httpproxy.Config{
		HTTPProxy: either(env, "HTTP_PROXY"), HTTPSProxy: either(env, "HTTPS_PROXY"), NoProxy: either(env, "NO_PROXY"),
	}
	roots, err := readBundle(env("AWS_CA_BUNDLE"))
	if err != nil {
		return nil, err
	}
	n.client = newClient(proxy.ProxyFunc(), roots)
	n.stsEndpoint, n.metadataEndpoint, n.notices = loopbackOverrides(env)
	return n, nil
}

// Close closes idle connections.
func (n *Network) Close() {
	n.client.CloseIdleConnections()
	n.metadata.CloseIdleConnections()
}

func directNetwork() *Network {
	return &Network{client: newClient(nil, nil), metadata: newMetadataClient(), retryer: newRetryer}
}

func newClient(proxy func(*url.URL) (*url.URL, error), roots *x509.CertPool) *http.Client {
	transport := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		ResponseHeaderTimeout: 20 * time.Second,
		IdleConnTimeout:       30 * time.Second,
		MaxIdleConnsPerHost:   4,
		ForceAttemptHTTP2:     true,
	}
	if proxy != nil {
		transport.Proxy = func(r *http.Request) (*url.URL, error) {
			through, err := proxy(r.URL)
			if err != nil {
				return nil, &proxyError{"its address can't be read"} // err quotes the address including its password
			}
			return through, nil
		}
		transport.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return &proxyError{"it answers " + answer.Status}
			}
			return nil
		}
	}
	return &http.Client{Transport: transport, CheckRedirect: stay}
}

// proxyError is a failure at the proxy.
type proxyError struct{ why string }

func (e *proxyError) Error() string { return "the proxy is in the way: " + e.why }

// The metadata service is local and answers at once or not at all.
func newMetadataClient() *http.Client {
	return &http.Client{CheckRedirect: stay, Transport: &http.Transport{
		DialContext:           (&net.Dialer{Timeout: time.Second}).DialContext,
		ResponseHeaderTimeout: time.Second,
		IdleConnTimeout:       10 * time.Second,
	}}
}

// stay follows no redirect: signed requests are for one host, and so are an instance's keys.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func readBundle(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // a nil pool means the system's
	}
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, model.NewError("aws.cabundle.read",
			"The certificates in %s, which AWS_CA_BUNDLE names, can't be read. Correct or remove the variable.", path).Because(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, model.NewError("aws.cabundle.empty",
			"The file %s, which AWS_CA_BUNDLE names, contains no certificate. Correct or remove the variable.", path)
	}
	return roots, nil
}

// Variables to try the instance role without an instance.
const (
	metadataVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
	endpointVariable = "AWS_ENDPOINT_URL"
)

func loopbackOverrides(env func(string) string) (stsEndpoint, metadataEndpoint string, notices []*model.Error) {
	stsEndpoint, metadataEndpoint = env(endpointVariable+"_STS"), env(metadataVariable)
	if stsEndpoint == "" {
		stsEndpoint = env(endpointVariable)
	}
	switch {
	case isLoopbackURL(stsEndpoint) && isLoopbackURL(metadataEndpoint):
		return stsEndpoint, strings.TrimSuffix(metadataEndpoint, "/"), nil
	case metadataEndpoint != "":
		return "", "", []*model.Error{model.NewError("aws.metadata.override",
			"%s is ignored: it is used only if it and %s both point to this computer.", metadataVariable, endpointVariable)}
	}
	return "", "", nil
}

func isLoopbackURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil && model.IsLoopback(u.Hostname())
}

// lookup returns a function that looks variables up by name, without spaces around the value.
func lookup(environ []string) func(name string) string {
	values := make(map[string]string, len(environ))
	for _, entry := range environ {
		if name, value, found := strings.Cut(entry, "="); found {
			values[name] = strings.TrimSpace(value)
		}
	}
	return func(name string) string { return values[name] }
}

// either returns a proxy variable, which may be written in either case.
func either(env func(string) string, name string) string {
	if value := env(name); value != "" {
		return value
	}
	return env(strings.ToLower(name))
}

// connection is an HTTP client that records what the explanation of a failure needs.
type connection struct {
	client *http.Client
	now    func() time.Time
	skew   time.Duration // how far this computer's clock is ahead, by the last answer
	path   string        // of the last request
	host   string        // of the last request
	status int           // of the last answer; 0 for none
}

func newConnection(client *http.Client, now func() time.Time) *connection {
	return &connection{client: client, now: now}
}

// Answers have a few kilobytes; a longer one is not from AWS.
const longestAnswer = 1 << 20

// Do sends a request. It must not be called concurrently.
func (l *connection) Do(r *http.Request) (*http.Response, error) {
	l.path, l.host, l.status = r.URL.Path, r.URL.Host, 0
	sent := l.now()
	answer, err := l.client.Do(r)
	if err != nil {
		return nil, markPermanent(err)
	}
	l.status = answer.StatusCode
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		// Halfway between sending and the answer; AWS's date has whole seconds.
		local := sent.Add(l.now().Sub(sent) / 2)
		if l.skew = local.Sub(date); l.skew.Abs() < 2*time.Second {
			l.skew = 0
		}
	}
	answer.Body = limitedBody{io.LimitReader(answer.Body, longestAnswer), answer.Body}
	return answer, nil
}

// permanent is an error that retrying won't fix; the SDK calls RetryableError.
type permanent struct{ error }

func (p permanent) Unwrap() error      { return p.error }
func (permanent) RetryableError() bool { return false }

func markPermanent(err error) error {
	var (
		certificate *tls.CertificateVerificationError
		noTLS       tls.RecordHeaderError
		proxy       *proxyError
		dns         *net.DNSError
	)
	if errors.As(err, &certificate) || errors.As(err, &noTLS) || errors.As(err, &proxy) || errors.As(err, &dns) && dns.IsNotFound ||
		strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return permanent{err}
	}
	return err
}

type limitedBody struct {
	io.Reader
	io.Closer
}
