package awsenv

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/net/http/httpproxy"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// Network is how this computer reaches AWS and the instance metadata service. All steps of a run share one.
type Network struct {
	client           *http.Client // for AWS: with proxy and the user's certificates
	metadata         *http.Client // for the metadata service: without proxy
	fips, dualStack  bool
	stsEndpoint      string // for the instance role; empty for AWS's own
	metadataEndpoint string // empty for the real one
	here             surroundings
	notices          []*model.Error
	retryer          func() aws.Retryer
	untilSaid        time.Duration // how long AWS may take to answer before a person is told
}

// NewNetwork reads from an environment what the aws command would read too: proxy, certificates, FIPS and dual stack,
// and by what a container or instance says who its programs are, which is used only by accounts that ask for it.
//
// It uses endpoints of STS and of the metadata service only together and only if both are loopback: keys of a fake
// metadata service must not go to AWS, nor an instance's real keys elsewhere. The same goes for a container's endpoint.
func NewNetwork(environ []string) (*Network, error) {
	env := lookup(environ)
	n := directNetwork()
	n.fips, n.dualStack = strings.EqualFold(env("AWS_USE_FIPS_ENDPOINT"), "true"), strings.EqualFold(env("AWS_USE_DUALSTACK_ENDPOINT"), "true")
	proxy := httpproxy.Config{
		HTTPProxy: either(env, "HTTP_PROXY"), HTTPSProxy: either(env, "HTTPS_PROXY"), NoProxy: either(env, "NO_PROXY"),
	}
	pem, err := readBundle(env("AWS_CA_BUNDLE"))
	if err != nil {
		return nil, err
	}
	n.client = newClient(proxy.ProxyFunc(), pem)
	n.here = surroundingsOf(env)
	n.stsEndpoint, n.metadataEndpoint, n.notices = loopbackOverrides(env, n.here)
	return n, nil
}

// Close closes idle connections.
func (n *Network) Close() {
	n.client.CloseIdleConnections()
	n.metadata.CloseIdleConnections()
}

func directNetwork() *Network {
	return &Network{client: newClient(nil, nil), metadata: newMetadataClient(), retryer: transport.NewRetryer, untilSaid: 5 * time.Second}
}

// newClient returns a client for requests to AWS. pem are the certificates to trust; nil for the system's.
func newClient(proxy func(*url.URL) (*url.URL, error), pem []byte) *http.Client {
	through := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		ResponseHeaderTimeout: 20 * time.Second,
		IdleConnTimeout:       30 * time.Second,
		MaxIdleConnsPerHost:   4,
		ForceAttemptHTTP2:     true,
	}
	if proxy != nil {
		through.Proxy = func(r *http.Request) (*url.URL, error) {
			address, err := proxy(r.URL)
			if err != nil {
				return nil, &transport.ProxyError{Why: "its address can't be read"} // err quotes the address including its password
			}
			return address, nil
		}
		through.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return &transport.ProxyError{Why: "it answers " + answer.Status}
			}
			return nil
		}
	}
	return &http.Client{Transport: trusting(through, pem), CheckRedirect: transport.Stay}
}

// The metadata service is local and answers at once or not at all.
func newMetadataClient() *http.Client {
	return &http.Client{CheckRedirect: transport.Stay, Transport: &http.Transport{
		DialContext:           (&net.Dialer{Timeout: time.Second}).DialContext,
		ResponseHeaderTimeout: time.Second,
		IdleConnTimeout:       10 * time.Second,
	}}
}

// Variables to try the instance role without an instance.
const (
	metadataVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
	endpointVariable = "AWS_ENDPOINT_URL"
)

func loopbackOverrides(env func(string) string, here surroundings) (stsEndpoint, metadataEndpoint string, notices []*model.Error) {
	stsEndpoint, metadataEndpoint = env(endpointVariable+"_STS"), env(metadataVariable)
	if stsEndpoint == "" {
		stsEndpoint = env(endpointVariable)
	}
	switch {
	case isLoopbackURL(stsEndpoint) && here.mayStayHere():
		return stsEndpoint, "", nil
	case here.container() != "" || here.hasToken(): // the metadata service isn't asked
		return "", "", nil
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
