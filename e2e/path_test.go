//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

// TestDocumentedPath follows the documentation: an account, its variable, a step with AWS account, role and region, the script as source
// code, and a finished run whose log is read in the window.
func TestDocumentedPath(t *testing.T) {
	s := newStage(t)
	aws := s.startCloud()
	w := s.open()

	// Create an AWS account.
	w.click(words("Accounts"))
	w.click(words("Add account"))
	w.fill(field("Name"), "Website")
	w.fill(field("Access key"), aws.AccessKey)
	w.fill(field("Secret key"), aws.SecretKey)
	w.fill(field("Region"), "eu-west-1")
	w.click(words("More"))
	w.fill(field("Endpoint URL"), aws.Endpoint)
	w.click(words("Save and test"))
	w.read("AWS account " + aws.AWSID)
	w.click(words("Close"))
	w.gone("Save and test")

	// Create an AWS account project variable.
	w.click(words("Projects"))
	w.click(words("New project"))
	w.fill(field("Name"), "Shop")
	w.click(words("Create"))
	w.click(words("Variables"))
	w.click(words("Add Variable"))
	w.fill(field("Name"), "aws.account")
	w.click(field("Type"))
	w.click(words("Amazon Web Services Account"))
	w.read("Role Assigned to the AWS Instance Executing the Deployment")
	w.click(words("Website"))
	w.click(words("Add"))
	w.gone("Add value for another environment")

	// Add the AWS script step.
	w.click(words("Process"))
	w.click(words("Add step"))
	w.click(words("Add"))
	w.fill(field("Step name"), "Who am I")
	w.fill(field("AWS Account"), "aws.account")
	w.click(words("Yes"))
	w.fill(field("Role ARN"), deployer)
	w.fill(field("Region"), "eu-west-1")
	w.click(words("Bash"))
	w.script("echo \"from $AWS_DEFAULT_REGION\"\naws --endpoint-url \"$AWS_ENDPOINT_URL\" sts get-caller-identity --output text")
	w.click(words("Save and run"))

	// The first run in an AWS account is shown before it starts.
	w.read("Run · Shop")
	w.click(words("Run"))
	w.read("✓ Succeeded")
	w.click(words("Copy"))
	w.until("the log is copied", func() bool { return strings.Contains(w.clipboard(), "assumed-role/deployer") })
	if log := w.clipboard(); !strings.Contains(log, "from eu-west-1") {
		t.Errorf("the log says\n%s", log)
	}
	w.close()
}

// TestPastedKeys fills in the form of an account by pasting the commands that AWS tells people to copy, and by dropping a key file.
func TestPastedKeys(t *testing.T) {
	s := newStage(t)
	w := s.open()
	w.click(words("Accounts"))
	w.click(words("Add account"))
	w.focus(field("Name"))
	w.typing("Pasted")
	w.focus(field("Access key"))
	w.paste("export AWS_ACCESS_KEY_ID=" + demoKey + "\nexport AWS_SECRET_ACCESS_KEY=" + demoSecret +
		"\nexport AWS_DEFAULT_REGION=eu-central-1\n")
	w.await("the fields are filled", func(v view) bool {
		key, _ := field("Access key").find(v)
		secret, _ := field("Secret key").find(v)
		region, _ := field("Region").find(v)
		return key.Text == demoKey && len([]rune(secret.Text)) == len(demoSecret) && region.Text == "eu-central-1"
	})
	w.click(words("Save"))
	w.gone("Save and test")
	w.read("Pasted")

	w.click(words("Add account"))
	w.read("or drop the file here")
	w.drop(s.write("accessKeys.csv", "Access key ID,Secret access key\nAKIAI44QH8DHBEXAMPLE,"+demoSecret+"\n"))
	w.await("the form is filled from the file", func(v view) bool {
		key, _ := field("Access key").find(v)
		return key.Text == "AKIAI44QH8DHBEXAMPLE"
	})
	w.fill(field("Name"), "Dropped")
	w.key("Return")
	w.gone("Save and test")
	w.read("Dropped")
	w.close()

	for _, name := range []string{"Pasted", "Dropped"} {
		if text := s.command("account", "list"); !strings.Contains(text, name) {
			t.Errorf("the command lists\n%s", text)
		}
	}
}
