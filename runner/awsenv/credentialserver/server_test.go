package credentialserver

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"

	"github.com/stepdeck/stepdeck/model"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func start(t testing.TB, get func(context.Context) (Credentials, error)) *Server {
	t.Helper()
	s, err := Start(t.Context(), get)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func fixed(context.Context) (Credentials, error) {
	return Credentials{
		AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "secret", Token: "token", Expiration: noon, AccountID: "123456789012",
	}, nil
}

// The SDK's own provider reads the answer.
func TestSDKReadsTheCredentials(t *testing.T) {
	s := start(t, fixed)
	provider := endpointcreds.New(s.URI(), func(o *endpointcreds.Options) { o.AuthorizationToken = s.Token() })
	got, err := provider.Retrieve(t.Context())
	if err != nil || got.AccessKeyID != "ASIAEXAMPLE" || got.SecretAccessKey != "secret" || got.SessionToken != "token" ||
		!got.CanExpire || !got.Expires.Equal(noon) || got.AccountID != "123456789012" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// A program that would give up after a second without a byte waits for an answer that takes longer, and reads it, or why there is
// none.
func TestProgramsWait(t *testing.T) {
	for name, failure := range map[string]error{"credentials": nil, "a refusal": model.NewError("signin.ended", "Sign in again.")} {
		t.Run(name, func(t *testing.T) {
			release := make(chan struct{})
			s := start(t, func(ctx context.Context) (Credentials, error) {
				<-release
				c, _ := fixed(ctx)
				return c, failure
			})
			interim := 0
			trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, _ textproto.MIMEHeader) error {
				if interim++; interim == 2 {
					close(release)
				}
				if code != http.StatusContinue {
					t.Errorf("an interim answer is HTTP %d", code)
				}
				return nil
			}}
			provider := endpointcreds.New(s.URI(), func(o *endpointcreds.Options) {
				o.AuthorizationToken, o.Retryer = s.Token(), aws.NopRetryer{}
			})
			got, err := provider.Retrieve(httptrace.WithClientTrace(t.Context(), trace))
			switch {
			case failure == nil && (err != nil || got.AccessKeyID != "ASIAEXAMPLE"):
				t.Errorf("got %+v, %v", got, err)
			case failure != nil && (err == nil || !strings.Contains(err.Error(), "Sign in again.")):
				t.Errorf("the reason is not told: %v", err)
			}
		})
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	asked := false
	s := start(t, func(ctx context.Context) (Credentials, error) { asked = true; return fixed(ctx) })
	other := start(t, fixed)
	for name, row := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"no token":              {func(r *http.Request) { r.Header.Del("Authorization") }, http.StatusUnauthorized},
		"a wrong token":         {func(r *http.Request) { r.Header.Set("Authorization", s.Token()+"x") }, http.StatusUnauthorized},
		"another step's token":  {func(r *http.Request) { r.Header.Set("Authorization", other.Token()) }, http.StatusUnauthorized},
		"a web page":            {func(r *http.Request) { r.Header.Set("Origin", "https://example.com") }, http.StatusForbidden},
		"a name for 127.0.0.1":  {func(r *http.Request) { r.Host = "rebound.example.com" }, http.StatusForbidden},
		"another path":          {func(r *http.Request) { r.URL.Path = "/" }, http.StatusNotFound},
		"a method that changes": {func(r *http.Request) { r.Method = http.MethodPost }, http.StatusMethodNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := get(t, s, row.change)
			if status != row.status || strings.Contains(body, "ASIA") || asked {
				t.Errorf("HTTP %d, want %d: %s (credentials were asked for: %v)", status, row.status, body, asked)
			}
		})
	}
}

func TestTheReasonReachesTheScript(t *testing.T) {
	s := start(t, func(context.Context) (Credentials, error) {
		return Credentials{}, model.NewError("signin.ended", "The sign-in ended. Sign in again.").Because(errors.New("inner"))
	})
	status, body := get(t, s, func(*http.Request) {})
	var refused struct{ Code, Message string }
	if err := json.Unmarshal([]byte(body), &refused); err != nil || status != http.StatusBadRequest ||
		refused.Code != "signin.ended" || !strings.HasPrefix(refused.Message, "The sign-in ended.") {
		t.Errorf("HTTP %d %s", status, body)
	}
}

func TestManyAtOnce(t *testing.T) {
	var calls atomic.Int32
	s := start(t, func(ctx context.Context) (Credentials, error) { calls.Add(1); return fixed(ctx) })
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if status, body := get(t, s, func(*http.Request) {}); status != http.StatusOK {
				t.Errorf("HTTP %d %s", status, body)
			}
		})
	}
	all.Wait()
	if calls.Load() != 50 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestClose(t *testing.T) {
	entered := make(chan struct{})
	s := start(t, func(ctx context.Context) (Credentials, error) {
		close(entered)
		<-ctx.Done() // ends because the server closes
		return Credentials{}, context.Cause(ctx)
	})
	ended := make(chan error, 1)
	go func() {
		request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, s.URI(), nil)
		if err == nil {
			request.Header.Set("Authorization", s.Token())
			var answer *http.Response
			if answer, err = client().Do(request); err == nil {
				err = answer.Body.Close()
			}
		}
		ended <- err
	}()
	<-entered
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err == nil {
		t.Error("a request was answered after the end")
	}
}

func get(t *testing.T, s *Server, change func(*http.Request)) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URI(), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", s.Token())
	change(request)
	answer, err := client().Do(request)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
	}
	return answer.StatusCode, string(text)
}

func client() *http.Client { return &http.Client{Timeout: time.Minute} }

func BenchmarkAnswer(b *testing.B) {
	s := start(b, fixed)
	client := client()
	for b.Loop() {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, s.URI(), nil)
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Authorization", s.Token())
		answer, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
	}
}
