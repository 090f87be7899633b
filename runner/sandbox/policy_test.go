package sandbox_test

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

const (
	readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	extra    = "arn:aws:iam::000000000000:policy/extra"
)

// TestSessionPolicies shows what a rehearsal can count on: a session with AWS's ReadOnlyAccess reads and doesn't write.
func TestSessionPolicies(t *testing.T) {
	key, ctx := sandbox.NewKey(), context.Background()
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}, Policies: map[string]string{
		extra: `{"Statement":{"Effect":"Allow","Action":"S3:Put*","Resource":"arn:aws:s3:::bucket/new/?.txt"}}`,
	}})
	all := s3Of(s, key)
	if _, err := all.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("bucket")}); err != nil {
		t.Fatal(err)
	}
	put(t, all, "bucket", "a")
	calls := map[string]func(*s3.Client) error{
		"list buckets": func(c *s3.Client) error { _, err := c.ListBuckets(ctx, nil); return err },
		"list": func(c *s3.Client) error {
			_, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("bucket")})
			return err
		},
		"get": func(c *s3.Client) error {
			out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String("a")})
			if err == nil {
				_, err = io.Copy(io.Discard, out.Body)
			}
			return err
		},
		"put":     func(c *s3.Client) error { return putObject(c, "bucket", "b") },
		"put new": func(c *s3.Client) error { return putObject(c, "bucket", "new/b.txt") },
		"delete": func(c *s3.Client) error {
			_, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("bucket"), Key: aws.String("none")})
			return err
		},
		"create bucket": func(c *s3.Client) error {
			_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("other")})
			return err
		},
	}
	reads := []string{"list buckets", "list", "get"}
	for name, row := range map[string]struct {
		arns    []string
		policy  string
		allowed []string
	}{
		"read only":          {arns: []string{readOnly}, allowed: reads},
		"read only of China": {arns: []string{strings.Replace(readOnly, "aws:iam", "aws-cn:iam", 1)}, allowed: reads},
		"and what is added":  {arns: []string{readOnly, extra}, allowed: append([]string{"put new"}, reads...)},
		"an unknown policy":  {arns: []string{extra + "s"}},
		"S3 read only":       {arns: []string{"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}, allowed: reads},
		"view only":          {arns: []string{"arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"}, allowed: reads[:2]},
		"administrator":      {arns: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}, allowed: slices.Collect(maps.Keys(calls))},
		"an explicit deny": {
			arns: []string{readOnly}, policy: `{"Statement":[{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}]}`, allowed: reads[:2],
		},
		"all but some": {
			policy:  `{"Statement":{"Effect":"Allow","NotAction":["s3:get*","s3:CreateBucket"],"NotResource":"arn:aws:s3:::bucket/new/*"}}`,
			allowed: []string{"list buckets", "list", "put", "delete"},
		},
		"deny all but some": {
			arns: []string{readOnly}, allowed: []string{"get"},
			policy: `{"Statement":[{"Effect":"Deny","NotAction":"s3:GetObject","Resource":"*"},` +
				`{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::bucket/?"}]}`,
		},
		"one bucket's objects": {
			policy:  `{"Statement":{"Effect":"Allow","Action":["s3:GetObject","s3:DeleteObject"],"Resource":["arn:aws:s3:::bucket/*"]}}`,
			allowed: []string{"get", "delete"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := asRole("deployer")
			for _, arn := range row.arns {
				in.PolicyArns = append(in.PolicyArns, types.PolicyDescriptorType{Arn: &arn})
			}
			if row.policy != "" {
				in.Policy = &row.policy
			}
			client := s3Of(s, assume(t, s, key, in))
			for call, do := range calls {
				err := do(client)
				allowed := slices.Contains(row.allowed, call)
				switch {
				case allowed && err != nil:
					t.Errorf("%s: %v", call, err)
				case !allowed && !answered(err, "AccessDenied", "session policy"):
					t.Errorf("%s is not refused: %v", call, err)
				}
			}
		})
	}
	t.Run("AWS's words", func(t *testing.T) {
		in := asRole("deployer")
		in.PolicyArns = []types.PolicyDescriptorType{{Arn: aws.String(readOnly)}}
		session := assume(t, s, key, in)
		const want = `User: arn:aws:sts::000000000000:assumed-role/deployer/me is not authorized to perform: s3:PutObject on resource: ` +
			`"arn:aws:s3:::bucket/b" because no session policy allows the s3:PutObject action`
		if err := calls["put"](s3Of(s, session)); err == nil || !strings.Contains(err.Error(), want) {
			t.Error(err)
		}
		if _, err := stsOf(s, session).AssumeRole(ctx, asRole("reader")); code(err) != "AccessDenied" {
			t.Errorf("another role: %v", err)
		}
		if _, err := stsOf(s, session).GetCallerIdentity(ctx, nil); err != nil {
			t.Errorf("who it is may always be asked: %v", err)
		}
	})
}

func s3Of(s *sandbox.Server, k sandbox.Key) *s3.Client {
	return s3.NewFromConfig(config(s, k), func(o *s3.Options) { o.UsePathStyle = true })
}

func TestS3OfARegion(t *testing.T) {
	key, ctx := sandbox.NewKey(), context.Background()
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}})
	c := config(s, key)
	c.BaseEndpoint = aws.String(s.RegionEndpoint("eu-west-1"))
	client := s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("bucket")}); err != nil {
		t.Fatal(err)
	}
	put(t, client, "bucket", "a b")
	out, err := s3Of(s, key).ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("bucket")})
	if err != nil || len(out.Contents) != 1 || *out.Contents[0].Key != "a b" {
		t.Errorf("%+v, %v", out, err)
	}
}

func putObject(c *s3.Client, bucket, key string) error {
	_, err := c.PutObject(context.Background(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("text")})
	return err
}

func put(t *testing.T, c *s3.Client, bucket, key string) {
	t.Helper()
	if err := putObject(c, bucket, key); err != nil {
		t.Fatal(err)
	}
}
