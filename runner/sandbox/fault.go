package sandbox

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/runner/sandbox/signature"
)

// fault is an AWS error response.
type fault struct {
	status  int
	code    string
	message string
}

func denied(code, message string) *fault  { return &fault{http.StatusForbidden, code, message} }
func invalid(code, message string) *fault { return &fault{http.StatusBadRequest, code, message} }

// Tolerated differences of time. Source: the error messages of the services.
const (
	stsTolerance = 5 * time.Minute
	s3Tolerance  = 15 * time.Minute
)

// stsFault describes a rejected signature in the words of STS and most other services.
func stsFault(err error, c signature.Claim, now time.Time) *fault {
	const form = "20060102T150405Z"
	signed, clock := c.Time.UTC().Format(form), now.UTC().Format(form)
	switch signature.ReasonOf(err) {
	case signature.Missing:
		return denied("MissingAuthenticationToken", "Request is missing Authentication Token")
	case signature.Late:
		return denied("SignatureDoesNotMatch",
			"Signature expired: "+signed+" is now earlier than "+now.Add(-stsTolerance).UTC().Format(form)+" ("+clock+" - 5 min.)")
	case signature.Early:
		return denied("SignatureDoesNotMatch",
			"Signature not yet current: "+signed+" is still later than "+now.Add(stsTolerance).UTC().Format(form)+" ("+clock+" + 5 min.)")
	case signature.Mismatch:
		return denied("SignatureDoesNotMatch",
			"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.")
	default:
		return invalid("IncompleteSignature", err.Error())
	}
}

// s3Fault does so in the words of S3. Source: S3 API reference, "Error responses".
func s3Fault(err error, c signature.Claim) *fault {
	switch signature.ReasonOf(err) {
	case signature.Missing:
		return denied("AccessDenied", "Access Denied")
	case signature.Late, signature.Early:
		if c.Expires > 0 {
			return denied("AccessDenied", "Request has expired")
		}
		return denied("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
	case signature.Mismatch:
		return denied("SignatureDoesNotMatch",
			"The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	case signature.ContentChanged:
		return invalid("XAmzContentSHA256Mismatch", err.Error())
	case signature.BadChecksum:
		return invalid("BadDigest", err.Error())
	case signature.TooLarge:
		return invalid("EntityTooLarge", err.Error())
	case signature.Incomplete:
		return invalid("IncompleteBody", err.Error())
	default:
		return invalid("AuthorizationHeaderMalformed", err.Error())
	}
}

// writeQuery sends the fault as STS and the other services with XML responses do.
func (f *fault) writeQuery(w http.ResponseWriter) {
	kind := "Sender"
	if f.status >= http.StatusInternalServerError {
		kind = "Receiver"
	}
	writeXML(w, f.status, struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Namespace string   `xml:"xmlns,attr"`
		Type      string   `xml:"Error>Type"`
		Code      string   `xml:"Error>Code"`
		Message   string   `xml:"Error>Message"`
		RequestID string   `xml:"RequestId"`
	}{Namespace: stsNamespace, Type: kind, Code: f.code, Message: f.message, RequestID: w.Header().Get(requestIDHeader)})
}

// writeS3 sends the fault as S3 does.
func (f *fault) writeS3(w http.ResponseWriter) {
	writeXML(w, f.status, struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string
		Message   string
		RequestID string `xml:"RequestId"`
	}{Code: f.code, Message: f.message, RequestID: w.Header().Get(requestIDHeader)})
}

// writeOther sends the fault in the format of the request.
func (f *fault) writeOther(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.Header.Get("Content-Type"), "json") {
		f.writeQuery(w)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("X-Amzn-Errortype", f.code)
	w.WriteHeader(f.status)
	body, _ := json.Marshal(map[string]string{"__type": f.code, "message": f.message}) // two strings
	_, _ = w.Write(body)                                                               // nothing to do if the client has disconnected
}

func writeXML(w http.ResponseWriter, status int, answer any) {
	body, err := xml.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), body...)) // nothing to do if the client has disconnected
}
