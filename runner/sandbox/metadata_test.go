package sandbox_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

func TestMetadata(t *testing.T) {
	c := &clock{}
	s := start(t, sandbox.Options{Metadata: &sandbox.Metadata{Region: "eu-north-1", Session: time.Hour}, Now: c.now})
	client := imds.New(imds.Options{Endpoint: s.MetadataEndpoint(), EnableFallback: aws.FalseTernary})
	ctx := context.Background()
	if region, err := client.GetRegion(ctx, nil); err != nil || region.Region != "eu-north-1" {
		t.Errorf("%+v, %v", region, err)
	}
	keys, err := ec2rolecreds.New(func(o *ec2rolecreds.Options) { o.Client = client }).Retrieve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	who, err := stsOf(s,
		sandbox.Key{AccessKeyID: keys.AccessKeyID, SecretKey: keys.SecretAccessKey, SessionToken: keys.SessionToken}).GetCallerIdentity(ctx,
		&sts.GetCallerIdentityInput{})
	if err != nil || *who.Arn != "arn:aws:sts::000000000000:assumed-role/instance/"+sandbox.InstanceID {
		t.Errorf("%+v, %v", who, err)
	}
	again := func() string {
		k, err := ec2rolecreds.New(func(o *ec2rolecreds.Options) { o.Client = client }).Retrieve(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return k.AccessKeyID
	}
	if again() != keys.AccessKeyID {
		t.Error("new keys for every request")
	}
	c.forward(56 * time.Minute)
	if again() == keys.AccessKeyID {
		t.Error("no new keys although the old ones end soon")
	}
}

func TestMetadataFaults(t *testing.T) {
	ask := func(s *sandbox.Server, method, path string) int {
		r, err := http.NewRequest(method, s.MetadataEndpoint()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-aws-ec2-metadata-token-ttl-seconds", "60")
		answer, _ := do(t, r)
		return answer.StatusCode
	}
	const token, roles = "/latest/api/token", "/latest/meta-data/iam/security-credentials/"
	v1 := start(t, sandbox.Options{Metadata: &sandbox.Metadata{V1: true}})
	if status := ask(v1, http.MethodGet, roles+"instance"); status != http.StatusOK {
		t.Errorf("version 1: %d", status)
	}
	none := start(t, sandbox.Options{Metadata: &sandbox.Metadata{V1: true, NoRole: true}})
	if status := ask(none, http.MethodGet, roles); status != http.StatusNotFound {
		t.Errorf("no role: %d", status)
	}
	off := start(t, sandbox.Options{Metadata: &sandbox.Metadata{Forbidden: true}})
	if status := ask(off, http.MethodPut, token); status != http.StatusForbidden {
		t.Errorf("turned off: %d", status)
	}
	far := start(t, sandbox.Options{Metadata: &sandbox.Metadata{HopLimited: true}})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, far.MetadataEndpoint()+token, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := new(http.Client).Do(r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a token comes back: %v, %v", answer, err)
	}
}

func TestMetadataIsVersion2Only(t *testing.T) {
	c := &clock{}
	s := start(t, sandbox.Options{Metadata: &sandbox.Metadata{}, Now: c.now})
	ask := func(method, path string, header ...string) (int, string) {
		r, err := http.NewRequest(method, s.MetadataEndpoint()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		answer, body := do(t, r)
		return answer.StatusCode, body
	}
	const ttl, token, roles = "X-aws-ec2-metadata-token-ttl-seconds", "X-aws-ec2-metadata-token", "/latest/meta-data/iam/security-credentials/"
	status, good := ask(http.MethodPut, "/latest/api/token", ttl, "60")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	for name, row := range map[string]struct {
		method, path string
		header       []string
		status       int
		says         string
	}{
		"role":         {http.MethodGet, roles, []string{token, good}, 200, "instance"},
		"no slash":     {http.MethodGet, strings.TrimSuffix(roles, "/"), []string{token, good}, 200, "instance"},
		"keys":         {http.MethodGet, roles + "instance", []string{token, good}, 200, `"Code":"Success"`},
		"another role": {http.MethodGet, roles + "other", []string{token, good}, 404, ""},
		"document":     {http.MethodGet, "/latest/dynamic/instance-identity/document", []string{token, good}, 200, `"accountId":"000000000000"`},
		"version 1":    {http.MethodGet, roles, nil, 401, ""},
		"wrong token":  {http.MethodGet, roles, []string{token, "x"}, 401, ""},
		"no ttl":       {http.MethodPut, "/latest/api/token", nil, 400, ""},
		"ttl too long": {http.MethodPut, "/latest/api/token", []string{ttl, "21601"}, 400, ""},
		"forwarded":    {http.MethodPut, "/latest/api/token", []string{ttl, "60", "X-Forwarded-For", "192.0.2.1"}, 403, ""},
		"token by GET": {http.MethodGet, "/latest/api/token", []string{ttl, "60"}, 405, ""},
	} {
		if status, body := ask(row.method, row.path, row.header...); status != row.status || !strings.Contains(body, row.says) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	c.forward(61 * time.Second)
	if status, _ := ask(http.MethodGet, roles, token, good); status != http.StatusUnauthorized {
		t.Errorf("an old token: %d", status)
	}
}
