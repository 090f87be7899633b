package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// The endpoint refuses what AWS refuses: Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
func TestTheConsoleTakes(t *testing.T) {
	now := time.Now()
	key := sandbox.NewKey()
	s, err := sandbox.Start(t.Context(), sandbox.Options{Keys: []sandbox.Key{key}, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	client := func(id, secret, token string) *sts.Client {
		return sts.New(sts.Options{
			BaseEndpoint: aws.String(s.Endpoint()), Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider(id, secret, token),
		})
	}
	user := client(key.AccessKeyID, key.SecretKey, "")
	ctx := context.Background()
	assume := func(from *sts.Client, name string) [3]string {
		out, err := from.AssumeRole(ctx, &sts.AssumeRoleInput{
			RoleArn: aws.String("arn:aws:iam::000000000000:role/" + name), RoleSessionName: aws.String("me"),
		})
		if err != nil {
			t.Fatal(err)
		}
		return [3]string{*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken}
	}
	role := assume(user, "deployer")
	chained := assume(client(role[0], role[1], role[2]), "reader")
	session, err := user.GetSessionToken(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	federated, err := user.GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("me"), DurationSeconds: aws.Int32(7200)})
	if err != nil {
		t.Fatal(err)
	}
	fed := [3]string{*federated.Credentials.AccessKeyId, *federated.Credentials.SecretAccessKey, *federated.Credentials.SessionToken}
	token := ""
	for _, tt := range []struct {
		name, duration string
		keys           [3]string
		ok             bool
	}{
		{"a role", "", role, true},
		{"a role for long", "43200", role, true},
		{"a role for too long", "43201", role, false},
		{"a role too shortly", "899", role, false},
		{"a chained role", "", chained, true},
		{"a chained role for long", "3600", chained, false},
		{"a federated user", "", fed, true},
		{"a federated user for long", "3600", fed, false},
		{"a long-lived key", "", [3]string{key.AccessKeyID, key.SecretKey, ""}, false},
		{"a user's session", "", [3]string{*session.Credentials.AccessKeyId, *session.Credentials.SecretAccessKey,
			*session.Credentials.SessionToken}, false},
		{"another secret", "", [3]string{role[0], role[1] + "x", role[2]}, false},
		{"another token", "", [3]string{role[0], role[1], fed[2]}, false},
	} {
		text, status := signinToken(t, s, tt.keys, tt.duration)
		if (status == http.StatusOK) != tt.ok {
			t.Errorf("%s: HTTP %d", tt.name, status)
		}
		if tt.ok {
			token = text
		}
	}
	login := func(token, destination string) int {
		return get(t, s.Endpoint()+"/federation?"+url.Values{"Action": {"login"}, "SigninToken": {token}, "Destination": {destination}}.Encode())
	}
	page := s.Endpoint() + "/_console/s3/home?region=eu-west-1"
	for want, got := range map[int]int{
		http.StatusSeeOther: login(token, page), http.StatusBadRequest: login("x", page), http.StatusForbidden: get(t, page),
	} {
		if got != want {
			t.Errorf("HTTP %d, want %d", got, want)
		}
	}
	if got := login(token, "https://console.aws.amazon.com/"); got != http.StatusBadRequest {
		t.Errorf("a foreign destination: HTTP %d", got)
	}
	now = now.Add(16 * time.Minute)
	if got := login(token, page); got != http.StatusBadRequest {
		t.Errorf("an old token: HTTP %d", got)
	}
	now = now.Add(time.Hour)
	if _, status := signinToken(t, s, role, ""); status == http.StatusOK {
		t.Error("expired keys open the console")
	}
}

func signinToken(t *testing.T, s *sandbox.Server, keys [3]string, duration string) (token string, status int) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"sessionId": keys[0], "sessionKey": keys[1], "sessionToken": keys[2]})
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"Action": {"getSigninToken"}, "Session": {string(body)}}
	if duration != "" {
		form.Set("SessionDuration", duration)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Endpoint()+"/federation", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := (&http.Client{Timeout: time.Minute}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var found struct{ SigninToken string }
	text, _ := io.ReadAll(answer.Body)
	_ = json.Unmarshal(text, &found) // none, where it is refused
	return found.SigninToken, answer.StatusCode
}

func get(t *testing.T, address string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
