package sandbox

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

const (
	stsVersion   = "2011-06-15"
	stsNamespace = "https://sts.amazonaws.com/doc/" + stsVersion + "/"

	defaultDuration = 3600
	minDuration     = model.MinSession
	maxDuration     = model.MaxSession
	maxChained      = 3600 // for a role that is assumed with a role's session
)

// sts is the Security Token Service.
type sts struct {
	now     func() time.Time
	known   *identities
	roles   map[string]Role
	anyRole bool
}

func newSTS(o Options, known *identities) sts {
	s := sts{now: o.Now, known: known, roles: map[string]Role{}, anyRole: o.AllowAnyRole}
	for _, r := range o.Roles {
		s.roles[r.ARN] = r
	}
	return s
}

// serve handles a request that is known to be signed by who.
func (s sts) serve(w http.ResponseWriter, r *http.Request, body []byte, who identity) {
	form := r.URL.Query()
	if r.Method == http.MethodPost {
		sent, err := url.ParseQuery(string(body))
		if err != nil {
			invalid("MalformedQueryString", "The query string can't be read").writeQuery(w)
			return
		}
		form = sent
	}
	action, version := form.Get("Action"), form.Get("Version")
	switch {
	case version != stsVersion:
		invalid("NoSuchVersion", "The requested version ( "+version+" ) is not valid").writeQuery(w)
	case action == "GetCallerIdentity":
		writeXML(w, http.StatusOK, callerIdentity(w, who))
	case action == "AssumeRole":
		answer, f := s.assumeRole(w, form, who)
		if f != nil {
			f.writeQuery(w)
			return
		}
		writeXML(w, http.StatusOK, answer)
	default:
		invalid("InvalidAction", "The sandbox doesn't support the STS action "+strconv.Quote(action)).writeQuery(w)
	}
}

type identityAnswer struct {
	XMLName   xml.Name `xml:"GetCallerIdentityResponse"`
	Namespace string   `xml:"xmlns,attr"`
	ARN       string   `xml:"GetCallerIdentityResult>Arn"`
	UserID    string   `xml:"GetCallerIdentityResult>UserId"`
	Account   string   `xml:"GetCallerIdentityResult>Account"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

func callerIdentity(w http.ResponseWriter, who identity) identityAnswer {
	return identityAnswer{Namespace: stsNamespace, ARN: who.arn, UserID: who.userID, Account: who.awsID,
		RequestID: w.Header().Get(requestIDHeader)}
}

type assumeAnswer struct {
	XMLName       xml.Name `xml:"AssumeRoleResponse"`
	Namespace     string   `xml:"xmlns,attr"`
	ARN           string   `xml:"AssumeRoleResult>AssumedRoleUser>Arn"`
	AssumedRoleID string   `xml:"AssumeRoleResult>AssumedRoleUser>AssumedRoleId"`
	AccessKeyID   string   `xml:"AssumeRoleResult>Credentials>AccessKeyId"`
	SecretKey     string   `xml:"AssumeRoleResult>Credentials>SecretAccessKey"`
	SessionToken  string   `xml:"AssumeRoleResult>Credentials>SessionToken"`
	Expiration    string   `xml:"AssumeRoleResult>Credentials>Expiration"`
	RequestID     string   `xml:"ResponseMetadata>RequestId"`
}

// The parameters of AssumeRole; any other is rejected rather than ignored.
var assumeParameters = []string{"Action", "Version", "RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds"}

func (s sts) assumeRole(w http.ResponseWriter, form url.Values, who identity) (assumeAnswer, *fault) {
	for name := range form {
		if !slices.Contains(assumeParameters, name) {
			return assumeAnswer{}, invalid("ValidationError", "The sandbox doesn't support the parameter "+name+" of AssumeRole")
		}
	}
	arn, name := form.Get("RoleArn"), form.Get("RoleSessionName")
	if f := checkForm(arn, name, form); f != nil {
		return assumeAnswer{}, f
	}
	role, exists := s.roles[arn]
	if !exists && s.anyRole {
		role, exists = Role{ARN: arn, MaxSession: maxDuration}, true
	}
	// AWS doesn't distinguish a missing role from one that doesn't trust the caller.
	if !exists || !role.trusts(who) || role.ExternalID != "" && form.Get("ExternalId") != role.ExternalID {
		return assumeAnswer{}, denied("AccessDenied", "User: "+who.arn+" is not authorized to perform: sts:AssumeRole on resource: "+arn)
	}
	seconds, f := duration(form, role, who)
	if f != nil {
		return assumeAnswer{}, f
	}
	expires := s.now().Add(time.Duration(seconds) * time.Second).Truncate(time.Second)
	opened := s.known.open(arn, name, expires)
	return assumeAnswer{
		Namespace: stsNamespace, ARN: opened.arn, AssumedRoleID: opened.userID,
		AccessKeyID: opened.accessKeyID, SecretKey: opened.secret, SessionToken: opened.token,
		Expiration: expires.UTC().Format(time.RFC3339), RequestID: w.Header().Get(requestIDHeader),
	}, nil
}

const maxExternalID = 1224 // characters; more than Go's regular expressions can count

// Source: STS API reference, AssumeRole.
var (
	roleForm       = pattern(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/([!-~]*/)?[\w+=,.@-]{1,64}$`)
	sessionForm    = pattern(`^[\w+=,.@-]{2,64}$`)
	externalIDForm = pattern(`^[\w+=,.@:/\\-]{2,}$`)
)

// pattern compiles an expression when it is first used, not at each start of the command.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

func checkForm(arn, name string, form url.Values) *fault {
	constraint := func(field, value, rule string) *fault {
		return invalid("ValidationError",
			fmt.Sprintf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", value, field, rule))
	}
	switch {
	case arn == "" || name == "":
		return constraint("roleArn or roleSessionName", "null", "Member must not be null")
	case !roleForm().MatchString(arn):
		return invalid("ValidationError", arn+" is invalid")
	case !sessionForm().MatchString(name):
		return constraint("roleSessionName", name, `Member must have 2 to 64 characters and satisfy regular expression pattern: [\w+=,.@-]*`)
	case form.Has("ExternalId") && (len(form.Get("ExternalId")) > maxExternalID || !externalIDForm().MatchString(form.Get("ExternalId"))):
		return constraint("externalId",
			form.Get("ExternalId"), `Member must have 2 to 1224 characters and satisfy regular expression pattern: [\w+=,.@:\/-]*`)
	}
	return nil
}

func duration(form url.Values, role Role, who identity) (int, *fault) {
	if !form.Has("DurationSeconds") {
		return defaultDuration, nil
	}
	longest := role.MaxSession
	if longest == 0 {
		longest = defaultDuration
	}
	seconds, err := strconv.Atoi(form.Get("DurationSeconds"))
	switch {
	case err != nil || seconds < minDuration || seconds > maxDuration:
		return 0, invalid("ValidationError",
			fmt.Sprintf("1 validation error detected: Value '%s' at 'durationSeconds' failed to satisfy constraint: "+
				"Member must have value between %d and %d", form.Get("DurationSeconds"), minDuration, maxDuration))
	case who.role != "" && seconds > maxChained:
		return 0, invalid("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	case seconds > longest:
		return 0, invalid("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return seconds, nil
}

func (r Role) trusts(who identity) bool {
	return len(r.Trusts) == 0 || slices.ContainsFunc(r.Trusts, func(trusted string) bool {
		return trusted == who.awsID || trusted == who.arn || trusted == who.role && trusted != "" ||
			strings.HasSuffix(trusted, ":iam::"+who.awsID+":root")
	})
}
