package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	assumeWithWebIdentity = "AssumeRoleWithWebIdentity"
	stsAudience           = "sts.amazonaws.com"
)

// webIdentities issues and checks tokens of the sandbox's own identity provider.
type webIdentities struct {
	key    *ecdsa.PrivateKey
	issuer string // set once the sandbox listens
}

func newWebIdentities() (*webIdentities, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &webIdentities{key: key}, err
}

// WebIdentityToken returns a token of the sandbox's identity provider, with which AssumeRoleWithWebIdentity takes a role.
// The audience of AWS is sts.amazonaws.com.
func (s *Server) WebIdentityToken(subject, audience string, expires time.Time) (string, error) {
	return s.web.sign(jwt.Claims{
		Issuer: s.web.issuer, Subject: subject, Audience: jwt.Audience{audience}, Expiry: jwt.NewNumericDate(expires),
	})
}

func (w *webIdentities) sign(claims any) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: w.key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

type webIdentityAnswer struct {
	XMLName          xml.Name `xml:"AssumeRoleWithWebIdentityResponse"`
	Namespace        string   `xml:"xmlns,attr"`
	ARN              string   `xml:"AssumeRoleWithWebIdentityResult>AssumedRoleUser>Arn"`
	AssumedRoleID    string   `xml:"AssumeRoleWithWebIdentityResult>AssumedRoleUser>AssumedRoleId"`
	Credentials      issued   `xml:"AssumeRoleWithWebIdentityResult>Credentials"`
	Subject          string   `xml:"AssumeRoleWithWebIdentityResult>SubjectFromWebIdentityToken"`
	Audience         string   `xml:"AssumeRoleWithWebIdentityResult>Audience"`
	Provider         string   `xml:"AssumeRoleWithWebIdentityResult>Provider"`
	TokenSize        int      `xml:"AssumeRoleWithWebIdentityResult>SessionTokenSize"`
	TokenUtilization int      `xml:"AssumeRoleWithWebIdentityResult>SessionTokenUtilization"`
	RequestID        string   `xml:"ResponseMetadata>RequestId"`
}

func (s sts) assumeRoleWithWebIdentity(w http.ResponseWriter, form url.Values, _ identity) (any, *fault) {
	if f := checkParameters(form, "Action", "Version", "RoleArn", "RoleSessionName", "WebIdentityToken", "DurationSeconds", "Policy",
		"PolicyArns.", "MinimumSessionTokenSize"); f != nil {
		return nil, f
	}
	asked, f := s.asked(form, identity{})
	if f != nil {
		return nil, f
	}
	size, f := tokenSizeOf(form, s.tokenSize)
	if f != nil {
		return nil, f
	}
	claims, f := s.web.check(form.Get("WebIdentityToken"), s.now())
	if f != nil {
		return nil, f
	}
	role, exists := s.findRole(form.Get("RoleArn"))
	if !exists || len(role.Trusts) > 0 && !slices.Contains(role.Trusts, claims.Issuer) {
		return nil, denied("AccessDenied", "Not authorized to perform sts:"+assumeWithWebIdentity)
	}
	length, f := duration(form, role, false)
	if f != nil {
		return nil, f
	}
	o := s.openRole(form, asked, length, size)
	return webIdentityAnswer{
		Namespace: stsNamespace, ARN: o.arn, AssumedRoleID: o.userID, Credentials: issuedTo(o),
		Subject: claims.Subject, Audience: stsAudience, Provider: claims.Issuer,
		TokenSize: len(o.token), TokenUtilization: utilization(o.token), RequestID: requestID(w),
	}, nil
}

func (w *webIdentities) check(text string, now time.Time) (jwt.Claims, *fault) {
	var claims jwt.Claims
	token, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return claims, invalid("InvalidIdentityToken", "The ID Token provided is not a valid JWT. "+
			"(You may see this error if you sent an Access Token)")
	}
	err = token.Claims(&w.key.PublicKey, &claims)
	switch {
	case err != nil || claims.Issuer != w.issuer:
		return claims, invalid("InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider, "+
			"please reference AssumeRoleWithWebIdentity documentation for requirements")
	case claims.Expiry == nil || !now.Before(claims.Expiry.Time()):
		return claims, invalid("ExpiredTokenException", "Token expired: current date/time "+timeText(now)+
			" must be before the expiration date/time "+timeText(claims.Expiry.Time()))
	case !claims.Audience.Contains(stsAudience):
		return claims, invalid("InvalidIdentityToken", "Incorrect token audience")
	}
	return claims, nil
}

func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339) }
