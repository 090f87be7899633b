package identitycenter_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

func TestCachePathIsTheOneOfTheAWSCommand(t *testing.T) {
	if got := identitycenter.CachePath("cache", ""); got != filepath.Join("cache", "da39a3ee5e6b4b0d3255bfef95601890afd80709.json") {
		t.Error(got)
	}
}

const cached = `{"startUrl": "` + start + `/", "region": "eu-central-1", "accessToken": "access", "expiresAt": "2026-01-02T03:04:05Z",
	"clientId": "id", "clientSecret": "secret", "registrationExpiresAt": "2026-04-02T03:04:05Z", "refreshToken": "renewal", "theirs": 1}`

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheFileOfTheAWSCommandIsRead(t *testing.T) {
	want := identitycenter.Tokens{
		StartURL: start, Region: region, AccessToken: "access", Expires: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), RefreshToken: "renewal",
		Registration: identitycenter.Registration{
			ClientID: "id", ClientSecret: "secret", Expires: time.Date(2026, 4, 2, 3, 4, 5, 0, time.UTC),
			Grants: []string{"refresh_token"}, StartURL: start, Region: region,
		},
	}
	for _, text := range []string{cached, strings.ReplaceAll(cached, ":05Z", ":05UTC")} {
		if got, err := identitycenter.ReadCache(file(t, text), start+"/", region); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v, %v", got, err)
		}
	}
	legacy := `{"accessToken": "access", "expiresAt": "2026-01-02T03:04:05Z", "startUrl": "` + start + `", "region": "eu-central-1"}`
	if got, err := identitycenter.ReadCache(file(t, legacy), start, region); err != nil || got.RefreshToken != "" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestTheFileKeepsWhatOthersWrote(t *testing.T) {
	path := file(t, cached)
	tokens, err := identitycenter.ReadCache(path, start, region)
	if err != nil {
		t.Fatal(err)
	}
	tokens.AccessToken, tokens.Expires = "next", tokens.Expires.Add(time.Hour)
	if err := identitycenter.WriteCache(path, tokens); err != nil {
		t.Fatal(err)
	}
	if got, err := identitycenter.ReadCache(path, start, region); err != nil || !reflect.DeepEqual(got, tokens) {
		t.Errorf("%v, %v", got, err)
	}
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), `"theirs":1`) || !strings.Contains(string(data), `"expiresAt":"2026-01-02T04:04:05Z"`) {
		t.Errorf("%s, %v", data, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	below := filepath.Join(path, "below.json")
	if err := identitycenter.WriteCache(below, tokens); model.ErrorCode(err) != "signin.cache.write" {
		t.Error(err)
	}
}

func TestFilesThatCannotServeAskForASignIn(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.json")
	_, err := identitycenter.ReadCache(missing, start, region)
	if model.ErrorCode(err) != model.CodeSignInEnded || errors.Unwrap(err) != nil {
		t.Error(err)
	}
	for _, text := range []string{
		"", "[]", "{}", cached[:50], strings.Replace(cached, "accessToken", "x", 1), strings.Replace(cached, "2026-01", "access", 1),
	} {
		path := file(t, text)
		_, err := identitycenter.ReadCache(path, start, region)
		if model.ErrorCode(err) != model.CodeSignInEnded || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := identitycenter.ReadCache(file(t, cached), "x", region); model.ErrorCode(err) != "signin.starturl.form" {
		t.Error(err)
	}
}

// stored keeps tokens in a file, as the aws command does.
func stored(t *testing.T, tokens identitycenter.Tokens) string {
	t.Helper()
	path := identitycenter.CachePath(t.TempDir(), "my-sso")
	if err := identitycenter.WriteCache(path, tokens); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFileIsRenewedOnce(t *testing.T) {
	s := newService(t)
	o := options(s)
	tokens := signIn(t, o)
	tokens.Expires = time.Now().Add(time.Minute)
	path, before := stored(t, tokens), s.calls
	refreshers := [2]*refresh.Refresher[identitycenter.Tokens]{ // as of two processes
		identitycenter.Cached(o, path), identitycenter.Cached(o, path),
	}
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			if got, err := refreshers[i%2].Get(t.Context()); err != nil || time.Until(got.Expires) < 15*time.Minute {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	group.Wait()
	if s.calls != before+1 {
		t.Errorf("%d renewals", s.calls-before)
	}
	if got, err := identitycenter.ReadCache(path, start, region); err != nil || got.AccessToken != s.access {
		t.Errorf("the aws command has %v, %v", got, err)
	}
}

func TestARenewalByTheAWSCommandIsUsed(t *testing.T) {
	s := newService(t)
	o := options(s)
	old := signIn(t, o)
	renewed, err := identitycenter.Refresh(t.Context(), o, old)
	if err != nil {
		t.Fatal(err)
	}
	old.Expires = time.Now()
	path := stored(t, old)
	s.failure = func(w http.ResponseWriter, _ *http.Request) bool { // as it would be for the spent token
		if err := identitycenter.WriteCache(path, renewed); err != nil {
			t.Error(err)
		}
		refuse(w, http.StatusBadRequest, "InvalidGrantException")
		return true
	}
	if got, err := identitycenter.Cached(o, path).Get(t.Context()); err != nil || got.AccessToken != renewed.AccessToken {
		t.Errorf("%v, %v", got, err)
	}
}

func FuzzReadCache(f *testing.F) {
	f.Add([]byte(cached))
	f.Add([]byte(`{"accessToken":"a","expiresAt":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tokens, err := identitycenter.ReadCache(file(t, string(data)), start, region)
		if (err == nil) == (tokens.AccessToken == "") {
			t.Errorf("%q: %v, %v", data, tokens, err)
		}
	})
}
