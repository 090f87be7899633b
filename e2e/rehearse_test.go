//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// TestRehearse rehearses a step that reads, and then tries to change something: AWS refuses the change, which is allowed in the run that
// follows.
func TestRehearse(t *testing.T) {
	s := newStage(t)
	aws := s.startCloud()
	s.env = append(s.env, "KEY="+aws.SecretKey)
	s.command("account", "add", "Key", "--access-key", aws.AccessKey, "--secret-key-env", "KEY", "--endpoint", aws.Endpoint)
	s.importProject(fmt.Sprintf(`stepdeck: 1
project: Shop
variables:
  - {name: aws.account, type: aws-account, value: Key}
steps:
  - name: Fill
    aws: {account: aws.account, region: us-east-1, assumeRole: {arn: %q}}
    script:
      language: bash
      body: |
        aws --endpoint-url "$AWS_ENDPOINT_URL" sts get-caller-identity --query Arn --output text
        aws --endpoint-url "$AWS_ENDPOINT_URL" s3api create-bucket --bucket rehearsed || echo "not made"
        aws --endpoint-url "$AWS_ENDPOINT_URL" s3api list-buckets --query 'Buckets[].Name' --output text
`, deployer))
	w := s.open()
	w.openProject("Shop")
	w.click(words("Rehearse…"))
	w.read("Rehearse · Shop")
	w.read("It still reads data")
	w.click(words("Rehearse"))
	w.gone("Rehearse · Shop")
	w.read("REHEARSAL")
	w.read("AWS refused 1 call in this rehearsal:")
	w.read("s3:CreateBucket")
	w.logs("not made")

	w.click(words("Projects"))
	w.click(words("Run"))
	w.read("Run · Shop")
	w.click(words("Run"))
	w.gone("Run · Shop")
	w.read("✓ Succeeded")
	w.gone("REHEARSAL")
	w.logs("rehearsed")
	w.close()
}

// logs waits until the log of the run in view has the words.
func (w *window) logs(text string) {
	w.t.Helper()
	w.until("the log says "+text, func() bool {
		w.click(words("Copy"))
		return strings.Contains(w.clipboard(), text)
	})
}
