// Package signature checks AWS Signature Version 4: who signed a request, with which secret, and whether the body is
// the signed one. It is written from the specification with only the standard library, so that it is an independent
// check of what the AWS SDKs and the aws command send.
//
// Source: IAM User Guide, "Create a signed AWS API request"; S3 API reference, "Authenticating Requests (AWS Signature
// Version 4)".
package signature

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	timeFormat = "20060102T150405Z"

	// S3 is the only service with different rules: paths are encoded once, the hash of the body is in a header.
	S3 = "s3"

	maxPresigned = 7 * 24 * time.Hour
)

// Claim is what a request says about its signature. Nothing of it is proven before Verify succeeds.
type Claim struct {
	AccessKeyID string
	Token       string // of temporary keys
	Time        time.Time
	Region      string
	Service     string
	Expires     time.Duration // of a presigned URL; 0 if signed in a header

	day       string
	signed    []string // names of the signed headers, lower case, sorted
	signature string
}

// Parse returns the claim in a request's Authorization header or query.
func Parse(r *http.Request) (Claim, error) {
	query, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return Claim{}, err
	}
	header := r.Header.Values("Authorization")
	switch {
	case len(header) > 1:
		return Claim{}, refuse(Malformed, "there is more than one Authorization header")
	case len(header) == 1 && query.has("X-Amz-Signature"):
		return Claim{}, refuse(Malformed, "the request is signed twice, in its header and in its query")
	case len(header) == 1:
		return fromHeader(r, header[0])
	case query.has("X-Amz-Signature") || query.has("X-Amz-Algorithm"):
		return fromQuery(query)
	}
	return Claim{}, refuse(Missing, "the request is not signed")
}

func fromHeader(r *http.Request, authorization string) (Claim, error) {
	rest, ok := strings.CutPrefix(authorization, algorithm+" ")
	if !ok {
		return Claim{}, refuse(Malformed, "the Authorization header does not begin with "+algorithm)
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := parts[name]; !found || twice {
			return Claim{}, refuse(Malformed, "the Authorization header can't be read")
		}
		parts[name] = value
	}
	date := r.Header.Get("X-Amz-Date")
	if date == "" {
		return Claim{}, refuse(Malformed, "the header X-Amz-Date is missing")
	}
	return newClaim(parts["Credential"], date, parts["SignedHeaders"], parts["Signature"], r.Header.Get("X-Amz-Security-Token"))
}

func fromQuery(q query) (Claim, error) {
	if q.get("X-Amz-Algorithm") != algorithm {
		return Claim{}, refuse(Malformed, "X-Amz-Algorithm is not "+algorithm)
	}
	c, err := newClaim(q.get("X-Amz-Credential"), q.get("X-Amz-Date"), q.get("X-Amz-SignedHeaders"), q.get("X-Amz-Signature"),
		q.get("X-Amz-Security-Token"))
	if err != nil {
		return Claim{}, err
	}
	seconds, err := strconv.Atoi(q.get("X-Amz-Expires"))
	if err != nil || seconds < 1 || seconds > int(maxPresigned/time.Second) {
		return Claim{}, refuse(Malformed, "X-Amz-Expires is not a number of seconds up to 604800")
	}
	c.Expires = time.Duration(seconds) * time.Second
	return c, nil
}

func newClaim(credential, date, signedHeaders, signature, token string) (Claim, error) {
	// A key id contains no slash, so there are five parts.
	scope := strings.Split(credential, "/")
	if len(scope) != 5 || scope[0] == "" || scope[2] == "" || scope[3] == "" || scope[4] != terminator {
		return Claim{}, refuse(Malformed, "the credential is not of the form key/day/region/service/"+terminator)
	}
	at, err := time.Parse(timeFormat, date)
	if err != nil || scope[1] != at.Format("20060102") {
		return Claim{}, refuse(Malformed, "the time of the request is not of the form "+timeFormat+" or not of the credential's day")
	}
	signed := strings.Split(signedHeaders, ";")
	if !slices.IsSorted(signed) || !slices.Contains(signed, "host") || strings.ToLower(signedHeaders) != signedHeaders {
		return Claim{}, refuse(Malformed, "the signed headers are not lower case, sorted and with host among them")
	}
	if len(signature) != 64 {
		return Claim{}, refuse(Malformed, "the signature is not 64 hexadecimal digits")
	}
	return Claim{
		AccessKeyID: scope[0], Token: token, Time: at, Region: scope[2], Service: scope[3],
		day: scope[1], signed: signed, signature: signature,
	}, nil
}

func (c Claim) scope() string {
	return strings.Join([]string{c.day, c.Region, c.Service, terminator}, "/")
}

// query is a parsed query string in which a plus sign is a plus sign, as in Signature Version 4.
type query []parameter

type parameter struct{ name, value string }

func parseQuery(raw string) (query, error) {
	var q query
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, err := url.PathUnescape(name)
		if err != nil {
			return nil, refuse(Malformed, "the query can't be decoded")
		}
		value, err = url.PathUnescape(value)
		if err != nil {
			return nil, refuse(Malformed, "the query can't be decoded")
		}
		q = append(q, parameter{name, value})
	}
	return q, nil
}

func (q query) has(name string) bool {
	return slices.ContainsFunc(q, func(p parameter) bool { return p.name == name })
}

func (q query) get(name string) string {
	for _, p := range q {
		if p.name == name {
			return p.value
		}
	}
	return ""
}
