package sandbox

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

type assumeAnswer struct {
	XMLName          xml.Name `xml:"AssumeRoleResponse"`
	Namespace        string   `xml:"xmlns,attr"`
	ARN              string   `xml:"AssumeRoleResult>AssumedRoleUser>Arn"`
	AssumedRoleID    string   `xml:"AssumeRoleResult>AssumedRoleUser>AssumedRoleId"`
	Credentials      issued   `xml:"AssumeRoleResult>Credentials"`
	SourceIdentity   string   `xml:"AssumeRoleResult>SourceIdentity,omitempty"`
	TokenSize        int      `xml:"AssumeRoleResult>SessionTokenSize"`
	TokenUtilization int      `xml:"AssumeRoleResult>SessionTokenUtilization"`
	RequestID        string   `xml:"ResponseMetadata>RequestId"`
}

func (s sts) assumeRole(w http.ResponseWriter, form url.Values, who identity) (any, *fault) {
	if f := checkParameters(form, "Action", "Version", "RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds", "Policy", "PolicyArns.",
		"Tags.", "TransitiveTagKeys.", "SourceIdentity", "SerialNumber", "TokenCode", "MinimumSessionTokenSize"); f != nil {
		return nil, f
	}
	asked, f := s.asked(form, who)
	if f != nil {
		return nil, f
	}
	size, f := tokenSizeOf(form, s.tokenSize)
	if f != nil {
		return nil, f
	}
	if asked.MFA, f = s.devices.present(form, who, s.now()); f != nil {
		return nil, f
	}
	asked.MFA = asked.MFA || who.session.MFA && who.role == ""
	role, f := s.role(form, who, asked)
	if f != nil {
		return nil, f
	}
	length, f := duration(form, role, who.role != "")
	if f != nil {
		return nil, f
	}
	if f := checkPacked(asked, s.packedLimit); f != nil {
		return nil, f
	}
	o := s.openRole(form, asked, length, size)
	return assumeAnswer{
		Namespace: stsNamespace, ARN: o.arn, AssumedRoleID: o.userID, Credentials: issuedTo(o), SourceIdentity: o.session.SourceIdentity,
		TokenSize: len(o.token), TokenUtilization: utilization(o.token), RequestID: requestID(w),
	}, nil
}

// asked returns what a request wants of its session, without the keys.
func (s sts) asked(form url.Values, who identity) (Session, *fault) {
	if f := checkRoleForm(form); f != nil {
		return Session{}, f
	}
	asked := Session{Action: form.Get("Action"), Chained: who.token != ""}
	if f := readPolicies(form, &asked); f != nil {
		return Session{}, f
	}
	if f := readTags(form, who.session, &asked); f != nil {
		return Session{}, f
	}
	if f := readSource(form, who.session, &asked); f != nil {
		return Session{}, f
	}
	return asked, nil
}

// role returns the role of a request if who may assume it. AWS doesn't distinguish a missing role from one that doesn't
// trust the caller.
func (s sts) role(form url.Values, who identity, asked Session) (Role, *fault) {
	arn := form.Get("RoleArn")
	if f := who.mayDo("sts:AssumeRole", arn); f != nil {
		return Role{}, f
	}
	switch {
	case who.isRoot():
		return Role{}, denied("AccessDenied", "Roles may not be assumed by root accounts.")
	case who.session.Action == getFederationToken:
		return Role{}, denied("AccessDenied", "Cannot call AssumeRole with federation credentials")
	}
	role, exists := s.findRole(arn)
	if !exists || !role.trusts(who) || role.ExternalID != "" && form.Get("ExternalId") != role.ExternalID || role.RequireMFA && !asked.MFA {
		return Role{}, denied("AccessDenied", "User: "+who.arn+" is not authorized to perform: sts:AssumeRole on resource: "+arn)
	}
	return role, role.allows(who, asked)
}

// allows returns a fault if the trust policy doesn't let the caller mark the session.
func (r Role) allows(who identity, asked Session) *fault {
	refused := func(action string) *fault {
		return denied("AccessDenied", "User: "+who.arn+" is not authorized to perform: "+action+" on resource: "+r.ARN)
	}
	switch {
	case r.NoTags && len(asked.Tags) > 0:
		return refused("sts:TagSession")
	case r.NoSourceIdentity && asked.SourceIdentity != "":
		return refused("sts:SetSourceIdentity")
	}
	return nil
}

func (s sts) findRole(arn string) (Role, bool) {
	role, exists := s.roles[arn]
	if !exists && s.anyRole {
		return Role{ARN: arn, MaxSession: maxDuration}, true
	}
	return role, exists
}

func (s sts) openRole(form url.Values, asked Session, length time.Duration, size int) opened {
	asked.Duration, asked.Expires = length, s.now().Add(length).Truncate(time.Second)
	return s.known.open(grant{
		role: form.Get("RoleArn"), name: form.Get("RoleSessionName"), session: asked, limits: limitsOf(asked, s.policies), tokenSize: size,
	})
}

func duration(form url.Values, role Role, chained bool) (time.Duration, *fault) {
	n, f := seconds(form, defaultDuration, minDuration, maxDuration)
	longest := role.MaxSession
	if longest == 0 {
		longest = defaultDuration
	}
	switch {
	case f != nil:
		return 0, f
	case chained && n > maxChained:
		return 0, invalid("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	case n > longest:
		return 0, invalid("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return time.Duration(n) * time.Second, nil
}

func (r Role) trusts(who identity) bool {
	return len(r.Trusts) == 0 || slices.ContainsFunc(r.Trusts, func(trusted string) bool {
		return trusted == who.awsID || trusted == who.arn || trusted == who.role && trusted != "" ||
			strings.HasSuffix(trusted, ":iam::"+who.awsID+":root")
	})
}
