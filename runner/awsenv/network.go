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

// Network is how this computer reaches AWS and the instance metadata service. One serves all steps of a run.
type Network struct {
	client           *http.Client // for AWS: through the proxy, with the person's certificates
	metadata         *http.Client // for the metadata service: never through a proxy
	fips, dualStack  bool
	stsEndpoint      string // instead of AWS's own, for the instance role
	metadataEndpoint string // likewise
	notices          []*model.Error
	retryer          func() aws.Retryer
}

// NewNetwork reads from an environment what the aws program would read from it too: proxy, certificates, FIPS and dual
// stack. It takes endpoints of STS and of the metadata service only together and only if both are loopback: the keys of
// a metadata service that somebody pretends to be must not go to AWS, nor an instance's real keys elsewhere.
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

// Close lets go of the connections that are kept for the next step.
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
				return nil, &proxyError{"its address can't be read"} // err quotes the address with the password in it
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

// proxyError is a proxy that is in the way.
type proxyError struct{ why string }

func (e *proxyError) Error() string { return "the proxy is in the way: " + e.why }

// The metadata service lives beside the computer and answers at once or not at all.
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
		return nil, nil //nolint:nilnil // no pool means the system's own
	}
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, model.NewError("aws.cabundle.read", "The certificates in %s, which AWS_CA_BUNDLE names, can't be read. Correct the variable or take it away.", path).Because(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, model.NewError("aws.cabundle.empty", "The file %s, which AWS_CA_BUNDLE names, holds no certificate. Correct the variable or take it away.", path)
	}
	return roots, nil
}

// The variables by which the instance role can be tried out without an instance.
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
		return "", "", []*model.Error{model.NewError("aws.metadata.override", "%s is not used: it counts only if it and %s both lead to this computer.", metadataVariable, endpointVariable)}
	}
	return "", "", nil
}

func isLoopbackURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil && model.IsLoopback(u.Hostname())
}

// lookup finds variables by name; blanks around a value don't count.
func lookup(environ []string) func(name string) string {
	values := make(map[string]string, len(environ))
	for _, entry := range environ {
		if name, value, found := strings.Cut(entry, "="); found {
			values[name] = strings.TrimSpace(value)
		}
	}
	return func(name string) string { return values[name] }
}

// either reads a proxy variable, which programs write in either case.
func either(env func(string) string, name string) string {
	if value := env(name); value != "" {
		return value
	}
	return env(strings.ToLower(name))
}

// line is a client of one becoming that remembers what explains a failure.
type line struct {
	client *http.Client
	now    func() time.Time
	skew   time.Duration // by how much our clock is ahead, as far as the last answer tells
	path   string        // of the last request
	host   string        // of it
	status int           // of the last answer, 0: none
}

func newLine(client *http.Client, now func() time.Time) *line { return &line{client: client, now: now} }

// Answers are a few kilobytes long. Whoever sends more is not AWS.
const longestAnswer = 1 << 20

// Do sends a request. It is called by one goroutine at a time: a becoming goes one step after the other.
func (l *line) Do(r *http.Request) (*http.Response, error) {
	l.path, l.host, l.status = r.URL.Path, r.URL.Host, 0
	sent := l.now()
	answer, err := l.client.Do(r)
	if err != nil {
		return nil, finalIfHopeless(err)
	}
	l.status = answer.StatusCode
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		// Between sending and the answer; AWS gives whole seconds.
		ours := sent.Add(l.now().Sub(sent) / 2)
		if l.skew = ours.Sub(date); l.skew.Abs() < 2*time.Second {
			l.skew = 0
		}
	}
	answer.Body = limitedBody{io.LimitReader(answer.Body, longestAnswer), answer.Body}
	return answer, nil
}

// hopeless is an error that trying again does not mend; the SDK asks for that.
type hopeless struct{ error }

func (h hopeless) Unwrap() error      { return h.error }
func (hopeless) RetryableError() bool { return false }

func finalIfHopeless(err error) error {
	var (
		certificate *tls.CertificateVerificationError
		noTLS       tls.RecordHeaderError
		proxy       *proxyError
		dns         *net.DNSError
	)
	if errors.As(err, &certificate) || errors.As(err, &noTLS) || errors.As(err, &proxy) || errors.As(err, &dns) && dns.IsNotFound ||
		strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return hopeless{err}
	}
	return err
}

type limitedBody struct {
	io.Reader
	io.Closer
}
