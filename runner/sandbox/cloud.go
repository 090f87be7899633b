package sandbox

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/stepdeck/stepdeck/runner/sandbox/signature"
)

const requestIDHeader = "X-Amzn-Requestid"

// Maximum sizes of bodies in bytes. S3's own limit is 5 GB, and the aws command sends parts of 8 MB.
const (
	maxForm   = 1 << 20
	maxObject = 512 << 20
)

// cloud is the handler of the endpoint. The signature's scope names the service, so one address serves them all.
type cloud struct {
	now   func() time.Time
	known *identities
	sts   sts
	s3    http.Handler
}

func newCloud(o Options, known *identities) *cloud {
	// Times are checked before, by the sandbox's own clock.
	s3 := gofakes3.New(s3mem.New(), gofakes3.WithTimeSkewLimit(0))
	return &cloud{now: o.Now, known: known, sts: newSTS(o, known), s3: s3.Server()}
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", c.now().UTC().Format(http.TimeFormat))
	w.Header().Set(requestIDHeader, rand.Text())
	claim, err := signature.Parse(r)
	switch {
	case claim.Service == "sts" || err != nil && isForm(r):
		c.serveSTS(w, r, claim, err)
	case claim.Service == signature.S3 || err != nil:
		c.serveS3(w, r, claim, err)
	default:
		f := &fault{http.StatusNotImplemented, "NotImplemented", "The sandbox supports only sts and s3. This request was for " +
			strconv.Quote(claim.Service) + "."}
		f.writeOther(w, r)
	}
}

// isForm distinguishes an unsigned request to STS from one to S3.
func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.URL.Query().Has("Action")
}

func (c *cloud) serveSTS(w http.ResponseWriter, r *http.Request, claim signature.Claim, err error) {
	if err != nil {
		stsFault(err, claim, c.now()).writeQuery(w)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			(&fault{http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request is larger than " + strconv.Itoa(maxForm) +
				" bytes"}).writeQuery(w)
		}
		return // otherwise the client has disconnected
	}
	who, found := c.known.find(claim.AccessKeyID)
	if !found || claim.Token != who.token {
		denied("InvalidClientTokenId", "The security token included in the request is invalid.").writeQuery(w)
		return
	}
	if err := claim.CheckTime(c.now(), stsTolerance); err != nil {
		stsFault(err, claim, c.now()).writeQuery(w)
		return
	}
	if err := claim.Verify(r, who.secret, signature.HashOf(body)); err != nil {
		stsFault(err, claim, c.now()).writeQuery(w)
		return
	}
	if c.expired(who) {
		denied("ExpiredToken", "The security token included in the request is expired").writeQuery(w)
		return
	}
	c.sts.serve(w, r, body, who)
}

func (c *cloud) serveS3(w http.ResponseWriter, r *http.Request, claim signature.Claim, err error) {
	if err != nil {
		s3Fault(err, claim).writeS3(w)
		return
	}
	who, found := c.known.find(claim.AccessKeyID)
	switch {
	case !found:
		denied("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.").writeS3(w)
		return
	case claim.Token != who.token:
		invalid("InvalidToken", "The provided token is malformed or otherwise invalid.").writeS3(w)
		return
	}
	body, err := c.authenticate(r, claim, who)
	switch {
	case err != nil:
		s3Fault(err, claim).writeS3(w)
		return
	case c.expired(who):
		invalid("ExpiredToken", "The provided token has expired.").writeS3(w)
		return
	}
	strip(r, body)
	c.s3.ServeHTTP(w, r)
}

// authenticate returns the body of an S3 request after checking that who signed all of it.
func (c *cloud) authenticate(r *http.Request, claim signature.Claim, who identity) ([]byte, error) {
	if err := claim.CheckTime(c.now(), s3Tolerance); err != nil {
		return nil, err
	}
	hash, err := claim.PayloadHash(r)
	if err != nil {
		return nil, err
	}
	if err := claim.Verify(r, who.secret, hash); err != nil {
		return nil, err
	}
	return claim.Body(r, who.secret, maxObject)
}

func (c *cloud) expired(who identity) bool {
	return !who.expires.IsZero() && !c.now().Before(who.expires)
}

// strip removes what the S3 library must not see. It would store every X-Amz header with the object and return it to
// the next reader, including session tokens, and decode chunks in its own way.
func strip(r *http.Request, body []byte) {
	for name := range r.Header {
		switch {
		case name == "Authorization", name == "X-Amz-Security-Token", name == "X-Amz-Content-Sha256", name == "X-Amz-Date",
			name == "X-Amz-Trailer", name == "X-Amz-Decoded-Content-Length",
			strings.HasPrefix(name, "X-Amz-Checksum-"), strings.HasPrefix(name, "X-Amz-Sdk-"):
			r.Header.Del(name)
		}
	}
	var encodings []string
	for e := range strings.SplitSeq(r.Header.Get("Content-Encoding"), ",") {
		if e = strings.TrimSpace(e); e != "" && !strings.EqualFold(e, "aws-chunked") {
			encodings = append(encodings, e)
		}
	}
	if r.Header.Del("Content-Encoding"); len(encodings) > 0 {
		r.Header.Set("Content-Encoding", strings.Join(encodings, ","))
	}
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
}
