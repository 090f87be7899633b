package sandbox_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

func TestS3(t *testing.T) {
	key := sandbox.NewKey()
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}})
	ctx, client := context.Background(), s3.NewFromConfig(config(s, key))
	if _, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("bucket")}); err != nil {
		t.Fatal(err)
	}
	large := make([]byte, 5<<20)
	_, _ = rand.Read(large)
	for name, row := range map[string]struct {
		key  string
		body []byte
		sum  types.ChecksumAlgorithm
	}{
		"small":         {key: "a.txt", body: []byte("hello")},
		"empty":         {key: "empty"},
		"odd name":      {key: "a b/é+&=~ '()*!/ü//x", body: []byte("x")},
		"large":         {key: "large", body: large},
		"crc64":         {key: "c", body: large[:100_000], sum: types.ChecksumAlgorithmCrc64nvme},
		"sha1":          {key: "c", body: large[:100_000], sum: types.ChecksumAlgorithmSha1},
		"sha256":        {key: "c", body: large[:100_000], sum: types.ChecksumAlgorithmSha256},
		"crc32c":        {key: "c", body: large[:100_000], sum: types.ChecksumAlgorithmCrc32c},
		"looks gzipped": {key: "c.gz", body: []byte{0x1f, 0x8b, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client.PutObject(ctx,
				&s3.PutObjectInput{Bucket: aws.String("bucket"), Key: aws.String(row.key), Body: bytes.NewReader(row.body), ChecksumAlgorithm: row.sum})
			if err != nil {
				t.Fatal(err)
			}
			out, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String(row.key)})
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(out.Body)
			if err != nil || !bytes.Equal(got, row.body) {
				t.Errorf("%d bytes came back, %v", len(got), err)
			}
		})
	}
	t.Run("list", func(t *testing.T) {
		out, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("bucket"), Prefix: aws.String("a b/")})
		if err != nil || len(out.Contents) != 1 || *out.Contents[0].Key != "a b/é+&=~ '()*!/ü//x" {
			t.Errorf("%+v, %v", out, err)
		}
	})
	t.Run("presigned", func(t *testing.T) {
		url, err := s3.NewPresignClient(client).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String("a.txt")})
		if err != nil {
			t.Fatal(err)
		}
		for change, want := range map[string]int{"a.txt": http.StatusOK, "b.txt": http.StatusForbidden} {
			r, err := http.NewRequest(http.MethodGet, strings.Replace(url.URL, "a.txt", change, 1), nil)
			if err != nil {
				t.Fatal(err)
			}
			if answer, body := do(t, r); answer.StatusCode != want || want == http.StatusOK && body != "hello" {
				t.Errorf("%s: %d %s", change, answer.StatusCode, body)
			}
		}
	})
	t.Run("not there", func(t *testing.T) {
		_, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String("none")})
		var none *types.NoSuchKey
		if !errors.As(err, &none) {
			t.Error(err)
		}
	})
}

func TestS3RejectsInvalidRequests(t *testing.T) {
	key, c := sandbox.NewKey(), &clock{}
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}, Now: c.now})
	ctx := context.Background()
	role, err := stsOf(s, key).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String(sandbox.DefaultRoles()[1].ARN), RoleSessionName: aws.String("me"), DurationSeconds: aws.Int32(900),
	})
	if err != nil {
		t.Fatal(err)
	}
	temporary := keyOf(role)
	wrong, unknown, noToken := key, sandbox.NewKey(), temporary
	wrong.SecretKey, noToken.SessionToken = "x", ""
	list := func(k sandbox.Key) string {
		_, err := s3.NewFromConfig(config(s, k)).ListBuckets(ctx, nil)
		return code(err)
	}
	for name, row := range map[string]struct {
		key  sandbox.Key
		want string
	}{
		"good":         {key, ""},
		"temporary":    {temporary, ""},
		"wrong secret": {wrong, "SignatureDoesNotMatch"},
		"unknown":      {unknown, "InvalidAccessKeyId"},
		"no token":     {noToken, "InvalidToken"},
	} {
		if got := list(row.key); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
	c.forward(14 * time.Minute) // S3 tolerates 15 minutes
	if got := list(key); got != "" {
		t.Errorf("14 minutes later: %q", got)
	}
	c.forward(2 * time.Minute)
	if got := list(key); got != "RequestTimeTooSkewed" {
		t.Errorf("16 minutes later: %q", got)
	}
}

func TestS3KeepsNoToken(t *testing.T) {
	key := sandbox.Key{AccessKeyID: "ASIAEXAMPLE000000000", SecretKey: "s", SessionToken: "a-session-token"}
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}})
	ctx, client := context.Background(), s3.NewFromConfig(config(s, key))
	if _, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("bucket")}); err != nil {
		t.Fatal(err)
	}
	in := &s3.PutObjectInput{Bucket: aws.String("bucket"), Key: aws.String("k"), Body: strings.NewReader("x"),
		Metadata: map[string]string{"kept": "yes"}}
	if _, err := client.PutObject(ctx, in); err != nil {
		t.Fatal(err)
	}
	url, err := s3.NewPresignClient(client).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: in.Bucket, Key: in.Key})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, url.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, _ := do(t, r)
	if answer.StatusCode != http.StatusOK || answer.Header.Get("X-Amz-Meta-Kept") != "yes" {
		t.Fatalf("%d %v", answer.StatusCode, answer.Header)
	}
	for name, values := range answer.Header {
		if strings.Contains(strings.Join(values, " "), key.SessionToken) || strings.Contains(name, "Sha256") {
			t.Errorf("%s is returned to the next reader", name)
		}
	}
}
