package awsenv

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// containerKeys asks the credentials endpoint of a container: of ECS, of EKS, or of a program that stands in for them.
func (b *resolution) containerKeys(ctx context.Context) error {
	at := b.Network.here.container()
	if err := checkContainer(at); err != nil {
		return err
	}
	token, err := b.containerToken()
	if err != nil {
		return err
	}
	client := b.Network.metadata
	if strings.HasPrefix(at, "https:") {
		client = b.Network.client
	}
	connection := transport.NewConnection(client, b.Now)
	keys, err := endpointcreds.New(at, func(o *endpointcreds.Options) {
		o.HTTPClient, o.AuthorizationToken, o.Retryer = connection, token, b.Network.retryer()
	}).Retrieve(ctx)
	if err != nil {
		return b.explainContainer(ctx, err, connection, at)
	}
	return b.takeContainer(keys, at)
}

func (b *resolution) takeContainer(keys aws.Credentials, at string) error {
	switch {
	case keys.AccessKeyID == "" || keys.SecretAccessKey == "":
		return containerError("has no keys. Check that the task or pod has a role", at, nil)
	case keys.CanExpire && !b.Now().Before(keys.Expires):
		return model.NewError("aws.instance.expired",
			"The keys of the container's role expired at %s. Check this computer's clock, and restart the container if it is right.",
			model.LocalTime(keys.Expires))
	}
	b.use(keys, roleSession)
	return nil
}

// Addresses that may be asked over plain http besides this computer: the agents of ECS and EKS. Source: AWS SDKs and Tools
// Reference Guide, "Container credential provider".
var containerAgents = []string{"169.254.170.2", "169.254.170.23", "fd00:ec2::23"}

// checkContainer refuses an endpoint on another computer without TLS: whoever sets a variable could hand out any identity.
func checkContainer(at string) error {
	u, err := url.Parse(at)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return model.NewError("AWS-LOGIN-ERROR-0006",
			"AWS_CONTAINER_CREDENTIALS_FULL_URI is not a URL. Correct or remove the variable.")
	}
	if u.Scheme == "https" || model.IsLoopback(u.Hostname()) {
		return nil
	}
	host, err := netip.ParseAddr(u.Hostname())
	for _, agent := range containerAgents {
		if err == nil && host == netip.MustParseAddr(agent) {
			return nil
		}
	}
	return model.NewError("AWS-LOGIN-ERROR-0006",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI names %s, which may not be asked over plain http. "+
			"Use https, or an address of ECS, EKS or this computer.",
		model.SafeLine(u.Host))
}

// containerToken returns the token for the endpoint. The file comes first: it is renewed.
func (b *resolution) containerToken() (string, error) {
	here := b.Network.here
	token := here.containerToken
	if file := here.containerTokenFile; file != "" {
		body, err := os.ReadFile(file)
		if err != nil {
			return "", model.NewError("AWS-LOGIN-ERROR-0006",
				"The file %s, which AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names, can't be read. Correct or remove the variable.", file).Because(err)
		}
		token = strings.TrimSpace(string(body))
	}
	if strings.ContainsAny(token, "\r\n") {
		return "", model.NewError("AWS-LOGIN-ERROR-0006",
			"The token for the container's credentials has several lines. Correct AWS_CONTAINER_AUTHORIZATION_TOKEN or its file.")
	}
	b.conceal(token)
	return token, nil
}

func (b *resolution) explainContainer(ctx context.Context, err error, c *transport.Connection, at string) error {
	cause := transport.Scrub(err, b.concealed())
	switch {
	case stopped(ctx):
		return errStopped(ctx)
	case c.Status == 0:
		return containerError("doesn't answer. Check AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI, and restart the container", at, cause)
	case c.Status == http.StatusUnauthorized || c.Status == http.StatusForbidden:
		return containerError("doesn't accept the token. Check AWS_CONTAINER_AUTHORIZATION_TOKEN and its file", at, cause)
	case c.Status == http.StatusTooManyRequests:
		return containerError("gets too many requests. Try again in a minute", at, cause)
	}
	return containerError("gives no keys. Check that the task or pod has a role", at, cause)
}

func containerError(what, at string, cause error) error {
	return model.NewError("AWS-LOGIN-ERROR-0006", "The container's credentials endpoint %s %s.", withoutQuery(at), what).Because(cause)
}
