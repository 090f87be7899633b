package sandbox

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	stsVersion   = "2011-06-15"
	stsNamespace = "https://sts.amazonaws.com/doc/" + stsVersion + "/"
)

// sts is the Security Token Service.
type sts struct {
	now       func() time.Time
	known     *identities
	roles     map[string]Role
	anyRole   bool
	policies  map[string]string
	tokenSize int

	packedLimit int
	devices     *mfaDevices
	web         *webIdentities
}

func newSTS(o Options, known *identities, web *webIdentities) sts {
	s := sts{
		now: o.Now, known: known, roles: map[string]Role{}, anyRole: o.AllowAnyRole, policies: o.Policies, tokenSize: o.TokenSize,
		packedLimit: o.PackedLimit,
		devices:     newMFADevices(o), web: web,
	}
	for _, r := range o.Roles {
		s.roles[r.ARN] = r
	}
	return s
}

// answer is one action of a service with XML responses. It returns what is sent.
type answer func(w http.ResponseWriter, form url.Values, who identity) (any, *fault)

// serve handles a request that is known to be signed by who.
func (s sts) serve(w http.ResponseWriter, form url.Values, who identity) {
	serveAction(w, form, who, stsVersion, map[string]answer{
		"GetCallerIdentity": callerIdentity,
		"GetAccessKeyInfo":  s.accessKeyInfo,
		"GetSessionToken":   s.sessionToken,
		"AssumeRole":        s.assumeRole,
		getFederationToken:  s.federationToken,
	})
}

// serveUnsigned handles a request with a web identity token, the only one that nobody signs.
func (s sts) serveUnsigned(w http.ResponseWriter, form url.Values) {
	serveAction(w, form, identity{}, stsVersion, map[string]answer{assumeWithWebIdentity: s.assumeRoleWithWebIdentity})
}

func serveAction(w http.ResponseWriter, form url.Values, who identity, version string, actions map[string]answer) {
	action, exists := actions[form.Get("Action")]
	switch {
	case form.Get("Version") != version:
		invalid("NoSuchVersion", "The requested version ( "+form.Get("Version")+" ) is not valid").writeQuery(w)
		return
	case !exists:
		invalid("InvalidAction", "The sandbox doesn't support the action "+strconv.Quote(form.Get("Action"))).writeQuery(w)
		return
	}
	body, f := action(w, form, who)
	if f != nil {
		f.writeQuery(w)
		return
	}
	writeXML(w, http.StatusOK, body)
}

type identityAnswer struct {
	XMLName   xml.Name `xml:"GetCallerIdentityResponse"`
	Namespace string   `xml:"xmlns,attr"`
	ARN       string   `xml:"GetCallerIdentityResult>Arn"`
	UserID    string   `xml:"GetCallerIdentityResult>UserId"`
	Account   string   `xml:"GetCallerIdentityResult>Account"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

func callerIdentity(w http.ResponseWriter, _ url.Values, who identity) (any, *fault) {
	return identityAnswer{Namespace: stsNamespace, ARN: who.arn, UserID: who.userID, Account: who.awsID, RequestID: requestID(w)}, nil
}

type keyInfoAnswer struct {
	XMLName   xml.Name `xml:"GetAccessKeyInfoResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Account   string   `xml:"GetAccessKeyInfoResult>Account"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

// accessKeyInfo tells the AWS account of any key, also of a deactivated one.
func (s sts) accessKeyInfo(w http.ResponseWriter, form url.Values, _ identity) (any, *fault) {
	owner, found := s.known.find(form.Get("AccessKeyId"))
	if !found {
		return nil, invalid("ValidationError", "The access key ID "+form.Get("AccessKeyId")+" is not valid")
	}
	return keyInfoAnswer{Namespace: stsNamespace, Account: owner.awsID, RequestID: requestID(w)}, nil
}

func requestID(w http.ResponseWriter) string { return w.Header().Get(requestIDHeader) }

// issued is how STS sends temporary keys.
type issued struct {
	AccessKeyID     string `xml:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      string
}

func issuedTo(s opened) issued {
	return issued{s.accessKeyID, s.secret, s.token, s.expires.UTC().Format(time.RFC3339)}
}

// utilization is the share of the maximum size that a session token takes, in percent.
func utilization(token string) int { return (len(token)*100 + maxTokenSize - 1) / maxTokenSize }
