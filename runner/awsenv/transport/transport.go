// Package transport is how requests to AWS are sent, and the explanation of those that AWS didn't answer. Everything
// that asks AWS who somebody is shares it, so that a proxy, a certificate or a wrong clock is called by the same name
// everywhere.
package transport

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// Client sends requests; *http.Client is one.
type Client interface {
	Do(r *http.Request) (*http.Response, error)
}

// Connection is a client that records what the explanation of a failure needs. It is for one request at a time.
type Connection struct {
	Skew   time.Duration // how far this computer's clock is ahead, by the last answer that had a date
	Path   string        // of the last request
	Host   string        // of the last request
	Status int           // of the last answer; 0 for none

	client Client
	now    func() time.Time
}

// NewConnection returns a connection that sends by client and measures the clock's skew by now.
func NewConnection(client Client, now func() time.Time) *Connection {
	return &Connection{client: client, now: now}
}

// Answers have a few kilobytes; a longer one is not from AWS.
const longestAnswer = 1 << 20

// Do sends a request. It must not be called concurrently.
func (c *Connection) Do(r *http.Request) (*http.Response, error) {
	c.Path, c.Host, c.Status = r.URL.Path, r.URL.Host, 0
	sent := c.now()
	answer, err := c.client.Do(r)
	if err != nil {
		return nil, markPermanent(err)
	}
	c.Status = answer.StatusCode
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		// Halfway between sending and the answer; AWS's date has whole seconds.
		local := sent.Add(c.now().Sub(sent) / 2)
		if c.Skew = local.Sub(date); c.Skew.Abs() < 2*time.Second {
			c.Skew = 0
		}
	}
	answer.Body = limitedBody{io.LimitReader(answer.Body, longestAnswer), answer.Body}
	return answer, nil
}

// Stay is an http.Client's CheckRedirect that follows no redirect: what is sent to AWS is for one host.
func Stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// NewRetryer makes three attempts in total, with pauses that grow to five seconds.
func NewRetryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts, o.MaxBackoff = 3, 5*time.Second
	})
}

// ProxyError is a failure at the proxy.
type ProxyError struct{ Why string }

func (e *ProxyError) Error() string { return "the proxy is in the way: " + e.Why }

// permanent is an error that retrying won't fix; the SDK calls RetryableError.
type permanent struct{ error }

func (p permanent) Unwrap() error      { return p.error }
func (permanent) RetryableError() bool { return false }

func markPermanent(err error) error {
	var (
		certificate *tls.CertificateVerificationError
		noTLS       tls.RecordHeaderError
		proxy       *ProxyError
		dns         *net.DNSError
	)
	if errors.As(err, &certificate) || errors.As(err, &noTLS) || errors.As(err, &proxy) || errors.As(err, &dns) && dns.IsNotFound ||
		strings.Contains(err.Error(), plainAnswer) {
		return permanent{err}
	}
	return err
}

// plainAnswer is part of the text of an error that net/http has no type for.
const plainAnswer = "server gave HTTP response to HTTPS client"

type limitedBody struct {
	io.Reader
	io.Closer
}
