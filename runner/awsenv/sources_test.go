package awsenv_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

const device = "arn:aws:iam::000000000000:mfa/sandbox"

// profileRequest returns a request for a profile of a configuration file.
func profileRequest(t testing.TB, s *sandbox.Server, name, configuration string) awsenv.Request {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	return awsenv.Request{
		Account: model.Account{Name: "Ours", Kind: model.KindProfile, Profile: name}, Region: "eu-west-1", Endpoint: s.Endpoint(),
		Profiles: profile.Files{Config: file}, RunID: 214, Step: "step", Environ: []string{"PATH=" + os.Getenv("PATH")}, Network: network(t),
	}
}

// configuration has the base profile with a key, and what is given.
func configuration(key sandbox.Key, more string) string {
	return "[profile base]\naws_access_key_id = " + key.AccessKeyID + "\naws_secret_access_key = " + key.SecretKey + "\n" + more
}

func TestProfiles(t *testing.T) {
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	process := fmt.Sprintf(`printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}'`, key.AccessKeyID, key.SecretKey)
	text := configuration(key, "[profile one]\nrole_arn = "+rolePath+"reader\nsource_profile = base\nrole_session_name = me\n"+
		"[profile two]\nrole_arn = "+rolePath+"partner\nsource_profile = one\nexternal_id = stepdeck\n"+
		"[profile process]\ncredential_process = "+process+"\n"+
		"[profile surroundings]\nrole_arn = "+rolePath+"reader\ncredential_source = Environment\n"+
		"[profile sso]\nsso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 000000000000\nsso_role_name = Admin\n")
	for name, row := range map[string]struct {
		arn   string
		roles []awsenv.Role
	}{
		"base":         {arn: "arn:aws:iam::000000000000:user/sandbox"},
		"one":          {arn: "arn:aws:sts::000000000000:assumed-role/reader/me"},
		"two":          {arn: "arn:aws:sts::000000000000:assumed-role/partner/stepdeck-214-step"},
		"process":      {arn: "arn:aws:iam::000000000000:user/sandbox"},
		"surroundings": {arn: "arn:aws:sts::000000000000:assumed-role/reader/stepdeck-214-step"},
		"sso":          {arn: "arn:aws:iam::000000000000:user/sandbox"},
		"one and the step's": {arn: "arn:aws:sts::000000000000:assumed-role/deployer/stepdeck-214-step",
			roles: []awsenv.Role{{AssumeRole: model.AssumeRole{ARN: rolePath + "deployer"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			first, _, _ := strings.Cut(name, " ")
			r := profileRequest(t, s, first, text)
			r.Roles = row.roles
			r.Network = network(t, "AWS_ACCESS_KEY_ID="+key.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+key.SecretKey)
			r.SignIn = func(_ context.Context, source profile.Source) (awsenv.Kept, error) {
				if source.SSO.Role != "Admin" {
					t.Errorf("asked to sign in for %+v", source)
				}
				return awsenv.Kept{AccessKeyID: key.AccessKeyID, SecretKey: key.SecretKey}, nil
			}
			got, err := awsenv.Resolve(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			if got.Identity.ARN != row.arn || got.Identity.Endpoint != s.Endpoint() || got.Kept != nil {
				t.Errorf("it is %+v", got.Identity)
			}
			for _, secret := range []string{key.SecretKey, value(got, "AWS_SECRET_ACCESS_KEY")} {
				if !slices.Contains(got.Secrets, secret) {
					t.Error("a secret would not be masked")
				}
			}
		})
	}
}

func TestProfilesThatFail(t *testing.T) {
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	const role = "role_arn = " + rolePath + "reader\n"
	for name, row := range map[string]struct {
		configuration string
		code          string
	}{
		"unknown":           {"[profile x]\n", "profile.unknown"},
		"process":           {"[profile p]\ncredential_process = exit 3\n", "process.failed"},
		"environment empty": {"[profile p]\ncredential_source = Environment\n" + role, "profile.environment"},
		"no container":      {"[profile p]\ncredential_source = EcsContainer\n" + role, "profile.container"},
		"no instance":       {"[profile p]\ncredential_source = Ec2InstanceMetadata\n" + role, "AWS-LOGIN-ERROR-0006"},
		"sign-in":           {"[profile p]\nlogin_session = arn:aws:iam::000000000000:user/x\n", "profile.signin"},
		"token file":        {"[profile p]\nweb_identity_token_file = /nowhere/token\n" + role, "AWS-LOGIN-ERROR-0006"},
		"another partition": {configuration(key, "[profile p]\nsource_profile = base\nrole_arn = arn:aws-cn:iam::000000000000:role/x\n"),
			"role.partition"},
		"region":    {configuration(key, "[profile p]\nsource_profile = base\nregion = mars\n"+role), "region.form"},
		"needs MFA": {configuration(key, "[profile p]\nsource_profile = base\nmfa_serial = "+device+"\n"+role), model.CodeMFANeeded},
		"endpoint":  {configuration(key, "[profile p]\nsource_profile = base\nendpoint_url = http://192.0.2.1\n"+role), "endpoint.plain"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := profileRequest(t, s, "p", row.configuration)
			r.Network = network(t, "AWS_ENDPOINT_URL="+s.Endpoint(), "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1")
			if name == "endpoint" {
				r.Endpoint = ""
			}
			if _, err := awsenv.Resolve(context.Background(), r); model.ErrorCode(err) != row.code {
				t.Errorf("%v (%s), want %s", err, model.ErrorCode(err), row.code)
			}
		})
	}
}

// A process runs once until its answer ends, and again after that.
func TestProcessIsKept(t *testing.T) {
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	ran := filepath.Join(t.TempDir(), "ran")
	ends := time.Now().Add(time.Hour).Truncate(time.Second).UTC()
	r := awsenv.Request{
		Region: "eu-west-1", Endpoint: s.Endpoint(), Network: network(t), Environ: []string{"PATH=" + os.Getenv("PATH")},
		Account: model.Account{Name: "Ours", Kind: model.KindProcess, Process: fmt.Sprintf(
			`echo x >>'%s'; echo '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s","Expiration":"%s"}'`, ran,
			key.AccessKeyID, key.SecretKey, ends.Format(time.RFC3339))},
	}
	times := func() int {
		body, err := os.ReadFile(ran)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(body), "x")
	}
	for run := range 3 {
		got, err := awsenv.Resolve(context.Background(), r)
		if err != nil || !got.Identity.Expires.Equal(ends) || times() != 1 {
			t.Fatalf("run %d: %+v, %v, %d processes", run, got.Identity, err, times())
		}
		r.Kept = throughVault(t, got.Kept)
	}
	late := r
	late.Now = func() time.Time { return ends.Add(-time.Minute) }
	if _, err := awsenv.Resolve(context.Background(), late); err != nil || times() != 2 {
		t.Errorf("near the end: %v, %d processes", err, times())
	}
	other := r
	other.Account.Process += " "
	if _, err := awsenv.Resolve(context.Background(), other); err != nil || times() != 3 {
		t.Errorf("another command line: %v, %d processes", err, times())
	}
}

// throughVault returns what is left of kept keys after they were stored as text.
func throughVault(t *testing.T, k *awsenv.Kept) *awsenv.Kept {
	t.Helper()
	if k == nil {
		t.Fatal("nothing is kept")
	}
	if text := fmt.Sprintf("%v %+v %#v", k, *k, k); strings.Contains(text, k.SecretKey) {
		t.Errorf("it prints %s", text)
	}
	text, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	var back awsenv.Kept
	if err := json.Unmarshal(text, &back); err != nil || back != *k {
		t.Fatalf("%v, %v", back == *k, err)
	}
	return &back
}
