package sandbox_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

func TestContainer(t *testing.T) {
	c := &clock{}
	s := start(t, sandbox.Options{
		Container: &sandbox.Container{Role: "arn:aws:iam::123456789012:role/team/pod", Session: 20 * time.Minute}, Now: c.now,
	})
	retrieve := func() sandbox.Key {
		k, err := endpointcreds.New(s.ContainerEndpoint(), func(o *endpointcreds.Options) { o.AuthorizationToken = s.ContainerToken() }).
			Retrieve(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if left := k.Expires.Sub(c.now()); left < 5*time.Minute || left > 20*time.Minute {
			t.Errorf("the keys live for %v", left)
		}
		return sandbox.Key{AccessKeyID: k.AccessKeyID, SecretKey: k.SecretAccessKey, SessionToken: k.SessionToken}
	}
	first := retrieve()
	who, err := stsOf(s, first).GetCallerIdentity(context.Background(), nil)
	if err != nil || *who.Arn != "arn:aws:sts::123456789012:assumed-role/pod/container" {
		t.Errorf("%+v, %v", who, err)
	}
	if retrieve() != first {
		t.Error("new keys for every request")
	}
	c.forward(16 * time.Minute)
	if retrieve() == first {
		t.Error("no new keys although the old ones end soon")
	}
	for name, row := range map[string]struct {
		url, token string
		status     int
		says       string
	}{
		"wrong token":  {s.ContainerEndpoint(), "x", http.StatusUnauthorized, "AccessDenied"},
		"no token":     {s.ContainerEndpoint(), "", http.StatusUnauthorized, "AccessDenied"},
		"another role": {s.Endpoint() + "/role/other", s.ContainerToken(), http.StatusNotFound, "NoSuchRole"},
	} {
		r, err := http.NewRequest(http.MethodGet, row.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", row.token)
		if answer, body := do(t, r); answer.StatusCode != row.status || !strings.Contains(body, row.says) {
			t.Errorf("%s: %d %s", name, answer.StatusCode, body)
		}
	}
	none := start(t, sandbox.Options{})
	if none.ContainerEndpoint() != "" || none.ContainerToken() != "" {
		t.Error("there is a container although none was requested")
	}
}
