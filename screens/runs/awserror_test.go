package runs

import (
	"strings"
	"testing"
)

func TestReadFault(t *testing.T) {
	for _, row := range []struct{ name, line, want string }{
		{"denied by no policy",
			"An error occurred (AccessDenied) when calling the DeleteObject operation: User: " +
				"arn:aws:sts::123456789012:assumed-role/deployer/stepdeck is not authorized to perform: s3:DeleteObject on resource: " +
				"\"arn:aws:s3:::web-prod/a.html\" because no identity-based policy allows the s3:DeleteObject action",
			`role/deployer is not allowed to do s3:DeleteObject on "arn:aws:s3:::web-prod/a.html". None of its policies allows it.`},
		{"denied by a policy",
			"aws: An error occurred (UnauthorizedOperation) when calling the RunInstances operation: User: " +
				"arn:aws:iam::123456789012:user/ana is not authorized to perform: ec2:RunInstances on resource: " +
				"arn:aws:ec2:eu-west-1:123456789012:instance/* with an explicit deny in a service control policy",
			"user/ana is not allowed to do ec2:RunInstances on arn:aws:ec2:eu-west-1:123456789012:instance/*. A policy denies it."},
		{"denied without a resource",
			"An error occurred (AccessDeniedException) when calling the ListTables operation: User: arn:aws:iam::1:user/a is not " +
				"authorized to perform: dynamodb:ListTables",
			"user/a is not allowed to do dynamodb:ListTables."},
		{"denied without details", "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied",
			"ListObjectsV2: Access Denied (AccessDenied)"},
		{"throttled", "An error occurred (Throttling) when calling the DescribeStacks operation (reached max retries: 4): Rate exceeded",
			"AWS limits the rate of DescribeStacks. Run it again later."},
		{"expired", "An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.",
			"The credentials had expired when the script called PutObject."},
		{"an unknown key",
			"An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included " +
				"in the request is invalid.",
			"AWS does not know the access key."},
		{"no credentials", "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
			"The script called AWS without credentials. Choose an account in the step."},
		{"no network", `Could not connect to the endpoint URL: "https://sts.eu-west-9.amazonaws.com/"`,
			"AWS could not be reached. Check the region, the network and the proxy."},
		{"something else", "upload failed", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, ok := readFault(row.line)
			if f.sentence != row.want || ok != (row.want != "") {
				t.Errorf("got %q, %v", f.sentence, ok)
			}
			if ok && !isFault(row.line) {
				t.Error("isFault does not match the line")
			}
		})
	}
}

func FuzzReadFault(f *testing.F) {
	f.Add("An error occurred (A) when calling the B operation: User: arn:aws:iam::1:user/a " +
		"is not authorized to perform: s3:Get on resource: x")
	f.Fuzz(func(t *testing.T, line string) {
		got, ok := readFault(line)
		if ok && (got.sentence == "" || !strings.Contains(line, got.text)) {
			t.Errorf("%+v", got)
		}
	})
}
