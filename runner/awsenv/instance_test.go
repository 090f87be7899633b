package awsenv_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

func network(t testing.TB, environ ...string) *awsenv.Network {
	t.Helper()
	n, err := awsenv.NewNetwork(environ)
	if err != nil {
		t.Fatal(err)
	}
	n.RetryAtOnce()
	t.Cleanup(n.Close)
	return n
}

// instanceRequest returns a request for the instance role, with loopback endpoints found as the engine finds them.
func instanceRequest(t testing.TB, endpoint, metadata string) awsenv.Request {
	t.Helper()
	return awsenv.Request{
		Account: model.Account{Name: model.InstanceRole, Kind: model.KindInstanceRole}, Region: "eu-west-1", RunID: 1, Step: "step",
		Network: network(t, "AWS_ENDPOINT_URL_STS="+endpoint, "AWS_EC2_METADATA_SERVICE_ENDPOINT="+metadata),
	}
}

func TestInstanceRole(t *testing.T) {
	s := startSandbox(t, sandbox.Options{Metadata: &sandbox.Metadata{Session: 2 * time.Hour}})
	got, err := awsenv.Resolve(context.Background(), instanceRequest(t, s.Endpoint(), s.MetadataEndpoint()+"/"))
	if err != nil {
		t.Fatal(err)
	}
	id := got.Identity
	if id.ARN != "arn:aws:sts::000000000000:assumed-role/instance/"+sandbox.InstanceID || id.Kind != model.KindInstanceRole || id.Role != "" {
		t.Errorf("the identity is %+v", id)
	}
	// The identity must show that this is not AWS, and the script must not use these keys there.
	if id.Endpoint != s.Endpoint() || value(got, "AWS_ENDPOINT_URL") != s.Endpoint() {
		t.Errorf("it does not say where it asked: %+v", id)
	}
	if left := time.Until(id.Expires); left < time.Hour || value(got, "AWS_CREDENTIAL_EXPIRATION") != id.Expires.UTC().Format(time.RFC3339) {
		t.Errorf("it expires at %v, the script gets %s", id.Expires, value(got, "AWS_CREDENTIAL_EXPIRATION"))
	}
	for _, name := range []string{"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		if !slices.Contains(got.Secrets, value(got, name)) {
			t.Errorf("%s would not be masked", name)
		}
	}
}

// metadataService is one whose answers a test chooses. A status of 0 means 200.
type metadataService struct {
	tokenStatus, rolesStatus, keysStatus int
	roles, keys                          string
	hang                                 string // path that never gets an answer
}

func (m metadataService) start(t *testing.T) string {
	t.Helper()
	released := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := func(status int, body string) {
			if status != 0 && status != http.StatusOK {
				http.Error(w, http.StatusText(status), status)
				return
			}
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "60")
			fmt.Fprint(w, body)
		}
		if m.hang != "" && strings.HasSuffix(r.URL.Path, m.hang) {
			<-released
			return
		}
		switch {
		case r.URL.Path == "/latest/api/token":
			answer(m.tokenStatus, "a-token")
		case strings.HasSuffix(r.URL.Path, "/security-credentials/"), strings.HasSuffix(r.URL.Path, "/security-credentials"):
			answer(m.rolesStatus, m.roles)
		default:
			answer(m.keysStatus, m.keys)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(released) })
	return server.URL
}

func TestInstanceRoleFailures(t *testing.T) {
	const secret, token = "instance/secret/key", "instance-session-token"
	updated, ends := time.Now().UTC().Format(time.RFC3339), time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	keys := func(change ...string) string {
		body := `{"Code":"Success","LastUpdated":"` + updated + `","Type":"AWS-HMAC","AccessKeyId":"ASIAINSTANCE00000000","SecretAccessKey":"` +
			secret + `","Token":"` + token + `","Expiration":"` + ends + `"}`
		return strings.NewReplacer(change...).Replace(body)
	}
	for name, row := range map[string]struct {
		service metadataService
		code    string
		says    string
	}{
		"no role":    {metadataService{rolesStatus: 404}, "AWS-LOGIN-ERROR-0003", "no role"},
		"empty list": {metadataService{roles: " \n"}, "AWS-LOGIN-ERROR-0003", "no role"},
		"role does not trust": {metadataService{roles: "web", keys: `{"Code":"AssumeRoleUnauthorizedAccess","Message":"x"}`},
			"AWS-LOGIN-ERROR-0001", `"web"`},
		"another failure":      {metadataService{roles: "web", keys: `{"Code":"InternalError"}`}, "AWS-LOGIN-ERROR-0003", "InternalError"},
		"not JSON":             {metadataService{roles: "web", keys: "<html>" + secret}, "AWS-LOGIN-ERROR-0003", "can't be read"},
		"JSON of another kind": {metadataService{roles: "web", keys: `{"Expiration":"` + secret + `"}`}, "AWS-LOGIN-ERROR-0003", "can't be read"},
		"incomplete":           {metadataService{roles: "web", keys: keys(token, "")}, "AWS-LOGIN-ERROR-0003", "incomplete"},
		"keys not there":       {metadataService{roles: "web", keysStatus: 404}, "AWS-LOGIN-ERROR-0003", ""},
		"server fault":         {metadataService{rolesStatus: 500}, "AWS-LOGIN-ERROR-0003", "HTTP 500"},
		"version 1 only, 404":  {metadataService{tokenStatus: 404, roles: "web", keys: keys()}, "aws.metadata.v1", "version 2"},
		"version 1 only, 405":  {metadataService{tokenStatus: 405, roles: "web", keys: keys()}, "aws.metadata.v1", "version 2"},
		"switched off":         {metadataService{tokenStatus: 403}, "aws.metadata.off", ""},
		"bad token request":    {metadataService{tokenStatus: 400}, "aws.metadata.token", "HTTP 400"},
		"expired":              {metadataService{roles: "web", keys: keys(ends, "2020-01-15T00:00:00Z")}, "aws.instance.expired", "2020-01-1"},
		"from the future":      {metadataService{roles: "web", keys: keys(updated, "2099-01-15T00:00:00Z")}, "aws.instance.future", "2099-01-1"},
		"keys hang":            {metadataService{roles: "web", hang: "/web"}, "aws.metadata.broken", ""},
		"hop limit":            {metadataService{hang: "/token"}, "AWS-LOGIN-ERROR-0006", "hop limit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint := row.service.start(t)
			started := time.Now()
			_, err := awsenv.Resolve(context.Background(), instanceRequest(t, "http://127.0.0.1:1", endpoint))
			if model.ErrorCode(err) != row.code || !strings.Contains(err.Error(), row.says) {
				t.Fatalf("%v (%s), want %s", err, model.ErrorCode(err), row.code)
			}
			if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), token) {
				t.Errorf("it contains a secret: %v", err)
			}
			if took := time.Since(started); took > 45*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestNoMetadataService(t *testing.T) {
	_, err := awsenv.Resolve(context.Background(), instanceRequest(t, "http://127.0.0.1:1", "http://127.0.0.1:1"))
	if model.ErrorCode(err) != "AWS-LOGIN-ERROR-0006" {
		t.Error(err)
	}
}

func TestMetadataIsNeverRedirected(t *testing.T) {
	var followed bool
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	defer other.Close()
	service := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer service.Close()
	if _, err := awsenv.Resolve(context.Background(), instanceRequest(t, "http://127.0.0.1:1", service.URL)); err == nil || followed {
		t.Errorf("followed: %v, %v", followed, err)
	}
}

// Endpoints in the engine's own environment are used only together and only on this computer.
func TestOverrides(t *testing.T) {
	const endpoint, metadata = "AWS_ENDPOINT_URL=", "AWS_EC2_METADATA_SERVICE_ENDPOINT="
	const here, service = "http://127.0.0.1:4566", "http://[::1]:1338"
	for name, row := range map[string]struct {
		environ []string
		taken   bool
		notices int
	}{
		"both": {environ: []string{endpoint + here, metadata + service}, taken: true},
		"STS's own first": {environ: []string{endpoint + "https://sts.example.com", "AWS_ENDPOINT_URL_STS=" + here, metadata + service},
			taken: true},
		"blanks and slash": {environ: []string{endpoint + " " + here + " ", metadata + service + "/ "}, taken: true},
		"neither":          {},
		"STS elsewhere":    {environ: []string{endpoint + "https://sts.example.com", metadata + service}, notices: 1},
		"STS missing":      {environ: []string{metadata + service}, notices: 1},
		"metadata missing": {environ: []string{endpoint + here}},
		"metadata far":     {environ: []string{endpoint + here, metadata + "http://192.0.2.1"}, notices: 1},
		"likely name":      {environ: []string{endpoint + "http://127.0.0.1.example.com", metadata + service}, notices: 1},
		"with a password":  {environ: []string{endpoint + "http://a:b@127.0.0.1", metadata + service}, notices: 1},
	} {
		t.Run(name, func(t *testing.T) {
			n := network(t, row.environ...)
			gotSTS, gotMetadata := n.Overrides()
			if row.taken != (gotSTS == here && gotMetadata == service) || !row.taken && gotSTS+gotMetadata != "" || n.Notices() != row.notices {
				t.Errorf("%q, %q, %d notices", gotSTS, gotMetadata, n.Notices())
			}
		})
	}
}
