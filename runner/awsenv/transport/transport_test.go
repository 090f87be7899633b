package transport_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// ask sends a request by a connection whose client gives that answer.
func ask(t *testing.T, answer *http.Response, failure error) (*transport.Connection, error) {
	t.Helper()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := transport.NewConnection(clientFunc(func(*http.Request) (*http.Response, error) { return answer, failure }),
		func() time.Time { return now })
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://sts.amazonaws.com/path", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Do(r)
	if err == nil {
		err = got.Body.Close()
	}
	return c, err
}

func TestFailuresAreExplained(t *testing.T) {
	for name, row := range map[string]struct {
		failure   error
		code      string
		permanent bool
	}{
		"a proxy":                 {&transport.ProxyError{Why: "it answers 407"}, "aws.proxy", true},
		"a proxy that is off":     {&net.OpError{Op: "proxyconnect", Err: errors.New("refused")}, "aws.proxy", false},
		"a name":                  {&net.DNSError{Err: "no such host", IsNotFound: true}, "aws.dns", true},
		"a name server":           {&net.DNSError{Err: "server misbehaving"}, "aws.dns", false},
		"an unknown authority":    {&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "aws.tls.authority", true},
		"another host":            {x509.HostnameError{Certificate: new(x509.Certificate)}, "aws.tls", false},
		"an expired certificate":  {&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}, "aws.tls", true},
		"no TLS":                  {errors.New("http: server gave HTTP response to HTTPS client"), "aws.tls", true},
		"no answer":               {context.DeadlineExceeded, "aws.timeout", false},
		"no way":                  {errors.New("no route to host, said top-secret"), "aws.unreachable", false},
		"a record that is no TLS": {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "aws.tls", true},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := ask(t, nil, row.failure)
			var final interface{ RetryableError() bool }
			if errors.As(err, &final) != row.permanent {
				t.Errorf("permanent: %v", !row.permanent)
			}
			explained := c.Explain(err, "AWS", []string{"top-secret", ""})
			if explained.Code != row.code || strings.Contains(explained.Error(), "top-secret") {
				t.Errorf("%v", explained)
			}
		})
	}
}

func TestAConnectionRecordsHostStatusAndSkew(t *testing.T) {
	for date, want := range map[string]time.Duration{
		"Fri, 02 Jan 2026 03:04:05 GMT": 0,
		"Fri, 02 Jan 2026 03:04:04 GMT": 0, // whole seconds tell no more
		"Fri, 02 Jan 2026 02:04:05 GMT": time.Hour,
		"Fri, 02 Jan 2026 04:04:05 GMT": -time.Hour,
		"yesterday":                     0,
	} {
		answer := &http.Response{StatusCode: http.StatusTeapot, Header: http.Header{"Date": {date}}, Body: io.NopCloser(strings.NewReader(""))}
		c, err := ask(t, answer, nil)
		if err != nil || c.Skew != want || c.Status != http.StatusTeapot || c.Host != "sts.amazonaws.com" || c.Path != "/path" {
			t.Errorf("%s: %v, %d at %s%s, %v", date, c.Skew, c.Status, c.Host, c.Path, err)
		}
		if explained := c.Explain(errors.New("not XML"), "AWS", nil); explained.Code != "aws.garbled" {
			t.Error(explained)
		}
	}
}

func TestWrongClockSaysByHowMuch(t *testing.T) {
	for skew, want := range map[time.Duration]string{2 * time.Hour: "2 hours ahead of AWS's", -time.Minute: "1 minute behind AWS's"} {
		if err := transport.WrongClock(skew); model.ErrorCode(err) != "aws.clock" || !strings.Contains(err.Error(), want) {
			t.Error(err)
		}
	}
}

// Some services answer with a code alone.
func TestARefusalWithoutAMessage(t *testing.T) {
	for want, refused := range map[string]smithy.GenericAPIError{
		"api error AccessDenied: no \"x\", ***": {Code: "AccessDenied", Message: "no \"x\", hush"},
		"api error AccessDenied":                {Code: "AccessDenied"},
		"api error: no":                         {Message: " no "},
		"api error":                             {},
	} {
		err := transport.Refusal(&refused, []string{"hush"})
		var again smithy.APIError
		if err.Error() != want || !errors.As(err, &again) || again.ErrorCode() != refused.Code {
			t.Errorf("%q, want %q", err, want)
		}
	}
	whole := errors.New("https response error StatusCode: 403, RequestID: , api error AccessDeniedException: ")
	if got := transport.Scrub(whole, nil).Error(); !strings.HasSuffix(got, "AccessDeniedException") {
		t.Errorf("%q", got)
	}
	if got := model.NewError("x", "It failed.").Because(errors.New("")).Error(); got != "It failed." {
		t.Errorf("%q", got)
	}
}
