package signature_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/stepdeck/stepdeck/runner/sandbox/signature"
)

// The key of the examples in AWS's documentation.
const (
	exampleKey    = "AKIAIOSFODNN7EXAMPLE"
	exampleSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

var exampleTime = time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func request(method, target, host, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = host
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func authorization(signed, sig string) string {
	return "AWS4-HMAC-SHA256 Credential=" + exampleKey + "/20130524/us-east-1/s3/aws4_request,SignedHeaders=" + signed + ",Signature=" + sig
}

// Source: S3 API reference, "Examples: Signature Calculations".
func published() map[string]func() *http.Request {
	const host, at = "examplebucket.s3.amazonaws.com", "20130524T000000Z"
	return map[string]func() *http.Request{
		"get object": func() *http.Request {
			return request(http.MethodGet, "/test.txt", host, "", "Range", "bytes=0-9", "X-Amz-Content-Sha256", emptyHash, "X-Amz-Date", at,
				"Authorization", authorization("host;range;x-amz-content-sha256;x-amz-date",
					"f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
		},
		"put object": func() *http.Request {
			return request(http.MethodPut, "/test$file.text", host, "Welcome to Amazon S3.", "Date", "Fri, 24 May 2013 00:00:00 GMT",
				"X-Amz-Date", at,
				"X-Amz-Storage-Class", "REDUCED_REDUNDANCY", "X-Amz-Content-Sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
				"Authorization", authorization("date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
					"98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
		},
		"query without value": func() *http.Request {
			return request(http.MethodGet, "/?lifecycle", host, "", "X-Amz-Content-Sha256", emptyHash, "X-Amz-Date", at,
				"Authorization", authorization("host;x-amz-content-sha256;x-amz-date",
					"fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
		},
		"query with values": func() *http.Request {
			return request(http.MethodGet, "/?max-keys=2&prefix=J", host, "", "X-Amz-Content-Sha256", emptyHash, "X-Amz-Date", at,
				"Authorization", authorization("host;x-amz-content-sha256;x-amz-date",
					"34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
		},
		"presigned": func() *http.Request {
			return request(http.MethodGet,
				"/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"+
					"&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"+
					"&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", host, "")
		},
		"streamed": streamed,
	}
}

func streamed() *http.Request {
	chunk := func(size int, sig string) string {
		return fmt.Sprintf("%x;chunk-signature=%s\r\n%s\r\n", size, sig, strings.Repeat("a", size))
	}
	body := chunk(65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648") +
		chunk(1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497") +
		chunk(0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9")
	return request(http.MethodPut, "/examplebucket/chunkObject.txt", "s3.amazonaws.com", body, "X-Amz-Date", "20130524T000000Z",
		"X-Amz-Storage-Class", "REDUCED_REDUNDANCY", "X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "Content-Encoding",
		"aws-chunked",
		"X-Amz-Decoded-Content-Length", "66560", "Content-Length", "66824",
		"Authorization", authorization(
			"content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
			"4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"))
}

// check does what a server does with an S3 request.
func check(r *http.Request, secret string) ([]byte, error) {
	c, err := signature.Parse(r)
	if err != nil {
		return nil, err
	}
	if err := c.CheckTime(exampleTime, 5*time.Minute); err != nil {
		return nil, err
	}
	hash, err := c.PayloadHash(r)
	if err != nil {
		return nil, err
	}
	if err := c.Verify(r, secret, hash); err != nil {
		return nil, err
	}
	return c.Body(r, secret, 1<<20)
}

func TestPublishedExamples(t *testing.T) {
	for name, make := range published() {
		t.Run(name, func(t *testing.T) {
			body, err := check(make(), exampleSecret)
			if err != nil {
				t.Fatal(err)
			}
			if name == "streamed" && string(body) != strings.Repeat("a", 66560) {
				t.Errorf("the body has %d bytes", len(body))
			}
			if _, err := check(make(), exampleSecret+"x"); signature.ReasonOf(err) != signature.Mismatch {
				t.Errorf("another secret: %v", err)
			}
		})
	}
}

func TestRejectedRequests(t *testing.T) {
	examples := published()
	for name, row := range map[string]struct {
		of     string
		change func(*http.Request)
		want   signature.Reason
	}{
		"not signed":              {"get object", func(r *http.Request) { r.Header.Del("Authorization") }, signature.Missing},
		"another algorithm":       {"get object", func(r *http.Request) { r.Header.Set("Authorization", "AWS rest") }, signature.Malformed},
		"signed twice":            {"get object", func(r *http.Request) { r.URL.RawQuery = "X-Amz-Signature=1" }, signature.Malformed},
		"two headers":             {"get object", func(r *http.Request) { r.Header.Add("Authorization", "x") }, signature.Malformed},
		"another method":          {"get object", func(r *http.Request) { r.Method = http.MethodDelete }, signature.Mismatch},
		"another path":            {"get object", func(r *http.Request) { r.URL.Path = "/other.txt" }, signature.Mismatch},
		"another host":            {"get object", func(r *http.Request) { r.Host = "other" }, signature.Mismatch},
		"another header value":    {"get object", func(r *http.Request) { r.Header.Set("Range", "bytes=0-10") }, signature.Mismatch},
		"a signed header is gone": {"get object", func(r *http.Request) { r.Header.Del("Range") }, signature.Mismatch},
		"an unsigned amz header":  {"get object", func(r *http.Request) { r.Header.Set("X-Amz-Acl", "public-read") }, signature.Malformed},
		"more query":              {"get object", func(r *http.Request) { r.URL.RawQuery = "acl" }, signature.Mismatch},
		"broken query":            {"get object", func(r *http.Request) { r.URL.RawQuery = "a=%zz" }, signature.Malformed},
		"no date":                 {"get object", func(r *http.Request) { r.Header.Del("X-Amz-Date") }, signature.Malformed},
		"date of another day": {"get object", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20130525T000000Z") },
			signature.Malformed},
		"another time":    {"get object", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20130524T000001Z") }, signature.Mismatch},
		"too old":         {"get object", func(r *http.Request) { setDate(r, "20130523", "20130523T235459Z") }, signature.Late},
		"from the future": {"get object", func(r *http.Request) { setDate(r, "20130524", "20130524T000501Z") }, signature.Early},
		"another body": {"put object", func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("Welcome to Amazon S4.")) },
			signature.ContentChanged},
		"a wrong checksum":          {"put object", withSum("crc32", "AAAAAA=="), signature.Malformed}, // not signed
		"presigned, other query":    {"presigned", func(r *http.Request) { r.URL.RawQuery += "&versionId=1" }, signature.Mismatch},
		"presigned, no expiry":      {"presigned", func(r *http.Request) { cutQuery(r, "&X-Amz-Expires=86400") }, signature.Malformed},
		"streamed, one byte":        {"streamed", inBody("aaaa\r\n", "aaab\r\n"), signature.Mismatch},
		"streamed, chunk signature": {"streamed", inBody("0055627c", "1055627c"), signature.Mismatch},
		"streamed, last signature":  {"streamed", inBody("b6c6ea8a", "b6c6ea8b"), signature.Mismatch},
		"streamed, cut": {"streamed",
			inBody("\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n", ""), signature.Incomplete},
		"streamed, no length":       {"streamed", inBody("400;", ";"), signature.Malformed},
		"streamed, negative length": {"streamed", inBody("400;", "-400;"), signature.Malformed},
		"streamed, huge length":     {"streamed", inBody("400;", "7fffffffffffffff;"), signature.Incomplete},
	} {
		t.Run(name, func(t *testing.T) {
			r := examples[row.of]()
			row.change(r)
			if _, err := check(r, exampleSecret); signature.ReasonOf(err) != row.want {
				t.Errorf("reason %d, want %d: %v", signature.ReasonOf(err), row.want, err)
			}
		})
	}
}

func setDate(r *http.Request, day, at string) {
	r.Header.Set("X-Amz-Date", at)
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "20130524", day, 1))
}

func cutQuery(r *http.Request, part string) {
	r.URL.RawQuery = strings.Replace(r.URL.RawQuery, part, "", 1)
}

func withSum(kind, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("X-Amz-Checksum-"+kind, value) }
}

func inBody(before, after string) func(*http.Request) {
	return func(r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Contains(body, []byte(before)) {
			panic("the body does not hold what is to be changed")
		}
		r.Body = io.NopCloser(strings.NewReader(strings.Replace(string(body), before, after, 1)))
	}
}

// TestSignerOfTheSDK signs requests that are hard to canonicalize with AWS's own signer.
func TestSignerOfTheSDK(t *testing.T) {
	for name, row := range map[string]struct{ service, target, token string }{
		"plain":             {"s3", "/bucket/key", ""},
		"session token":     {"s3", "/bucket/key", "token/+=="},
		"odd key":           {"s3", "/bucket/a%20b/%C3%A9%20%2B%26%3D~-_.%27%28%29%2A//x", ""},
		"odd query":         {"s3", "/bucket?prefix=a%20b%2Fc%2Bd&delimiter=%2F&b=2&b=1&a&x-id=%E2%82%AC", ""},
		"dots in the key":   {"s3", "/bucket/a/../b/./c", ""},
		"another service":   {"sts", "/", "token"},
		"path, no S3":       {"execute-api", "/stage/a%20b/c", ""},
		"query, no S3":      {"sts", "/?Action=GetCallerIdentity&Version=2011-06-15", ""},
		"several of a kind": {"s3", "/b/k?z=1&a=2&Z=3&A=4", ""},
	} {
		t.Run(name, func(t *testing.T) {
			const body = "some body"
			r := request(http.MethodPost, row.target, "127.0.0.1:4566", body, "X-Custom", "  a   b  ", "Content-Type", "text/plain")
			hash := signature.HashOf([]byte(body))
			signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = row.service == "s3" })
			if row.service == "s3" {
				r.Header.Set("X-Amz-Content-Sha256", hash)
			}
			keys := aws.Credentials{AccessKeyID: exampleKey, SecretAccessKey: exampleSecret, SessionToken: row.token}
			if err := signer.SignHTTP(context.Background(), keys, r, hash, row.service, "eu-west-1", exampleTime); err != nil {
				t.Fatal(err)
			}
			c, err := signature.Parse(r)
			if err != nil {
				t.Fatal(err)
			}
			if c.Token != row.token || c.Region != "eu-west-1" || c.Service != row.service || c.AccessKeyID != exampleKey {
				t.Errorf("the claim is %+v", c)
			}
			if err := c.Verify(r, exampleSecret, hash); err != nil {
				t.Error(err)
			}
			if err := c.Verify(r, exampleSecret, signature.HashOf(nil)); signature.ReasonOf(err) != signature.Mismatch {
				t.Errorf("another body: %v", err)
			}
			if r.Header.Get("X-Custom") != "  a   b  " {
				t.Error("verifying changed a header")
			}
		})
	}
}

// TestTrailers streams bodies whose checksum comes last, signed and unsigned.
func TestTrailers(t *testing.T) {
	const content = "hello, trailing checksum"
	const right = "x-amz-checksum-crc32:seQX3g==" // computed with another program's zlib
	for name, row := range map[string]struct {
		signed  bool
		trailer string
		cut     string
		want    signature.Reason
	}{
		"unsigned":              {trailer: right},
		"signed":                {signed: true, trailer: right},
		"unsigned, wrong sum":   {trailer: "x-amz-checksum-crc32:AAAAAA==", want: signature.BadChecksum},
		"signed, wrong sum":     {signed: true, trailer: "x-amz-checksum-crc32:AAAAAA==", want: signature.BadChecksum},
		"announced but missing": {trailer: "x-amz-other:1", want: signature.Incomplete},
		"signature cut":         {signed: true, trailer: right, cut: "x-amz-trailer-signature", want: signature.Mismatch},
	} {
		t.Run(name, func(t *testing.T) {
			r := trailing(t, content, row.trailer, row.signed)
			if row.cut != "" {
				inBody(row.cut, "x-other")(r)
			}
			body, err := check(r, exampleSecret)
			if signature.ReasonOf(err) != row.want {
				t.Fatalf("reason %d, want %d: %v", signature.ReasonOf(err), row.want, err)
			}
			if err == nil && string(body) != content {
				t.Errorf("the body is %q", body)
			}
		})
	}
}

// trailing returns a streamed request, signed with the SDK's signers for the request and the chunks, and by hand for
// the trailer.
func trailing(t *testing.T, content, trailer string, signed bool) *http.Request {
	t.Helper()
	ctx, keys := context.Background(), aws.Credentials{AccessKeyID: exampleKey, SecretAccessKey: exampleSecret}
	hash := "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	if signed {
		hash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	}
	r := request(http.MethodPut, "/b/k", "127.0.0.1", "", "X-Amz-Content-Sha256", hash, "X-Amz-Trailer", "x-amz-checksum-crc32",
		"X-Amz-Decoded-Content-Length", fmt.Sprint(len(content)), "Content-Encoding", "aws-chunked")
	if err := v4.NewSigner().SignHTTP(ctx, keys, r, hash, "s3", "us-east-1", exampleTime); err != nil {
		t.Fatal(err)
	}
	_, seed, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	var body string
	if !signed {
		body = fmt.Sprintf("%x\r\n%s\r\n0\r\n%s\r\n\r\n", len(content), content, trailer)
	} else {
		previous := seed
		for _, chunk := range []string{content[:10], content[10:], ""} {
			previous = chunkSignature(previous, chunk)
			body += fmt.Sprintf("%x;chunk-signature=%s\r\n%s", len(chunk), previous, chunk)
			if chunk != "" {
				body += "\r\n"
			}
		}
		body += trailer + "\r\nx-amz-trailer-signature:" + trailerSignature(previous, trailer+"\n") + "\r\n\r\n"
	}
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return r
}

func chunkSignature(previous, chunk string) string {
	return hex.EncodeToString(hmacOf("AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n" +
		previous + "\n" + emptyHash + "\n" + signature.HashOf([]byte(chunk))))
}

func trailerSignature(previous, trailers string) string {
	return hex.EncodeToString(hmacOf("AWS4-HMAC-SHA256-TRAILER\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n" +
		previous + "\n" + signature.HashOf([]byte(trailers))))
}
