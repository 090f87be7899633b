package federation_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/federation"
)

type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

const secret, token = "wJalrXUtnFEMI/K7MDENG", "IQoJb3JpZ2luX2VjE=="

func request(client clientFunc) federation.Request {
	return federation.Request{
		AccessKeyID: "ASIAIOSFODNN7EXAMPLE", SecretKey: secret, SessionToken: token, Partition: "aws", Client: client, Now: time.Now,
	}
}

func answer(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

func TestAddressesOfPartitions(t *testing.T) {
	for _, tt := range []struct{ partition, region, service, endpoint, signIn, page string }{
		{"aws", "", "", "", "https://signin.aws.amazon.com/federation", "https://us-east-1.console.aws.amazon.com/console/home?region=us-east-1"},
		{"aws", "eu-west-1", "s3", "", "https://signin.aws.amazon.com/federation",
			"https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1"},
		{"aws-us-gov", "us-gov-east-1", "ec2", "", "https://signin.amazonaws-us-gov.com/federation",
			"https://us-gov-east-1.console.amazonaws-us-gov.com/ec2/home?region=us-gov-east-1"},
		{"aws-cn", "eu-west-1", "", "", "https://signin.amazonaws.cn/federation", // a region of another partition
			"https://cn-north-1.console.amazonaws.cn/console/home?region=cn-north-1"},
		{"aws-eusc", "", "", "", "https://eusc-de-east-1.signin.amazonaws-eusc.eu/federation",
			"https://eusc-de-east-1.console.amazonaws-eusc.eu/console/home?region=eusc-de-east-1"},
		{"aws", "eu-west-1", "cloudwatch", "http://127.0.0.1:1/", "http://127.0.0.1:1/federation",
			"http://127.0.0.1:1/_console/cloudwatch/home?region=eu-west-1"},
	} {
		var asked *http.Request
		r := request(func(r *http.Request) (*http.Response, error) {
			asked = r
			return answer(200, `{"SigninToken":"t&k"}`), nil
		})
		r.Partition, r.Region, r.Service, r.Endpoint = tt.partition, tt.region, tt.service, tt.endpoint
		got, err := federation.URL(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if asked.URL.String() != tt.signIn || asked.Method != http.MethodPost {
			t.Errorf("%s asks %s %s, want POST %s", tt.partition, asked.Method, asked.URL, tt.signIn)
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		if q := u.Query(); !strings.HasPrefix(got, tt.signIn+"?") || q.Get("Action") != "login" || q.Get("SigninToken") != "t&k" ||
			q.Get("Destination") != tt.page {
			t.Errorf("%s leads to %s, want %s", tt.partition, got, tt.page)
		}
	}
}

// The length of the session is asked for only where AWS allows one, and left out where it refuses it all the same.
func TestTheLengthOfASession(t *testing.T) {
	for _, tt := range []struct {
		lasting bool
		refuse  bool // any length
		want    string
	}{{false, false, "-"}, {true, false, "43200"}, {true, true, "43200 -"}} {
		var asked []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			length := r.PostFormValue("SessionDuration")
			if length == "" {
				length = "-"
			}
			asked = append(asked, length)
			if tt.refuse && length != "-" {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			_, _ = io.WriteString(w, `{"SigninToken":"t"}`)
		}))
		r := request((&http.Client{Timeout: time.Minute}).Do)
		r.Endpoint, r.Lasting = server.URL, tt.lasting
		if _, err := federation.URL(t.Context(), r); err != nil {
			t.Error(err)
		}
		if got := strings.Join(asked, " "); got != tt.want {
			t.Errorf("asked for %q, want %q", got, tt.want)
		}
		server.Close()
	}
}

func TestFailures(t *testing.T) {
	for name, tt := range map[string]struct {
		client clientFunc
		change func(*federation.Request)
		code   string
	}{
		"refused": {func(*http.Request) (*http.Response, error) {
			return answer(400, "Invalid credentials parameter "+secret), nil
		}, nil, "console.refused"},
		"broken":    {func(*http.Request) (*http.Response, error) { return answer(503, ""), nil }, nil, "aws.unavailable"},
		"a login":   {func(*http.Request) (*http.Response, error) { return answer(200, "<html>"), nil }, nil, "aws.garbled"},
		"no token":  {func(*http.Request) (*http.Response, error) { return answer(200, "{}"), nil }, nil, "aws.garbled"},
		"a way":     {func(*http.Request) (*http.Response, error) { return nil, errors.New("no route, said " + secret) }, nil, "aws.unreachable"},
		"partition": {nil, func(r *federation.Request) { r.Partition = "aws-iso" }, "console.partition"},
		"service":   {nil, func(r *federation.Request) { r.Service = "s3?x=" }, "console.service"},
	} {
		r := request(tt.client)
		if tt.change != nil {
			tt.change(&r)
		}
		_, err := federation.URL(t.Context(), r)
		if model.ErrorCode(err) != tt.code || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := federation.URL(ctx, request((&http.Client{Timeout: time.Minute}).Do)); model.ErrorCode(err) != "aws.stopped" {
		t.Error(err)
	}
}
