package rehearsal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/rehearsal"
)

const (
	user   = "User: arn:aws:sts::123456789012:assumed-role/deployer/stepdeck-214-Roll-the-web-tier is not authorized to perform: "
	put    = user + `s3:PutObject on resource: "arn:aws:s3:::bucket/b c" `
	putObj = user + `s3:PutObject on resource: "arn:aws:s3:::bucket/b" because no session policy allows the s3:PutObject action`
	why    = "because no session policy allows the s3:PutObject action"
)

func TestFinder(t *testing.T) {
	for name, row := range map[string]struct {
		log  string
		want model.RefusedCall // of line 1, once
	}{
		"aws 1": {"\nAn error occurred (AccessDenied) when calling the PutObject operation: " + putObj,
			model.RefusedCall{Operation: "PutObject", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/b", Because: why}},
		"a blank in the name": {"An error occurred (AccessDenied) when calling the PutObject operation: " + put + why,
			model.RefusedCall{Operation: "PutObject", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/b c", Because: why}},
		"aws 2": {"aws: [ERROR]: An error occurred (AccessDenied) when calling the PutObject operation: " + putObj,
			model.RefusedCall{Operation: "PutObject", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/b", Because: why}},
		"aws s3": {"upload failed: ./b to s3://bucket/b An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
			model.RefusedCall{Operation: "PutObject"}},
		"head": {"fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden",
			model.RefusedCall{Operation: "HeadObject"}},
		"retried": {"An error occurred (AccessDeniedException) when calling the PutItem operation (reached max retries: 4): " + user +
			"dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/T with an explicit deny in a service control policy",
			model.RefusedCall{Operation: "PutItem", Action: "dynamodb:PutItem", Resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/T",
				Because: "with an explicit deny in a service control policy"}},
		"boto3 and EC2": {"botocore.exceptions.ClientError: An error occurred (UnauthorizedOperation) when calling the RunInstances operation: " +
			"You are not authorized to perform this operation. " + user + "ec2:RunInstances on resource: " +
			"arn:aws:ec2:eu-west-1:123456789012:instance/* because no session policy allows the ec2:RunInstances action. Encoded " +
			"authorization failure message: x",
			model.RefusedCall{Operation: "RunInstances", Action: "ec2:RunInstances", Resource: "arn:aws:ec2:eu-west-1:123456789012:instance/*",
				Because: "because no session policy allows the ec2:RunInstances action"}},
		"EC2 before": {"An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized to perform " +
			"this operation. Encoded authorization failure message: x", model.RefusedCall{Operation: "RunInstances"}},
		"no resource": {user + "ce:GetTags", model.RefusedCall{Action: "ce:GetTags"}},
		"this resource": {user + "kms:Decrypt on this resource because no identity-based policy allows the kms:Decrypt action",
			model.RefusedCall{Action: "kms:Decrypt", Because: "because no identity-based policy allows the kms:Decrypt action"}},
		"permissions boundary": {user + "sqs:SendMessage on resource: arn:q because no permissions boundary allows the sqs:SendMessage action",
			model.RefusedCall{Action: "sqs:SendMessage", Resource: "arn:q",
				Because: "because no permissions boundary allows the sqs:SendMessage action"}},
		"Go": {"Error: creating: operation error S3: CreateBucket, https response error StatusCode: 403, RequestID: x, HostID: y, " +
			"api error AccessDenied: Access Denied", model.RefusedCall{Operation: "CreateBucket"}},
		"PowerShell 7": {"Write-S3Object: /tmp/w/script.ps1:3\nLine |\n   3 |  Write-S3Object\n     |  ~~~~~~~~~~~~~~\n     | " +
			wrapped(putObj, "\n     | "), model.RefusedCall{Operation: "Write-S3Object", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/b",
			Because: why}},
		"PowerShell 5.1": {"Write-S3Object : " + wrapped(putObj, "\n") + "\nAt C:\\w\\script.ps1:3 char:1\n+ Write-S3Object",
			model.RefusedCall{Operation: "Write-S3Object", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/b", Because: why}},
		"PowerShell and S3 before": {"Write-S3Object : Access Denied\nAt C:\\w\\script.ps1:3 char:1",
			model.RefusedCall{Operation: "Write-S3Object"}},
		"PowerShell 7 and S3 before": {"Write-S3Object: /tmp/w/script.ps1:3\nLine |\n   3 |  Write-S3Object\n     |  ~~~~~~~~~~~~~~\n" +
			"     | Access Denied", model.RefusedCall{Operation: "Write-S3Object"}},
		"PowerShell's throw": {"OperationStopped: " + putObj,
			model.RefusedCall{Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/b", Because: why}},
	} {
		t.Run(name, func(t *testing.T) {
			calls := find(row.log)
			if len(calls) != 1 || calls[0].Times != 1 {
				t.Fatalf("found %+v", calls)
			}
			row.want.Times, row.want.Line = 1, calls[0].Line
			if calls[0] != row.want {
				t.Errorf("%#v\nwant %#v", calls[0], row.want)
			}
		})
	}
}

// wrapped breaks lines at words, as PowerShell does.
func wrapped(text, newline string) string {
	var b strings.Builder
	length := 0
	for i, word := range strings.Fields(text) {
		if length += len(word) + 1; length > 80 {
			b.WriteString(newline)
			length = len(word)
		} else if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}

func find(log string) []model.RefusedCall {
	var f rehearsal.Finder
	for i, line := range strings.Split(log, "\n") {
		f.Line(line, int64(i+1))
	}
	calls, _ := f.Calls()
	return calls
}

func TestFinderCounts(t *testing.T) {
	log := strings.Join([]string{"hello", putObj, "An error occurred (NoSuchBucket) when calling the GetObject operation: x", putObj,
		strings.ReplaceAll(putObj, "s3:PutObject", "s3:DeleteObject")}, "\n")
	calls := find(log)
	if len(calls) != 2 || calls[0].Times != 2 || calls[0].Line != 2 || calls[1].Action != "s3:DeleteObject" || calls[1].Line != 5 {
		t.Errorf("found %+v", calls)
	}
	if got := calls[0].String(); got != "s3:PutObject on arn:aws:s3:::bucket/b" {
		t.Errorf("it is called %q", got)
	}
}

func TestFinderIsBounded(t *testing.T) {
	var f rehearsal.Finder
	for i := range 1000 {
		f.Line(strings.ReplaceAll(putObj, "bucket/b", fmt.Sprint("bucket/", i)), int64(i+1))
	}
	if calls, more := f.Calls(); len(calls) != 200 || more != 800 {
		t.Errorf("%d calls and %d more", len(calls), more)
	}
}

func TestOtherErrorsAreNotRefusals(t *testing.T) {
	for _, line := range []string{
		"", "Access Denied to the party", "An error occurred (ExpiredToken) when calling the ListBuckets operation: expired",
		"An error occurred (ValidationError) when calling the X operation: arn:aws:s3:::x\nmore\nmore\nmore\nmore\nmore",
		"User: arn:aws:iam::1:user/x has logged in", "operation error S3: GetObject, x, api error NoSuchKey: Forbidden fruit",
	} {
		if calls := find(line); len(calls) > 0 {
			t.Errorf("%q: %+v", line, calls)
		}
	}
}

func FuzzFinder(f *testing.F) {
	f.Add(put, int64(1))
	f.Add("Write-S3Object : Access Denied\n     | User: arn:", int64(3))
	f.Fuzz(func(t *testing.T, text string, n int64) {
		var finder rehearsal.Finder
		for line := range strings.SplitSeq(text, "\n") {
			finder.Line(line, n)
		}
		calls, _ := finder.Calls()
		if slices.ContainsFunc(calls, func(c model.RefusedCall) bool { return c.Times < 1 }) {
			t.Errorf("%+v", calls)
		}
	})
}
