//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// TestThirtyProfilesInOneClick makes an account of each profile of ~/.aws, and runs with one of them.
func TestThirtyProfilesInOneClick(t *testing.T) {
	s := newStage(t)
	aws := s.startCloud()
	var config, credentials strings.Builder
	for i := range 30 {
		fmt.Fprintf(&config, "[profile team-%02d]\nregion = eu-west-1\nendpoint_url = %s\n", i, aws.Endpoint)
		fmt.Fprintf(&credentials, "[team-%02d]\naws_access_key_id = %s\naws_secret_access_key = %s\n", i, aws.AccessKey, aws.SecretKey)
	}
	s.write(".aws/config", config.String())
	s.write(".aws/credentials", credentials.String())
	w := s.open()
	w.click(words("Accounts"))
	w.click(words("Add many…"))
	w.read("0 of 30 ticked")
	w.inputs = 0
	w.click(words("All"))
	w.read("30 of 30 ticked")
	w.click(words("Add 30 accounts"))
	w.read("30 accounts were added.")
	if w.inputs != 2 {
		t.Errorf("it takes %d inputs", w.inputs)
	}
	if n := strings.Count(s.command("account", "list", "--json"), `"kind":"profile"`); n != 30 {
		t.Errorf("%d accounts are of profiles, want 30", n)
	}
	s.importProject(whoProject("team-17"))
	w.click(words("Projects"))
	w.runProject("As team-17")
	w.read("✓ Succeeded")
	w.click(words("Copy"))
	w.until("the log says who ran", func() bool { return strings.Contains(w.clipboard(), "arn:aws:iam::000000000000:user/sandbox") })
	w.close()
}

// whoProject is a project whose script asks AWS who an account is.
func whoProject(account string) string {
	return fmt.Sprintf(`stepdeck: 1
project: As %[1]s
variables:
  - {name: aws.account, type: aws-account, value: %[1]s}
steps:
  - name: Who
    aws: {account: aws.account, region: us-east-1}
    script: {language: bash, body: 'aws --endpoint-url "$AWS_ENDPOINT_URL" sts get-caller-identity --query Arn --output text'}
`, account)
}

// TestOneCodeServesManyRuns types the code of an MFA device for the first of three runs: a wrong one, then the right one.
func TestOneCodeServesManyRuns(t *testing.T) {
	s := newStage(t)
	aws := s.startCloud()
	s.env = append(s.env, "KEY="+aws.SecretKey)
	s.command("account", "add", "Key", "--access-key", aws.AccessKey, "--secret-key-env", "KEY", "--mfa-device", aws.MFADevice,
		"--endpoint", aws.Endpoint)
	s.importProject(whoProject("Key"))
	w := s.open()
	w.openProject("As Key")
	w.click(words("Run"))
	device := sandbox.MFADevice{Serial: aws.MFADevice, Seed: aws.MFASeed}
	wrong := []string{"000000", "000001", "000002", "000003"} // at most three are right around this time
	now := time.Now()
	wrong = slices.DeleteFunc(wrong, func(code string) bool {
		return slices.ContainsFunc([]time.Duration{-time.Minute, -30 * time.Second, 0, 30 * time.Second, time.Minute, 90 * time.Second},
			func(d time.Duration) bool { return device.Code(now.Add(d)) == code })
	})
	w.fill(field("Code for Key"), wrong[0])
	w.click(words("Continue"))
	w.read("AWS doesn't accept the code of the MFA device " + aws.MFADevice)
	w.fill(field("Code for Key"), device.Code(time.Now()))
	w.click(words("Continue"))
	w.read("first run in this AWS account")
	w.click(words("Run"))
	w.read("✓ Succeeded")
	for number := range 2 { // nobody is asked any more
		w.click(words("Run again"))
		w.read(fmt.Sprintf("#%d", number+2))
		w.read("✓ Succeeded")
	}
	s.until("all runs have succeeded", func() bool { return strings.Count(s.command("runs", "list"), "succeeded") == 3 })
	w.close()
}
