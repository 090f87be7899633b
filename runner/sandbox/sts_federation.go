package sandbox

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"time"
)

const getFederationToken = "GetFederationToken"

// Source: STS API reference, GetFederationToken.
const (
	defaultFederation = 43200
	maxFederation     = 129600
	maxRootFederation = 3600
)

var federatedNameForm = pattern(`^[\w+=,.@-]{2,32}$`)

type federationAnswer struct {
	XMLName     xml.Name `xml:"GetFederationTokenResponse"`
	Namespace   string   `xml:"xmlns,attr"`
	Credentials issued   `xml:"GetFederationTokenResult>Credentials"`
	ARN         string   `xml:"GetFederationTokenResult>FederatedUser>Arn"`
	UserID      string   `xml:"GetFederationTokenResult>FederatedUser>FederatedUserId"`
	RequestID   string   `xml:"ResponseMetadata>RequestId"`
}

// federationToken issues temporary keys of the user who asks, limited to session policies. Without one they may do nothing.
func (s sts) federationToken(w http.ResponseWriter, form url.Values, who identity) (any, *fault) {
	if f := checkParameters(form, "Action", "Version", "Name", "DurationSeconds", "Policy", "PolicyArns."); f != nil {
		return nil, f
	}
	name := form.Get("Name")
	switch {
	case who.token != "":
		return nil, denied("AccessDenied", "Cannot call GetFederationToken with session credentials")
	case !federatedNameForm().MatchString(name):
		return nil, constraint("name", name, `Member must have 2 to 32 characters and satisfy regular expression pattern: [\w+=,.@-]*`)
	}
	most := maxFederation
	if who.isRoot() {
		most = maxRootFederation
	}
	n, f := seconds(form, min(defaultFederation, most), minDuration, most)
	if f != nil {
		return nil, f
	}
	session := sessionUntil(getFederationToken, s.now(), time.Duration(n)*time.Second)
	if f := readPolicies(form, &session); f != nil {
		return nil, f
	}
	limits := limitsOf(session, s.policies)
	if limits == nil {
		limits = []policy{}
	}
	o := s.known.open(grant{user: who.federated(name), session: session, limits: limits, tokenSize: s.tokenSize})
	return federationAnswer{
		Namespace: stsNamespace, Credentials: issuedTo(o), ARN: o.arn, UserID: o.userID, RequestID: requestID(w),
	}, nil
}

// federated returns the federated user of a name that a user lets act in the user's place.
func (id identity) federated(name string) identity {
	return identity{
		awsID: id.awsID, arn: "arn:" + partitionOf(id.arn) + ":sts::" + id.awsID + ":federated-user/" + name, userID: id.awsID + ":" + name,
	}
}
