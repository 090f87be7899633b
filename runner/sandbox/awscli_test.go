package sandbox_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// awsProgram finds the real aws. If it is missing, the test is skipped with a message, or fails if tools are required.
func awsProgram(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat("/usr/bin/aws"); err == nil {
		return "/usr/bin/aws"
	}
	path, err := exec.LookPath("aws")
	if err != nil {
		if os.Getenv("STEPDECK_REQUIRE_TOOLS") == "1" {
			t.Fatal("the aws program is not installed, so the sandbox can't be checked with its signatures")
		}
		t.Skip("NOT SHOWN: the aws program is not installed, so the sandbox was not tried with it")
	}
	return path
}

// TestRealProgram checks the sandbox with the real aws, whose signatures are independent of this code.
func TestRealProgram(t *testing.T) {
	program := awsProgram(t)
	key, device := sandbox.NewKey(), sandbox.NewMFADevice()
	s := start(t, sandbox.Options{
		Keys: []sandbox.Key{key}, MFADevices: []sandbox.MFADevice{device}, Aliases: map[string]string{sandbox.AccountID: "acme-test"},
	})
	folder := t.TempDir()
	run := func(k sandbox.Key, args ...string) (string, error) {
		c := exec.Command(program, append([]string{"--endpoint-url", s.Endpoint(), "--output", "json"}, args...)...)
		c.Dir = folder
		c.Env = []string{
			"PATH=/usr/bin:/bin", "HOME=" + folder, "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1", "AWS_EC2_METADATA_DISABLED=true",
			"AWS_PAGER=", "LC_ALL=C.UTF-8",
			"AWS_ACCESS_KEY_ID=" + k.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + k.SecretKey,
		}
		if k.SessionToken != "" {
			c.Env = append(c.Env, "AWS_SESSION_TOKEN="+k.SessionToken)
		}
		out, err := c.CombinedOutput()
		return string(out), err
	}
	must := func(t *testing.T, k sandbox.Key, args ...string) string {
		t.Helper()
		out, err := run(k, args...)
		if err != nil {
			t.Fatalf("aws %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return out
	}
	t.Run("identity", func(t *testing.T) {
		t.Parallel()
		if out := must(t, key, "sts", "get-caller-identity"); !strings.Contains(out, "arn:aws:iam::000000000000:user/sandbox") {
			t.Error(out)
		}
		wrong := key
		wrong.SecretKey = "x"
		if out, err := run(wrong, "sts", "get-caller-identity"); err == nil || !strings.Contains(out, "SignatureDoesNotMatch") {
			t.Error(out)
		}
	})
	t.Run("role", func(t *testing.T) {
		t.Parallel()
		out := must(t, key, "sts", "assume-role", "--role-arn", "arn:aws:iam::000000000000:role/partner", "--role-session-name", "me",
			"--external-id", "stepdeck")
		who := must(t, printedKey(t, out), "sts", "get-caller-identity")
		if !strings.Contains(who, "assumed-role/partner/me") {
			t.Error(who)
		}
	})
	t.Run("mfa", func(t *testing.T) {
		t.Parallel()
		out := must(t, key, "sts", "get-session-token", "--serial-number", device.Serial, "--token-code", device.Code(time.Now()))
		if who := must(t, printedKey(t, out), "iam", "list-account-aliases"); !strings.Contains(who, "acme-test") {
			t.Error(who)
		}
		if out, err := run(key, "sts", "get-session-token", "--serial-number", device.Serial, "--token-code", "000000"); err == nil ||
			!strings.Contains(out, "MultiFactorAuthentication failed with invalid MFA one time pass code") {
			t.Error(out)
		}
	})
	t.Run("rehearsal", func(t *testing.T) {
		t.Parallel()
		must(t, key, "s3", "mb", "s3://rehearsal")
		out := must(t, key, "sts", "assume-role", "--role-arn", rolePath+"deployer", "--role-session-name", "me", "--policy-arns",
			"arn="+readOnly, "--tags", "Key=team,Value=red", "--transitive-tag-keys", "team", "--source-identity", "ann")
		session := printedKey(t, out)
		must(t, session, "s3", "ls", "s3://rehearsal")
		if out, err := run(session, "s3", "rb", "s3://rehearsal"); err == nil ||
			!strings.Contains(out, "no session policy allows the s3:DeleteBucket action") {
			t.Error(out)
		}
	})
	t.Run("objects", func(t *testing.T) {
		t.Parallel()
		large := make([]byte, 20<<20) // in parts: aws does that from 8 MB on
		_, _ = rand.Read(large)
		if err := os.WriteFile(filepath.Join(folder, "large one.bin"), large, 0o600); err != nil {
			t.Fatal(err)
		}
		must(t, key, "s3", "mb", "s3://bucket")
		must(t, key, "s3", "cp", "large one.bin", "s3://bucket/sub folder/é+.bin")
		if out := must(t, key, "s3", "ls", "--recursive", "s3://bucket"); !strings.Contains(out, "20971520 sub folder/é+.bin") {
			t.Error(out)
		}
		must(t, key, "s3", "cp", "s3://bucket/sub folder/é+.bin", "back.bin")
		if back, err := os.ReadFile(filepath.Join(folder, "back.bin")); err != nil || !bytes.Equal(back, large) {
			t.Errorf("%d bytes came back, %v", len(back), err)
		}
		must(t, key, "s3", "rm", "s3://bucket/sub folder/é+.bin")
		must(t, key, "s3", "rb", "s3://bucket")
		if out, err := run(key, "s3", "ls", "s3://bucket"); err == nil || !strings.Contains(out, "NoSuchBucket") {
			t.Error(out)
		}
	})
}

// printedKey returns the temporary keys in what aws printed.
func printedKey(t *testing.T, out string) sandbox.Key {
	t.Helper()
	var answer struct {
		Credentials struct {
			AccessKeyID                   string `json:"AccessKeyId"`
			SecretAccessKey, SessionToken string
		}
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatal(err)
	}
	c := answer.Credentials
	return sandbox.Key{AccessKeyID: c.AccessKeyID, SecretKey: c.SecretAccessKey, SessionToken: c.SessionToken}
}
