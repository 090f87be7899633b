package browser

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func get(t *testing.T, address, method string) (status int, location, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return 0, "", err.Error()
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Header.Get("Referrer-Policy") != "no-referrer" || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", answer.Header)
	}
	return answer.StatusCode, answer.Header.Get("Location"), string(body)
}

// The argument of the browser leads to the secret address once.
func TestASecretAddressIsNoArgument(t *testing.T) {
	const secret = "https://signin.aws.amazon.com/federation?SigninToken=top-secret"
	var argument string
	err := OpenOnce(t.Context(), secret, func(_ context.Context, address string) error {
		argument = address
		for _, other := range []string{"", "x"} { // guessing consumes nothing
			if status, _, _ := get(t, address[:strings.LastIndexByte(address, '/')+1]+other, http.MethodGet); status != http.StatusNotFound {
				t.Errorf("%q: %d", other, status)
			}
		}
		if status, _, _ := get(t, address, http.MethodHead); status != http.StatusNotFound {
			t.Error("HEAD", status)
		}
		if status, to, _ := get(t, address, http.MethodGet); status != http.StatusSeeOther || to != secret {
			t.Errorf("%d, %s", status, to)
		}
		if status, to, text := get(t, address, http.MethodGet); status != http.StatusGone || to != "" || strings.Contains(text, "secret") {
			t.Errorf("the second time: %d, %s, %s", status, to, text)
		}
		return nil
	})
	if err != nil || !strings.HasPrefix(argument, "http://127.0.0.1:") || strings.Contains(argument, "secret") || len(argument) < 40 {
		t.Errorf("%q, %v", argument, err)
	}
	if _, _, text := get(t, argument, http.MethodGet); !strings.Contains(text, "refused") {
		t.Errorf("it still listens: %s", text)
	}
}

// Who waits for something else meanwhile goes on when the browser has started, which may come later.
func TestASecretAddressLeadsOnLater(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	const secret = "https://example.com/?state=secret"
	var argument string
	err := StartOnce(ctx, secret, func(_ context.Context, address string) error {
		argument = address
		return nil
	})
	if status, to, text := get(t, argument, http.MethodGet); err != nil || status != http.StatusSeeOther || to != secret {
		t.Errorf("%d, %s, %s, %v", status, to, text, err)
	}
	err = StartOnce(ctx, "https://example.com", func(_ context.Context, address string) error { argument = address; return nil })
	cancel()
	for err == nil { // until nothing listens any more
		if status, _, _ := get(t, argument, http.MethodPost); status == 0 {
			break
		}
	}
	failed := model.NewError("browser.program", "No browser.")
	for address, want := range map[string]string{"https://example.com": "browser.program", "file:///secret": "browser.url"} {
		if err := StartOnce(t.Context(), address, func(context.Context, string) error { return failed }); model.ErrorCode(err) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestASecretAddressThatNobodyOpens(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if err := OpenOnce(ctx, "https://example.com", func(context.Context, string) error { cancel(); return nil }); err == nil {
		t.Error("no error")
	}
	if err := OpenOnce(t.Context(), "file:///secret", nil); model.ErrorCode(err) != "browser.url" || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
	failed := model.NewError("browser.program", "No browser.")
	err := OpenOnce(t.Context(), "https://example.com", func(context.Context, string) error { return failed })
	if !errors.Is(err, failed) {
		t.Error(err)
	}
}

// A name of an attacker that leads to this computer gets nothing.
func TestAHandoverIsForThisComputerOnly(t *testing.T) {
	h := &handover{path: "/p", to: "https://example.com", done: make(chan struct{})}
	r := httptest.NewRequest(http.MethodGet, "http://evil.example:80/p", http.NoBody)
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusNotFound {
		t.Error(w.Code)
	}
}

func TestCommandLinesOfBrowsers(t *testing.T) {
	const page = "http://127.0.0.1:1/A"
	for line, want := range map[string][]string{
		"firefox": {"firefox", page},
		` chromium  --profile-directory="Profile 2"`:                   {"chromium", "--profile-directory=Profile 2", page},
		`"C:\Program Files\Firefox\firefox.exe" -P 'My work' {url} -x`: {`C:\Program Files\Firefox\firefox.exe`, "-P", "My work", page, "-x"},
		"firefox ext+container:name=Work&url={url}":                    {"firefox", "ext+container:name=Work&url=http%3A%2F%2F127.0.0.1%3A1%2FA"},
		"": opener(page),
	} {
		if got := chosen(line, page); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	if err := Open(t.Context(), "no-such-browser-here", page); model.ErrorCode(err) != "browser.program" {
		t.Error(err)
	}
}
