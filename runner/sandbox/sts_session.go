package sandbox

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"time"
)

// Source: STS API reference, GetSessionToken.
const (
	defaultUserSession = 43200
	maxUserSession     = 129600
)

type sessionTokenAnswer struct {
	XMLName          xml.Name `xml:"GetSessionTokenResponse"`
	Namespace        string   `xml:"xmlns,attr"`
	Credentials      issued   `xml:"GetSessionTokenResult>Credentials"`
	TokenSize        int      `xml:"GetSessionTokenResult>SessionTokenSize"`
	TokenUtilization int      `xml:"GetSessionTokenResult>SessionTokenUtilization"`
	RequestID        string   `xml:"ResponseMetadata>RequestId"`
}

// sessionToken issues temporary keys of the user who asks, with or without MFA.
func (s sts) sessionToken(w http.ResponseWriter, form url.Values, who identity) (any, *fault) {
	if f := checkParameters(form, "Action", "Version", "DurationSeconds", "SerialNumber", "TokenCode", "MinimumSessionTokenSize"); f != nil {
		return nil, f
	}
	if who.token != "" {
		return nil, denied("AccessDenied", "Cannot call GetSessionToken with session credentials")
	}
	n, f := seconds(form, defaultUserSession, minDuration, maxUserSession)
	if f != nil {
		return nil, f
	}
	size, f := tokenSizeOf(form, s.tokenSize)
	if f != nil {
		return nil, f
	}
	mfa, f := s.devices.present(form, who, s.now())
	if f != nil {
		return nil, f
	}
	session := sessionUntil("GetSessionToken", s.now(), time.Duration(n)*time.Second)
	session.MFA = mfa
	o := s.known.open(grant{user: who, tokenSize: size, session: session})
	return sessionTokenAnswer{
		Namespace: stsNamespace, Credentials: issuedTo(o), TokenSize: len(o.token),
		TokenUtilization: utilization(o.token), RequestID: requestID(w),
	}, nil
}
