package script

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestCallsAWS(t *testing.T) {
	for text, want := range map[string]bool{
		"aws s3 ls": true, "  aws --version": true, "set -e\nid=$(aws sts get-caller-identity)": true, "if aws s3 ls; then": true,
		"if true; then aws s3 ls; fi": true, "true && aws s3 ls": true, "x=`aws s3 ls`": true, "$x = aws s3 ls | ConvertFrom-Json": true,
		"$all = (aws ec2 describe-instances)": true, "aws.exe s3 ls": true, "! aws s3 ls": true,
		"": false, "# aws s3 ls": false, "echo aws s3 ls": false, "aws": false, "aws-vault exec x": false, "jaws bite": false,
		"./aws s3 ls": false, "aws_region=eu": false, "say 'paws up'": false,
	} {
		if got := CallsAWS(model.Bash, text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestPythonCallsAWS(t *testing.T) {
	for text, want := range map[string]bool{
		`subprocess.run(["aws", "s3", "ls"])`: true, `os.system('aws s3 ls')`: true, "run([\n    'aws',\n    's3'])": true,
		`cmd = f"aws s3 ls {bucket}"`: true, `check_output("aws --version")`: true, `run(['aws.exe', 'sts'])`: true,
		`print("no aws here")`: false, `import boto3`: false, `x = "aws"`: false, `region = aws.region()`: false, `d["aws"]`: false,
	} {
		if got := CallsAWS(model.Python, text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
