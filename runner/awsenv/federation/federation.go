// Package federation turns temporary keys into the address of a page that signs a browser in to the AWS console.
//
// Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
package federation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// Request says who opens which page of the console.
type Request struct {
	AccessKeyID, SecretKey, SessionToken string // temporary keys

	Partition string // of the keys, such as aws-us-gov
	Region    string // of the page; empty: the partition's first
	Service   string // whose page it is, such as s3; empty: the console's home
	Endpoint  string // URL that serves the account; empty for AWS itself
	// Lasting says that the keys allow a console session of its own length: they are those of a role that was assumed with long-lived
	// keys, or of Identity Center. For others AWS refuses any.
	Lasting bool

	Client transport.Client
	Now    func() time.Time
}

// longest is the longest session of the console.
const longest = 12 * time.Hour

// hosts are those of a partition's console. Partitions that are not here are not reached from the internet.
type hosts struct {
	signIn, console string
	region          string // if none is chosen
	regional        bool   // the sign-in has a host in each region only
}

func hostsOf(partition string) (hosts, bool) {
	h, known := map[string]hosts{
		"aws":        {"signin.aws.amazon.com", "console.aws.amazon.com", "us-east-1", false},
		"aws-us-gov": {"signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com", "us-gov-west-1", false},
		"aws-cn":     {"signin.amazonaws.cn", "console.amazonaws.cn", "cn-north-1", false},
		"aws-eusc":   {"signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu", "eusc-de-east-1", true},
	}[partition]
	return h, known
}

// serviceForm is the form of the part of a console's address that names a service, with pages below it.
var serviceForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9-]{1,64}(/[A-Za-z0-9_-]{1,64}){0,4}$`) })

// CheckService returns what is wrong with a service; empty, the console's home, is none.
func CheckService(service string) error {
	if service == "" || serviceForm().MatchString(service) {
		return nil
	}
	return model.NewError("console.service", "%q is no service of the console. Use the word in the console's address, such as s3, ec2 or "+
		"cloudwatch.", service)
}

// URL asks AWS for a sign-in token and returns the address of the page that uses it, which signs in whoever opens it for 15 minutes: it
// is a secret.
func URL(ctx context.Context, r Request) (string, error) {
	signIn, page, err := r.addresses()
	if err != nil {
		return "", err
	}
	token, err := r.token(ctx, signIn, r.Lasting)
	if r.Lasting && model.ErrorCode(err) == CodeRefused {
		// A role may have been assumed with another role's keys by whoever gave us its own: then AWS allows an hour.
		token, err = r.token(ctx, signIn, false)
	}
	if err != nil {
		return "", err
	}
	return signIn + "?" + url.Values{
		"Action": {"login"}, "Issuer": {"Stepdeck"}, "Destination": {page}, "SigninToken": {token},
	}.Encode(), nil
}

// addresses returns where sign-in tokens are, and the page of the console.
func (r Request) addresses() (signIn, page string, err error) {
	if err := CheckService(r.Service); err != nil {
		return "", "", err
	}
	service := r.Service
	if service == "" {
		service = "console"
	}
	h, known := hostsOf(r.Partition)
	if !known {
		return "", "", model.NewError("console.partition", "Stepdeck doesn't know the address of the console of partition %s. "+
			"Sign in to it in a browser.", transport.Printable(r.Partition))
	}
	region := r.Region
	if model.RegionPartition(region) != r.Partition {
		region = h.region
	}
	query := "?" + url.Values{"region": {region}}.Encode()
	if r.Endpoint != "" {
		base := strings.TrimRight(r.Endpoint, "/")
		return base + "/federation", base + "/_console/" + service + "/home" + query, nil
	}
	if h.regional {
		h.signIn = region + "." + h.signIn
	}
	return "https://" + h.signIn + "/federation", "https://" + region + "." + h.console + "/" + service + "/home" + query, nil
}

// token asks for a sign-in token. The keys go in the body: addresses end in the logs of proxies.
func (r Request) token(ctx context.Context, signIn string, lasting bool) (string, error) {
	session, err := json.Marshal(map[string]string{"sessionId": r.AccessKeyID, "sessionKey": r.SecretKey, "sessionToken": r.SessionToken})
	if err != nil {
		return "", fmt.Errorf("write the keys: %w", err)
	}
	form := url.Values{"Action": {"getSigninToken"}, "Session": {string(session)}}
	if lasting {
		form.Set("SessionDuration", strconv.Itoa(int(longest/time.Second)))
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, signIn, strings.NewReader(form.Encode()))
	if err != nil {
		return "", fmt.Errorf("ask for a sign-in token: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	connection := transport.NewConnection(r.Client, r.Now)
	answer, err := connection.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return "", model.NewError("aws.stopped", "The request to AWS was cancelled.").Because(context.Cause(ctx))
		}
		return "", connection.Explain(err, place(request.URL.Host), r.secrets())
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		return "", connection.Explain(err, place(request.URL.Host), r.secrets())
	}
	return readToken(answer, body, request.URL.Host)
}

func readToken(answer *http.Response, body []byte, host string) (string, error) {
	var found struct{ SigninToken string }
	switch {
	case answer.StatusCode == http.StatusBadRequest || answer.StatusCode == http.StatusForbidden:
		return "", model.NewError(CodeRefused, "AWS doesn't open the console with these keys. Its console takes the keys of roles and of "+
			"long-lived access keys: assume a role.")
	case answer.StatusCode >= http.StatusInternalServerError:
		return "", model.NewError("aws.unavailable", "AWS is unavailable at %s (HTTP %d). Try again in a few minutes.", host, answer.StatusCode)
	case answer.StatusCode != http.StatusOK || json.NewDecoder(bytes.NewReader(body)).Decode(&found) != nil || found.SigninToken == "":
		return "", transport.Garbled(place(host))
	}
	return found.SigninToken, nil
}

// CodeRefused is the code of the error that AWS opens no console with the keys.
const CodeRefused = "console.refused"

func place(host string) string { return "the sign-in of the AWS console (" + host + ")" }

func (r Request) secrets() []string { return []string{r.SecretKey, r.SessionToken} }
