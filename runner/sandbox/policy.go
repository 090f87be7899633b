package sandbox

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Limits of session policies. Source: STS API reference, AssumeRole.
const (
	maxPolicy     = 2048 // characters
	maxPolicyARNs = 10
)

var policyForm = pattern(`^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/([!-~]*/)?[\w+=,.@-]{1,128}$`)

// managed are the policies of AWS that the sandbox knows, by their names. They are shorter than AWS's own, but have the
// same effect on what the sandbox supports.
func managed(name string) (document string, known bool) {
	document, known = map[string]string{
		"AdministratorAccess":    `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
		"ReadOnlyAccess":         `{"Statement":{"Effect":"Allow","Action":["*:Get*","*:List*","*:Describe*"],"Resource":"*"}}`,
		"ViewOnlyAccess":         `{"Statement":{"Effect":"Allow","Action":["*:List*","*:Describe*"],"Resource":"*"}}`,
		"AmazonS3FullAccess":     `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`,
		"AmazonS3ReadOnlyAccess": `{"Statement":{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"}}`,
	}[name]
	return document, known
}

// policy is a session policy: its effect on actions and resources, without conditions.
type policy struct{ Statement statements }

type statement struct {
	Effect                 string
	Action, Resource       texts
	NotAction, NotResource texts // all but these, in place of Action and Resource
	Condition              any
}

// statements and texts are one value or a list of values in a policy's JSON.
type (
	statements []statement
	texts      []string
)

func (s *statements) UnmarshalJSON(data []byte) error { return oneOrMore(data, (*[]statement)(s)) }
func (t *texts) UnmarshalJSON(data []byte) error      { return oneOrMore(data, (*[]string)(t)) }

func oneOrMore[T any](data []byte, into *[]T) error {
	if data[0] == '[' {
		return json.Unmarshal(data, into)
	}
	*into = make([]T, 1)
	return json.Unmarshal(data, &(*into)[0])
}

func parsePolicy(text string) (policy, error) {
	var p policy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return policy{}, errors.New("This policy contains invalid Json") //nolint:staticcheck // AWS's words
	}
	for _, s := range p.Statement {
		switch {
		case s.Condition != nil:
			return policy{}, errors.New("the sandbox doesn't support Condition in session policies")
		case s.Effect != "Allow" && s.Effect != "Deny" || (len(s.Action) == 0) == (len(s.NotAction) == 0) ||
			(len(s.Resource) == 0) == (len(s.NotResource) == 0):
			return policy{}, errors.New("Syntax errors in policy.") //nolint:staticcheck,revive // AWS's words
		}
	}
	if len(p.Statement) == 0 {
		return policy{}, errors.New("Syntax errors in policy.") //nolint:staticcheck,revive // AWS's words
	}
	return p, nil
}

// has returns whether a statement of that effect is about an action on a resource.
func (p policy) has(effect, action, resource string) bool {
	for _, s := range p.Statement {
		if s.Effect == effect && s.isAbout(action, resource) {
			return true
		}
	}
	return false
}

func (s statement) isAbout(action, resource string) bool {
	ofAction := s.Action.match(strings.ToLower(action), strings.ToLower)
	if s.Action == nil {
		ofAction = !s.NotAction.match(strings.ToLower(action), strings.ToLower)
	}
	if s.Resource == nil {
		return ofAction && !s.NotResource.match(resource, asIs)
	}
	return ofAction && s.Resource.match(resource, asIs)
}

func asIs(text string) string { return text }

func (t texts) match(text string, fold func(string) string) bool {
	for _, p := range t {
		if wildcard(fold(p), text) {
			return true
		}
	}
	return false
}

// wildcard returns whether text is of a pattern in which * stands for any characters and ? for one.
func wildcard(pattern, text string) bool {
	star, mark := -1, 0
	p, i := 0, 0
	for i < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[i]):
			p, i = p+1, i+1
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// readPolicies adds the session policies of a request to asked.
func readPolicies(form url.Values, asked *Session) *fault {
	asked.Policy, asked.PolicyARNs = form.Get("Policy"), list(form, "PolicyArns", ".arn")
	switch {
	case form.Has("Policy") && (asked.Policy == "" || utf8.RuneCountInString(asked.Policy) > maxPolicy):
		return constraint("policy", asked.Policy, "Member must have length between 1 and 2048")
	case len(asked.PolicyARNs) > maxPolicyARNs:
		return constraint("policyArns", strings.Join(asked.PolicyARNs, ", "), "Member must have length less than or equal to 10")
	}
	for _, arn := range asked.PolicyARNs {
		if !policyForm().MatchString(arn) {
			return invalid("ValidationError", "ARN "+arn+" is not valid.")
		}
	}
	if asked.Policy != "" {
		if _, err := parsePolicy(asked.Policy); err != nil {
			return invalid("MalformedPolicyDocument", err.Error())
		}
	}
	return nil
}

// limitsOf returns the session policies of a session: nil for none. ARNs of unknown policies allow nothing.
func limitsOf(s Session, own map[string]string) []policy {
	var limits []policy
	if s.Policy != "" {
		p, _ := parsePolicy(s.Policy) // checked when it was read
		limits = append(limits, p)
	}
	for _, arn := range s.PolicyARNs {
		document, known := own[arn]
		if !known && strings.Contains(arn, ":iam::aws:policy/") {
			document, known = managed(arn[strings.LastIndexByte(arn, '/')+1:])
		}
		p := policy{}
		if known {
			p, _ = parsePolicy(document) // checked when the sandbox starts
		}
		limits = append(limits, p)
	}
	return limits
}

// mayDo returns a fault in AWS's words if the session policies don't allow an action on a resource.
func (id identity) mayDo(action, resource string) *fault {
	if id.limits == nil {
		return nil
	}
	allowed := false
	for _, p := range id.limits {
		if p.has("Deny", action, resource) {
			return id.denied(action, resource, "with an explicit deny in a session policy")
		}
		allowed = allowed || p.has("Allow", action, resource)
	}
	if !allowed {
		return id.denied(action, resource, "because no session policy allows the "+action+" action")
	}
	return nil
}

func (id identity) denied(action, resource, why string) *fault {
	if strings.HasPrefix(action, "s3:") {
		resource = `"` + resource + `"` // only S3 quotes it
	}
	return denied("AccessDenied", "User: "+id.arn+" is not authorized to perform: "+action+" on resource: "+resource+" "+why)
}
