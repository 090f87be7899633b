package sandbox_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// endpointRules are endpoint rules of botocore, by which every region has the same endpoint.
const endpointRules = `{"version":"1.0","parameters":{"Region":{"builtIn":"AWS::Region","required":false,"type":"String"},
"UseDualStack":{"builtIn":"AWS::UseDualStack","required":true,"default":false,"type":"Boolean"},
"UseFIPS":{"builtIn":"AWS::UseFIPS","required":true,"default":false,"type":"Boolean"},
"Endpoint":{"builtIn":"SDK::Endpoint","required":false,"type":"String"}},
"rules":[{"conditions":[],"endpoint":{"url":%q,"properties":{},"headers":{}},"type":"endpoint"}]}`

const profileOfSession = `[profile t]
sso_session = s
sso_account_id = 111111111111
sso_role_name = Deployer
region = eu-west-1
[sso-session s]
sso_start_url = %s
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`

// TestRealSignIn signs in to IAM Identity Center with the real aws and a device code. Its sso commands take no endpoint
// before version 2.13, so it is given endpoint rules.
func TestRealSignIn(t *testing.T) {
	program := awsProgram(t)
	if version, err := exec.Command(program, "--version").CombinedOutput(); err != nil || !strings.Contains(string(version), "aws-cli/2.") {
		t.Skipf("NOT SHOWN: %s can't sign in, only version 2 can", strings.TrimSpace(string(version)))
	}
	s := start(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{}})
	home := t.TempDir()
	write(t, filepath.Join(home, ".aws", "config"), fmt.Sprintf(profileOfSession, s.StartURL()))
	for _, service := range []string{"sso-oidc", "sso"} {
		write(t, filepath.Join(home, "data", service, "2019-06-10", "endpoint-rule-set-1.json"), fmt.Sprintf(endpointRules, s.Endpoint()))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	aws := func(args ...string) *exec.Cmd {
		c := exec.CommandContext(ctx, program, args...)
		c.Dir = home
		c.Env = []string{
			"PATH=/usr/bin:/bin", "HOME=" + home, "AWS_DATA_PATH=" + filepath.Join(home, "data"), "AWS_EC2_METADATA_DISABLED=true",
			"AWS_ENDPOINT_URL=" + s.Endpoint(), "AWS_PAGER=", "LC_ALL=C.UTF-8", "PYTHONUNBUFFERED=1",
		}
		return c
	}
	login := aws("sso", "login", "--profile", "t", "--no-browser", "--use-device-code")
	if out, err := aws("sso", "login", "help").CombinedOutput(); err != nil || !strings.Contains(string(out), "use-device-code") {
		login = aws("sso", "login", "--profile", "t", "--no-browser") // there is no other way in older versions
	}
	allowDevice(t, login)
	who, err := aws("sts", "get-caller-identity", "--profile", "t", "--endpoint-url", s.Endpoint()).CombinedOutput()
	if err != nil || !strings.Contains(string(who), "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Deployer_") {
		t.Errorf("%s, %v", who, err)
	}
}

// allowDevice runs a sign-in and allows it on the page that it prints.
func allowDevice(t *testing.T, login *exec.Cmd) {
	t.Helper()
	out, err := login.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errors strings.Builder
	login.Stderr = &errors
	if err := login.Start(); err != nil {
		t.Fatal(err)
	}
	printed, page := "", regexp.MustCompile(`http://\S+user_code=\S+`)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		printed += lines.Text() + "\n"
		if at := page.FindString(lines.Text()); at != "" {
			if status, _, body := answerPage(t, at, allow("ann")); status != 200 {
				t.Errorf("%d %s", status, body)
			}
		}
	}
	if err := login.Wait(); err != nil || !strings.Contains(printed, "Successfully logged into") {
		t.Fatalf("%v: %s%s", err, printed, errors.String())
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
