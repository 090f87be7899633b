package awsenv

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/stepdeck/stepdeck/model"
)

// MaxSkew is how wrong the computer's clock may be before AWS rejects requests; most services tolerate five minutes.
const MaxSkew = 5 * time.Minute

// Reach sends STS in a region a request without credentials: any answer shows that name resolution, proxy, certificates
// and network work. skew is how far the computer's clock is ahead of AWS's.
func (n *Network) Reach(ctx context.Context, region string) (skew time.Duration, err error) {
	endpoint, err := sts.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, sts.EndpointParameters{
		Region: aws.String(region), UseFIPS: aws.Bool(n.fips), UseDualStack: aws.Bool(n.dualStack), UseGlobalEndpoint: aws.Bool(false),
	})
	if err != nil {
		return 0, model.NewError("region.form", "%q is not an AWS region code. Use one such as eu-west-1 or us-gov-east-1.", region).Because(err)
	}
	host := endpoint.URI.Host
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint.URI.String(), http.NoBody)
	if err != nil {
		return 0, fmt.Errorf("ask %s: %w", host, err)
	}
	answer, err := n.client.Do(request)
	if err != nil {
		return 0, model.NewError("aws.unreachable",
			"AWS can't be reached at %s. Check the network, and the proxy and certificates if there are any.", host).Because(err)
	}
	_ = answer.Body.Close()
	date, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return 0, nil //nolint:nilerr // an answer without a date is an answer
	}
	return time.Since(date).Truncate(time.Second), nil
}

// Describe says how AWS is reached according to the environment, without a proxy's password.
func Describe(environ []string) string {
	env := lookup(environ)
	text := "no proxy"
	if proxy := either(env, "HTTPS_PROXY"); proxy != "" {
		text = "a proxy whose address can't be read"
		if !strings.Contains(proxy, "://") { // as programs do
			proxy = "http://" + proxy
		}
		if u, err := url.Parse(proxy); err == nil {
			text = "proxy " + u.Redacted()
		}
	}
	if bundle := env("AWS_CA_BUNDLE"); bundle != "" {
		text += ", certificates of " + bundle
	}
	return text
}
