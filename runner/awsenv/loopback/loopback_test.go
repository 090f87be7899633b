package loopback_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/loopback"
)

const code = "the-authorization-code"

func listen(t *testing.T) *loopback.Listener {
	t.Helper()
	l, err := loopback.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// visit asks as a browser does and returns status and page. change may alter the request.
func visit(t *testing.T, address string, change func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	browser := http.Client{Timeout: time.Minute}
	answer, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	policy := answer.Header.Get("Content-Security-Policy")
	if answer.Header.Get("Cache-Control") != "no-store" || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the page may be kept, or load something: %v", answer.Header)
	}
	return answer.StatusCode, string(body)
}

func answered(l *loopback.Listener, pairs ...string) string {
	query := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		query.Add(pairs[i], pairs[i+1])
	}
	return l.RedirectURI() + "?" + query.Encode()
}

func TestTheCodeOfTheAnswerIsReturned(t *testing.T) {
	l := listen(t)
	status, page := visit(t, answered(l, "code", code, "state", l.State()), nil)
	if status != http.StatusOK || !strings.Contains(page, "Go back to Stepdeck") || strings.Contains(page, code) ||
		strings.Contains(page, l.State()) {
		t.Errorf("HTTP %d: %s", status, page)
	}
	if got, err := l.Wait(t.Context()); got != code || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestOnlyThisComputerIsListenedTo(t *testing.T) {
	l := listen(t)
	u, err := url.Parse(l.RedirectURI())
	if err != nil || u.Hostname() != "127.0.0.1" || u.Port() == "0" || u.Path != "/oauth/callback" {
		t.Fatalf("%s, %v", l.RedirectURI(), err)
	}
	if without := u.Scheme + "://" + u.Hostname() + u.Path; without != loopback.RedirectURI {
		t.Errorf("registered as %s, but used as %s", loopback.RedirectURI, without)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		network, ok := a.(*net.IPNet)
		if !ok || network.IP.String() == "127.0.0.1" || network.IP.IsLinkLocalUnicast() {
			continue
		}
		dialer := net.Dialer{Timeout: time.Second}
		if c, err := dialer.DialContext(t.Context(), "tcp", net.JoinHostPort(network.IP.String(), u.Port())); err == nil {
			t.Errorf("%s answers too", network.IP)
			c.Close()
		}
	}
}

func TestWhatIsNotTheAnswerIsRefusedAndChangesNothing(t *testing.T) {
	l := listen(t)
	right := answered(l, "code", code, "state", l.State())
	for name, row := range map[string]struct {
		address string
		change  func(*http.Request)
		want    int
	}{
		"another host":            {right, func(r *http.Request) { r.Host = "attacker.example" }, http.StatusMisdirectedRequest},
		"the name localhost":      {right, func(r *http.Request) { r.Host = "localhost:80" }, http.StatusMisdirectedRequest},
		"another path":            {strings.Replace(right, "/oauth/callback", "/oauth/callback/x", 1), nil, http.StatusNotFound},
		"the browser's icon":      {strings.Replace(right, "/oauth/callback", "/favicon.ico", 1), nil, http.StatusNotFound},
		"another method":          {right, func(r *http.Request) { r.Method = http.MethodPost }, http.StatusMethodNotAllowed},
		"no state":                {answered(l, "code", code), nil, http.StatusBadRequest},
		"another state":           {answered(l, "code", code, "state", "x"+l.State()[1:]), nil, http.StatusBadRequest},
		"two states":              {answered(l, "code", code, "state", l.State(), "state", l.State()), nil, http.StatusBadRequest},
		"two codes":               {answered(l, "code", code, "code", "other", "state", l.State()), nil, http.StatusBadRequest},
		"an empty code":           {answered(l, "code", "", "state", l.State()), nil, http.StatusBadRequest},
		"nothing":                 {l.RedirectURI(), nil, http.StatusBadRequest},
		"an error of others":      {answered(l, "error", "access_denied", "state", "other"), nil, http.StatusBadRequest},
		"a query that is garbled": {l.RedirectURI() + "?state=" + l.State() + "&code=%zz", nil, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			if status, page := visit(t, row.address, row.change); status != row.want || strings.Contains(page, code) {
				t.Errorf("HTTP %d, want %d: %s", status, row.want, page)
			}
		})
	}
	visit(t, right, nil)
	if got, err := l.Wait(t.Context()); got != code || err != nil {
		t.Errorf("after all of them: %q, %v", got, err)
	}
}

func TestOneAnswerIsTaken(t *testing.T) {
	l := listen(t)
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		codes = map[int]int{}
	)
	for range 20 {
		group.Go(func() {
			status, _ := visit(t, answered(l, "code", code, "state", l.State()), nil)
			mu.Lock()
			defer mu.Unlock()
			codes[status]++
		})
	}
	group.Wait()
	if codes[http.StatusOK] != 1 || codes[http.StatusGone] != 19 {
		t.Errorf("20 answers: %v", codes)
	}
}

func TestRefusalsInTheBrowserAreExplained(t *testing.T) {
	for sent, want := range map[string]string{
		"access_denied": "signin.denied", "server_error": "signin.unavailable", "temporarily_unavailable": "signin.unavailable",
		"invalid_scope": "signin.refused",
	} {
		t.Run(sent, func(t *testing.T) {
			l := listen(t)
			_, page := visit(t, answered(l, "error", sent, "error_description", "<b>\x1b[31mbecause</b>", "code", code, "state", l.State()), nil)
			if strings.Contains(page, "<b>") || !strings.Contains(page, "You are not signed in") {
				t.Error(page)
			}
			got, err := l.Wait(t.Context())
			if model.ErrorCode(err) != want || got != "" || strings.Contains(err.Error(), "\x1b") || strings.Contains(err.Error(), code) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestNoAnswerEndsAfterTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		_, err := loopback.WithoutSocket().Wait(t.Context())
		if model.ErrorCode(err) != "signin.unanswered" || time.Since(started) != 10*time.Minute {
			t.Errorf("%v after %v", err, time.Since(started))
		}
	})
}

func TestTheListenerEndsWithItsContext(t *testing.T) {
	why := errors.New("the window closed")
	ctx, cancel := context.WithCancelCause(t.Context())
	l, err := loopback.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	waited := make(chan error, 1)
	go func() {
		_, err := l.Wait(ctx)
		waited <- err
	}()
	cancel(why)
	if err := <-waited; model.ErrorCode(err) != "signin.cancelled" || !errors.Is(err, why) {
		t.Error(err)
	}
	gone(t, l)
}

func TestCloseEndsTheWait(t *testing.T) {
	l := listen(t)
	l.Close()
	l.Close()
	if _, err := l.Wait(t.Context()); model.ErrorCode(err) != "signin.cancelled" {
		t.Error(err)
	}
	gone(t, l)
}

// gone fails when somebody still listens.
func gone(t *testing.T, l *loopback.Listener) {
	t.Helper()
	u, err := url.Parse(l.RedirectURI())
	if err != nil {
		t.Fatal(err)
	}
	for {
		var dialer net.Dialer
		c, err := dialer.DialContext(t.Context(), "tcp", u.Host)
		if err != nil {
			return
		}
		c.Close()
	}
}

func TestStatesDiffer(t *testing.T) {
	one, other := listen(t).State(), listen(t).State()
	if one == other || len(one) < 22 { // 128 bits
		t.Errorf("%q, %q", one, other)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "code=c&state=s", "error=access_denied&state=s", "code=c&code=d&state=s", "%zz", "code=\x00&state=s;x"} {
		f.Add(seed, "s")
	}
	f.Fuzz(func(t *testing.T, query, state string) {
		code, err, ok := loopback.Read(query, state)
		if !ok && (code != "" || err != nil) || ok && (code == "") == (err == nil) {
			t.Errorf("%q with %q: %q, %v, %v", query, state, code, err, ok)
		}
		if ok && !strings.Contains(query, "state=") {
			t.Errorf("%q was taken without a state", query)
		}
	})
}
