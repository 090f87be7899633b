package script

import "testing"

func TestCallsAWS(t *testing.T) {
	for text, want := range map[string]bool{
		"aws s3 ls": true, "  aws --version": true, "set -e\nid=$(aws sts get-caller-identity)": true, "if aws s3 ls; then": true,
		"if true; then aws s3 ls; fi": true, "true && aws s3 ls": true, "x=`aws s3 ls`": true, "$x = aws s3 ls | ConvertFrom-Json": true,
		"$all = (aws ec2 describe-instances)": true, "aws.exe s3 ls": true, "! aws s3 ls": true,
		"": false, "# aws s3 ls": false, "echo aws s3 ls": false, "aws": false, "aws-vault exec x": false, "jaws bite": false,
		"./aws s3 ls": false, "aws_region=eu": false, "say 'paws up'": false,
	} {
		if got := CallsAWS(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
