package sandbox

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
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
	now      func() time.Time
	signing  func() time.Time // the time of the programs that sign requests
	known    *identities
	disabled []string // regions
	sts      sts
	iam      iam
	s3       http.Handler
	signIn   *http.ServeMux // services whose requests nobody signs
}

func newCloud(o Options, known *identities, web *webIdentities, signIn *http.ServeMux) *cloud {
	// Times are checked before, by the sandbox's own clock.
	s3 := gofakes3.New(s3mem.New(), gofakes3.WithTimeSkewLimit(0))
	return &cloud{
		now: o.Now, signing: o.SigningNow, known: known, disabled: o.DisabledRegions, sts: newSTS(o, known, web), iam: iam{o.Aliases},
		s3: s3.Server(), signIn: signIn,
	}
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", c.now().UTC().Format(http.TimeFormat))
	w.Header().Set(requestIDHeader, rand.Text())
	if _, pattern := c.signIn.Handler(r); pattern != "" && !isSigned(r) {
		c.signIn.ServeHTTP(w, r)
		return
	}
	claim, err := signature.Parse(r)
	switch {
	case claim.Service == "sts" || claim.Service == "iam" || err != nil && isForm(r):
		c.serveQuery(w, r, claim, err)
	case claim.Service == signature.S3 || err != nil:
		c.serveS3(w, r, claim, err)
	default:
		f := &fault{http.StatusNotImplemented, "NotImplemented", "The sandbox supports only sts, iam and s3. This request was for " +
			strconv.Quote(claim.Service) + "."}
		f.writeOther(w, r)
	}
}

// isForm distinguishes an unsigned request to STS from one to S3.
func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.URL.Query().Has("Action")
}

// serveQuery serves the services whose requests are forms.
func (c *cloud) serveQuery(w http.ResponseWriter, r *http.Request, claim signature.Claim, err error) {
	body, form, ok := readForm(w, r)
	if !ok {
		return
	}
	if signature.ReasonOf(err) == signature.Missing && form.Get("Action") == assumeWithWebIdentity {
		c.sts.serveUnsigned(w, form)
		return
	}
	who, f := c.caller(r, claim, err, body)
	switch {
	case f != nil:
		f.writeQuery(w)
	case claim.Service == "iam":
		c.iam.serve(w, form, who)
	default:
		c.sts.serve(w, form, who)
	}
}

// readForm returns the parameters of a request, or sends a fault.
func readForm(w http.ResponseWriter, r *http.Request) (body []byte, form url.Values, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			(&fault{http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request is larger than " + strconv.Itoa(maxForm) +
				" bytes"}).writeQuery(w)
		}
		return nil, nil, false // otherwise the client has disconnected
	}
	if r.Method != http.MethodPost {
		return body, r.URL.Query(), true
	}
	if form, err = url.ParseQuery(string(body)); err != nil {
		invalid("MalformedQueryString", "The query string can't be read").writeQuery(w)
		return nil, nil, false
	}
	return body, form, true
}

// caller returns who signed a request. err is what parsing its signature gave.
func (c *cloud) caller(r *http.Request, claim signature.Claim, err error, body []byte) (identity, *fault) {
	if err != nil {
		return identity{}, stsFault(err, claim, c.now())
	}
	who, found := c.known.active(claim.AccessKeyID)
	if !found || claim.Token != who.token || slices.Contains(c.disabled, claim.Region) {
		return identity{}, denied("InvalidClientTokenId", "The security token included in the request is invalid.")
	}
	if region := regionOf(r); region != "" && claim.Service == "sts" && region != claim.Region {
		return identity{}, denied("SignatureDoesNotMatch", "Credential should be scoped to a valid region.")
	}
	if err := claim.CheckTime(c.signing(), stsTolerance); err != nil {
		return identity{}, stsFault(err, claim, c.now())
	}
	if err := claim.Verify(r, who.secret, signature.HashOf(body)); err != nil {
		return identity{}, stsFault(err, claim, c.now())
	}
	if c.expired(who) {
		return identity{}, denied("ExpiredToken", "The security token included in the request is expired")
	}
	return who, nil
}

func (c *cloud) serveS3(w http.ResponseWriter, r *http.Request, claim signature.Claim, err error) {
	if err != nil {
		s3Fault(err, claim).writeS3(w)
		return
	}
	who, found := c.known.active(claim.AccessKeyID)
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
	r.URL.Path = withoutRegion(r.URL.Path) // only now: the path is signed as it was sent
	if f := who.mayDo(s3Action(r.Method, r.URL)); f != nil {
		f.writeS3(w)
		return
	}
	c.s3.ServeHTTP(w, r)
}

// authenticate returns the body of an S3 request after checking that who signed all of it.
func (c *cloud) authenticate(r *http.Request, claim signature.Claim, who identity) ([]byte, error) {
	if err := claim.CheckTime(c.signing(), s3Tolerance); err != nil {
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
