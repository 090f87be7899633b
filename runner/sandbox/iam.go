package sandbox

import (
	"encoding/xml"
	"net/http"
	"net/url"
)

const (
	iamVersion   = "2010-05-08"
	iamNamespace = "https://iam.amazonaws.com/doc/" + iamVersion + "/"
)

// iam is Identity and Access Management, of which the sandbox has only the alias of an AWS account.
type iam struct{ aliases map[string]string }

func (i iam) serve(w http.ResponseWriter, form url.Values, who identity) {
	// A session without MFA may not call IAM, nor a federated user. Source: STS API reference, GetSessionToken, GetFederationToken.
	if who.session.Action == "GetSessionToken" && !who.session.MFA || who.session.Action == getFederationToken {
		denied("InvalidClientTokenId", "The security token included in the request is invalid").writeQuery(w)
		return
	}
	serveAction(w, form, who, iamVersion, map[string]answer{"ListAccountAliases": i.listAccountAliases})
}

type aliasesAnswer struct {
	XMLName   xml.Name `xml:"ListAccountAliasesResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Aliases   []string `xml:"ListAccountAliasesResult>AccountAliases>member"`
	Truncated bool     `xml:"ListAccountAliasesResult>IsTruncated"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

func (i iam) listAccountAliases(w http.ResponseWriter, _ url.Values, who identity) (any, *fault) {
	if f := who.mayDo("iam:ListAccountAliases", "*"); f != nil {
		return nil, f
	}
	found := aliasesAnswer{Namespace: iamNamespace, RequestID: requestID(w)}
	if alias := i.aliases[who.awsID]; alias != "" {
		found.Aliases = []string{alias}
	}
	return found, nil
}
