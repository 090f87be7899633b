package awsenv

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// MaxSkew is how wrong the computer's clock may be before AWS refuses what it signs. Source: most services tolerate
// five minutes.
const MaxSkew = 5 * time.Minute

// Reach asks STS in a region for anything at all, without credentials: an answer shows that name, proxy, certificates
// and network are in order. skew is how far the computer's clock is ahead of AWS's.
func (n *Network) Reach(ctx context.Context, region string) (skew time.Duration, err error) {
	host := "sts." + region + ".amazonaws.com"
	if partition(region) == "aws-cn" {
		host += ".cn"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+host+"/", http.NoBody)
	if err != nil {
		return 0, fmt.Errorf("ask %s: %w", host, err)
	}
	answer, err := n.client.Do(request)
	if err != nil {
		return 0, model.NewError("aws.unreachable", "AWS can't be reached at %s. Check the network, and proxy and certificates where there are some.", host).Because(err)
	}
	_ = answer.Body.Close()
	date, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return 0, nil //nolint:nilerr // an answer without a date is an answer
	}
	return time.Since(date).Truncate(time.Second), nil
}

// Describe says by which way AWS is reached, as the environment has it, without a proxy's password.
func Describe(environ []string) string {
	env := lookup(environ)
	text := "no proxy"
	if proxy := either(env, "HTTPS_PROXY"); proxy != "" {
		if u, err := url.Parse(proxy); err == nil {
			proxy = u.Redacted()
		}
		text = "proxy " + proxy
	}
	if bundle := env("AWS_CA_BUNDLE"); bundle != "" {
		text += ", certificates of " + bundle
	}
	return text
}
