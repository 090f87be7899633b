package console_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
)

func TestCachePathIsTheOneOfTheAWSCommand(t *testing.T) {
	const jo = "arn:aws:iam::111122223333:user/jo"
	if got := console.CachePath("cache", " "+jo+"\n"); got != console.CachePath("cache", jo) || filepath.Dir(got) != "cache" {
		t.Error(got)
	}
	if empty := "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.json"; console.CachePath("", "") != empty {
		t.Error(console.CachePath("", ""))
	}
}

// written writes the file of a sign-in as the aws command does, with a field of its own at both levels.
func written(t *testing.T, tokens console.Tokens, idField string) string {
	t.Helper()
	path := console.CachePath(t.TempDir(), tokens.Session)
	data, err := json.Marshal(map[string]any{
		"accessToken": map[string]any{
			"accessKeyId": tokens.AccessKeyID, "secretAccessKey": tokens.SecretAccessKey, "sessionToken": tokens.SessionToken,
			"accountId": tokens.AccountID, "expiresAt": tokens.Expires.UTC().Format("2006-01-02T15:04:05Z"), "inner": "kept",
		},
		"tokenType": tokens.TokenType, "clientId": tokens.ClientID, "refreshToken": tokens.RefreshToken,
		idField: tokens.IDToken, "dpopKey": tokens.ProofKey, "outer": []int{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil { // as the aws command of old did
		t.Fatal(err)
	}
	return path
}

func TestTheFileOfTheAWSCommandIsRead(t *testing.T) {
	s := newService(t)
	tokens := signIn(t, s, options(s))
	for _, field := range []string{"idToken", "identityToken"} {
		got, err := console.ReadCache(written(t, tokens, field), " "+arn, region)
		if err != nil || got != tokens {
			t.Errorf("%s: %v, %v", field, got, err)
		}
	}
}

func TestTheFileKeepsWhatOthersWrote(t *testing.T) {
	s := newService(t)
	tokens := signIn(t, s, options(s))
	path := written(t, tokens, "idToken")
	next, err := console.Refresh(t.Context(), options(s), tokens)
	if err != nil {
		t.Fatal(err)
	}
	if err := console.WriteCache(path, next); err != nil {
		t.Fatal(err)
	}
	if got, err := console.ReadCache(path, arn, region); err != nil || got != next {
		t.Errorf("%v, %v", got, err)
	}
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), `"inner":"kept"`) || !strings.Contains(string(data), `"outer":[1]`) {
		t.Errorf("%s, %v", data, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestFilesThatCannotServeAskForASignIn(t *testing.T) {
	s := newService(t)
	tokens := signIn(t, s, options(s))
	whole, err := os.ReadFile(written(t, tokens, "idToken"))
	if err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(t.TempDir(), "missing.json")
	// Nobody has signed in there: that there is no such file is no news.
	if _, err := console.ReadCache(missing, arn, region); model.ErrorCode(err) != model.CodeSignInEnded || errors.Unwrap(err) != nil {
		t.Error(err)
	}
	for name, text := range map[string]string{
		"empty": "", "half": string(whole[:len(whole)/2]), "a list": "[]", "no key": strings.Replace(string(whole), "dpopKey", "other", 1),
		"another time": strings.Replace(string(whole), "expiresAt\":\"", "expiresAt\":\""+tokens.SecretAccessKey, 1),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.json")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := console.ReadCache(path, arn, region)
			if model.ErrorCode(err) != model.CodeSignInEnded || !strings.Contains(err.Error(), path) {
				t.Error(err)
			}
			hidden(t, err, tokens.Secrets()...)
		})
	}
}

func TestAFileThatCannotBeWrittenIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file", "below.json")
	if err := os.WriteFile(filepath.Dir(path), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := console.WriteCache(path, console.Tokens{}); model.ErrorCode(err) != "signin.cache.write" {
		t.Error(err)
	}
	if _, err := console.Cached(console.Options{Region: region}, path, arn).Get(t.Context()); model.ErrorCode(err) != "signin.cache.lock" {
		t.Error(err)
	}
}

// Two refreshers, as two processes have them, and 20 who ask at once.
func TestAFileIsRenewedOnce(t *testing.T) {
	s := newService(t)
	o := options(s)
	s.life = 60
	tokens := signIn(t, s, o)
	s.life = 900
	path := written(t, tokens, "idToken")
	first, second := console.Cached(o, path, arn), console.Cached(o, path, arn)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			r := first
			if i%2 == 1 {
				r = second
			}
			got, err := r.Get(t.Context())
			if err != nil || time.Until(got.Expires) < 5*time.Minute {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	group.Wait()
	if s.calls != 2 {
		t.Errorf("%d renewals", s.calls-1)
	}
}

func TestARenewalByTheAWSCommandIsUsed(t *testing.T) {
	s := newService(t)
	o := options(s)
	s.life = 1
	old := signIn(t, s, o)
	s.life = 900
	path := written(t, old, "idToken")
	renewed, err := console.Refresh(t.Context(), o, old)
	if err != nil {
		t.Fatal(err)
	}
	s.failure = func(w http.ResponseWriter) { // as it would be for the spent token
		if err := console.WriteCache(path, renewed); err != nil {
			t.Error(err)
		}
		refuse(w, http.StatusForbidden, "AccessDeniedException", "TOKEN_EXPIRED")
	}
	if got, err := console.Cached(o, path, arn).Get(t.Context()); err != nil || got != renewed {
		t.Errorf("%v, %v", got, err)
	}
}

func FuzzReadCache(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"accessToken":{"accessKeyId":"A","secretAccessKey":"B","sessionToken":"C","expiresAt":"2026-01-02T03:04:05Z"},` +
		`"clientId":"D","refreshToken":"E","dpopKey":"-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"}`))
	f.Add([]byte(`{"accessToken":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "file.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		tokens, err := console.ReadCache(path, arn, region)
		if (err == nil) == (tokens == console.Tokens{}) {
			t.Errorf("%q: %v, %v", data, tokens, err)
		}
	})
}
