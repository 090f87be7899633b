package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Values in place of the hash of a body that is not known before it is sent. Source: S3 API reference.
const (
	unsignedPayload        = "UNSIGNED-PAYLOAD"
	streamingSigned        = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	streamingSignedTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	streamingTrailer       = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

const hashHeader = "X-Amz-Content-Sha256"

// CheckTime returns an error unless the claim was made now, within tolerance, or is an unexpired presigned URL.
func (c Claim) CheckTime(now time.Time, tolerance time.Duration) error {
	age := now.Sub(c.Time)
	switch {
	case age < -tolerance:
		return refuse(Early, "signed at "+c.Time.Format(time.RFC3339)+", which is in the future")
	case c.Expires > 0 && age > c.Expires:
		return refuse(Late, "the presigned URL expired at "+c.Time.Add(c.Expires).Format(time.RFC3339))
	case c.Expires == 0 && age > tolerance:
		return refuse(Late, "signed at "+c.Time.Format(time.RFC3339)+", which is too long ago")
	}
	return nil
}

// Verify returns an error unless the request was signed with secret. payload is the hash of the body as in the signed
// text: PayloadHash for S3, HashOf the body for all other services.
func (c Claim) Verify(r *http.Request, secret, payload string) error {
	canonical, err := c.canonicalRequest(r, payload)
	if err != nil {
		return err
	}
	hashed := HashOf([]byte(canonical))
	text := strings.Join([]string{algorithm, c.Time.Format(timeFormat), c.scope(), hashed}, "\n")
	if !equal(sign(c.key(secret), text), c.signature) {
		return refuse(Mismatch, "the request signature does not match the secret of the key")
	}
	return nil
}

// PayloadHash returns what an S3 request says about its body.
func (c Claim) PayloadHash(r *http.Request) (string, error) {
	switch hash := r.Header.Get(hashHeader); {
	case hash != "":
		return hash, nil
	case c.Expires > 0:
		return unsignedPayload, nil
	}
	return "", refuse(Malformed, "the header "+hashHeader+" is missing")
}

// HashOf returns the lower case hexadecimal SHA-256 of a body.
func HashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// key derives the signing key of the claim's day, region and service.
func (c Claim) key(secret string) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{c.day, c.Region, c.Service, terminator} {
		key = mac(key, part)
	}
	return key
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func sign(key []byte, text string) string { return hex.EncodeToString(mac(key, text)) }

func equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

func (c Claim) canonicalRequest(r *http.Request, payload string) (string, error) {
	q, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return "", err
	}
	headers, err := c.canonicalHeaders(r)
	if err != nil {
		return "", err
	}
	return strings.Join([]string{
		r.Method, canonicalPath(r, c.Service), canonicalQuery(q), headers, strings.Join(c.signed, ";"), payload,
	}, "\n"), nil
}

func (c Claim) canonicalHeaders(r *http.Request) (string, error) {
	// A man in the middle could add an unsigned header that changes the meaning of the request.
	for name := range r.Header {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-amz-") && !slices.Contains(c.signed, name) && c.Expires == 0 {
			return "", refuse(Malformed, "the header "+name+" is not signed")
		}
	}
	var b strings.Builder
	for _, name := range c.signed {
		var values []string
		switch name {
		case "host": // net/http removes these three from the headers
			values = []string{r.Host}
		case "content-length":
			values = []string{strconv.FormatInt(r.ContentLength, 10)}
		case "transfer-encoding":
			values = r.TransferEncoding
		default:
			values = r.Header.Values(name)
		}
		if len(values) == 0 {
			return "", refuse(Mismatch, "the signed header "+name+" is missing")
		}
		for i, v := range values {
			if i > 0 {
				b.WriteByte(',')
			} else {
				b.WriteString(name + ":")
			}
			b.WriteString(strings.Join(strings.Fields(v), " "))
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

func canonicalQuery(q query) string {
	parts := make([]parameter, 0, len(q))
	for _, p := range q {
		if p.name != "X-Amz-Signature" {
			parts = append(parts, parameter{encode(p.name, false), encode(p.value, false)})
		}
	}
	slices.SortFunc(parts, func(a, b parameter) int {
		if by := strings.Compare(a.name, b.name); by != 0 {
			return by
		}
		return strings.Compare(a.value, b.value)
	})
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.name + "=" + p.value
	}
	return strings.Join(texts, "&")
}

func canonicalPath(r *http.Request, service string) string {
	path := r.URL.Path
	if path == "" {
		return "/"
	}
	if service == S3 { // a key may contain // and .., so nothing is cleaned
		return encode(path, true)
	}
	return encode(encode(path, true), true)
}

// encode is the URI encoding of Signature Version 4: everything except RFC 3986's unreserved characters, in upper case.
func encode(text string, keepSlash bool) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		switch ch := text[i]; {
		case 'a' <= ch && ch <= 'z', 'A' <= ch && ch <= 'Z', '0' <= ch && ch <= '9', ch == '-', ch == '_', ch == '.', ch == '~',
			ch == '/' && keepSlash:
			b.WriteByte(ch)
		default:
			b.WriteByte('%')
			b.WriteByte(digits[ch>>4])
			b.WriteByte(digits[ch&15])
		}
	}
	return b.String()
}
